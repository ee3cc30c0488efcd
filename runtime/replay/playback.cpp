// playback.cpp - the pace of a replay, and lines with their times shifted.
#include "runtime/replay/playback.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <thread>

#include "runtime/daemon/tasks.h"
#include "runtime/replay/batch_file.h"

namespace tick {
namespace {

constexpr size_t kBody = 256 * 1024;  // lines that are parsed at a time
constexpr int64_t kNap = 50'000'000;  // a cancelled replay ends within

}  // namespace

bool Playback::wait_until(int64_t time) {
  for (;;) {
    if (state_.cancelled) return false;
    int64_t left = time - WallClock();
    if (left <= 0) return true;
    std::this_thread::sleep_for(std::chrono::nanoseconds(std::min(left, kNap)));
  }
}

// --- streams ------------------------------------------------------------------------------------------------

bool Playback::point(const RecordedPoint &point) {
  std::string_view rest;
  int64_t time = TimeOfLine(point.line, &rest);
  if (points_ == 0) shift_ = options_.zero - time;
  if (options_.real_clock && WallClock() < time + shift_) {
    if (!flush() || !wait_until(time + shift_)) return false;
  }
  if (body_ && (database_ != point.database || retention_policy_ != point.retention_policy || body_->size() > kBody))
    if (!flush()) return false;
  if (!body_) {
    body_ = std::make_shared<std::string>();
    body_->reserve(kBody + 4096);
    database_ = point.database;
    retention_policy_ = point.retention_policy;
  }
  char digits[24];
  char *end = std::to_chars(digits, digits + sizeof digits, options_.recording_time ? time : time + shift_).ptr;
  body_->append(rest).append(1, ' ').append(digits, end).append(1, '\n');
  ++points_;
  ++in_body_;
  return true;
}

bool Playback::flush() {
  if (!body_) return true;
  WriteRequest request{database_, retention_policy_, Precision::Nanoseconds, options_.zero};
  WriteResult result = engine_.write(request, std::move(body_));
  body_ = nullptr;
  state_.points = points_;
  if (result.refused > 0) {
    uint64_t number = points_ - in_body_ + result.errors[0].line;
    error_ = "unable to parse '" + result.errors[0].text + "': " + result.errors[0].reason + " (point " + std::to_string(number) +
             " of the recording)";
  }
  in_body_ = 0;
  return error_.empty() && !state_.cancelled && engine_.running(task_);
}

std::string Playback::stream(StreamFileReader &file) {
  RecordedPoint next;
  while (file.next(&next)) {
    if (!point(next)) return error_;
    if (in_body_ == 1) state_.progress = file.progress();
  }
  flush();
  return error_.empty() ? file.error() : error_;
}

// --- batches ------------------------------------------------------------------------------------------------

int64_t Playback::shift_of(size_t entry, int64_t first_time) {
  if (shifts_.size() <= entry) {
    shifts_.resize(entry + 1);
    shift_known_.resize(entry + 1);
  }
  if (!shift_known_[entry]) shifts_[entry] = options_.zero - first_time;
  shift_known_[entry] = true;
  return shifts_[entry];
}

// The batch's own time is not shifted, as in Kapacitor: the last point's, which is later as a rule, takes its place.
void Playback::shift(LooseBatch &batch, int64_t by) const {
  if (!options_.recording_time)
    for (int64_t &time : batch.points.times) time += by;
  batch.tmax = std::max(batch.tmax, batch.points.times.back());
}

bool Playback::batch(size_t entry, LooseBatch &batch) {
  if (batch.points.rows() == 0) return true;
  int64_t by = shift_of(entry, batch.points.times.front());
  if (options_.real_clock && !wait_until(batch.points.times.back() + by)) return false;
  shift(batch, by);
  points_ += batch.points.rows();
  state_.points = points_;
  return !state_.cancelled &&
         engine_.with_task(task_, [&](Task &task) { PushBatch(task, static_cast<unsigned>(entry), batch); });
}

// Batches of all entries in the order of their shifted times, so that a replay does the same each time.
std::string Playback::batches(BatchFileReader &file) {
  std::vector<LooseBatch> heads(file.entries());
  std::vector<bool> open(file.entries());
  auto advance = [&](size_t entry) { open[entry] = file.next(entry, &heads[entry]); };
  for (size_t i = 0; i < heads.size(); ++i) advance(i);
  while (file.error().empty()) {
    size_t first = heads.size();
    int64_t due = 0;
    for (size_t i = 0; i < heads.size(); ++i) {
      if (!open[i]) continue;
      int64_t at = heads[i].points.times.back() + shift_of(i, heads[i].points.times.front());
      if (first < heads.size() && due <= at) continue;
      first = i;
      due = at;
    }
    if (first == heads.size() || !batch(first, heads[first])) break;
    state_.progress = file.progress();
    advance(first);
  }
  return file.error();
}

}  // namespace tick
