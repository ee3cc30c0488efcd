// log.cpp - `|log()`: writes the data to the log, one line a point, and passes it on.
#include <algorithm>
#include <deque>

#include "runtime/engine/node.h"
#include "runtime/engine/services.h"
#include "runtime/engine/task.h"
#include "runtime/text/go_float.h"
#include "runtime/text/go_duration.h"
#include "runtime/text/go_time.h"

namespace tick {
namespace {

std::string Text(const Value &value) {
  switch (TypeOf(value)) {
    case Type::Bool: return value.as.b ? "true" : "false";
    case Type::Int: return std::to_string(value.as.i);
    case Type::Float: return PlainFloat(value.as.f);
    case Type::String: return std::string(StringOf(value));
    case Type::Duration: return GoDuration(value.as.i);
    case Type::Time: return Rfc3339(value.as.i);
    default: return "null";
  }
}

class LogNode final : public Node {
 public:
  LogNode(const tick_node &spec, Task &task) : Node(spec, task), prefix_(string_property("prefix", "")) {
    std::string level = string_property("level", "INFO");
    std::transform(level.begin(), level.end(), level.begin(), [](unsigned char c) { return std::toupper(c); });
    level_ = level == "DEBUG" ? "debug" : level == "ERROR" ? "error" : "info";
  }

  void points(const Frame &frame, unsigned) override {
    for (uint32_t row : frame.rows) {
      const Series &series = *frame.series[row];
      const Group &group = *frame.groups[row];
      Line line(*this, "point");
      line.add("name", *series.measurement);
      line.add("db", series.origin->database);
      line.add("rp", series.origin->retention_policy);
      line.add("group", group.id);
      for (size_t i = 0; i < group.tags.size(); ++i) line.add("dimension_" + std::to_string(i), *group.tags[i].key);
      add_point(line, frame, row);
    }
    emit(frame);
  }

  void batch(const Batch &batch, unsigned) override {
    {
      Line line(*this, "begin batch");
      line.add("name", *batch.name);
      line.add("group", batch.group->id);
      for (const Tag &tag : batch.group->tags) line.add("tag_" + *tag.key, tag.value);
      line.add("time", Rfc3339(batch.tmax));
    }
    for (uint32_t row : batch.points.rows) {
      Line line(*this, "batch point");
      add_point(line, batch.points, row);
    }
    Line(*this, "end batch");
    emit(batch);
  }

 private:
  // A record under construction; written when it goes out of scope.
  struct Line {
    Line(LogNode &of, std::string_view message) : node(of) {
      record.level = node.level_;
      record.task = node.task().id();
      record.node = node.name();
      record.message = message;
      add("prefix", node.prefix_);
    }
    ~Line() { node.task().services().log(record); }
    void add(std::string key, std::string value) { record.fields.emplace_back(keys.emplace_back(std::move(key)), std::move(value)); }
    LogNode &node;
    LogRecord record;
    std::deque<std::string> keys;
  };

  void add_point(Line &line, const Frame &frame, uint32_t row) {
    for (const Tag &tag : frame.series[row]->tags) line.add("tag_" + *tag.key, tag.value);
    frame.fields(row, fields_);
    for (const Field &field : fields_) line.add("field_" + *field.name, Text(field.value));
    line.add("time", Rfc3339(frame.times[row]));
  }

  std::string prefix_;
  std::string_view level_;
  Fields fields_;
};

}  // namespace

NodeResult MakeLog(const tick_node &spec, Task &task) { return MakeAs<LogNode>(spec, task); }

}  // namespace tick
