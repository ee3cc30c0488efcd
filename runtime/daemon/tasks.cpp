// tasks.cpp - what changes a task's definition and what makes it run.
#include "runtime/daemon/tasks.h"

#include "runtime/daemon/task_record.h"
#include "runtime/daemon/udf_config.h"
#include "runtime/engine/so_loader.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

Refusal Refuse(int status, std::string text) { return {status, std::move(text), nullptr}; }

// What a body says of a compiled task: `so` makes the task one, a script or a template makes it none.
Refusal TakeObject(const TaskBody &parts, TaskRecord *task) {
  bool text = !parts.script.value_or("").empty(), from_template = !parts.template_id.value_or("").empty();
  if (parts.object && (text || from_template)) return Refuse(400, "give a task either a compiled task (so) or a script");
  if (parts.object) {
    task->object = parts.object;
    task->precompiled = true;
    task->template_id.clear();
  } else if (text || from_template) {
    task->object = nullptr;
    task->precompiled = false;
  }
  return {};
}

std::string DotOf(const CodeResult &result) { return result.code ? result.code->task().dot : ""; }

}  // namespace

Tasks::Tasks(Store &store, Engine &engine, CodeSource &code, int64_t keep_state_ns)
    : store_(store), engine_(engine), code_(code), keep_state_ns_(keep_state_ns) {}

void Tasks::open() {
  std::lock_guard change(change_);
  for (const auto &[id, text] : store_.list("task")) {
    TaskRecord task;
    if (!ReadStoredForm(id, text, &task)) continue;
    if (task.enabled) start(&task);
    std::lock_guard lock(mutex_);
    tasks_[id] = std::move(task);
  }
}

void Tasks::close() {
  std::lock_guard change(change_);
  for (const TaskRecord &task : all())
    if (task.enabled) stop(task.id, false);
}

std::optional<TaskRecord> Tasks::find(const std::string &id) const {
  std::lock_guard lock(mutex_);
  auto found = tasks_.find(id);
  if (found == tasks_.end()) return std::nullopt;
  return found->second;
}

std::vector<TaskRecord> Tasks::all() const {
  std::lock_guard lock(mutex_);
  std::vector<TaskRecord> list;
  for (const auto &[id, task] : tasks_) list.push_back(task);
  return list;
}

size_t Tasks::enabled_count() const {
  std::lock_guard lock(mutex_);
  size_t n = 0;
  for (const auto &[id, task] : tasks_) n += task.enabled;
  return n;
}

std::shared_ptr<const std::string> Tasks::stored_object(const std::string &id) {
  return std::make_shared<const std::string>(store_.get("so", id).value_or(""));
}

CodeResult Tasks::compile(const TaskRecord &task) {
  if (task.code) return {task.code, "", ""};
  if (task.precompiled) {
    std::string stored = task.object ? "" : store_.get("so", task.id).value_or("");
    LoadResult loaded = LoadSharedObject(task.object ? *task.object : stored, "the file");
    return {loaded.code, loaded.error, ""};
  }
  return code_.compile({task.script, task.id, task.vars.empty() ? "" : CompactJson(task.vars), false});
}

// A record and its compiled task, if it has one, are on disk together or not at all.
std::string Tasks::store(const TaskRecord &task) {
  return store_.transaction([&] {
    std::string problem = store_.put("task", task.id, StoredForm(task));
    if (problem.empty() && task.object) problem = store_.put("so", task.id, *task.object);
    if (problem.empty() && !task.precompiled) problem = store_.erase("so", task.id);
    return problem;
  });
}

void Tasks::remember(const TaskRecord &task) {
  std::lock_guard lock(mutex_);
  TaskRecord &kept = tasks_[task.id] = task;
  kept.object = nullptr;
  kept.code = nullptr;
}

Refusal Tasks::save(const TaskRecord &task) {
  if (std::string error = store(task); !error.empty()) return Refuse(500, error);
  remember(task);
  return {};
}

