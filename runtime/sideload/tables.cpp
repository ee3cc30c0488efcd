// tables.cpp - files and answers to the tables of a sideload source.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "runtime/sideload/sources.h"
#include "runtime/yaml/yaml.h"

namespace tick {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

SideloadValue ValueOf(const Json &json) {
  SideloadValue value;
  switch (json.type()) {
    case Json::value_t::boolean:
      value.type = Type::Bool;
      value.b = json.get<bool>();
      break;
    case Json::value_t::number_integer:
      value.type = Type::Int;
      value.i = json.get<int64_t>();
      break;
    case Json::value_t::number_unsigned:
      if (uint64_t n = json.get<uint64_t>(); n <= INT64_MAX) {
        value.type = Type::Int;
        value.i = static_cast<int64_t>(n);
        break;
      }
      [[fallthrough]];
    case Json::value_t::number_float:
      value.type = Type::Float;
      value.f = json.get<double>();
      break;
    case Json::value_t::string:
      value.type = Type::String;
      value.s = json.get<std::string>();
      break;
    default: value.s = json.is_null() ? "nil" : json.type_name(); break;
  }
  return value;
}

SideloadTable TableOf(const Json &object) {
  SideloadTable table;
  for (auto item = object.begin(); item != object.end(); ++item) table[item.key()] = ValueOf(*item);
  return table;
}

std::string ParseJson(const std::string &text, Json *value) {
  try {
    *value = Json::parse(text);
    return "";
  } catch (const Json::exception &error) {
    return error.what();
  }
}

// One file; an error text, or "".
std::string ReadFile(const fs::path &path, SideloadTable *table) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) return "cannot be read";
  Json value;
  std::string error = path.extension() == ".json" ? ParseJson(text.str(), &value) : ParseYaml(text.str(), &value);
  if (!error.empty()) return error;
  if (value.is_null()) return "";  // an empty file has no keys
  if (!value.is_object()) return "is no map of keys to values";
  *table = TableOf(value);
  return "";
}

}  // namespace

SideloadTables ReadSideloadDirectory(const std::string &directory, std::vector<SideloadFailure> *failures) {
  SideloadTables tables;
  std::error_code error;
  if (!fs::is_directory(directory, error)) {
    failures->push_back({"", "the directory " + directory + " is not there"});
    return tables;
  }
  fs::recursive_directory_iterator at(directory, fs::directory_options::follow_directory_symlink, error), end;
  for (; !error && at != end; at.increment(error)) {
    fs::path extension = at->path().extension();
    if (extension != ".json" && extension != ".yaml" && extension != ".yml") continue;
    std::error_code ignored;
    if (!at->is_regular_file(ignored)) continue;
    std::string key = at->path().lexically_relative(directory).generic_string();
    SideloadTable table;
    std::string reason = ReadFile(at->path(), &table);
    if (reason.empty()) tables[key] = std::move(table);
    else failures->push_back({key, at->path().string() + ": " + reason});
  }
  if (error) failures->push_back({"", directory + ": " + error.message()});
  return tables;
}

std::string ReadSideloadObject(const std::string &json, SideloadTables *tables) {
  Json value;
  if (std::string error = ParseJson(json, &value); !error.empty()) return error;
  if (!value.is_object()) return "the answer is no object of objects";
  for (auto item = value.begin(); item != value.end(); ++item) {
    if (!item->is_object()) return "the answer's key \"" + item.key() + "\" is no object";
    (*tables)[item.key()] = TableOf(*item);
  }
  return "";
}

}  // namespace tick
