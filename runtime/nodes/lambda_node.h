// lambda_node.h - what nodes that evaluate lambdas share: state of the lambdas behind the node's own, errors.
//
// State of a group: `own` bytes of the node, then each lambda's, in the order of the arguments. A lambda's state
// of all zeros is the state before its first value.
#pragma once

#include <cstring>

#include "runtime/engine/node.h"
#include "runtime/engine/task.h"
#include "runtime/nodes/rows.h"

namespace tick {

class LambdaNode : public Node {
 public:
  // The lambdas among the node's arguments; `own`: bytes of the node's own state, to which init_own gives life.
  LambdaNode(const tick_node &spec, Task &task, size_t own = 0);

  void init_state(void *at) override;
  bool exchange_state(void *at, Group *, StateArchive &archive) override;
  void exchange(StateArchive &archive) override;
  std::map<std::string, int64_t> stats() const override;

 protected:
  size_t lambda_count() const { return lambdas_.size(); }
  const Lambda &lambda(size_t i) const { return *lambdas_[i].lambda; }

  // Evaluates lambda i for the rows of a frame. `group`: of all rows, for the points of a batch; else each row's own.
  LambdaResult run(size_t i, const Frame &frame, Group *group);
  // The rows for which a condition is TRUE; others and failed ones are left out, failed ones reported.
  Selection where(size_t i, const Frame &frame, Group *group, std::string_view message);
  // Counts the error of a row of lambda i, and says it where it is worth saying.
  void report(size_t i, const Frame &frame, uint32_t row, Group *group, std::string_view message);
  // The same for any cause.
  void report(const Frame &frame, uint32_t row, std::string_view message, std::string_view cause,
              const Lambda *lambda = nullptr);

  // One copy of the lambdas' state for all groups (Kapacitor 0.2).
  void share_state() { shared_.assign((total_ + 7) / 8, 0); }

 private:
  struct Placed {
    const Lambda *lambda;
    size_t offset;  // of its state in the node's
  };
  char *state_of(size_t i, Group *group);
  void *const *states(size_t i, const Frame &frame, Group *group);

  std::vector<Placed> lambdas_;
  size_t own_, total_ = 0;
  std::vector<uint64_t> shared_;
};

}  // namespace tick