// Compiles the record's script and takes from it what the script decides: type, dot, dbrp statements.
Refusal Tasks::settle_definition(TaskRecord *task, bool creating, bool explicit_dbrps) {
  task->code = nullptr;
  CodeResult result = compile(*task);
  task->code = result.code;
  if (!result.code) {
    const std::string &text = result.error;
    if (task->precompiled) return Refuse(400, text);
    bool about_type = text.rfind("invalid task type", 0) == 0 || text.rfind("invalid var ", 0) == 0;
    Json diagnostics = Json::parse(result.diagnostics, nullptr, false);
    return {400, about_type ? text : "invalid TICKscript: " + text, diagnostics.is_discarded() ? Json(nullptr) : diagnostics};
  }
  const tick_task &compiled = result.code->task();
  if (task->precompiled) {
    if (!task->vars.empty()) return Refuse(400, "a compiled task has its variables already: give their values to tickc");
    task->script = compiled.script;
  }
  bool had_statements = task->script_dbrps;
  task->batch = compiled.type == TICK_EDGE_BATCH;
  task->dot = DotOf(result);
  task->script_dbrps = compiled.n_dbrps > 0;
  if (task->script_dbrps && explicit_dbrps)
    return Refuse(400, creating ? "cannot specify dbrp in both implicitly and explicitly"
                                : "cannot specify dbrp in implicitly and explicitly");
  if (task->script_dbrps) {
    task->dbrps.clear();
    for (uint32_t i = 0; i < compiled.n_dbrps; ++i)
      task->dbrps.push_back({compiled.dbrps[i].database, compiled.dbrps[i].retention_policy});
  } else if (!explicit_dbrps && (creating || had_statements)) {
    return Refuse(400, "must specify dbrp");
  }
  return {};
}

// The script of the template that the body or the task names.
Refusal Tasks::apply_template(const Json &body, TaskRecord *task) {
  TaskBody parts;
  ReadTaskBody(body, &parts);
  std::string named = parts.template_id.value_or("");
  std::string id = named.empty() ? task->template_id : named;
  if (id.empty() || task->precompiled) return {};
  std::optional<std::string> stored = store_.get("template", id);
  if (!stored) return Refuse(400, "unknown template " + named + ": err: no template exists");
  task->template_id = id;
  task->script = Json::parse(*stored, nullptr, false).value("script", "");
  return {};
}

Refusal Tasks::create(const Json &body, TaskRecord *made) {
  TaskBody parts;
  if (!ReadTaskBody(body, &parts)) return Refuse(400, "invalid JSON");
  TaskRecord task;
  task.id = parts.id.value_or("").empty() ? RandomUuid() : *parts.id;
  if (Refusal refusal = TakeObject(parts, &task)) return refusal;
  if (!ValidId(task.id))
    return Refuse(400, "task ID must contain only letters, numbers, '-', '.' and '_'. " + GoQuote(task.id));
  std::lock_guard change(change_);
  if (find(task.id)) return Refuse(400, "task " + task.id + " already exists");
  if (Refusal refusal = apply_template(body, &task)) return refusal;
  if (task.template_id.empty() && !task.precompiled) task.script = parts.script.value_or("");
  if (Refusal refusal = ReadVars(parts.vars, &task.vars)) return refusal;
  if (task.script.empty() && !task.precompiled) return Refuse(400, "must provide TICKscript");
  task.dbrps = parts.dbrps;
  if (Refusal refusal = settle_definition(&task, true, !parts.dbrps.empty())) return refusal;
  task.enabled = parts.enabled.value_or(false);
  task.created = task.modified = task.redefined = WallClock();
  if (task.enabled) task.last_enabled = task.created;
  if (Refusal refusal = save(task)) return refusal;
  store_.put("meta", "dialect", "1");
  Refusal refusal = task.enabled ? start(&task) : Refusal{};
  *made = task;
  return refusal;
}

