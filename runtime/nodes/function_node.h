// function_node.h - the node of InfluxQL's functions of a set: count, mean, max, top, … (nodes.md 29).
//
// In: batches, each a set; or points, those of a group with equal times in a row being a set. Out: a point a set,
// or a batch a set (distinct, top, bottom, Holt-Winters). In 0.2 it is the reduce node behind mapReduce.
#pragma once

#include <memory>

#include "runtime/engine/node.h"
#include "runtime/engine/task.h"
#include "runtime/nodes/influxql.h"
#include "runtime/nodes/points_out.h"
#include "runtime/nodes/series_change.h"

namespace tick {

// What a window kept of the points instead of the points, for the one function that reads it.
class RunningBlock final : public Block {
 public:
  explicit RunningBlock(const Running &running) : running_(running) {}
  const Running &running() const { return running_; }
  Column column(Name) const override { return {}; }
  void fields(uint32_t, Fields &out) const override { out.clear(); }

 private:
  const Running &running_;
};

struct FunctionState {
  const Series *series = nullptr;    // of results: the group's name and tags
  Name name = nullptr;
  std::unique_ptr<PointBuffer> set;  // stream: the points of one time,
  std::unique_ptr<Running> running;  // or what is needed of them
  int64_t time = 0;
  Type type = Type::Missing;
};

class FunctionNode final : public Node {
 public:
  static NodeResult Make(const tick_node &spec, Task &task, std::string_view function, const tick_arg *args,
                         uint32_t n_args);

  void points(const Frame &frame, unsigned) override;
  void batch(const Batch &batch, unsigned) override;
  bool wants_skipped() const override { return false; }
  void skipped(const Frame &, unsigned) override {}
  void barrier(Group *group, int64_t time, unsigned source) override;
  void delete_group(Group *group, unsigned source) override;
  void init_state(void *at) override { new (at) FunctionState; }
  void drop_state(void *at) override { static_cast<FunctionState *>(at)->~FunctionState(); }
  void move_state(void *from, void *to) override;
  bool exchange_state(void *at, Group *, StateArchive &archive) override;

  // Between the two, results of batches are gathered; release emits them as one frame.
  void hold() { ++held_; }
  void release();
  // Whether it can do with a Running of this field.
  bool running() const { return function_->running != RunningValue::No && !task().old_dialect(); }
  Name field() const { return field_; }
  // Whether its Running of a set is the other's: the same field, counted and refused by the same types.
  bool counts_like(const FunctionNode &other) const {
    if (field_ != other.field_) return false;
    for (Type type : {Type::Bool, Type::Int, Type::Float, Type::String})
      if (takes(type) != other.takes(type)) return false;
    return true;
  }
  bool takes(Type type) const { return ValueIndex(type) < 4 && function_->bodies[ValueIndex(type)]; }

 private:
  FunctionNode(const tick_node &spec, Task &task, const SetFunction *function) : Node(spec, task), function_(function), groups_(*this, task), selected_(groups_) {}
  std::string read_args(const tick_arg *args, uint32_t n_args);
  bool selects() const { return function_->shape == SetShape::Selector && !task().old_dialect(); }
  FunctionState &begin(Group *group, Name name);
  std::unique_ptr<PointBuffer> make_set() const;
  bool accept(Type got, Type *type, const Frame &frame, uint32_t row, bool of_stream);
  void running_point(FunctionState &state, Group *group, const Frame &frame, uint32_t row, const Column &column);
  void refuse(Type got, const Frame *frame, uint32_t row);
  void gather(const Frame &frame, ValueSet *set, std::vector<uint32_t> *rows);
  void combinations(const Frame &frame, const uint32_t *rows, size_t n);
  void emit_set(FunctionState &state, Group *group, int64_t time, const Frame &frame);
  void emit_results(FunctionState &state, Group *group, int64_t time, const Frame &frame, const uint32_t *rows);
  void emit_running(FunctionState &state, const Batch &batch, const Running &running);
  const Series *series_of(const FunctionState &state, const Series *selected, Group *group);
  void select_fields(const Frame &frame, uint32_t row, const Value &value);
  void flush();

  const SetFunction *function_;
  FunctionArgs args_;
  Name field_ = nullptr, as_ = nullptr;
  std::vector<Name> names_;     // of top and bottom
  std::vector<Name> needs_;     // other fields of a selected point that somebody reads
  std::vector<Name> keep_;      // fields a set of a stream keeps
  bool point_times_ = false;
  OutGroups groups_;
  SeriesMap selected_;
  PointsOut out_;
  unsigned held_ = 0;
  // The type a set was last tried with: a type refused twice in a row is said once (once something has worked).
  Type tried_ = Type::Missing;
  bool has_worked_ = false;
  std::vector<Chosen> results_;
  std::vector<uint32_t> rows_, combination_;
  Fields fields_;
};

}  // namespace tick
