// task_record.cpp - records to JSON and back.
#include "runtime/daemon/task_record.h"

#include "runtime/text/base64.h"

namespace tick {
namespace {

// A string member that is absent, null or a string; false for another kind.
bool ReadString(const Json &body, std::string_view name, std::optional<std::string> *out) {
  const Json *value = Member(body, name);
  if (!value || value->is_null()) return true;
  if (!value->is_string()) return false;
  *out = value->get<std::string>();
  return true;
}

}  // namespace

Json DbrpsJson(const std::vector<Dbrp> &dbrps) {
  Json list = Json::array();
  for (const Dbrp &dbrp : dbrps) list.push_back({{"db", dbrp.database}, {"rp", dbrp.retention_policy}});
  return list;
}

bool ReadDbrps(const Json &list, std::vector<Dbrp> *dbrps) {
  if (list.is_null()) return true;
  if (!list.is_array()) return false;
  for (const Json &item : list) {
    std::optional<std::string> db, rp;
    if (!item.is_object() || !ReadString(item, "db", &db) || !ReadString(item, "rp", &rp)) return false;
    dbrps->push_back({db.value_or(""), rp.value_or("")});
  }
  return true;
}

std::string StoredForm(const TaskRecord &task) {
  return CompactJson({{"template-id", task.template_id},
                      {"script", task.script},
                      {"error", task.error},
                      {"batch", task.batch},
                      {"dbrps", DbrpsJson(task.dbrps)},
                      {"vars", task.vars},
                      {"enabled", task.enabled},
                      {"created", task.created},
                      {"modified", task.modified},
                      {"redefined", task.redefined},
                      {"last-enabled", task.last_enabled},
                      {"dot", task.dot},
                      {"script-dbrps", task.script_dbrps},
                      {"precompiled", task.precompiled}});
}

bool ReadStoredForm(const std::string &id, const std::string &text, TaskRecord *task) {
  Json stored = Json::parse(text, nullptr, false);
  if (!stored.is_object()) return false;
  task->id = id;
  task->template_id = stored.value("template-id", "");
  task->script = stored.value("script", "");
  task->error = stored.value("error", "");
  task->batch = stored.value("batch", false);
  task->vars = stored.contains("vars") ? stored["vars"] : Json::object();
  task->enabled = stored.value("enabled", false);
  task->created = stored.value("created", int64_t{0});
  task->modified = stored.value("modified", int64_t{0});
  task->redefined = stored.value("redefined", int64_t{0});
  task->last_enabled = stored.value("last-enabled", int64_t{0});
  task->dot = stored.value("dot", "");
  task->script_dbrps = stored.value("script-dbrps", false);
  task->precompiled = stored.value("precompiled", false);
  return ReadDbrps(stored.contains("dbrps") ? stored["dbrps"] : Json(nullptr), &task->dbrps);
}

bool ReadTaskBody(const Json &body, TaskBody *out) {
  if (!body.is_object()) return false;
  std::optional<std::string> type, status, object;
  if (!ReadString(body, "id", &out->id) || !ReadString(body, "template-id", &out->template_id) ||
      !ReadString(body, "script", &out->script) || !ReadString(body, "type", &type) || !ReadString(body, "status", &status) ||
      !ReadString(body, "so", &object))
    return false;
  if (object) {
    std::string bytes;
    if (!Base64Decode(*object, &bytes)) return false;
    out->object = std::make_shared<const std::string>(std::move(bytes));
  }
  if (type && *type != "stream" && *type != "batch" && *type != "invalid") return false;
  if (status && *status != "enabled" && *status != "disabled") return false;
  if (status) out->enabled = *status == "enabled";
  if (const Json *dbrps = Member(body, "dbrps"); dbrps && !ReadDbrps(*dbrps, &out->dbrps)) return false;
  if (const Json *vars = Member(body, "vars")) {
    out->vars = *vars;
    out->has_vars = vars->is_object() && !vars->empty();
  }
  return true;
}

}  // namespace tick
