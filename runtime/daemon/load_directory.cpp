// load_directory.cpp - files of the load directory to definitions.
#include "runtime/daemon/load_directory.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "runtime/daemon/task_record.h"
#include "runtime/text/base64.h"
#include "runtime/yaml/yaml.h"

namespace tick {
namespace {

constexpr const char *kKind = "load_item";

std::string ReadWhole(const std::string &path, std::string *text) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream all;
  if (file) all << file.rdbuf();
  if (!file) {
    std::string why = std::strerror(errno);
    if (!why.empty() && why[0] >= 'A' && why[0] <= 'Z') why[0] = static_cast<char>(why[0] - 'A' + 'a');
    return "open " + path + ": " + why;
  }
  *text = all.str();
  return "";
}

std::string Failed(const std::string &path, const std::string &why) { return "failed to load file " + path + ": " + why; }

std::string ReadDefinition(const std::string &path, const char *what, Json *value) {
  std::string text;
  if (std::string error = ReadWhole(path, &text); !error.empty()) return error;
  if (std::string error = ParseYaml(text, value); !error.empty()) return std::string("failed to unmarshal ") + what + " \"" + path + "\": " + error;
  if (!value->is_object()) return std::string("failed to unmarshal ") + what + " \"" + path + "\": it must be a map of keys to values";
  return "";
}

}  // namespace

std::string LoadDirectory::load() {
  std::lock_guard lock(mutex_);
  present_.clear();
  std::error_code error;
  if (!std::filesystem::is_directory(folder_, error)) {
    log_.error("load directory does not exist, skipping", {{"service", "load"}, {"dir", folder_}});
    return "";
  }
  std::string problem = load_all();
  if (problem.empty()) problem = delete_the_gone();
  if (!problem.empty()) ++errors_;
  return problem;
}

std::string LoadDirectory::load_all() {
  struct Part {
    const char *folder, *words;
    std::vector<std::string> extensions;
    std::string (LoadDirectory::*load)(const File &);
  };
  const std::vector<std::string> text = {".yaml", ".yml", ".json"};
  for (const Part &part : {Part{"templates", "templates", {".tick"}, &LoadDirectory::load_template},
                           Part{"tasks", "tasks", {".tick"}, &LoadDirectory::load_script},
                           Part{"tasks", "tasks", {".so"}, &LoadDirectory::load_object},
                           Part{"tasks", "tasks", text, &LoadDirectory::load_task_file},
                           Part{"handlers", "handlers", text, &LoadDirectory::load_handler}})
    for (const File &file : files(part.folder, part.extensions))
      if (std::string why = (this->*part.load)(file); !why.empty())
        return std::string("failed to load ") + part.words + ": " + Failed(file.path, why);
  return "";
}

// By file name; folders within are not looked into.
std::vector<LoadDirectory::File> LoadDirectory::files(const std::string &part, const std::vector<std::string> &extensions) const {
  std::vector<File> found;
  std::error_code error;
  for (const auto &entry : std::filesystem::directory_iterator(folder_ + "/" + part, error)) {
    const std::filesystem::path &path = entry.path();
    if (entry.is_directory(error) || std::find(extensions.begin(), extensions.end(), path.extension().string()) == extensions.end()) continue;
    found.push_back({path.string(), path.stem().string()});
  }
  std::sort(found.begin(), found.end(), [](const File &a, const File &b) { return a.path < b.path; });
  return found;
}

std::string LoadDirectory::load_template(const File &file) {
  std::string script;
  if (std::string error = ReadWhole(file.path, &script); !error.empty()) return error;
  std::optional<TemplateRecord> stored = templates_.find(file.id);
  made("templates/" + file.id);
  if (stored && stored->script == script) return "";
  TemplateRecord record;
  Refusal refusal = stored ? templates_.update(file.id, {{"script", script}}, &record)
                           : templates_.create({{"id", file.id}, {"script", script}}, &record);
  if (refusal) return std::string("failed to ") + (stored ? "update" : "create") + " template: " + refusal.text;
  return "";
}

