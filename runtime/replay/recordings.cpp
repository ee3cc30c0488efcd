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

WorkStatus WorkStatusOf(std::string_view word) {
  return word == "running" ? WorkStatus::Running : word == "finished" ? WorkStatus::Finished : WorkStatus::Failed;
}

std::string Recording::stored() const {
  return CompactJson({{"type", batch ? "batch" : "stream"}, {"size", size}, {"date", date}, {"error", error}, {"status", WorkWord(status)}});
}

bool Recording::read(const std::string &stored) {
  Json json = Json::parse(stored, nullptr, false);
  if (!json.is_object()) return false;
  batch = json.value("type", "") == "batch";
  size = json.value("size", int64_t{0});
  date = json.value("date", int64_t{0});
  error = json.value("error", "");
  status = WorkStatusOf(json.value("status", ""));
  return true;
}

void RecordingWork::cancel() {
  cancelled = true;
  if (recorder) recorder->cancel();
}

std::string IdError(const std::string &what, const std::string &id) {
  return ValidId(id) ? "" : what + " ID must contain only letters, numbers, '-', '.' and '_'. " + GoQuote(id);
}

namespace {

bool Status(const std::string &path, int64_t *size, int64_t *modified) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) return false;
  *size = status.st_size;
  *modified = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec;
  return true;
}

}  // namespace

Recordings::Recordings(std::string folder, Store &store, Engine &engine, Tasks &tasks, FindCluster clusters, Log &log)
    : WorkTable("recording", store, log), folder_(std::move(folder)), engine_(engine), tasks_(tasks), clusters_(std::move(clusters)) {}

void Recordings::open() {
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
  WorkTable::open();
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
    if (records_.count(id) > 0) continue;
    Recording recording;
    recording.id = id;
    recording.batch = extension == ".brpl";
    recording.status = WorkStatus::Finished;
    Status(file.path().string(), &recording.size, &recording.date);
    records_[id] = recording;
    save(recording);
  }
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
    auto found = records_.find(id);
    if (found == records_.end()) return {};
    recording = found->second;
    records_.erase(found);
    store_.erase(kind_, id);
    if (auto work = work_.find(id); work != work_.end()) {  // its result is dropped
      work->second->cancel();
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

Refusal Recordings::begin(const std::string &id, bool batch, Job job, Recording *made, std::shared_ptr<StreamRecorder> recorder) {
  Recording recording;
  recording.id = id;
  recording.batch = batch;
  recording.date = WallClock();
  auto work = std::make_shared<Work>();
  work->recorder = std::move(recorder);
  Refusal refusal = WorkTable::begin(recording, false, work, [this, id, work, job = std::move(job)] { end(id, job(*work)); });
  if (!refusal) *made = recording;
  return refusal;
}

void Recordings::end(const std::string &id, const std::string &error) {
  std::lock_guard lock(mutex_);
  auto work = work_.find(id);
  if (work != work_.end()) work->second->done = true;
  auto found = records_.find(id);
  if (found == records_.end()) {  // deleted meanwhile
    for (const char *extension : {".srpl", ".brpl"}) std::remove((folder_ + "/" + id + extension).c_str());
    return;
  }
  Recording &recording = found->second;
  int64_t modified = 0;
  recording.size = -1;
  Status(path(recording), &recording.size, &modified);
  if (closing_) return;  // what the store says stays `running`
  finish(&recording, error);
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
