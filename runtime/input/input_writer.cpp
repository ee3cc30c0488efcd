// input_writer.cpp - points of inputs as lines.
#include "runtime/input/input_writer.h"

#include <algorithm>

#include "runtime/daemon/tasks.h"
#include "runtime/io/line_protocol.h"

namespace tick {

void InputWriter::add(std::string_view measurement, TagList tags, std::string_view field, double value, int64_t time) {
  add(measurement, std::move(tags), {{std::string(field), value}}, time);
}

void InputWriter::add(std::string_view measurement, TagList tags, const std::vector<std::pair<std::string, double>> &fields,
                      int64_t time) {
  std::erase_if(tags, [](const auto &tag) { return tag.first.empty() || tag.second.empty(); });
  std::stable_sort(tags.begin(), tags.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
  tags.erase(std::unique(tags.begin(), tags.end(), [](const auto &a, const auto &b) { return a.first == b.first; }), tags.end());
  Series series{InternOrigin(database_, retention_policy_), Intern(measurement), {}, 0};
  for (auto &[key, value] : tags) series.tags.push_back({Intern(key), std::move(value)});
  Fields made;
  for (const auto &[name, value] : fields) SetField(made, Intern(name), MakeFloat(value));
  AppendLine(lines_, series, made, time);
  if (time == 0) lines_.insert(lines_.size() - 1, " 0");
  if (++pending_ >= batch_size_) flush();
}

void InputWriter::flush() {
  if (pending_ == 0) return;
  auto body = std::make_shared<const std::string>(std::move(lines_));
  lines_.clear();
  pending_ = 0;
  WriteResult result = engine_.write({database_, retention_policy_, Precision::Nanoseconds, WallClock()}, body);
  points_ += result.accepted;
  if (result.refused > 0)
    log_.error("failed to write points", {{"service", service_}, {"err", "unable to parse '" + result.errors[0].text + "': " + result.errors[0].reason}});
}

bool InputWriter::write(std::string_view body, std::string *error) {
  WriteRequest request{database_, retention_policy_, Precision::Nanoseconds, WallClock()};
  request.whole = true;
  WriteResult result = engine_.write(request, std::make_shared<const std::string>(body));
  points_ += result.accepted;
  if (result.refused == 0) return true;
  *error = "unable to parse '" + result.errors[0].text + "': " + result.errors[0].reason;
  return false;
}

}  // namespace tick
