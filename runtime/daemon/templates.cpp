// templates.cpp - definitions of templates and their routes.
#include "runtime/daemon/templates.h"

#include "runtime/daemon/api.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

const std::vector<std::string> kFields = {"link", "id", "type", "script", "dot", "error", "created", "modified"};
const std::vector<std::string> kAllowed = {"link", "id", "type", "script", "dot", "error", "created", "modified", "vars"};

std::string StoredForm(const TemplateRecord &record) {
  return CompactJson({{"script", record.script},
                      {"batch", record.batch},
                      {"vars", record.vars},
                      {"dot", record.dot},
                      {"created", record.created},
                      {"modified", record.modified}});
}

std::optional<TemplateRecord> Read(const std::string &id, const std::string &text) {
  Json stored = Json::parse(text, nullptr, false);
  if (!stored.is_object()) return std::nullopt;
  TemplateRecord record;
  record.id = id;
  record.script = stored.value("script", "");
  record.batch = stored.value("batch", false);
  record.vars = stored.contains("vars") ? stored["vars"] : Json::object();
  record.dot = stored.value("dot", "");
  record.created = stored.value("created", int64_t{0});
  record.modified = stored.value("modified", int64_t{0});
  return record;
}

std::string StringOf(const Json &body, std::string_view name) {
  const Json *value = Member(body, name);
  return value && value->is_string() ? value->get<std::string>() : "";
}

Json VarsOf(const tick_task &task) {
  Json vars = Json::object();
  for (uint32_t i = 0; i < task.n_vars; ++i) {
    const tick_var &var = task.vars[i];
    Json value = Json::parse(var.value ? var.value : "null", nullptr, false);
    vars[var.name] = {{"type", var.type}, {"value", value.is_discarded() ? Json(nullptr) : value}, {"description", var.description}};
  }
  return SortedKeys(vars);
}

Json TemplateJson(const TemplateRecord &record, CodeSource &code, bool raw) {
  return {{"link", SelfLink(CleanPath("/kapacitor/v1/templates/" + record.id))},
          {"id", record.id},
          {"type", record.batch ? "batch" : "stream"},
          {"script", raw ? record.script : code.format(record.script)},
          {"vars", record.vars},
          {"dot", record.dot.empty() ? "" : "digraph " + record.id + record.dot},
          {"error", ""},
          {"created", TimeText(record.created)},
          {"modified", TimeText(record.modified)}};
}

}  // namespace

Refusal Templates::settle(TemplateRecord *record) {
  CodeResult result = tasks_.compiler().compile({record->script, record->id, "", true});
  if (!result.code) {
    bool about_type = result.error.rfind("invalid task type", 0) == 0;
    Json diagnostics = Json::parse(result.diagnostics, nullptr, false);
    return {400, about_type ? result.error : "invalid TICKscript: " + result.error,
            diagnostics.is_discarded() ? Json(nullptr) : diagnostics};
  }
  const tick_task &task = result.code->task();
  record->batch = task.type == TICK_EDGE_BATCH;
  record->dot = task.dot;
  record->vars = VarsOf(task);
  return {};
}

Refusal Templates::create(const Json &body, TemplateRecord *made) {
  if (!body.is_object()) return {400, "invalid JSON", nullptr};
  made->id = StringOf(body, "id");
  if (made->id.empty()) made->id = RandomUuid();
  if (!ValidId(made->id))
    return {400, "template ID must contain only letters, numbers, '-', '.' and '_'. " + GoQuote(made->id), nullptr};
  if (find(made->id)) return {400, "template " + made->id + " already exists", nullptr};
  made->script = StringOf(body, "script");
  if (Refusal refusal = settle(made)) return refusal;
  made->created = made->modified = WallClock();
  std::string error = store_.put("template", made->id, StoredForm(*made));
  return error.empty() ? Refusal{} : Refusal{500, error, nullptr};
}

