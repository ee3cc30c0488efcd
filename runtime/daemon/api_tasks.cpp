// api_tasks.cpp - tasks over today's API (http-api.md 5, 18).
#include "runtime/daemon/api.h"
#include "runtime/daemon/endpoints.h"
#include "runtime/daemon/task_json.h"
#include "runtime/replay/replays.h"

namespace tick {
namespace {

const std::vector<std::string> kAllowed = {"link",    "id",  "type",      "dbrps", "script",  "dot",      "status",
                                           "error", "stats", "executing", "created", "modified", "last-enabled", "vars"};
const std::vector<std::string> kFields = {"link",      "id",    "type",  "dbrps",   "script",   "dot",          "status", "executing",
                                          "error",     "stats", "created", "modified", "last-enabled", "vars",   "template-id"};

Refusal ReadView(const Request &request, TaskView *view) {
  std::string format = request.parameter("script-format"), dot = request.parameter("dot-view");
  if (!format.empty() && format != "formatted" && format != "raw")
    return {400, "invalid script-format parameter \"" + format + "\"", nullptr};
  if (!dot.empty() && dot != "attributes" && dot != "labels") return {400, "invalid dot-view parameter \"" + dot + "\"", nullptr};
  view->raw_script = format == "raw";
  view->dot = dot == "labels" ? DotView::Labels : DotView::Attributes;
  return {};
}

class TaskRoutes {
 public:
  TaskRoutes(Tasks &tasks, Engine &engine, Endpoints &endpoints, const Replays &replays)
      : tasks_(tasks), engine_(engine), endpoints_(endpoints), replays_(replays) {}

  Response create(const Request &request) const {
    TaskRecord made;
    return answer(request, tasks_.create(Json::parse(*request.body, nullptr, false), &made), made);
  }

  Response update(const Request &request, const std::string &id) const {
    TaskRecord made;
    return answer(request, tasks_.update(id, Json::parse(*request.body, nullptr, false), &made), made);
  }

  Response read(const Request &request, const std::string &id) const {
    if (std::optional<std::string> json = endpoints_.json(CleanPath("/" + id).substr(1), false)) {
      Response response;
      response.body = *json;
      return response;
    }
    std::optional<TaskRecord> task = tasks_.find(id);
    if (!task) return ErrorResponse(404, "no task exists");
    TaskView view;
    if (Refusal refusal = ReadView(request, &view)) return Answer(refusal);
    std::string replay = request.parameter("replay-id");
    TaskSnapshot run;
    if (replay.empty()) run = engine_.snapshot(id);
    else if (std::string error = replays_.snapshot(replay, id, &run); !error.empty()) return ErrorResponse(400, error);
    return JsonResponse(TaskJson(*task, run, tasks_.compiler(), view));
  }

  // {"diagnostics"} aside, a reload answers which nodes kept their state.
  Response reload(const std::string &id) const {
    SwapReport report;
    if (Refusal refusal = tasks_.reload(id, &report)) return Answer(refusal);
    return JsonResponse({{"id", id}, {"carried", report.carried}, {"fresh", report.fresh}});
  }

  Response list(const Request &request) const {
    TaskView view;
    if (Refusal refusal = ReadView(request, &view)) return Answer(refusal);
    std::vector<TaskRecord> all = tasks_.all();
    std::vector<std::string> ids, fields;
    for (const TaskRecord &task : all) ids.push_back(task.id);
    std::vector<size_t> selected;
    if (Refusal refusal = SelectPage(request, ids, true, &selected)) return Answer(refusal);
    if (Refusal refusal = SelectFields(request, kFields, kAllowed, !selected.empty(), &fields)) return Answer(refusal);
    Json items = Json::array();
    for (size_t i : selected) items.push_back(item(all[i], view, fields));
    return JsonResponse({{"tasks", items}});
  }

 private:
  // A list shows a task a little differently from a read (http-api.md 5.3).
  Json item(const TaskRecord &task, const TaskView &view, const std::vector<std::string> &fields) const {
    TaskSnapshot run = engine_.snapshot(task.id);
    Json object = TaskJson(task, run, tasks_.compiler(), view);
    if (task.template_id.empty()) object.erase("template-id");
    if (!run.executing) object["stats"] = nullptr;
    if (task.dot.empty()) object["dot"] = nullptr;
    return PickFields(object, fields);
  }

  Response answer(const Request &request, const Refusal &refusal, const TaskRecord &task) const {
    if (refusal) return Answer(refusal, request.parameter("diagnostics") == "true");
    return JsonResponse(TaskJson(task, engine_.snapshot(task.id), tasks_.compiler(), {}));
  }

  Tasks &tasks_;
  Engine &engine_;
  Endpoints &endpoints_;
  const Replays &replays_;
};

}  // namespace

void AddTaskRoutes(Router *router, Tasks &tasks, Engine &engine, Endpoints &endpoints, const Replays &replays) {
  auto routes = std::make_shared<TaskRoutes>(tasks, engine, endpoints, replays);
  const std::string all = std::string(kBase) + "/tasks", one = all + "/", reload = std::string(kBase) + "/reload/";
  auto with_id = [](std::string prefix, auto use) {
    return [prefix, use](const Request &request) {
      std::string id = request.path.substr(prefix.size());
      return id.empty() ? ErrorResponse(400, "must specify task id on path") : use(request, id);
    };
  };
  router->add("POST", all, [routes](const Request &request) { return routes->create(request); });
  router->add("GET", all, [routes](const Request &request) { return routes->list(request); });
  router->add("GET", one, with_id(one, [routes](const Request &r, const std::string &id) { return routes->read(r, id); }));
  router->add("PATCH", one, with_id(one, [routes](const Request &r, const std::string &id) { return routes->update(r, id); }));
  router->add("DELETE", one, with_id(one, [&tasks](const Request &, const std::string &id) {
                tasks.remove(id);
                return NoContent();
              }));
  // Ours: swaps a running task's stored definition in, and says which nodes kept their state.
  router->add("POST", reload, with_id(reload, [routes](const Request &, const std::string &id) { return routes->reload(id); }));
}

}  // namespace tick
