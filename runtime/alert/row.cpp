// row.cpp - rows of frames and batches, and their JSON.
//
// Columns of a batch are those of its first point: what only later points have is not shown.
#include "runtime/alert/row.h"

#include <algorithm>
#include <cstring>

#include "runtime/data/group.h"
#include "runtime/text/go_json.h"

namespace tick {
namespace {

Name TimeName() {
  static const Name name = Intern("time");
  return name;
}

// False: a value was not finite and is refused.
bool AppendValue(std::string *out, const Value &value, NonFinite non_finite) {
  return AppendJsonValue(*out, value) || non_finite == NonFinite::Null;
}

struct ColumnSource {
  Name name;
  Column column;
};

// The columns a batch shows, sorted: fields of its first point, and that point's tags the batch has not.
std::vector<ColumnSource> BatchColumns(const Batch &batch) {
  std::vector<ColumnSource> columns;
  if (batch.points.rows.empty()) return columns;
  uint32_t first = batch.points.rows[0];
  Fields fields;
  batch.points.fields(first, fields);
  for (const Field &field : fields) columns.push_back({field.name, batch.points.column(field.name)});
  for (const Tag &tag : batch.points.series[first]->tags) {
    if (FindTag(batch.group->tags, tag.key) || FindField(fields, tag.key)) continue;
    columns.push_back({tag.key, batch.points.column(tag.key)});
  }
  std::sort(columns.begin(), columns.end(),
            [](const ColumnSource &a, const ColumnSource &b) { return *a.name < *b.name; });
  return columns;
}

// The field of a row, else its tag, else missing.
Value Cell(const ColumnSource &source, const Frame &points, uint32_t row) {
  Value value = source.column.at(row);
  if (TypeOf(value) != Type::Missing) return value;
  const std::string *tag = FindTag(points.series[row]->tags, source.name);
  return tag ? MakeString(*tag) : value;
}

// Moves the strings of `row`'s values into one piece of memory the row owns.
void OwnStrings(Row *row) {
  size_t bytes = 0;
  for (const std::vector<Value> &values : row->values)
    for (const Value &value : values)
      if (TypeOf(value) == Type::String) bytes += value.as.s.size;
  if (!bytes) return;
  std::shared_ptr<char[]> memory(new char[bytes]);
  char *at = memory.get();
  for (std::vector<Value> &values : row->values)
    for (Value &value : values) {
      if (TypeOf(value) != Type::String) continue;
      if (value.as.s.size) std::memcpy(at, value.as.s.data, value.as.s.size);
      value.as.s.data = at;
      at += value.as.s.size;
    }
  row->memory = std::move(memory);
}

void AppendHead(std::string *out, const std::string &name, const Tags &tags) {
  *out += '{';
  if (!name.empty()) {
    *out += "\"name\":";
    AppendJsonString(*out, name);
  }
  if (tags.empty()) return;
  *out += out->back() == '{' ? "\"tags\":{" : ",\"tags\":{";
  for (size_t i = 0; i < tags.size(); ++i) {
    if (i) *out += ',';
    AppendJsonString(*out, *tags[i].key);
    *out += ':';
    AppendJsonString(*out, tags[i].value);
  }
  *out += '}';
}

void BeginColumns(std::string *out) { *out += out->back() == '{' ? "\"columns\":[" : ",\"columns\":["; }

// Ends an encoding begun at `start`: takes it back where a value was refused.
bool Finish(std::string *out, size_t start, bool ok) {
  if (ok)
    *out += '}';
  else
    out->resize(start);
  return ok;
}

}  // namespace

void FillRow(Row *out, const Series &series, int64_t time, const Fields &fields) {
  out->name = *series.measurement;
  out->tags = series.tags;
  out->columns.resize(fields.size() + 1);
  out->columns[0] = "time";
  out->values.resize(1);
  std::vector<Value> &values = out->values[0];
  values.resize(fields.size() + 1);
  values[0] = MakeTime(time);
  for (size_t i = 0; i < fields.size(); ++i) {
    out->columns[i + 1] = *fields[i].name;
    values[i + 1] = fields[i].value;
  }
  out->memory.reset();
  OwnStrings(out);
}

Row MakeRow(const Frame &frame, uint32_t row) {
  Row out;
  Fields fields;
  frame.fields(row, fields);
  FillRow(&out, *frame.series[row], frame.times[row], fields);
  return out;
}

Row MakeRow(const Batch &batch) {
  Row out;
  out.name = *batch.name;
  out.tags = batch.group->tags;
  if (batch.points.rows.empty()) return out;
  std::vector<ColumnSource> columns = BatchColumns(batch);
  out.columns.emplace_back("time");
  for (const ColumnSource &column : columns) out.columns.push_back(*column.name);
  out.values.reserve(batch.points.rows.size());
  for (uint32_t row : batch.points.rows) {
    std::vector<Value> &values = out.values.emplace_back();
    values.reserve(columns.size() + 1);
    values.push_back(MakeTime(batch.points.times[row]));
    for (const ColumnSource &column : columns) values.push_back(Cell(column, batch.points, row));
  }
  OwnStrings(&out);
  return out;
}

bool AppendRow(std::string *out, const Row &row, NonFinite non_finite) {
  size_t start = out->size();
  AppendHead(out, row.name, row.tags);
  if (!row.columns.empty()) {
    BeginColumns(out);
    for (size_t i = 0; i < row.columns.size(); ++i) {
      if (i) *out += ',';
      AppendJsonString(*out, row.columns[i]);
    }
    *out += ']';
  }
  bool ok = true;
  if (!row.values.empty()) {
    *out += out->back() == '{' ? "\"values\":[" : ",\"values\":[";
    for (size_t i = 0; ok && i < row.values.size(); ++i) {
      *out += i ? ",[" : "[";
      for (size_t j = 0; ok && j < row.values[i].size(); ++j) {
        if (j) *out += ',';
        ok = AppendValue(out, row.values[i][j], non_finite);
      }
      *out += ']';
    }
    *out += ']';
  }
  return Finish(out, start, ok);
}

bool AppendRow(std::string *out, const Frame &frame, uint32_t row, NonFinite non_finite) {
  size_t start = out->size();
  const Series &series = *frame.series[row];
  Fields fields;
  frame.fields(row, fields);
  AppendHead(out, *series.measurement, series.tags);
  BeginColumns(out);
  AppendJsonString(*out, *TimeName());
  for (const Field &field : fields) {
    *out += ',';
    AppendJsonString(*out, *field.name);
  }
  *out += "],\"values\":[[";
  bool ok = AppendValue(out, MakeTime(frame.times[row]), non_finite);
  for (size_t i = 0; ok && i < fields.size(); ++i) {
    *out += ',';
    ok = AppendValue(out, fields[i].value, non_finite);
  }
  *out += "]]";
  return Finish(out, start, ok);
}

bool AppendRow(std::string *out, const Batch &batch, NonFinite non_finite) {
  size_t start = out->size();
  AppendHead(out, *batch.name, batch.group->tags);
  if (batch.points.rows.empty()) return Finish(out, start, true);
  std::vector<ColumnSource> columns = BatchColumns(batch);
  BeginColumns(out);
  AppendJsonString(*out, *TimeName());
  for (const ColumnSource &column : columns) {
    *out += ',';
    AppendJsonString(*out, *column.name);
  }
  *out += "],\"values\":[";
  bool ok = true, more = false;
  for (uint32_t row : batch.points.rows) {
    *out += more ? ",[" : "[";
    more = true;
    AppendValue(out, MakeTime(batch.points.times[row]), non_finite);
    for (size_t i = 0; ok && i < columns.size(); ++i) {
      *out += ',';
      ok = AppendValue(out, Cell(columns[i], batch.points, row), non_finite);
    }
    *out += ']';
    if (!ok) break;
  }
  *out += ']';
  return Finish(out, start, ok);
}

bool AppendRows(std::string *out, const std::vector<Row> &rows, NonFinite non_finite) {
  if (rows.empty()) {
    *out += "null";
    return true;
  }
  size_t start = out->size();
  *out += '[';
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i) *out += ',';
    if (!AppendRow(out, rows[i], non_finite)) {
      out->resize(start);
      return false;
    }
  }
  *out += ']';
  return true;
}

}  // namespace tick
