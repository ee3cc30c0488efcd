// load_directory.h - definitions in a folder: templates, tasks and topic handlers (daemon.md 9.4).
//
// In: [load] dir with `templates`, `tasks` and `handlers`. Out: the same objects as the API's calls make. What is
// already as its file says is not touched. What an earlier reading made and whose file is gone is deleted; the store
// remembers what was made here.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/daemon/log.h"
#include "runtime/daemon/tasks.h"
#include "runtime/daemon/templates.h"
#include "runtime/daemon/topic_handlers.h"

namespace tick {

class LoadDirectory {
 public:
  LoadDirectory(std::string folder, Store &store, Engine &engine, Tasks &tasks, Templates &templates, TopicHandlers &handlers, Log &log)
      : folder_(std::move(folder)), store_(store), engine_(engine), tasks_(tasks), templates_(templates), handlers_(handlers), log_(log) {}
  // Reads it: at the start and whenever somebody asks. The first mistake ends it, with the file's name.
  std::string load();
  int64_t errors() const { return errors_; }

 private:
  struct File {
    std::string path, id;
  };
  std::string load_all();
  std::vector<File> files(const std::string &part, const std::vector<std::string> &extensions) const;
  std::string load_template(const File &file);
  std::string load_script(const File &file);
  std::string load_object(const File &file);
  std::string load_task_file(const File &file);
  std::string load_handler(const File &file);
  std::string define_task(const std::string &id, Json body, bool same);
  std::string delete_the_gone();
  void made(const std::string &item) { present_.push_back(item); }

  const std::string folder_;
  Store &store_;
  Engine &engine_;
  Tasks &tasks_;
  Templates &templates_;
  TopicHandlers &handlers_;
  Log &log_;
  std::mutex mutex_;
  std::vector<std::string> present_;  // of this reading: "tasks/ID", "templates/ID", "handlers/TOPIC/ID"
  std::atomic<int64_t> errors_{0};
};

}  // namespace tick
