// yaml.cpp - YAML by yaml-cpp.
#include "runtime/yaml/yaml.h"

#include <yaml-cpp/yaml.h>

namespace tick {
namespace {

using Json = nlohmann::ordered_json;

Json ScalarOf(const YAML::Node &node) {
  if (node.Tag() == "!") return node.Scalar();  // quoted
  if (node.Scalar() == "~" || node.Scalar() == "null" || node.Scalar().empty()) return nullptr;
  int64_t integer;
  if (YAML::convert<int64_t>::decode(node, integer)) return integer;
  double number;
  if (YAML::convert<double>::decode(node, number)) return number;
  bool flag;
  if (YAML::convert<bool>::decode(node, flag)) return flag;
  return node.Scalar();
}

Json ToJson(const YAML::Node &node) {
  switch (node.Type()) {
    case YAML::NodeType::Scalar: return ScalarOf(node);
    case YAML::NodeType::Sequence: {
      Json list = Json::array();
      for (const YAML::Node &item : node) list.push_back(ToJson(item));
      return list;
    }
    case YAML::NodeType::Map: {
      Json object = Json::object();
      for (const auto &pair : node) object[pair.first.Scalar()] = ToJson(pair.second);
      return object;
    }
    default: return nullptr;
  }
}

}  // namespace

std::string ParseYaml(const std::string &text, Json *value) {
  try {
    *value = ToJson(YAML::Load(text));
    return "";
  } catch (const YAML::Exception &error) {
    return "yaml: line " + std::to_string(error.mark.line + 1) + ": " + error.msg;
  }
}

}  // namespace tick
