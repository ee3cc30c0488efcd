// pass.cpp - nodes that hand on what they get: noop, the batch query's place in the graph, 0.2's map.
//
// A query node gets its batches from whoever runs its query (Task::push); map leaves the work to reduce.
#include "runtime/engine/node.h"
#include "runtime/engine/task.h"

namespace tick {
namespace {

class PassNode final : public Node {
 public:
  using Node::Node;
  void points(const Frame &frame, unsigned) override { emit(frame); }
  void batch(const Batch &batch, unsigned) override { emit(batch); }
};

}  // namespace

NodeResult MakePass(const tick_node &spec, Task &task) { return MakeAs<PassNode>(spec, task); }

}  // namespace tick
