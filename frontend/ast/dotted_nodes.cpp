// dotted_nodes.cpp - Kapacitor 0.2's nodes by name.
#include "frontend/ast/dotted_nodes.h"

#include <algorithm>
#include <vector>

namespace tick {
namespace {

constexpr std::string_view kNodes[] = {"from",      "query", "window", "where",  "eval",       "groupBy", "mapReduce",
                                       "join",      "union", "sample", "derivative", "httpOut", "influxDBOut", "alert"};

// 0.2 capitalizes the first letter before it looks a method up.
std::string MethodName(const ast::Node &right) {
  std::string name;
  if (const auto *call = ast::As<ast::CallNode>(&right)) name = call->name;
  if (const auto *identifier = ast::As<ast::IdentifierNode>(&right)) name = identifier->name;
  if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z') name[0] = static_cast<char>(name[0] + 32);
  return name;
}

}  // namespace

bool DottedNodes::is_node(const std::string &left, const ast::Node &right) {
  std::string name = MethodName(right);
  if (right.kind != ast::Kind::Call || std::find(std::begin(kNodes), std::end(kNodes), name) == std::end(kNodes))
    return false;
  bool stream = left == "stream" || left == "from";
  bool where_property = name == "where" && stream;
  bool group_property = name == "groupBy" && (stream || left == "query");
  return !where_property && !group_property;
}

std::string DottedNodes::behind(const std::string &left, const ast::Node &right) {
  return is_node(left, right) ? MethodName(right) : left;
}

void DottedNodes::note(const ast::Node &statement) {
  if (const auto *var = ast::As<ast::VarDeclNode>(&statement)) vars_[var->name] = kind_of(*var->value);
}

std::string DottedNodes::kind_of(const ast::Node &expr) const {
  const auto [first, links] = ast::Unchain(expr);
  std::string kind;
  if (const auto *name = ast::As<ast::IdentifierNode>(first)) {
    auto var = vars_.find(name->name);
    kind = var != vars_.end() ? var->second : name->name == "stream" || name->name == "batch" ? name->name : "";
  }
  for (const ast::ChainNode *link : links) kind = behind(kind, *link->right);
  return kind;
}

}  // namespace tick
