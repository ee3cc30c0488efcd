// event_template.cpp - what services' templates see of an event.
#include "runtime/services/event_template.h"

#include <algorithm>
#include <deque>

namespace tick {
namespace {

using tmpl::Datum;
using tmpl::StructField;
using tmpl::StructType;

constexpr std::string_view kLevelNames[] = {"OK", "INFO", "WARNING", "CRITICAL"};
constexpr tmpl::EnumType kLevelType{"alert.Level", kLevelNames, 0};

class TextList final : public tmpl::ListSource {
 public:
  explicit TextList(const std::vector<std::string> &texts) : texts_(texts) {}
  size_t size() const override { return texts_.size(); }
  Datum value(size_t i) const override { return Datum::String(texts_[i]); }
  std::string_view go_type() const override { return "[]string"; }

 private:
  const std::vector<std::string> &texts_;
};

class ValueList final : public tmpl::ListSource {
 public:
  explicit ValueList(const std::vector<Value> &values) : values_(values) {}
  size_t size() const override { return values_.size(); }
  Datum value(size_t i) const override { return Datum::Of(values_[i]); }
  std::string_view go_type() const override { return "[]interface {}"; }

 private:
  const std::vector<Value> &values_;
};

class LineList final : public tmpl::ListSource {
 public:
  explicit LineList(const std::vector<std::vector<Value>> &lines) {
    for (const std::vector<Value> &line : lines) lines_.emplace_back(line);
  }
  size_t size() const override { return lines_.size(); }
  Datum value(size_t i) const override { return Datum::List(lines_[i]); }
  std::string_view go_type() const override { return "[][]interface {}"; }

 private:
  std::deque<ValueList> lines_;
};

// A row of alert data, models.Row.
struct RowView {
  explicit RowView(const Row &row) : row(row), tags(row.tags), columns(row.columns), values(row.values) {}
  const Row &row;
  tmpl::TagsMap tags;
  TextList columns;
  LineList values;
};
const RowView &OfRow(const void *self) { return *static_cast<const RowView *>(self); }
const StructField kRowFields[] = {{"Name", [](const void *self) { return Datum::String(OfRow(self).row.name); }, false, "name"},
                                  {"Tags", [](const void *self) { return Datum::Map(OfRow(self).tags); }, false, "tags"},
                                  {"Columns", [](const void *self) { return Datum::List(OfRow(self).columns); }, false, "columns"},
                                  {"Values", [](const void *self) { return Datum::List(OfRow(self).values); }, false, "values"}};
const StructType kRowType{"models.Row", kRowFields};

class RowList final : public tmpl::ListSource {
 public:
  explicit RowList(const std::vector<Row> &rows) {
    for (const Row &row : rows) rows_.emplace_back(row);
  }
  size_t size() const override { return rows_.size(); }
  Datum value(size_t i) const override { return Datum::Struct(kRowType, &rows_[i]); }
  std::string_view go_type() const override { return "models.Rows"; }

