// stream.cpp - the sources of tasks: `stream` hands on what was written, `batch` stands above its queries.
//
// In 0.2 the source is a from node itself (nodes.md 30.1): from.cpp makes it.
#include <algorithm>

#include "runtime/engine/node.h"
#include "runtime/engine/task.h"

namespace tick {

NodeResult MakeFrom(const tick_node &spec, Task &task);

namespace {

class StreamNode final : public Node {
 public:
  using Node::Node;

  void points(const Frame &frame, unsigned) override {
    if (!needs_groups()) return emit(frame);
    // Points start in the group of no dimensions.
    Group *none = task().groups(spec().domain).find(frame.series[0]->measurement, false, {});
    Frame out = frame;
    Group **groups = task().arena().array<Group *>(frame.block->size());
    for (uint32_t row : frame.rows) groups[row] = none;
    out.groups = groups;
    emit(out);
  }

 private:
  // A from node gives points their groups and does not look at those they have.
  bool needs_groups() const {
    if (children().empty()) return false;
    return watched() || std::any_of(children().begin(), children().end(), [](const auto &child) {
             return std::string_view(child.first->spec().kind) != "from";
           });
  }
};

class BatchNode final : public Node {
 public:
  using Node::Node;
};

}  // namespace

NodeResult MakeStream(const tick_node &spec, Task &task) {
  return task.old_dialect() ? MakeFrom(spec, task) : MakeAs<StreamNode>(spec, task);
}

NodeResult MakeBatch(const tick_node &spec, Task &task) { return MakeAs<BatchNode>(spec, task); }

}  // namespace tick
