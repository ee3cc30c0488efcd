// row_node.h - nodes that look at each point alone: some rows stay, columns may be laid over them.
//
// In: points, or the points of batches. Out: the same block with another selection; batches pass even when empty.
// Rows that do not stay are told to join and union further down (Node::skipped).
#pragma once

#include "runtime/engine/state_archive.h"
#include "runtime/nodes/lambda_node.h"

namespace tick {

class RowNode : public LambdaNode {
 public:
  using LambdaNode::LambdaNode;

  void points(const Frame &frame, unsigned) override {
    Frame out = frame;
    pass(out, nullptr);
    emit(out);
    if (out.rows.size() < frame.rows.size() && keeps_groups() && wants_skipped()) {
      Frame dropped = frame;
      dropped.rows = Without(task().arena(), frame.rows, out.rows);
      emit_skipped(dropped);
    }
  }
  void batch(const Batch &batch, unsigned) override {
    Batch out = batch;
    begin_batch(batch.group);
    pass(out.points, batch.group);
    emit(out);
  }

 protected:
  // Leaves in `frame` the rows that stay, and what is laid over them. group: of all rows, for the points of a batch.
  virtual void pass(Frame &frame, Group *group) = 0;
  virtual void begin_batch(Group *) {}
  // Points leave in the group they came in.
  virtual bool keeps_groups() const { return true; }

  static Group *GroupOf(const Frame &frame, uint32_t row, Group *group) { return group ? group : frame.groups[row]; }
};

// A RowNode whose state of a group is an S, which names its parts in exchange().
template <class S>
class RowNodeWith : public RowNode {
 public:
  RowNodeWith(const tick_node &spec, Task &task) : RowNode(spec, task, sizeof(S)) {}
  void init_state(void *at) override {
    new (at) S();
    RowNode::init_state(at);
  }
  void drop_state(void *at) override { static_cast<S *>(at)->~S(); }
  void move_state(void *from, void *to) override {
    RowNode::move_state(from, to);  // the lambdas' part
    new (to) S(std::move(*static_cast<S *>(from)));
    static_cast<S *>(from)->~S();
  }
  bool exchange_state(void *at, Group *group, StateArchive &archive) override {
    static_cast<S *>(at)->exchange(archive);
    return RowNode::exchange_state(at, group, archive);
  }

 protected:
  S &state_of(Group *group) { return this->template state_as<S>(group); }
};

}  // namespace tick
