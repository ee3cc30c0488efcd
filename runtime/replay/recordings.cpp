// recordings.cpp - records of recordings, and the threads that make them.
#include "runtime/replay/recordings.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "runtime/engine/route_spec.h"
#include "runtime/text/utf8.h"

namespace tick {

std::string_view WorkWord(WorkStatus status) {
  return status == WorkStatus::Running ? "running" : status == WorkStatus::Finished ? "finished" : "failed";
}

std::string IdError(const std::string &what, const std::string &id) {
  return ValidId(id) ? "" : what + " ID must contain only letters, numbers, '-', '.' and '_'. " + GoQuote(id);
}

namespace {

constexpr const char *kKind = "recording";

std::string Stored(const Recording &recording) {
  return CompactJson({{"type", recording.batch ? "batch" : "stream"},
                      {"size", recording.size},
                      {"date", recording.date},
                      {"error", recording.error},
                      {"status", WorkWord(recording.status)}});
}

bool ReadStored(const std::string &id, const std::string &text, Recording *recording) {
  Json stored = Json::parse(text, nullptr, false);
  if (!stored.is_object()) return false;
  recording->id = id;
  recording->batch = stored.value("type", "") == "batch";
  recording->size = stored.value("size", int64_t{0});
  recording->date = stored.value("date", int64_t{0});
  recording->error = stored.value("error", "");
  std::string status = stored.value("status", "");
  recording->status = status == "running" ? WorkStatus::Running : status == "finished" ? WorkStatus::Finished : WorkStatus::Failed;
  return true;
}

bool Status(const std::string &path, int64_t *size, int64_t *modified) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) return false;
  *size = status.st_size;
  *modified = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec;
  return true;
}

}  // namespace

Recordings::Recordings(std::string folder, Store &store, Engine &engine, Tasks &tasks, FindCluster clusters, Log &log)
    : folder_(std::move(folder)), store_(store), engine_(engine), tasks_(tasks), clusters_(std::move(clusters)), log_(log) {}

void Recordings::open() {
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
  for (const auto &[id, text] : store_.list(kKind)) {
    Recording recording;
    if (!ReadStored(id, text, &recording)) continue;
    if (recording.status == WorkStatus::Running) {
      recording.status = WorkStatus::Failed;
      recording.error = "unexpected Kapacitor shutdown";
      save(recording);
    }
    recordings_[id] = recording;
  }
  adopt();
}

// A recording is shared by copying its file into the folder.
void Recordings::adopt() {
  std::error_code error;
  for (const auto &file : std::filesystem::directory_iterator(folder_, error)) {
    std::string extension = file.path().extension().string(), id = file.path().stem().string();
    if (extension != ".srpl" && extension != ".brpl") {
      if (extension.rfind(".part", 0) != 0)
        log_.error("unknown file in replay dir", {{"service", "replay"}, {"file", file.path().filename().string()}});
      continue;
    }
    if (recordings_.count(id) > 0) continue;
    Recording recording;
    recording.id = id;
    recording.batch = extension == ".brpl";
    recording.status = WorkStatus::Finished;
    Status(file.path().string(), &recording.size, &recording.date);
    recordings_[id] = recording;
    save(recording);
  }
}

void Recordings::close() {
  std::map<std::string, std::shared_ptr<Work>> work;
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
    work = work_;
    for (const auto &[id, one] : work) {
      one->cancelled = true;
      if (one->recorder) one->recorder->cancel();
    }
    changed_.notify_all();
  }
  for (const auto &[id, one] : work)
    if (one->thread.joinable()) one->thread.join();
  std::lock_guard lock(mutex_);
  work_.clear();
}

void Recordings::save(const Recording &recording) {
  std::string error = store_.put(kKind, recording.id, Stored(recording));
  if (!error.empty()) log_.error("failed to save recording", {{"service", "replay"}, {"recording", recording.id}, {"err", error}});
}

std::optional<Recording> Recordings::find(const std::string &id) const {
  std::lock_guard lock(mutex_);
  auto found = recordings_.find(id);
  if (found == recordings_.end()) return std::nullopt;
  Recording recording = found->second;
  auto work = work_.find(id);
  if (work != work_.end()) recording.points = work->second->recorder ? work->second->recorder->points() : work->second->points.load();
  return recording;
}

std::vector<Recording> Recordings::all() const {
  std::lock_guard lock(mutex_);
  std::vector<Recording> list;
  for (const auto &[id, recording] : recordings_) list.push_back(recording);
  std::sort(list.begin(), list.end(), [](const Recording &a, const Recording &b) {
    int64_t at = a.date / 1'000'000'000, bt = b.date / 1'000'000'000;
    return at != bt ? at > bt : a.id > b.id;
  });
  return list;
}

std::optional<Recording> Recordings::wait(const std::string &id) const {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
      auto found = recordings_.find(id);
      return closing_ || found == recordings_.end() || found->second.status != WorkStatus::Running;
    });
  }
  return find(id);
}

int64_t Recordings::modified(const Recording &recording) const {
  int64_t size = 0, modified = 0;
  Status(path(recording), &size, &modified);
  return modified;
}

