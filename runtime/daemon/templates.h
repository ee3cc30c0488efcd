// templates.h - templates: scripts with variables that tasks are made from (http-api.md 7).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/daemon/tasks.h"

namespace tick {

struct TemplateRecord {
  std::string id, script, dot;
  bool batch = false;
  Json vars = Json::object();  // all the script declares, with defaults
  int64_t created = 0, modified = 0;
};

class Templates {
 public:
  Templates(Store &store, Tasks &tasks) : store_(store), tasks_(tasks) {}
  Refusal create(const Json &body, TemplateRecord *made);
  // Tasks made from it follow, all or none; the template keeps its script if one cannot.
  Refusal update(const std::string &id, const Json &body, TemplateRecord *made);
  void remove(const std::string &id);
  std::optional<TemplateRecord> find(const std::string &id);
  std::vector<TemplateRecord> all();

 private:
  Refusal settle(TemplateRecord *record);
  Store &store_;
  Tasks &tasks_;
};

void AddTemplateRoutes(Router *router, Templates &templates, Tasks &tasks);

}  // namespace tick
