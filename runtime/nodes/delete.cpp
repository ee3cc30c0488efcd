// delete.cpp - `|delete().field(…).tag(…)`: removes fields and tags.
//
// In: points or batches. Out: the same rows with the fields hidden, and with series without the tags. A tag that is a
// dimension is one no longer: the point or batch moves to a group without it.
#include <algorithm>

#include "runtime/nodes/rows.h"
#include "runtime/nodes/series_change.h"

namespace tick {
namespace {

class DeleteNode final : public Node {
 public:
  DeleteNode(const tick_node &spec, Task &task) : Node(spec, task), groups_(*this, task), changed_(groups_) {
    for (const tick_property *call : properties("field"))
      for (const std::string &name : string_list(call->args, call->n_args)) fields_.push_back(Intern(name));
    for (const tick_property *call : properties("tag"))
      for (const std::string &name : string_list(call->args, call->n_args)) tags_.push_back(Intern(name));
  }

  void points(const Frame &frame, unsigned) override {
    if (frame.rows.empty()) return;
    Frame out = frame;
    delete_fields(out);
    delete_tags(out, true);
    emit(out);
  }
  void batch(const Batch &batch, unsigned) override {
    Batch out = batch;
    Tags tags = batch.group->tags;
    int64_t removed = remove(tags);
    tags_deleted_.add(removed);
    out.group = removed ? groups_.find(batch.name, batch.group->by_name, tags) : groups_.same(batch.group);
    delete_fields(out.points);
    delete_tags(out.points, false);
    emit(out);
  }
  void skipped(const Frame &frame, unsigned) override {
    if (tags_.empty()) emit_skipped(frame);
  }
  void barrier(Group *group, int64_t time, unsigned) override { emit_barrier(groups_.same(group), time); }
  void delete_group(Group *group, unsigned) override { emit_delete(groups_.same(group)); }
  std::map<std::string, int64_t> stats() const override {
    std::map<std::string, int64_t> stats = Node::stats();
    stats["fields_deleted"] = fields_deleted_.get();
    stats["tags_deleted"] = tags_deleted_.get();
    return stats;
  }

 private:
  int64_t remove(Tags &tags) const {
    return static_cast<int64_t>(std::erase_if(tags, [&](const Tag &tag) {
      return std::find(tags_.begin(), tags_.end(), tag.key) != tags_.end();
    }));
  }

  void delete_fields(Frame &frame) {
    if (fields_.empty() || frame.rows.empty()) return;
    int64_t deleted = 0;
    over_.base = frame.overlay;
    over_.hidden.clear();
    for (Name name : fields_) {
      Column column = frame.column(name);
      if (column.absent()) continue;
      over_.hidden.push_back(name);
      if (!column.types) deleted += static_cast<int64_t>(frame.rows.size());
      else
        for (uint32_t row : frame.rows) deleted += column.type_at(row) != Type::Missing;
    }
    fields_deleted_.add(deleted);
    if (!over_.hidden.empty()) frame.overlay = &over_;
  }

  void delete_tags(Frame &frame, bool of_points) {
    if (frame.rows.empty() || (tags_.empty() && !of_points)) return;
    ChangeSeries(
        frame, changed_, task().arena(), of_points, [&](const Series &of, Group *group) { return derive(of, group); },
        [&](const Series &before, const Series &after) {
          tags_deleted_.add(static_cast<int64_t>(before.tags.size() - after.tags.size()));
        });
  }

  Derived derive(const Series &of, Group *group) {
    Tags tags = of.tags;
    Derived made;
    made.series = remove(tags) ? InternSeries(of.origin, of.measurement, std::move(tags)) : &of;
    if (!group) return made;
    Tags dimensions = group->tags;
    made.group = remove(dimensions) ? groups_.find(of.measurement, group->by_name, dimensions) : groups_.same(group);
    return made;
  }

  std::vector<Name> fields_, tags_;
  OutGroups groups_;
  SeriesMap changed_;
  Overlay over_;
  Counter fields_deleted_, tags_deleted_;
};

}  // namespace

NodeResult MakeDelete(const tick_node &spec, Task &task) { return MakeAs<DeleteNode>(spec, task); }

}  // namespace tick