Refusal Recordings::remove(const std::string &id) {
  Recording recording;
  {
    std::lock_guard lock(mutex_);
    auto found = recordings_.find(id);
    if (found == recordings_.end()) return {};
    recording = found->second;
    recordings_.erase(found);
    store_.erase(kKind, id);
    if (auto work = work_.find(id); work != work_.end()) {  // its result is dropped
      work->second->cancelled = true;
      if (work->second->recorder) work->second->recorder->cancel();
      changed_.notify_all();
      return {};
    }
    changed_.notify_all();
  }
  std::string file = path(recording);
  if (std::remove(file.c_str()) == 0) return {};
  return {500, "remove " + file + ": " + (errno == ENOENT ? "no such file or directory" : std::strerror(errno)), nullptr};
}

// --- work ---------------------------------------------------------------------------------------------------

// Threads that have ended are joined by whoever starts the next.
void Recordings::reap() {
  std::vector<std::shared_ptr<Work>> ended;
  {
    std::lock_guard lock(mutex_);
    for (auto it = work_.begin(); it != work_.end();) {
      if (!it->second->done) {
        ++it;
        continue;
      }
      ended.push_back(it->second);
      it = work_.erase(it);
    }
  }
  for (const auto &work : ended) work->thread.join();
}

Refusal Recordings::begin(const std::string &id, bool batch, Job job, Recording *made, std::shared_ptr<StreamRecorder> recorder) {
  reap();
  Recording recording;
  recording.id = id;
  recording.batch = batch;
  recording.date = WallClock();
  auto work = std::make_shared<Work>();
  work->recorder = std::move(recorder);
  std::lock_guard lock(mutex_);
  if (recordings_.count(id) > 0 || work_.count(id) > 0 || closing_) return {500, "recording already exists", nullptr};
  if (std::string error = store_.put(kKind, id, Stored(recording)); !error.empty()) return {500, error, nullptr};
  recordings_[id] = recording;
  work_[id] = work;
  work->thread = std::thread([this, id, work, job = std::move(job)] { end(id, job(*work)); });
  *made = recording;
  return {};
}

void Recordings::end(const std::string &id, const std::string &error) {
  std::lock_guard lock(mutex_);
  auto work = work_.find(id);
  if (work != work_.end()) work->second->done = true;
  auto found = recordings_.find(id);
  if (found == recordings_.end()) {  // deleted meanwhile
    for (const char *extension : {".srpl", ".brpl"}) std::remove((folder_ + "/" + id + extension).c_str());
    return;
  }
  Recording &recording = found->second;
  int64_t modified = 0;
  recording.size = -1;
  Status(path(recording), &recording.size, &modified);
  if (closing_) return;  // what the store says stays `running`
  recording.date = WallClock();
  recording.status = error.empty() ? WorkStatus::Finished : WorkStatus::Failed;
  recording.error = error;
  if (!error.empty()) log_.error("recording failed", {{"service", "replay"}, {"recording", id}, {"err", error}});
  save(recording);
  changed_.notify_all();
}

Refusal Recordings::compile(const std::string &task_id, TaskRecord *task, std::shared_ptr<const Code> *code) {
  std::optional<TaskRecord> found = tasks_.find(task_id);
  if (!found) return {404, "no task exists", nullptr};
  *task = *found;
  CodeResult result = tasks_.compile(*task);
  if (!result.code) return {404, result.error, nullptr};
  *code = result.code;
  return {};
}

Refusal Recordings::record(const Stream &what, Recording *made) {
  std::string id = what.id.empty() ? RandomUuid() : what.id;
  if (std::string error = IdError("recording", id); !error.empty()) return {400, error, nullptr};
  TaskRecord task;
  std::shared_ptr<const Code> code;
  if (Refusal refusal = compile(what.task, &task, &code)) return refusal;
  if (find(id)) return {500, "recording already exists", nullptr};
  StreamWants wants{task.dbrps, {}, what.stop, what.span};
  wants.measurements = RouteSpec(code, false).measurements();
  if (wants.measurements.empty() || what.span >= 0) wants.measurements = {nullptr};
  std::unique_ptr<StreamFileWriter> file;
  if (std::string error = StreamFileWriter::Open(folder_ + "/" + id + ".srpl", &file); !error.empty()) return {500, error, nullptr};
  auto recorder = std::make_shared<StreamRecorder>(std::move(wants), std::move(file));
  engine_.tap(recorder);  // before the answer: what is written after it is recorded
  Refusal refusal = begin(
      id, false,
      [this, recorder](Work &) {
        recorder->wait();
        engine_.untap(recorder.get());
        return recorder->close();
      },
      made, recorder);
  if (refusal) engine_.untap(recorder.get());
  return refusal;
}

Refusal Recordings::record(const Batch &what, Recording *made) {
  std::string id = what.id.empty() ? RandomUuid() : what.id;
  if (std::string error = IdError("recording", id); !error.empty()) return {400, error, nullptr};
  auto task = std::make_shared<TaskRecord>();
  std::shared_ptr<const Code> code;
  if (Refusal refusal = compile(what.task, task.get(), &code)) return refusal;
  std::string path = folder_ + "/" + id + ".brpl";
  return begin(id, true, [=, this](Work &work) { return record_batches(*task, *code, what, path, work); }, made);
}

Refusal Recordings::record(const Query &what, Recording *made) {
  std::string id = what.id.empty() ? RandomUuid() : what.id;
  if (std::string error = IdError("recording", id); !error.empty()) return {400, error, nullptr};
  std::string path = folder_ + "/" + id + (what.batch ? ".brpl" : ".srpl");
  return begin(id, what.batch, [=, this](Work &work) { return record_query(what, path, work); }, made);
}

}  // namespace tick
