// loopback.cpp - `|kapacitorLoopback().database(…).retentionPolicy(…)`: writes the data back into the daemon.
//
// In: points, or the points of batches. Out: nothing; each point goes to Services::loopback with the database and
// retention policy given, tags added or replaced, and the measurement given, which batches do not take: they keep
// their name. That a task does not write into what it reads is seen to where it starts.
#include "runtime/engine/services.h"
#include "runtime/nodes/series_change.h"

namespace tick {
namespace {

class LoopbackNode final : public Node {
 public:
  LoopbackNode(const tick_node &spec, Task &task);
  std::string refusal() const;

  void points(const Frame &frame, unsigned) override { write(frame, measurement_); }
  void batch(const Batch &batch, unsigned) override { write(batch.points, batch.name); }
  void barrier(Group *, int64_t, unsigned) override {}
  void delete_group(Group *, unsigned) override {}
  bool wants_skipped() const override { return false; }
  std::map<std::string, int64_t> stats() const override {
    std::map<std::string, int64_t> stats = Node::stats();
    stats["points_written"] = points_written_.get();
    return stats;
  }

 private:
  void write(const Frame &frame, Name name);

  std::string database_, retention_policy_;
  Name measurement_ = nullptr;
  Tags tags_;
  OutGroups groups_;
  SeriesMap renamed_;
  Fields fields_;
  Counter points_written_;
};

LoopbackNode::LoopbackNode(const tick_node &spec, Task &task)
    : Node(spec, task),
      database_(string_property("database", "")),
      retention_policy_(string_property("retentionPolicy", "")),
      groups_(*this, task),
      renamed_(groups_) {
  if (std::string name = string_property("measurement", ""); !name.empty()) measurement_ = Intern(name);
  for (const tick_property *call : properties("tag"))
    if (call->n_args == 2) SetTag(tags_, Intern(View(call->args[0].as.s)), View(call->args[1].as.s));
}

std::string LoopbackNode::refusal() const {
  if (database_.empty()) return "must specify a database";
  if (retention_policy_.empty()) return "must specify a retention policy";
  return "";
}

// Which of the two names is written depends on the edge, so a series has one.
void LoopbackNode::write(const Frame &frame, Name name) {
  for (uint32_t row : frame.rows) {
    const Series *to = renamed_.get(frame.series[row], nullptr, [&](const Series &from, Group *) {
      Tags tags = from.tags;
      for (const Tag &tag : tags_) SetTag(tags, tag.key, tag.value);
      const Origin *origin = InternOrigin(database_, retention_policy_);
      return Derived{InternSeries(origin, name ? name : from.measurement, std::move(tags)), nullptr};
    }).series;
    frame.fields(row, fields_);
    std::erase_if(fields_, [](const Field &field) { return TypeOf(field.value) == Type::Missing; });
    if (fields_.empty()) continue;
    task().services().loopback(*to, frame.times[row], fields_);
    points_written_.add(1);
  }
}

}  // namespace

NodeResult MakeLoopback(const tick_node &spec, Task &task) {
  auto node = std::make_unique<LoopbackNode>(spec, task);
  if (std::string error = node->refusal(); !error.empty()) return {nullptr, error};
  return {std::move(node), ""};
}

}  // namespace tick
