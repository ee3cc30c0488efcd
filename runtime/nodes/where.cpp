// where.cpp - `|where(lambda)`: keeps the points for which the condition is TRUE.
//
// In: points, or batches. Out: a selection of the same rows. A row the condition fails on is dropped and counted.
#include "runtime/nodes/row_node.h"

namespace tick {
namespace {

class WhereNode final : public RowNode {
 public:
  WhereNode(const tick_node &spec, Task &task) : RowNode(spec, task) {
    if (task.old_dialect()) share_state();
  }

 private:
  void pass(Frame &frame, Group *group) override {
    frame.rows = where(0, frame, group, "error while evaluating expression").rows();
  }
};

}  // namespace

NodeResult MakeWhere(const tick_node &spec, Task &task) { return MakeAs<WhereNode>(spec, task); }

}  // namespace tick