// same: the stored definition is the file's.
std::string LoadDirectory::define_task(const std::string &id, Json body, bool same) {
  made("tasks/" + id);
  std::optional<TaskRecord> stored = tasks_.find(id);
  if (stored && same && stored->enabled && engine_.running(id)) return "";
  body["status"] = "enabled";
  TaskRecord record;
  if (stored) {
    Refusal refusal = tasks_.update(id, body, &record);
    return refusal ? "failed to update task: " + refusal.text : "";
  }
  body["id"] = id;
  Refusal refusal = tasks_.create(body, &record);
  return refusal ? "failed to create task: " + refusal.text : "";
}

std::string LoadDirectory::load_script(const File &file) {
  std::string script;
  if (std::string error = ReadWhole(file.path, &script); !error.empty()) return error;
  std::optional<TaskRecord> stored = tasks_.find(file.id);
  return define_task(file.id, {{"script", script}}, stored && !stored->precompiled && stored->script == script);
}

std::string LoadDirectory::load_object(const File &file) {
  std::string object;
  if (std::string error = ReadWhole(file.path, &object); !error.empty()) return error;
  bool same = store_.get("so", file.id).value_or("") == object;
  return define_task(file.id, {{"so", Base64Encode(object)}}, same);
}

std::string LoadDirectory::load_task_file(const File &file) {
  Json body;
  if (std::string error = ReadDefinition(file.path, "yaml task vars file", &body); !error.empty()) return error;
  body.erase("id");
  std::optional<TaskRecord> stored = tasks_.find(file.id);
  bool same = false;
  TaskBody parts;
  Json vars;
  if (stored && ReadTaskBody(body, &parts) && !ReadVars(parts.vars, &vars)) {
    same = parts.template_id.value_or(stored->template_id) == stored->template_id && vars == stored->vars &&
           (parts.dbrps.empty() || parts.dbrps == stored->dbrps);
    if (parts.script) same = same && *parts.script == stored->script;
  }
  return define_task(file.id, std::move(body), same);
}

std::string LoadDirectory::load_handler(const File &file) {
  Json body;
  if (std::string error = ReadDefinition(file.path, "handler file", &body); !error.empty()) return error;
  const Json *topic = Member(body, "topic");
  HandlerSpec spec;
  if (Refusal refusal = ReadHandlerSpec(topic && topic->is_string() ? topic->get<std::string>() : "", body, &spec)) return refusal.text;
  made("handlers/" + spec.topic + "/" + spec.id);
  std::optional<HandlerSpec> stored = handlers_.find(spec.topic, spec.id);
  if (stored && stored->kind == spec.kind && stored->match == spec.match && stored->options == spec.options) return "";
  Refusal refusal = stored ? handlers_.replace(spec.topic, spec.id, spec) : handlers_.create(spec);
  return refusal ? refusal.text : "";
}

std::string LoadDirectory::delete_the_gone() {
  for (const auto &[item, ignored] : store_.list(kKind)) {
    if (std::find(present_.begin(), present_.end(), item) != present_.end()) continue;
    size_t slash = item.find('/');
    std::string part = item.substr(0, slash), id = item.substr(slash + 1);
    if (part == "tasks") tasks_.remove(id);
    if (part == "templates") templates_.remove(id);
    if (part == "handlers") handlers_.remove(id.substr(0, id.find('/')), id.substr(id.find('/') + 1));
    if (std::string error = store_.erase(kKind, item); !error.empty()) return error;
    log_.info("deleted what is no longer in the load directory", {{"service", "load"}, {"item", item}});
  }
  for (const std::string &item : present_)
    if (!store_.get(kKind, item))
      if (std::string error = store_.put(kKind, item, "{}"); !error.empty()) return error;
  return "";
}

}  // namespace tick
