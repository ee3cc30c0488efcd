// pass.cpp - nodes that hand on what they get: noop, and 0.2's map, which leaves the work to reduce.
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
