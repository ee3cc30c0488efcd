// api_old_replay.cpp - recordings and replays over the API of Kapacitor 0.2 (http-api.md 22, 23).
//
// There a client waits for the end of a recording or a replay inside a call. Only so many calls may wait at a time,
// or none would be left to bring the points that end a recording.
#include <algorithm>
#include <atomic>

#include "runtime/daemon/api_replay.h"
#include "runtime/text/go_duration.h"
#include "runtime/text/go_time.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

constexpr int kMostWaiting = 6;

class OldReplayRoutes {
 public:
  OldReplayRoutes(Recordings &recordings, Replays &replays, Tasks &tasks) : recordings_(recordings), replays_(replays), tasks_(tasks) {}

  Response record(const Request &request) const {
    std::string type = request.parameter("type");
    if (type == "stream") return record_stream(request);
    if (type == "batch") return record_batch(request);
    if (type == "query") return record_query(request);
    return OldError(400, "invalid recording type");
  }

  Response wait(const Request &request) {
    std::string id = request.parameter("id");
    std::optional<Recording> recording = recordings_.find(id);
    if (!recording) return OldError(404, "recording not found");
    if (recording->status == WorkStatus::Running) {
      Place place(waiting_);
      if (!place.taken()) return too_many();
      recording = recordings_.wait(id);
    }
    if (!recording) return OldError(404, "recording not found");
    if (recording->status == WorkStatus::Failed)
      return OldText({{"ID", id}, {"Created", "0001-01-01T00:00:00Z"}, {"Error", recording->error}});
    return OldText(info(*recording));
  }

  Response list(const Request &request) const {
    std::string ids = request.parameter("rids");
    std::vector<std::string> wanted;
    for (size_t at = 0; at < ids.size();) {
      size_t end = std::min(ids.find(',', at), ids.size());
      if (end > at) wanted.push_back(ids.substr(at, end - at));
      at = end + 1;
    }
    std::vector<Recording> all = recordings_.all();
    std::sort(all.begin(), all.end(), [](const Recording &a, const Recording &b) { return a.id < b.id; });
    Json items = Json::array();
    for (const Recording &recording : all) {
      bool listed = wanted.empty() || std::find(wanted.begin(), wanted.end(), recording.id) != wanted.end();
      if (listed && recording.status == WorkStatus::Finished && recordings_.modified(recording) != 0) items.push_back(info(recording));
    }
    return OldText({{"Recordings", items}});
  }

  Response remove(const Request &request) const {
    recordings_.remove(request.parameter("rid"));
    return OldEmpty();
  }

  Response replay(const Request &request) {
    Replays::Options options;
    options.id = RandomUuid();
    options.task = request.parameter("name");
    std::string clock = request.parameter("clock"), rec_time = request.parameter("rec-time"), id = request.parameter("id");
    if (!rec_time.empty() && !read_bool(rec_time, &options.recording_time))
      return OldError(400, "strconv.ParseBool: parsing " + GoQuote(rec_time) + ": invalid syntax");
    if (!clock.empty() && clock != "wall" && clock != "fast") return OldError(400, "invalid clock " + GoQuote(clock) + ": use wall or fast");
    options.real_clock = clock != "fast";
    options.old_dialect = true;
    std::optional<TaskRecord> task = tasks_.find(options.task);
    if (!task) return OldError(404, "task load: " + unknown(options.task));
    std::optional<Recording> recording = recordings_.find(id);
    std::string path = recordings_.path(Recording{id, "", task->batch, 0, 0, WorkStatus::Finished, 0});
    if (!recording) return OldError(404, "replay find: open " + path + ": no such file or directory");
    if (recording->batch != task->batch)
      return OldError(404, "replay find: found recording of wrong type, check task type matches recording.");
    Place place(waiting_);
    if (!place.taken()) return too_many();
    Replay made;
    if (Refusal refusal = replays_.replay(options, id, &made)) return OldError(refusal.status, refusal.text);
    std::optional<Replay> done = replays_.wait(options.id);
    replays_.remove(options.id);  // 0.2 has no list of them
    if (!done || done->status != WorkStatus::Failed) return OldEmpty();
    return failed(done->error);
  }

 private:
  // One of the calls that may wait.
  class Place {
   public:
    explicit Place(std::atomic<int> &waiting) : waiting_(waiting), taken_(waiting_.fetch_add(1) < kMostWaiting) {}
    ~Place() { waiting_.fetch_sub(1); }
    bool taken() const { return taken_; }

   private:
    std::atomic<int> &waiting_;
    bool taken_;
  };

