// task.h - a task that can take data: the node graph of one descriptor, its groups, its memory.
//
// In: blocks of points with the rows this task wants, or batches. Out: whatever its nodes do, through
// Services. One thread at a time. Made from a descriptor that a JIT or a .so provided (code.h); the code is
// kept alive by the shared pointer and freed after the task.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/engine/code.h"
#include "runtime/engine/node.h"
#include "runtime/engine/services.h"
#include "runtime/engine/waker.h"
#include "runtime/lambda/lambda.h"

namespace tick {

struct TaskResult;

class Task {
 public:
  // id: the task's name in messages, ids and paths. An error text where a node refuses its arguments.
  static TaskResult Make(std::string id, std::shared_ptr<const Code> code, Services &services);
  // The same, but not started: for a task that takes another's place.
  static TaskResult Prepare(std::string id, std::shared_ptr<const Code> code, Services &services);
  ~Task();
  // Starts the nodes; an error text where one refuses (those before it are stopped again).
  std::optional<std::string> start();

  // The rows of a block that were written to one of the task's databases, in order.
  void push(const Block &block, std::span<const uint32_t> rows);
  // A batch for query node number `query` (in declared order).
  void push(const Batch &batch, unsigned query);
  void finish();  // end of data
  void stop();
  // When a node's clock strikes next, and the stroke.
  int64_t next_tick() const;
  void tick(int64_t now);

  const std::string &id() const { return id_; }
  const tick_task &descriptor() const { return code_->task(); }
  bool old_dialect() const { return old_dialect_; }
  Services &services() { return services_; }
  Node *node(std::string_view name) const;
  const std::vector<std::unique_ptr<Node>> &nodes() const { return nodes_; }
  // A node that cannot go on ends its task: nothing is taken afterwards (nodes.md 1.12).
  void fail(const Node &node, std::string_view message);
  const std::string &failure() const { return failure_; }
  bool failed() const { return !failure_.empty(); }

  // For what ends outside of a push: has the worker call tick().
  const std::shared_ptr<Waker> &waker() const { return waker_; }

  // A node at work on `count` points or batches. Of one push in ten the time is taken: each node's own, without the
  // nodes below it, which begin a stay of theirs.
  class Stay {
   public:
    Stay(Task &task, Node &node, int64_t count) : task_(task), outer_(task.at_work_) {
      if (task.timed_) task.pass_to(&node, count);
    }
    ~Stay() {
      if (task_.timed_) task_.pass_to(outer_, 0);
    }
    Stay(const Stay &) = delete;

   private:
    Task &task_;
    Node *outer_;
  };

  // Memory of the push under way; reset after it.
  Arena &arena() { return arena_; }
  LambdaContext &context() { return context_; }
  GroupTable &groups(uint32_t domain) { return *domains_[domain]; }
  const Lambda &lambda(int64_t index) const { return *lambdas_[static_cast<size_t>(index)]; }

  // Takes over the state of nodes that are equal in both (identity and layout); names of those nodes that
  // keep state. `old` is left without it, to be destroyed.
  std::vector<std::string> adopt(Task &old);
  // Nodes that keep state, by name.
  std::vector<std::string> stateful_nodes() const;
  // A deletion of the group has gone through its domain: it is erased after the push if no node holds state of it.
  void release(Group *group) { released_.push_back(group); }
  // How many groups were erased, always between two pushes: who keeps addresses of groups forgets them when this has
  // changed.
  uint64_t erasures() const { return erasures_; }

 private:
  Task(std::string id, std::shared_ptr<const Code> code, Services &services);
  std::string build();
  template <class F>
  void guarded(F &&work);
  void end_push();
  void pass_to(Node *node, int64_t count);
  void close_edges();
  void drop_states();
  std::string id_;
  std::shared_ptr<const Code> code_;
  Services &services_;
  const bool old_dialect_;
  bool timed_ = false;        // the push under way
  uint64_t pushes_ = 0;
  Node *at_work_ = nullptr;   // while timed
  int64_t since_ = 0;         // it is
  std::vector<std::unique_ptr<Lambda>> lambdas_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<std::unique_ptr<GroupTable>> domains_;
  Arena arena_;
  LambdaContext context_;
  std::string failure_;
  std::vector<Group *> released_;
  uint64_t erasures_ = 0;
  std::vector<Node *> queries_;  // of a batch task, in declared order
  bool running_ = false;
  std::shared_ptr<Waker> waker_ = std::make_shared<Waker>();
};

struct TaskResult {
  std::unique_ptr<Task> task;
  std::string error;
};

}  // namespace tick
