// api_old.cpp - tasks over the API of Kapacitor 0.2 (http-api.md 20, 21, 24).
//
// Everything is a parameter of the URL; a command that succeeds answers 200 with an empty body.
#include "runtime/daemon/api.h"
#include "runtime/daemon/endpoints.h"
#include "runtime/daemon/task_json.h"
#include "runtime/daemon/task_record.h"

namespace tick {
namespace {

Json OldDbrps(const TaskRecord &task) { return task.dbrps.empty() ? Json(nullptr) : DbrpsJson(task.dbrps); }

Response OldAnswer(const Refusal &refusal) { return refusal ? OldError(refusal.status, refusal.text) : OldEmpty(); }

class OldTaskRoutes {
 public:
  OldTaskRoutes(Tasks &tasks, Engine &engine, Endpoints &endpoints) : tasks_(tasks), engine_(engine), endpoints_(endpoints) {}

  Response define(const Request &request) const {
    std::string dbrps = request.parameter("dbrps");
    return OldAnswer(tasks_.define_old(request.parameter("name"), request.parameter("type"), *request.body,
                                       dbrps.empty() ? nullptr : &dbrps));
  }

  Response show(const Request &request) const {
    std::string name = request.parameter("name");
    if (name.empty()) return OldError(400, "must pass task name");
    std::optional<TaskRecord> task = tasks_.find(name);
    if (!task) return OldError(404, unknown(name));
    TaskSnapshot run = engine_.snapshot(name);
    return OldText({{"Name", task->id},
                 {"Type", task->batch ? 1 : 0},
                 {"DBRPs", OldDbrps(*task)},
                 {"TICKscript", task->script},
                 {"Dot", OldTaskDot(*task, run)},
                 {"Enabled", task->enabled},
                 {"Executing", run.executing},
                 {"Error", run.error.empty() ? task->error : run.error}});
  }

  Response list(const Request &request) const {
    std::vector<TaskRecord> listed;
    std::string names = request.parameter("tasks");
    if (names.empty()) listed = tasks_.all();
    for (size_t at = 0; at < names.size();) {
      size_t end = std::min(names.find(',', at), names.size());
      std::string name = names.substr(at, end - at);
      at = end + 1;
      if (name.empty()) continue;
      std::optional<TaskRecord> task = tasks_.find(name);
      if (!task) return OldError(404, "found invalid task in db. name: " + name + ", err: unknown task " + name);
      listed.push_back(*task);
    }
    Json items = Json::array();
    for (const TaskRecord &task : listed)
      items.push_back({{"Name", task.id},
                       {"Type", task.batch ? 1 : 0},
                       {"DBRPs", OldDbrps(task)},
                       {"Enabled", task.enabled},
                       {"Executing", engine_.running(task.id)}});
    return OldText({{"Tasks", items}});
  }

  Response enable(const Request &request) const {
    std::string name = request.parameter("name");
    if (!tasks_.find(name)) return OldError(500, unknown(name));
    return OldAnswer(tasks_.set_enabled(name, true));
  }

  Response disable(const Request &request) const {
    Refusal refusal = tasks_.set_enabled(request.parameter("name"), false);
    return refusal.status == 404 ? OldEmpty() : OldAnswer(refusal);
  }

  Response remove(const Request &request) const {
    tasks_.remove(request.parameter("name"));
    return OldEmpty();
  }

  // Says besides which dialect tasks were last defined in; ours.
  Response ping(const Request &) const {
    Response response = NoContent();
    response.headers.emplace_back("X-Kapacitor-Dialect", tasks_.old_dialect_last() ? "0.2" : "1");
    return response;
  }

  Response endpoint(const Request &request) const {
    std::string path = request.path.substr(std::string(kOldBase).size() + 1);
    std::optional<std::string> json = endpoints_.json(path, true);
    if (!json) return OldError(404, "Not Found");
    Response response;
    response.body = *json;
    return response;
  }

 private:
  std::string unknown(const std::string &name) const {
    return tasks_.old_dialect_last() && !name.empty() ? "unknown task " + name : "no tasks bucket";
  }
  Tasks &tasks_;
  Engine &engine_;
  Endpoints &endpoints_;
};

}  // namespace

void AddOldTaskRoutes(Router *router, Tasks &tasks, Engine &engine, Endpoints &endpoints) {
  auto routes = std::make_shared<OldTaskRoutes>(tasks, engine, endpoints);
  const std::string base = kOldBase;
  using Method = Response (OldTaskRoutes::*)(const Request &) const;
  auto add = [&](const char *method, const std::string &path, Method call) {
    router->add(method, base + path, [routes, call](const Request &request) { return (routes.get()->*call)(request); });
  };
  add("POST", "/task", &OldTaskRoutes::define);
  add("GET", "/task", &OldTaskRoutes::show);
  add("DELETE", "/task", &OldTaskRoutes::remove);
  add("GET", "/tasks", &OldTaskRoutes::list);
  add("POST", "/enable", &OldTaskRoutes::enable);
  add("POST", "/disable", &OldTaskRoutes::disable);
  add("GET", "/ping", &OldTaskRoutes::ping);
  add("HEAD", "/ping", &OldTaskRoutes::ping);
  add("GET", "/", &OldTaskRoutes::endpoint);
}

}  // namespace tick
