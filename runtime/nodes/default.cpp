// default.cpp - `|default().field(…).tag(…)`: sets what is missing.
//
// In: points or batches. Out: the same rows, with columns for fields some rows lack laid over them, and with series
// that have the tags. A tag that is a dimension moves the point to another group; a batch takes all its default
// tags as dimensions.
#include <algorithm>

#include "runtime/data/column_builder.h"
#include "runtime/nodes/rows.h"
#include "runtime/nodes/series_change.h"

namespace tick {
namespace {

class DefaultNode final : public Node {
 public:
  DefaultNode(const tick_node &spec, Task &task) : Node(spec, task), groups_(*this, task), changed_(groups_) {}
  std::string read_properties();

  void points(const Frame &frame, unsigned) override {
    if (frame.rows.empty()) return;
    Frame out = frame;
    set_tags(out, true);
    set_fields(out);
    emit(out);
  }
  void batch(const Batch &batch, unsigned) override;
  // Groups may differ from those of the points: whoever waits is not told.
  void skipped(const Frame &frame, unsigned) override {
    if (tags_.empty()) emit_skipped(frame);
  }
  void barrier(Group *group, int64_t time, unsigned) override { emit_barrier(groups_.same(group), time); }
  void delete_group(Group *group, unsigned) override { emit_delete(groups_.same(group)); }
  std::map<std::string, int64_t> stats() const override {
    std::map<std::string, int64_t> stats = Node::stats();
    stats["fields_defaulted"] = fields_defaulted_.get();
    stats["tags_defaulted"] = tags_defaulted_.get();
    return stats;
  }

 private:
  struct DefaultTag {
    Name key;
    std::string value;
  };
  void set_fields(Frame &frame);
  void set_tags(Frame &frame, bool of_points);
  // Adds the tags that are missing or empty; how many.
  int64_t add_tags(Tags &tags) const;

  std::vector<Field> fields_;  // strings are the descriptor's
  std::vector<DefaultTag> tags_;
  OutGroups groups_;
  SeriesMap changed_;
  Overlay over_;
  Counter fields_defaulted_, tags_defaulted_;
};

std::string DefaultNode::read_properties() {
  for (const tick_property *call : properties("field")) {
    if (call->n_args != 2) return "field needs a name and a value";
    std::string name(View(call->args[0].as.s));
    auto type = static_cast<Type>(call->args[1].type);
    if (type != Type::Float && type != Type::Int && type != Type::String && type != Type::Bool)
      return "unsupported type " + std::string(GoTypeName(type)) + " for field \"" + name +
             "\", field default values must be float,int,string or bool";
    Value value{call->args[1].as, call->args[1].type};
    std::erase_if(fields_, [&](const Field &field) { return *field.name == name; });
    fields_.push_back({Intern(name), value});
  }
  for (const tick_property *call : properties("tag")) {
    if (call->n_args != 2) return "tag needs a name and a value";
    Name key = Intern(View(call->args[0].as.s));
    std::erase_if(tags_, [&](const DefaultTag &tag) { return tag.key == key; });
    tags_.push_back({key, std::string(View(call->args[1].as.s))});
  }
  return "";
}

int64_t DefaultNode::add_tags(Tags &tags) const {
  int64_t added = 0;
  for (const DefaultTag &tag : tags_) {
    const std::string *value = FindTag(tags, tag.key);
    if (value && !value->empty()) continue;
    SetTag(tags, tag.key, tag.value);
    ++added;
  }
  return added;
}

void DefaultNode::set_tags(Frame &frame, bool of_points) {
  if (frame.rows.empty() || (tags_.empty() && !of_points)) return;
  ChangeSeries(
      frame, changed_, task().arena(), of_points,
      [&](const Series &of, Group *group) {
        Tags tags = of.tags;
        Derived made;
        made.series = add_tags(tags) ? InternSeries(of.origin, of.measurement, std::move(tags)) : &of;
        if (group) made.group = Regroup(groups_, *made.series, group);
        return made;
      },
      [&](const Series &before, const Series &) {
        for (const DefaultTag &tag : tags_) {
          const std::string *value = FindTag(before.tags, tag.key);
          tags_defaulted_.add(!value || value->empty());
        }
      });
}

void DefaultNode::set_fields(Frame &frame) {
  over_.columns.clear();
  over_.base = frame.overlay;
  int64_t defaulted = 0;
  auto n = static_cast<uint32_t>(RowBound(frame)), wanted = static_cast<uint32_t>(frame.rows.size());
  for (const Field &field : fields_) {
    Column column = frame.column(field.name);
    if (!column.types && column.type != Type::Missing) continue;
    ColumnBuilder builder(task().arena(), n, wanted);
    for (uint32_t row : frame.rows) {
      bool missing = column.type_at(row) == Type::Missing;
      defaulted += missing;
      builder.set(row, missing ? field.value : column.at(row));
    }
    over_.columns.push_back({field.name, builder.finish()});
  }
  fields_defaulted_.add(defaulted);
  if (!over_.columns.empty()) frame.overlay = &over_;
}

void DefaultNode::batch(const Batch &batch, unsigned) {
  Batch out = batch;
  Tags tags = batch.group->tags;
  int64_t added = add_tags(tags);
  tags_defaulted_.add(added);
  out.group = added ? groups_.find(batch.name, batch.group->by_name, tags) : groups_.same(batch.group);
  set_tags(out.points, false);
  set_fields(out.points);
  emit(out);
}

}  // namespace

NodeResult MakeDefault(const tick_node &spec, Task &task) {
  auto node = std::make_unique<DefaultNode>(spec, task);
  if (std::string error = node->read_properties(); !error.empty()) return {nullptr, error};
  return {std::move(node), ""};
}

}  // namespace tick
