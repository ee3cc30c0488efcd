// batch_json.cpp - batches as lines of JSON and back.
#include <algorithm>
#include <map>

#include "runtime/daemon/json.h"
#include "runtime/replay/batch_file.h"
#include "runtime/text/go_json.h"
#include "runtime/text/go_time.h"

namespace tick {
namespace {

void AppendTags(std::string &out, const Tags &tags) {
  out += '{';
  for (size_t i = 0; i < tags.size(); ++i) {
    if (i > 0) out += ',';
    AppendJsonString(out, *tags[i].key);
    out += ':';
    AppendJsonString(out, tags[i].value);
  }
  out += '}';
}

void AppendPoint(std::string &out, const AnswerBlock &points, uint32_t row, Fields &fields) {
  points.fields(row, fields);
  out += "{\"fields\":{";
  bool first = true;
  for (const Field &field : fields) {
    size_t before = out.size();
    if (!first) out += ',';
    AppendJsonString(out, *field.name);
    out += ':';
    if (AppendJsonValue(out, field.value)) first = false;
    else out.resize(before);  // JSON has no NaN
  }
  out += "},\"tags\":";
  AppendTags(out, points.series[row]->tags);
  out += ",\"time\":\"";
  AppendRfc3339(out, points.times[row]);
  out += "\"}";
}

bool ReadTags(const Json &object, Tags *tags) {
  tags->clear();
  if (object.is_null()) return true;
  if (!object.is_object()) return false;
  for (auto tag = object.begin(); tag != object.end(); ++tag) {
    if (!tag->is_string()) return false;
    tags->push_back({Intern(tag.key()), tag->get<std::string>()});
  }
  std::sort(tags->begin(), tags->end(), [](const Tag &a, const Tag &b) { return NameLess(a.key, b.key); });
  return true;
}

const Json &Part(const Json &object, const char *name) {
  static const Json kNone;
  const Json *part = Member(object, name);
  return part ? *part : kNone;
}

std::string ReadPoint(const Json &point, const LooseBatch &batch, const std::map<std::string, size_t> &columns, AnswerBlock *points) {
  int64_t time = 0;
  const Json &at = Part(point, "time");
  if (!at.is_string() || !ParseRfc3339(at.get_ref<const std::string &>(), &time)) return "a point without a time";
  Tags tags;
  if (!ReadTags(Part(point, "tags"), &tags)) return "a point's tags are no texts";
  points->begin_row();
  const Json &fields = Part(point, "fields");
  for (auto field = fields.begin(); fields.is_object() && field != fields.end(); ++field) {
    size_t column = columns.at(field.key());
    if (field->is_number()) points->set_number(column, field->get<double>());
    else if (field->is_boolean()) points->set_bool(column, field->get<bool>());
    else if (field->is_string()) points->set_string(column, field->get_ref<const std::string &>());
  }
  points->end_row(time);
  points->series.push_back(InternSeries(InternOrigin("", ""), batch.name, tags.empty() ? batch.tags : tags));
  return "";
}

}  // namespace

void AppendBatch(std::string &out, const LooseBatch &batch, bool old_form) {
  out += '{';
  if (batch.name && !batch.name->empty()) {
    out += "\"name\":";
    AppendJsonString(out, *batch.name);
    out += ',';
  }
  if (!old_form) {
    out += "\"tmax\":\"";
    AppendRfc3339(out, batch.tmax);
    out += "\",";
    if (std::string group = GroupId(batch.name, batch.by_name, batch.tags, false); !group.empty()) {
      out += "\"group\":";
      AppendJsonString(out, group);
      out += ',';
    }
    if (batch.by_name) out += "\"byname\":true,";
  }
  if (!batch.tags.empty()) {
    out += "\"tags\":";
    AppendTags(out, batch.tags);
    out += ',';
  }
  if (batch.points.rows() > 0) {
    out += "\"points\":[";
    Fields fields;
    for (uint32_t row = 0; row < batch.points.rows(); ++row) {
      if (row > 0) out += ',';
      AppendPoint(out, batch.points, row, fields);
    }
    out += "],";
  }
  out.back() = out.back() == ',' ? '}' : out.back();
  if (out.back() != '}') out += '}';
  out += '\n';
}

std::string ReadBatch(std::string_view line, LooseBatch *batch) {
  Json object = Json::parse(line, nullptr, false);
  if (!object.is_object()) return "no JSON object";
  const Json &name = Part(object, "name"), &tmax = Part(object, "tmax"), &list = Part(object, "points");
  batch->name = Intern(name.is_string() ? name.get_ref<const std::string &>() : std::string());
  const Json &by_name = Part(object, "byname");
  batch->by_name = by_name.is_boolean() && by_name.get<bool>();
  if (!ReadTags(Part(object, "tags"), &batch->tags)) return "the batch's tags are no texts";
  std::map<std::string, size_t> columns;
  std::vector<Name> names;
  if (!list.is_null() && !list.is_array()) return "`points` is no list";
  for (const Json &point : list) {
    if (!point.is_object()) return "a point is no object";
    const Json &fields = Part(point, "fields");
    for (auto field = fields.begin(); fields.is_object() && field != fields.end(); ++field)
      if (columns.emplace(field.key(), names.size()).second) names.push_back(Intern(field.key()));
  }
  batch->points.begin(names);
  int64_t latest = 0;
  for (const Json &point : list) {
    if (std::string error = ReadPoint(point, *batch, columns, &batch->points); !error.empty()) return error;
    latest = batch->points.times.back();
  }
  batch->tmax = latest;  // 0.2 writes none
  if (tmax.is_string() && !ParseRfc3339(tmax.get_ref<const std::string &>(), &batch->tmax)) return "`tmax` is no time";
  batch->tmax = std::max(batch->tmax, latest);
  return "";
}

}  // namespace tick
