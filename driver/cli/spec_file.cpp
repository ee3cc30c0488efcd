// spec_file.cpp - definition files of the command line: handlers and templated tasks, YAML or JSON.
#include "driver/cli/commands.h"
#include "runtime/yaml/yaml.h"

namespace tick::cli {
namespace {

std::string Extension(const std::string &path) {
  size_t dot = path.rfind('.'), slash = path.rfind('/');
  return dot == std::string::npos || (slash != std::string::npos && dot < slash) ? "" : path.substr(dot);
}

}  // namespace

std::string ReadSpecFile(const std::string &path, const std::string &what, Json *value) {
  std::string text, extension = Extension(path);
  bool yaml = extension == ".yaml" || extension == ".yml";
  if (!yaml && extension != ".json") return "bad file extension. Must be YAML or JSON";
  if (std::string error = ReadFile(path, &text); !error.empty())
    return "failed to open " + what + (what == "handler" ? " spec" : "") + " file \"" + path + "\": " + error;
  std::string failed = "failed to unmarshal " + std::string(yaml ? "yaml " : "json ") + what + " file \"" + path + "\": ";
  if (yaml) {
    if (std::string error = ParseYaml(text, value); !error.empty()) return failed + error;
  } else {
    *value = Json::parse(text, nullptr, false);
  }
  return value->is_object() ? "" : failed + "it must hold an object";
}

std::string TaskFileBody(const std::string &path, const std::string &id, Json *body) {
  Json file;
  if (std::string error = ReadSpecFile(path, "task vars", &file); !error.empty()) return error;
  if (!file.value("id", id).empty() && file.value("id", id) != id) return "Task id given on command line does not match id in " + path;
  for (const char *key : {"template-id", "dbrps", "vars"})
    if (file.contains(key)) (*body)[key] = file[key];
  return "";
}

}  // namespace tick::cli
