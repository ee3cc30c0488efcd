// sideload.cpp - `|sideload().source(…).order(…).field(…).tag(…)`: adds fields and tags from files or over HTTP.
//
// In: points, or the points of batches. Out: the same rows with the fields laid over them and series that have the
// tags. Where to look is made of the point's tags alone, so what a series gets is found once for each content of
// the source. A tag that is a dimension moves the point to another group; a batch keeps its own tags.
#include <charconv>
#include <cmath>
#include <deque>
#include <unordered_map>

#include "runtime/alert/template/template.h"
#include "runtime/data/column_builder.h"
#include "runtime/engine/services.h"
#include "runtime/engine/sideload_source.h"
#include "runtime/nodes/rows.h"
#include "runtime/nodes/series_change.h"
#include "runtime/text/go_float.h"

namespace tick {
namespace {

std::string TextOf(const SideloadValue &value) {
  switch (value.type) {
    case Type::Bool: return value.b ? "true" : "false";
    case Type::Int: return std::to_string(value.i);
    case Type::Float: return PlainFloat(value.f);
    default: return value.s;
  }
}

std::string_view TypeWord(const SideloadValue &value) {
  return value.type == Type::Missing ? std::string_view(value.s) : GoTypeName(value.type);
}

// The value as one of type `want`; false where it cannot be one. Strings go into `texts`.
bool Convert(const SideloadValue &from, Type want, std::deque<std::string> *texts, Value *out) {
  const char *begin = from.s.data(), *end = begin + from.s.size();
  bool text = from.type == Type::String;
  if (from.type == Type::Missing) return false;
  switch (want) {
    case Type::Int: {
      int64_t i = from.i;
      if (text && (begin == end || std::from_chars(begin, end, i).ptr != end)) return false;
      if (from.type == Type::Float) {
        if (from.f != std::trunc(from.f) || std::fabs(from.f) >= 9.2e18) return false;
        i = static_cast<int64_t>(from.f);
      }
      *out = MakeInt(i);
      return from.type != Type::Bool;
    }
    case Type::Float: {
      double f = from.type == Type::Int ? static_cast<double>(from.i) : from.f;
      if (text && (begin == end || std::from_chars(begin, end, f).ptr != end)) return false;
      *out = MakeFloat(f);
      return from.type != Type::Bool;
    }
    case Type::Bool: {
      static constexpr std::string_view kTrue[] = {"1", "t", "T", "true", "TRUE", "True"},
                                        kFalse[] = {"0", "f", "F", "false", "FALSE", "False"};
      if (from.type == Type::Bool) *out = MakeBool(from.b);
      else if (text && std::find(std::begin(kTrue), std::end(kTrue), from.s) != std::end(kTrue)) *out = MakeBool(true);
      else if (text && std::find(std::begin(kFalse), std::end(kFalse), from.s) != std::end(kFalse)) *out = MakeBool(false);
      else return false;
      return true;
    }
    case Type::String:
      *out = MakeString(texts->emplace_back(TextOf(from)));
      return true;
    default:
      return false;
  }
}

// What a series gets of the source's present content.
struct Loaded {
  Group *group = nullptr;  // it came in
  Derived out;
  std::vector<Value> fields;  // one a field of the node
  std::deque<std::string> texts;
  std::vector<std::string> failures;  // causes; each counts for every point
  bool unchanged = false;             // an order template failed
};

class SideloadNode final : public Node {
 public:
  SideloadNode(const tick_node &spec, Task &task) : Node(spec, task), groups_(*this, task) {}
  std::string read_properties();

  void points(const Frame &frame, unsigned) override {
    if (frame.rows.empty()) return;
    Frame out = frame;
    load(out, true);
    emit(out);
  }
  void batch(const Batch &batch, unsigned) override {
    Batch out = batch;
    out.group = groups_.same(batch.group);
    if (!batch.points.rows.empty()) load(out.points, false);
    emit(out);
  }
  // Groups may differ from those of the points: whoever waits is not told.
  void skipped(const Frame &frame, unsigned) override {
    if (tags_.empty()) emit_skipped(frame);
  }
  void barrier(Group *group, int64_t time, unsigned) override { emit_barrier(groups_.same(group), time); }
  void delete_group(Group *group, unsigned) override { emit_delete(groups_.same(group)); }

 private:
  struct Template {
    std::string text;
    std::unique_ptr<tmpl::Template> parsed;
  };
  struct DefaultTag {
    Name key;
    std::string value;
  };
  void load(Frame &frame, bool of_points);
  const Loaded &loaded(const Series *series, Group *group);
  void look_up(const Series &series, Group *group, Loaded *loaded);
  const SideloadValue *find(const std::string &key) const;

