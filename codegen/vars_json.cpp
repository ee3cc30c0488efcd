// vars_json.cpp - values of variables as JSON.
#include "codegen/vars_json.h"

#include <nlohmann/json.hpp>

#include "runtime/text/go_float.h"

namespace tick {
namespace {

std::string StringJson(const std::string &text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string ArgJson(const ir::Arg &arg) {
  switch (arg.type) {
    case Type::Bool: return arg.literal.i ? "true" : "false";
    case Type::Int:
    case Type::Duration: return std::to_string(arg.literal.i);
    case Type::Float: {
      std::string text;
      return AppendJsonFloat(text, arg.literal.f) ? text : "null";
    }
    case Type::String:
    case Type::Regex:
    case Type::Reference: return StringJson(arg.literal.s);
    case Type::List: {
      std::string text = "[";
      for (const ir::Arg &item : arg.items) {
        if (text.size() > 1) text += ',';
        // A star in a list shows as Kapacitor's decoder left it, which its clients know.
        std::string value = item.type == Type::Star ? "{\"typeOf\":\"star\"}" : ArgJson(item);
        text += "{\"type\":\"" + std::string(VarTypeName(item.type)) + "\",\"value\":" + value + ",\"description\":\"\"}";
      }
      return text + "]";
    }
    default: return "null";
  }
}

}  // namespace

std::string_view VarTypeName(Type type) { return type == Type::Bool ? "bool" : TypeName(type); }

std::string VarJson(const ir::Var &var) {
  if (!var.has_value) return "null";
  if (var.type == Type::Lambda) return StringJson(var.lambda_text);
  return ArgJson(var.value);
}

}  // namespace tick