Refusal Tasks::update(const std::string &id, const Json &body, TaskRecord *made) {
  TaskBody parts;
  Json vars;
  if (!ReadTaskBody(body, &parts)) return Refuse(400, "invalid JSON");
  std::lock_guard change(change_);
  std::optional<TaskRecord> stored = find(id);
  if (!stored) return Refuse(404, "task does not exist, cannot update");
  if (Refusal refusal = ReadVars(parts.vars, &vars)) return refusal;
  TaskRecord task = *stored;
  if (task.precompiled && !parts.object) task.object = stored_object(id);
  if (Refusal refusal = TakeObject(parts, &task)) return refusal;
  if (!parts.id.value_or("").empty()) task.id = *parts.id;
  if (Refusal refusal = apply_template(body, &task)) return refusal;
  if (task.template_id.empty() && !parts.script.value_or("").empty()) task.script = *parts.script;
  if (!parts.dbrps.empty()) task.dbrps = parts.dbrps;
  if (parts.has_vars) task.vars = vars;
  bool redefined = task.script != stored->script || task.vars != stored->vars || task.dbrps != stored->dbrps || parts.object;
  if (Refusal refusal = settle_definition(&task, false, !parts.dbrps.empty())) return refusal;
  bool enabled = parts.enabled.value_or(stored->enabled);
  int64_t now = WallClock();
  task.modified = now;
  if (redefined) task.redefined = now;
  if (enabled && !stored->enabled) task.last_enabled = now;
  task.enabled = enabled;
  Refusal refusal;
  if (task.id != id) {
    refusal = rename(id, &task);
  } else if (!(refusal = save(task))) {
    if (enabled && !stored->enabled) refusal = start(&task);
    if (!enabled && stored->enabled) stop(id, true);
    SwapReport report;
    if (enabled && stored->enabled && parts.enabled) swap_if_newer(&task, &report);
  }
  *made = find(task.id).value_or(task);
  return refusal;
}

Refusal Tasks::rename(const std::string &old_id, TaskRecord *task) {
  if (find(task->id)) return Refuse(500, "failed to create new task during ID change: object already exists");
  std::string error = store_.transaction([&] {
    std::string problem = store(*task);
    if (problem.empty()) problem = store_.erase("so", old_id);
    return problem.empty() ? store_.erase("task", old_id) : problem;
  });
  if (!error.empty()) return Refuse(500, error);
  stop(old_id, false);
  remember(*task);
  {
    std::lock_guard lock(mutex_);
    tasks_.erase(old_id);
  }
  return task->enabled ? start(task) : Refusal{};
}

void Tasks::remove(const std::string &id) {
  std::lock_guard change(change_);
  if (!find(id)) return;
  stop(id, false);
  if (observer_) observer_->deleted(id);
  store_.transaction([&] {
    std::string problem = store_.erase("task", id);
    return problem.empty() ? store_.erase("so", id) : problem;
  });
  ForgetUdfStates(store_, id);
  std::lock_guard lock(mutex_);
  tasks_.erase(id);
}

// Runs the stored definition. What keeps it from running is stored as the task's error and answered.
Refusal Tasks::start(TaskRecord *task) {
  task->error.clear();
  CodeResult result = compile(*task);
  std::string error = result.error;
  if (result.code && task->batch && !observer_)
    error = "this kapacitord has no InfluxDB to query: batch tasks can be defined and do not run";
  else if (result.code) error = engine_.start(task->id, task->dbrps, result.code);
  if (result.code && error.empty() && observer_) {
    error = observer_->started(*task, result.code->task());
    if (!error.empty()) engine_.stop(task->id);
  }
  task->error = error;
  task->started_from = error.empty() ? task->redefined : 0;
  save(*task);
  return error.empty() ? Refusal{} : Refuse(500, error);
}

void Tasks::stop(const std::string &id, bool keep) {
  if (observer_) observer_->stopping(id);
  engine_.stop(id, keep ? keep_state_ns_ : 0);
}

Refusal Tasks::set_enabled(const std::string &id, bool enabled) {
  std::lock_guard change(change_);
  std::optional<TaskRecord> task = find(id);
  if (!task) return Refuse(404, "unknown task " + id);
  if (task->enabled == enabled) return {};
  task->enabled = enabled;
  if (enabled) task->last_enabled = WallClock();
  if (Refusal refusal = save(*task)) return refusal;
  if (enabled) return start(&*task);
  stop(id, true);
  return {};
}

// A running task whose stored definition changed since it started is swapped without a gap.
void Tasks::swap_if_newer(TaskRecord *task, SwapReport *report) {
  if (task->started_from == task->redefined && engine_.running(task->id)) return;
  if (!engine_.running(task->id)) {
    start(task);
    return;
  }
  CodeResult result = compile(*task);
  *report = result.code ? engine_.swap(task->id, task->dbrps, result.code) : SwapReport{result.error, {}, {}};
  task->error = report->error;
  if (report->error.empty()) {
    task->started_from = task->redefined;
    if (observer_) {
      observer_->stopping(task->id);
      task->error = observer_->started(*task, result.code->task());
    }
  }
  save(*task);
}

