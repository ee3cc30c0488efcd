// query.cpp - the place of a batch query in the graph.
//
// In: the batches of its answers, from whoever asks (Task::push). Out: the same, counted.
#include "runtime/engine/node.h"
#include "runtime/engine/task.h"

namespace tick {
namespace {

class QueryNode final : public Node {
 public:
  using Node::Node;
  void batch(const Batch &batch, unsigned) override {
    batches_.add(1);
    points_.add(static_cast<int64_t>(batch.points.rows.size()));
    emit(batch);
  }
  std::map<std::string, int64_t> stats() const override {
    std::map<std::string, int64_t> stats = Node::stats();
    if (!task().old_dialect()) {
      stats["batches_queried"] = batches_.get();
      stats["points_queried"] = points_.get();
    }
    return stats;
  }

 private:
  Counter batches_, points_;
};

}  // namespace

NodeResult MakeQuery(const tick_node &spec, Task &task) { return MakeAs<QueryNode>(spec, task); }

}  // namespace tick