  static Response too_many() {
    return OldError(503, "too many calls wait for recordings and replays already; use today's API, where none waits");
  }

  static bool read_bool(const std::string &text, bool *value) {
    for (const char *word : {"1", "t", "T", "TRUE", "true", "True"})
      if (text == word) return *value = true;
    for (const char *word : {"0", "f", "F", "FALSE", "false", "False"})
      if (text == word) return true;
    return false;
  }

  // Errors of a replay in 0.2's words: what today's API says, without `running`.
  static Response failed(std::string error) {
    static const std::string kRunning = "running replay: ", kStart = "task start: ";
    if (error.rfind(kRunning, 0) == 0) error = "replay: " + error.substr(kRunning.size());
    return OldError(error.rfind(kStart, 0) == 0 ? 400 : 500, error);
  }

  Json info(const Recording &recording) const {
    Json object = {{"ID", recording.id}};
    if (recording.batch) object["Type"] = 1;
    if (recording.size > 0) object["Size"] = recording.size;
    int64_t modified = recordings_.modified(recording);
    object["Created"] = TimeText(modified == 0 ? recording.date : modified);
    if (!recording.error.empty()) object["Error"] = recording.error;
    return object;
  }

  template <class What>
  Response begin(const What &what) const {
    Recording made;
    if (Refusal refusal = recordings_.record(what, &made)) return OldError(refusal.status, refusal.text);
    return OldText({{"RecordingID", made.id}});
  }

  Response record_stream(const Request &request) const {
    Recordings::Stream what;
    what.task = request.parameter("name");
    if (what.task.empty()) return OldError(400, "no task specified");
    if (!tasks_.find(what.task)) return OldError(404, unknown(what.task));
    if (!ParseDuration(request.parameter("duration"), &what.span)) return OldError(400, "invalid duration string: invalid duration");
    return begin(what);
  }

  Response record_batch(const Request &request) const {
    Recordings::Batch what;
    what.task = request.parameter("name");
    if (what.task.empty()) return OldError(400, "no task specified");
    if (!tasks_.find(what.task)) return OldError(404, unknown(what.task));
    std::string start = request.parameter("start"), past = request.parameter("past"), stop = request.parameter("stop");
    int64_t back = 0;
    what.stop = WallClock();
    auto bad_time = [](const std::string &text) {
      return OldError(400, "parsing time " + GoQuote(text) + " as \"2006-01-02T15:04:05Z07:00\": cannot parse " + GoQuote(text) + " as \"2006\"");
    };
    if (!start.empty() && !past.empty()) return OldError(400, "must not pass both 'start' and 'past' parameters");
    if (start.empty() && past.empty()) return OldError(400, "must pass one of 'start' and 'past' parameters");
    if (!stop.empty() && !ParseRfc3339(stop, &what.stop)) return bad_time(stop);
    if (!start.empty() && !ParseRfc3339(start, &what.start)) return bad_time(start);
    if (!past.empty() && !ParseDuration(past, &back)) return OldError(400, "invalid duration");
    if (!past.empty()) what.start = WallClock() - back;
    return begin(what);
  }

  Response record_query(const Request &request) const {
    Recordings::Query what;
    what.query = request.parameter("query");
    what.old_dialect = true;
    std::string type = request.parameter("ttype");
    if (what.query.empty()) return OldError(400, "must pass query parameter");
    if (type != "stream" && type != "batch") return OldError(400, "invalid type " + GoQuote(type));
    what.batch = type == "batch";
    return begin(what);
  }

  std::string unknown(const std::string &name) const {
    return tasks_.old_dialect_last() && !name.empty() ? "unknown task " + name : "no tasks bucket";
  }

  Recordings &recordings_;
  Replays &replays_;
  Tasks &tasks_;
  std::atomic<int> waiting_{0};
};

}  // namespace

void AddOldReplayRoutes(Router *router, Recordings &recordings, Replays &replays, Tasks &tasks) {
  auto routes = std::make_shared<OldReplayRoutes>(recordings, replays, tasks);
  const std::string base = kOldBase;
  router->add("POST", base + "/record", [routes](const Request &request) { return routes->record(request); });
  router->add("GET", base + "/record", [routes](const Request &request) { return routes->wait(request); });
  router->add("GET", base + "/recordings", [routes](const Request &request) { return routes->list(request); });
  router->add("DELETE", base + "/recording", [routes](const Request &request) { return routes->remove(request); });
  router->add("POST", base + "/replay", [routes](const Request &request) { return routes->replay(request); });
}

}  // namespace tick
