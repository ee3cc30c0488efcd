// stream_recorder.cpp - lines of requests to points, points to the file.
#include "runtime/replay/stream_recorder.h"

#include <algorithm>

#include "runtime/io/line_protocol.h"

namespace tick {

bool StreamRecorder::wants(const std::string &database, const std::string &retention_policy) const {
  return std::any_of(wants_.dbrps.begin(), wants_.dbrps.end(), [&](const Dbrp &dbrp) {
    return dbrp.database == database && dbrp.retention_policy == retention_policy;
  });
}

bool StreamRecorder::wants(Name measurement) const {
  return std::any_of(wants_.measurements.begin(), wants_.measurements.end(),
                     [measurement](Name wanted) { return !wanted || wanted == measurement; });
}

// The exact reading of lines, which is what the tasks got: refused lines are left out here too.
void StreamRecorder::lines(const WriteRequest &request, std::string_view body) {
  if (!wants(std::string(request.database), std::string(request.retention_policy))) return;
  Series series{InternOrigin(request.database, request.retention_policy), nullptr, {}, 0};
  int64_t unit = NanosecondsOf(request.precision), default_time = request.time - request.time % unit;
  std::string measurement;
  Arena arena;
  Fields fields;
  std::lock_guard lock(mutex_);
  for (size_t at = 0; at < body.size() && !ended_;) {
    size_t end = LineEnd(body, at);
    std::string_view text = PointText(body.substr(at, end - at));
    at = end + 1;
    RawLine raw;
    if (text.empty() || !ParsePoint(text, request.precision, &raw).empty()) continue;
    series.tags.clear();
    ParseKey(raw.key, &measurement, &series.tags);
    series.measurement = Intern(measurement);
    if (!wants(series.measurement)) continue;
    fields.clear();
    arena.reset();
    RawField field;
    for (size_t next = 0; NextField(raw.fields, &next, &field);)
      SetField(fields, Intern(UnescapeFieldName(field.name)), ConvertField(field, arena));
    take(series, raw.has_time ? raw.time : default_time, fields);
  }
}

void StreamRecorder::point(const Series &series, int64_t time, const Fields &fields) {
  if (!wants(series.origin->database, series.origin->retention_policy) || !wants(series.measurement)) return;
  std::lock_guard lock(mutex_);
  take(series, time, fields);
}

void StreamRecorder::take(const Series &series, int64_t time, const Fields &fields) {
  if (ended_) return;
  if (wants_.span >= 0 && !begun_) wants_.stop = time + wants_.span;
  begun_ = true;
  if (time <= wants_.stop) {
    file_->add(series, fields, time);
    return;
  }
  ended_ = true;
  changed_.notify_all();
}

void StreamRecorder::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ended_ || cancelled_; });
}

void StreamRecorder::cancel() {
  std::lock_guard lock(mutex_);
  cancelled_ = true;
  changed_.notify_all();
}

bool StreamRecorder::ended() const {
  std::lock_guard lock(mutex_);
  return ended_;
}

uint64_t StreamRecorder::points() const {
  std::lock_guard lock(mutex_);
  return file_->points();
}

std::string StreamRecorder::close() {
  std::lock_guard lock(mutex_);
  return file_->close();
}

}  // namespace tick
