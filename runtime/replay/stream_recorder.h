// stream_recorder.h - writes the points that an engine takes in to a recording, until one comes that is too late.
//
// In: points of any writer. Out: a stream file with those of the wanted databases and measurements. A point after
// the end is not written and ends the recording; without such a point it goes on (daemon.md 8.2).
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/engine/engine.h"
#include "runtime/replay/stream_file.h"

namespace tick {

struct StreamWants {
  std::vector<Dbrp> dbrps;
  std::vector<Name> measurements;  // null among them: any
  int64_t stop = 0;                // the last time that is recorded
  int64_t span = -1;               // 0.2: so long after the first point's time; stop is not looked at
};

class StreamRecorder final : public PointTap {
 public:
  StreamRecorder(StreamWants wants, std::unique_ptr<StreamFileWriter> file) : wants_(std::move(wants)), file_(std::move(file)) {}
  void lines(const WriteRequest &request, std::string_view body) override;
  void point(const Series &series, int64_t time, const Fields &fields) override;
  // Waits for the end, or for cancel().
  void wait();
  void cancel();
  bool ended() const;
  uint64_t points() const;
  // After the engine let go of it: "" or why the file is not whole.
  std::string close();

 private:
  bool wants(const std::string &database, const std::string &retention_policy) const;
  bool wants(Name measurement) const;
  void take(const Series &series, int64_t time, const Fields &fields);
  StreamWants wants_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::unique_ptr<StreamFileWriter> file_;
  bool ended_ = false, cancelled_ = false, begun_ = false;
};

}  // namespace tick