Refusal Tasks::reload(const std::string &id, SwapReport *report) {
  std::lock_guard change(change_);
  std::optional<TaskRecord> task = find(id);
  if (!task) return Refuse(404, "no task exists");
  if (!task->enabled) {
    task->enabled = true;
    task->last_enabled = WallClock();
  }
  task->started_from = engine_.running(id) ? -1 : 0;  // a reload swaps whether or not the text changed
  swap_if_newer(&*task, report);
  return task->error.empty() ? Refusal{} : Refuse(500, task->error);
}

Refusal Tasks::define_old(const std::string &name, const std::string &type, const std::string &script,
                          const std::string *dbrps) {
  std::lock_guard change(change_);
  if (name.empty()) return Refuse(500, "key required");
  std::optional<TaskRecord> stored = find(name);
  TaskRecord task = stored.value_or(TaskRecord{});
  if (!stored) {
    task.id = name;
    task.created = WallClock();
    if (type.empty()) return Refuse(400, "no task with name \"" + name + "\" exists cannot infer type.");
    if (type != "stream" && type != "batch") return Refuse(400, "unknown type \"" + type + "\"");
    if (script.empty()) return Refuse(400, "must provide TICKscript via POST data.");
  }
  if (!script.empty()) {
    task.script = script;
    task.precompiled = false;
  }
  if (dbrps) {
    task.dbrps.clear();
    Json list = Json::parse(*dbrps, nullptr, false);
    if (list.is_discarded() || !ReadDbrps(list, &task.dbrps)) return Refuse(400, "invalid character in dbrps: it must be JSON");
  }
  CodeResult result = compile(task);
  if (!result.code) return Refuse(500, "invalid task: " + result.error);
  bool batch = result.code->task().type == TICK_EDGE_BATCH;
  if (!type.empty() && (type == "stream" || type == "batch") && batch != (type == "batch"))
    return Refuse(500, std::string("invalid task: name \"") + (batch ? "batch" : "stream") +
                           "\" is undefined. Names in scope: influxql," + type + ",time");
  task.batch = batch;
  task.dot = DotOf(result);
  task.script_dbrps = result.code->task().n_dbrps > 0;
  for (uint32_t i = 0; task.script_dbrps && i < result.code->task().n_dbrps; ++i) {
    if (i == 0) task.dbrps.clear();
    task.dbrps.push_back({result.code->task().dbrps[i].database, result.code->task().dbrps[i].retention_policy});
  }
  if (!stored && !dbrps && task.dbrps.empty())
    return Refuse(400, "must provide at least one database and retention policy.");
  task.modified = task.redefined = WallClock();
  store_.put("meta", "dialect", "0.2");
  return save(task);
}

Refusal Tasks::follow_template(const std::string &template_id, const std::string &new_id, const std::string &script) {
  std::lock_guard change(change_);
  std::vector<TaskRecord> before, after;
  for (const TaskRecord &task : all()) {
    if (task.template_id != template_id) continue;
    TaskRecord follower = task;
    follower.template_id = new_id;
    follower.script = script;
    bool statements = task.script_dbrps;
    Refusal refusal = settle_definition(&follower, false, false);
    if (refusal && !(statements && refusal.text == "must specify dbrp"))
      return Refuse(500, "error reloading associated task " + task.id + ": " + refusal.text);
    follower.modified = follower.redefined = WallClock();
    before.push_back(task);
    after.push_back(std::move(follower));
  }
  std::string error = store_.transaction([&] {
    std::string problem;
    for (const TaskRecord &task : after)
      if (problem.empty()) problem = store_.put("task", task.id, StoredForm(task));
    return problem;
  });
  if (!error.empty()) return Refuse(500, error);
  for (TaskRecord &task : after) {
    save(task);
    SwapReport report;
    if (task.enabled) swap_if_newer(&task, &report);
  }
  return {};
}

}  // namespace tick
