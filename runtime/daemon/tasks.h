// tasks.h - the definitions of tasks: stored, compiled, started, changed, swapped.
//
// In: what a client asks (JSON bodies of today's API, parameters of 0.2's). Out: the record or a refusal with
// its status and text (http-api.md 5, 21). A definition is compiled before it is stored; what runs changes only
// when the task is enabled, disabled or reloaded. Thread-safe; changes of definitions wait for each other.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "runtime/daemon/json.h"
#include "runtime/daemon/store.h"
#include "runtime/engine/engine.h"

namespace tick {

struct TaskRecord {
  std::string id, template_id, script, error;
  bool batch = false;
  std::vector<Dbrp> dbrps;
  Json vars = Json::object();
  bool enabled = false;
  int64_t created = 0, modified = 0, last_enabled = 0;
  int64_t redefined = 0;      // when script, vars or dbrps last changed
  int64_t started_from = 0;   // `redefined` of the definition that runs; 0: none does
  std::string dot;            // what follows "digraph ID" while it does not run; "" if it does not compile
  bool script_dbrps = false;  // the script has dbrp statements
  bool precompiled = false;   // defined by a compiled task, which the store keeps beside the record
  std::shared_ptr<const std::string> object;  // its bytes, until they are stored
  std::shared_ptr<const Code> code;           // what the definition was just compiled to, for whom starts it next
};

struct Refusal {
  int status = 0;             // 0: none
  std::string text;
  Json diagnostics;           // structured form of a script's mistakes, or null
  explicit operator bool() const { return status != 0; }
};

// What a batch task needs around it: its queries run while it does.
class TaskObserver {
 public:
  virtual ~TaskObserver() = default;
  virtual std::string started(const TaskRecord &task, const tick_task &descriptor) = 0;  // error: it does not run
  virtual void stopping(const std::string &id) = 0;
  virtual void deleted(const std::string &id) = 0;
};

class Tasks {
 public:
  Tasks(Store &store, Engine &engine, CodeSource &code, int64_t keep_state_ns);
  void observe(TaskObserver *observer) { observer_ = observer; }

  // Reads the store and starts what is enabled, in id order. Tasks that do not start keep their error.
  void open();
  void close();  // stops all, leaving them enabled

  Refusal create(const Json &body, TaskRecord *made);
  Refusal update(const std::string &id, const Json &body, TaskRecord *made);
  void remove(const std::string &id);
  std::optional<TaskRecord> find(const std::string &id) const;
  std::vector<TaskRecord> all() const;  // sorted by id
  size_t enabled_count() const;
  // Whether the last definition came by 0.2's API: the command line's tables follow it.
  bool old_dialect_last() const { return store_.get("meta", "dialect").value_or("") == "0.2"; }

  // 0.2: absent parts stay; a running task keeps its definition until it is reloaded.
  Refusal define_old(const std::string &name, const std::string &type, const std::string &script, const std::string *dbrps);
  Refusal set_enabled(const std::string &id, bool enabled);
  // Makes the stored definition run, carrying state over; starts the task if it does not run.
  Refusal reload(const std::string &id, SwapReport *report);

  // Templates: all tasks made from one follow it or none.
  Refusal follow_template(const std::string &template_id, const std::string &new_id, const std::string &script);
  CodeSource &compiler() { return code_; }

  // The code of a stored definition, for who runs it elsewhere (replays).
  CodeResult compile(const TaskRecord &task);

 private:
  Refusal settle_definition(TaskRecord *task, bool creating, bool explicit_dbrps);
  Refusal apply_template(const Json &body, TaskRecord *task);
  Refusal start(TaskRecord *task);
  void stop(const std::string &id, bool keep);
  Refusal save(const TaskRecord &task);
  std::string store(const TaskRecord &task);
  void remember(const TaskRecord &task);
  std::shared_ptr<const std::string> stored_object(const std::string &id);
  void swap_if_newer(TaskRecord *task, SwapReport *report);
  Refusal rename(const std::string &old_id, TaskRecord *task);

  Store &store_;
  Engine &engine_;
  CodeSource &code_;
  int64_t keep_state_ns_;
  TaskObserver *observer_ = nullptr;
  mutable std::mutex mutex_;   // guards tasks_
  std::mutex change_;          // one change of definitions at a time
  std::map<std::string, TaskRecord> tasks_;
};

// One or more of `-`, `.`, `_`, letters, digits.
bool ValidId(std::string_view id);
// Reads a vars object of a request into the form of answers: durations as nanoseconds, keys sorted.
Refusal ReadVars(const Json &vars, Json *out);
int64_t WallClock();

}  // namespace tick
