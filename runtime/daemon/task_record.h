// task_record.h - a task's record as the store keeps it, and parts of request bodies.
#pragma once

#include "runtime/daemon/tasks.h"

namespace tick {

std::string StoredForm(const TaskRecord &task);
bool ReadStoredForm(const std::string &id, const std::string &text, TaskRecord *task);

Json DbrpsJson(const std::vector<Dbrp> &dbrps);
bool ReadDbrps(const Json &list, std::vector<Dbrp> *dbrps);

// The keys of a create or update body; decoded with Go's rules. False: the body does not decode.
struct TaskBody {
  std::optional<std::string> id, template_id, script;
  std::shared_ptr<const std::string> object;  // `so`: a compiled task in base64
  std::optional<bool> enabled;
  std::vector<Dbrp> dbrps;
  Json vars = Json::object();
  bool has_vars = false;
};
bool ReadTaskBody(const Json &body, TaskBody *out);

}  // namespace tick