Refusal Templates::update(const std::string &id, const Json &body, TemplateRecord *made) {
  if (!body.is_object()) return {400, "invalid JSON", nullptr};
  std::optional<TemplateRecord> stored = find(id);
  if (!stored) return {404, "template does not exist, cannot update", nullptr};
  *made = *stored;
  if (std::string script = StringOf(body, "script"); !script.empty()) made->script = script;
  if (std::string new_id = StringOf(body, "id"); !new_id.empty()) made->id = new_id;
  if (made->id != id && find(made->id))
    return {500, "failed to create new template for ID change: template already exists", nullptr};
  if (Refusal refusal = settle(made)) return refusal;
  made->modified = WallClock();
  if (Refusal refusal = tasks_.follow_template(id, made->id, made->script)) return refusal;
  std::string error = store_.transaction([&] {
    std::string problem = store_.put("template", made->id, StoredForm(*made));
    return problem.empty() && made->id != id ? store_.erase("template", id) : problem;
  });
  return error.empty() ? Refusal{} : Refusal{500, error, nullptr};
}

void Templates::remove(const std::string &id) { store_.erase("template", id); }

std::optional<TemplateRecord> Templates::find(const std::string &id) {
  std::optional<std::string> text = store_.get("template", id);
  return text ? Read(id, *text) : std::nullopt;
}

std::vector<TemplateRecord> Templates::all() {
  std::vector<TemplateRecord> records;
  for (const auto &[id, text] : store_.list("template"))
    if (std::optional<TemplateRecord> record = Read(id, text)) records.push_back(std::move(*record));
  return records;
}

void AddTemplateRoutes(Router *router, Templates &templates, Tasks &tasks) {
  const std::string all = std::string(kBase) + "/templates", one = all + "/";
  CodeSource &code = tasks.compiler();
  auto raw_of = [](const Request &request, bool *raw) -> Refusal {
    std::string format = request.parameter("script-format");
    if (!format.empty() && format != "formatted" && format != "raw")
      return {400, "invalid script-format parameter \"" + format + "\"", nullptr};
    *raw = format == "raw";
    return {};
  };
  auto id_of = [one](const Request &request) { return request.path.substr(one.size()); };
  router->add("POST", all, [&templates, &code](const Request &request) {
    TemplateRecord made;
    Refusal refusal = templates.create(Json::parse(*request.body, nullptr, false), &made);
    return refusal ? Answer(refusal) : JsonResponse(TemplateJson(made, code, false));
  });
  router->add("PATCH", one, [&templates, &code, id_of](const Request &request) {
    TemplateRecord made;
    Refusal refusal = templates.update(id_of(request), Json::parse(*request.body, nullptr, false), &made);
    return refusal ? Answer(refusal) : JsonResponse(TemplateJson(made, code, false));
  });
  router->add("GET", one, [&templates, &code, id_of, raw_of](const Request &request) {
    std::string id = id_of(request);
    if (id.empty()) return ErrorResponse(400, "must specify template id on path");
    std::optional<TemplateRecord> record = templates.find(id);
    if (!record) return ErrorResponse(404, "no template exists");
    bool raw = false;
    if (Refusal refusal = raw_of(request, &raw)) return Answer(refusal);
    return JsonResponse(TemplateJson(*record, code, raw));
  });
  router->add("GET", all, [&templates, &code, raw_of](const Request &request) {
    bool raw = false;
    if (Refusal refusal = raw_of(request, &raw)) return Answer(refusal);
    std::vector<TemplateRecord> records = templates.all();
    std::vector<std::string> ids, fields;
    for (const TemplateRecord &record : records) ids.push_back(record.id);
    std::vector<size_t> selected;
    if (Refusal refusal = SelectPage(request, ids, false, &selected)) return Answer(refusal);
    if (Refusal refusal = SelectFields(request, kFields, kAllowed, !selected.empty(), &fields)) return Answer(refusal);
    Json items = Json::array();
    for (size_t i : selected) items.push_back(PickFields(TemplateJson(records[i], code, raw), fields));
    return JsonResponse({{"templates", items}});
  });
  router->add("DELETE", one, [&templates, id_of](const Request &request) {
    templates.remove(id_of(request));
    return NoContent();
  });
}

}  // namespace tick