 private:
  std::deque<RowView> rows_;
};

struct EventDataView {
  explicit EventDataView(const AlertEvent &event) : event(event), tags(event.tags), fields(event.fields) {}
  const AlertEvent &event;
  tmpl::TagsMap tags;
  tmpl::FieldsMap fields;
};
const EventDataView &Of(const void *self) { return *static_cast<const EventDataView *>(self); }

const StructField kEventFields[] = {
    {"ID", [](const void *self) { return Datum::String(Of(self).event.id); }},
    {"Message", [](const void *self) { return Datum::String(Of(self).event.message); }},
    {"Level", [](const void *self) { return Datum::String(LevelName(Of(self).event.level)); }},
    {"Time", [](const void *self) { return Datum::Time(Of(self).event.time); }},
    {"Duration", [](const void *self) { return Datum::Duration(Of(self).event.duration); }},
    {"Details", [](const void *self) { return Datum::String(Of(self).event.details); }},
    {"Name", [](const void *self) { return Datum::String(Of(self).event.name); }},
    {"TaskName", [](const void *self) { return Datum::String(Of(self).event.task_name); }},
    {"Category", [](const void *self) { return Datum::String(Of(self).event.category); }},
    {"Group", [](const void *self) { return Datum::String(Of(self).event.group == "nil" ? "" : std::string_view(Of(self).event.group)); }},
    {"Tags", [](const void *self) { return Datum::Map(Of(self).tags); }},
    {"Fields", [](const void *self) { return Datum::Map(Of(self).fields); }},
    {"Recoverable", [](const void *self) { return Datum::Bool(Of(self).event.recoverable); }}};
const StructType kEventType{"alert.TemplateData", kEventFields};

struct AlertDataView {
  explicit AlertDataView(const AlertEvent &event) : event(event), rows(event.data) {}
  const AlertEvent &event;
  RowList rows;
};
const AlertDataView &OfData(const void *self) { return *static_cast<const AlertDataView *>(self); }
const StructField kResultFields[] = {{"Series", [](const void *self) { return Datum::List(OfData(self).rows); }, false, "series"}};
const StructType kResultType{"models.Result", kResultFields};
const StructField kDataFields[] = {
    {"ID", [](const void *self) { return Datum::String(OfData(self).event.id); }, false, "id"},
    {"Message", [](const void *self) { return Datum::String(OfData(self).event.message); }, false, "message"},
    {"Details", [](const void *self) { return Datum::String(OfData(self).event.details); }, false, "details"},
    {"Time", [](const void *self) { return Datum::Time(OfData(self).event.time); }, false, "time"},
    {"Duration", [](const void *self) { return Datum::Duration(OfData(self).event.duration); }, false, "duration"},
    {"Level", [](const void *self) { return Datum::Enum(kLevelType, static_cast<int64_t>(OfData(self).event.level)); }, false, "level"},
    {"Data", [](const void *self) { return Datum::Struct(kResultType, self); }, false, "data"},
    {"PreviousLevel", [](const void *self) { return Datum::Enum(kLevelType, static_cast<int64_t>(OfData(self).event.previous_level)); }, false, "previousLevel"},
    {"Recoverable", [](const void *self) { return Datum::Bool(OfData(self).event.recoverable); }, false, "recoverable"}};
const StructType kDataType{"alert.Data", kDataFields};

const std::string kNothing;

}  // namespace

std::unique_ptr<EventTemplate> EventTemplate::Parse(std::string_view name, std::string_view text, TemplateView view, std::string *error) {
  auto made = std::make_unique<EventTemplate>();
  made->text_ = text;
  made->view_ = view;
  if (text.find("{{") == std::string_view::npos) return made;
  made->template_ = tmpl::Template::Parse(name, text, view == TemplateView::Event ? tmpl::Mode::Text : tmpl::Mode::TextJson, error);
  return made->template_ ? std::move(made) : nullptr;
}

bool EventTemplate::render(const AlertEvent &event, std::string *out, std::string *error) const {
  if (!template_) return *out += text_, true;
  if (view_ == TemplateView::Event) {
    EventDataView view(event);
    return template_->execute(Datum::Struct(kEventType, &view), out, error);
  }
  AlertDataView view(event);
  return template_->execute(Datum::Struct(kDataType, &view), out, error);
}

bool EventTemplates::add(std::string_view name, std::string_view text, std::string *error) {
  auto parsed = EventTemplate::Parse(name, text, TemplateView::Event, error);
  if (!parsed) return false;
  templates_[std::string(name)] = std::move(parsed);
  return true;
}

std::string EventTemplates::render(std::string_view name, const AlertEvent &event, std::string *error) const {
  std::string out;
  auto found = templates_.find(name);
  if (found == templates_.end() || !error->empty()) return out;
  return found->second->render(event, &out, error) ? out : "";
}

const std::string &EventTemplates::text(std::string_view name) const {
  auto found = templates_.find(name);
  return found == templates_.end() ? kNothing : found->second->text();
}

// --- rows ------------------------------------------------------------------------------------------

namespace {

// A line of a row as a map from column to value.
class LineMap final : public tmpl::MapSource {
 public:
  LineMap(const std::vector<std::pair<std::string_view, size_t>> &columns, const std::vector<Value> &values)
      : columns_(columns), values_(values) {}
  size_t size() const override { return columns_.size(); }
  std::string_view key(size_t i) const override { return columns_[i].first; }
  Datum value(size_t i) const override { return Datum::Of(values_[columns_[i].second]); }
  bool find(std::string_view key, Datum *out) const override {
    for (size_t i = 0; i < columns_.size(); ++i)
      if (columns_[i].first == key) return *out = value(i), true;
    return false;
  }
  bool of_strings() const override { return false; }

 private:
  const std::vector<std::pair<std::string_view, size_t>> &columns_;
  const std::vector<Value> &values_;
};

}  // namespace

struct RowTemplateView::Parts final : public tmpl::ListSource {
  explicit Parts(const Row &row) : row(row), tags(row.tags) {
    for (size_t i = 0; i < row.columns.size(); ++i) columns.emplace_back(row.columns[i], i);
    std::sort(columns.begin(), columns.end());
    for (const std::vector<Value> &values : row.values) lines.emplace_back(columns, values);
  }
  size_t size() const override { return lines.size(); }
  Datum value(size_t i) const override { return Datum::Map(lines[i]); }
  std::string_view go_type() const override { return "[]map[string]interface {}"; }

  const Row &row;
  tmpl::TagsMap tags;
  std::vector<std::pair<std::string_view, size_t>> columns;  // by name
  std::deque<LineMap> lines;
};

RowTemplateView::RowTemplateView(const Row &row) : parts_(std::make_unique<Parts>(row)) {}
RowTemplateView::~RowTemplateView() = default;

tmpl::Datum RowTemplateView::datum() const {
  static const StructField kFields[] = {
      {"Name", [](const void *self) { return Datum::String(static_cast<const Parts *>(self)->row.name); }},
      {"Tags", [](const void *self) { return Datum::Map(static_cast<const Parts *>(self)->tags); }},
      {"Values", [](const void *self) { return Datum::List(*static_cast<const Parts *>(self)); }}};
  static const StructType kType{"httppost.mappedRow", kFields};
  return Datum::Struct(kType, parts_.get());
}

}  // namespace tick