  std::vector<Template> order_;
  std::vector<Field> fields_;  // defaults; strings are the descriptor's
  std::vector<DefaultTag> tags_;
  std::shared_ptr<SideloadSource> source_;
  std::shared_ptr<const SideloadTables> tables_;
  uint64_t version_ = 0, epoch_ = 0;
  OutGroups groups_;
  std::unordered_map<const Series *, Loaded> known_;
  std::vector<const SideloadTable *> found_;  // by order, for the series at hand
  Overlay over_;
};

std::string SideloadNode::read_properties() {
  for (const tick_property *call : properties("order")) {
    order_.clear();
    for (std::string &text : string_list(call->args, call->n_args)) {
      std::string error;
      std::unique_ptr<tmpl::Template> parsed = tmpl::Template::Parse("order", text, tmpl::Mode::Text, &error);
      if (!parsed) return "failed to parse order template \"" + text + "\": " + error;
      order_.push_back({std::move(text), std::move(parsed)});
    }
  }
  for (const tick_property *call : properties("field")) {
    if (call->n_args != 2) return "field needs a name and a default";
    std::string name(View(call->args[0].as.s));
    auto type = static_cast<Type>(call->args[1].type);
    if (type != Type::Float && type != Type::Int && type != Type::String && type != Type::Bool)
      return "unsupported type " + std::string(GoTypeName(type)) + " for field \"" + name +
             "\", field default values must be float,int,string or bool";
    std::erase_if(fields_, [&](const Field &field) { return *field.name == name; });
    fields_.push_back({Intern(name), Value{call->args[1].as, call->args[1].type}});
  }
  for (const tick_property *call : properties("tag")) {
    if (call->n_args != 2) return "tag needs a name and a default";
    Name key = Intern(View(call->args[0].as.s));
    std::erase_if(tags_, [&](const DefaultTag &tag) { return tag.key == key; });
    tags_.push_back({key, std::string(View(call->args[1].as.s))});
  }
  std::string source = string_property("source", ""), error;
  if (source.empty()) return "sideload needs a source: a file:// directory, a URL or an endpoint's name";
  source_ = task().services().sideload(source, &error);
  return source_ ? "" : error;
}

const SideloadValue *SideloadNode::find(const std::string &key) const {
  for (const SideloadTable *table : found_) {
    if (!table) continue;
    if (auto value = table->find(key); value != table->end()) return &value->second;
  }
  return nullptr;
}

void SideloadNode::look_up(const Series &series, Group *group, Loaded *loaded) {
  loaded->group = group;
  loaded->out.series = &series;
  tmpl::TagsMap tags(series.tags);
  found_.clear();
  for (const Template &entry : order_) {
    std::string path, error;
    if (!entry.parsed->execute(tmpl::Datum::Map(tags), &path, &error)) {
      loaded->unchanged = true;
      loaded->failures = {error};
      return;
    }
    auto table = tables_->find(path);
    found_.push_back(table == tables_->end() ? nullptr : &table->second);
  }
  auto misfit = [&](const std::string &key, Type expected, const SideloadValue &got) {
    loaded->failures.push_back("key=" + key + " expected=" + std::string(GoTypeName(expected)) + " got=" + std::string(TypeWord(got)));
  };
  for (const Field &field : fields_) {
    Value value = field.value;
    const SideloadValue *found = find(*field.name);
    if (found && !Convert(*found, TypeOf(field.value), &loaded->texts, &value)) misfit(*field.name, TypeOf(field.value), *found);
    loaded->fields.push_back(value);
  }
  if (tags_.empty()) return;
  Tags changed = series.tags;
  for (const DefaultTag &tag : tags_) {
    const SideloadValue *found = find(*tag.key);
    bool usable = found && found->type != Type::Missing;
    if (found && !usable) misfit(*tag.key, Type::String, *found);
    SetTag(changed, tag.key, usable ? TextOf(*found) : tag.value);
  }
  loaded->out.series = InternSeries(series.origin, series.measurement, std::move(changed));
}

const Loaded &SideloadNode::loaded(const Series *series, Group *group) {
  Loaded &entry = known_[series];
  if (!entry.out.series || entry.group != group) {
    entry = Loaded();
    look_up(*series, group, &entry);
    if (group) entry.out.group = Regroup(groups_, *entry.out.series, group);
  }
  return entry;
}

void SideloadNode::load(Frame &frame, bool of_points) {
  if (uint64_t version = source_->version(); version != version_ || !tables_ || groups_.epoch() != epoch_) {
    tables_ = source_->tables();
    version_ = version;
    epoch_ = groups_.epoch();
    known_.clear();
  }
  Arena &arena = task().arena();
  auto n = static_cast<uint32_t>(RowBound(frame)), wanted = static_cast<uint32_t>(frame.rows.size());
  auto **series = arena.array<const Series *>(n);
  auto **groups = arena.array<Group *>(n);
  auto **of = arena.array<const Loaded *>(n);
  for (uint32_t row : frame.rows) {
    const Loaded &entry = loaded(frame.series[row], of_points ? frame.groups[row] : nullptr);
    of[row] = &entry;
    series[row] = entry.out.series;
    groups[row] = entry.out.group;
    for (const std::string &cause : entry.failures)
      error(entry.unchanged ? "failed to evaluate order template" : "failed to load key", cause, &frame, row);
  }
  over_.columns.clear();
  over_.base = frame.overlay;
  for (size_t i = 0; i < fields_.size(); ++i) {
    ColumnBuilder builder(arena, n, wanted);
    Column before = frame.column(fields_[i].name);
    for (uint32_t row : frame.rows) builder.set(row, of[row]->unchanged ? before.at(row) : of[row]->fields[i]);
    over_.columns.push_back({fields_[i].name, builder.finish()});
  }
  if (!over_.columns.empty()) frame.overlay = &over_;
  frame.series = series;
  if (of_points) frame.groups = groups;
}

}  // namespace

NodeResult MakeSideload(const tick_node &spec, Task &task) {
  auto node = std::make_unique<SideloadNode>(spec, task);
  if (std::string error = node->read_properties(); !error.empty()) return {nullptr, error};
  return {std::move(node), ""};
}

}  // namespace tick
