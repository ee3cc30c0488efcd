// stage.cpp - a node's arguments, properties and kind.
#include "frontend/ir/stage.h"

namespace tick::ir {
namespace {

constexpr KindRow kKinds[] = {
#define TICK_KIND(kind, fields, groups, lambdas, keeps) \
  {kind, FieldRule::fields, GroupRule::groups, LambdaState::lambdas, keeps},
#include "frontend/ir/kinds.def"
#undef TICK_KIND
};
constexpr KindRow kUdf = {"", FieldRule::Everything, GroupRule::New, LambdaState::None, "* ()"};

void AddStrings(const std::vector<Arg> &args, std::vector<std::string> &out) {
  for (const Arg &arg : args) {
    if (arg.type == Type::String) out.push_back(arg.literal.s);
    if (arg.type == Type::List) AddStrings(arg.items, out);
  }
}

void AddLambdas(const std::vector<Arg> &args, std::string_view property, std::vector<LambdaUse> &out) {
  uint32_t position = 0;
  for (const Arg &arg : args)
    if (arg.type == Type::Lambda) out.push_back({arg.lambda, property, position++});
}

}  // namespace

const KindRow &RowOfKind(std::string_view kind) {
  for (const KindRow &row : kKinds)
    if (row.kind == kind) return row;
  return kUdf;
}

bool IsKnownKind(std::string_view kind) { return &RowOfKind(kind) != &kUdf; }

const Property *FindProperty(const Stage &stage, std::string_view name) {
  for (size_t i = stage.properties.size(); i-- > 0;)
    if (stage.properties[i].name == name) return &stage.properties[i];
  return nullptr;
}

std::vector<std::string> Strings(const std::vector<Arg> &args) {
  std::vector<std::string> out;
  AddStrings(args, out);
  return out;
}

std::string StringOf(const Stage &stage, std::string_view property, std::string_view otherwise) {
  const Property *found = FindProperty(stage, property);
  std::vector<std::string> strings = found ? Strings(found->args) : std::vector<std::string>{};
  return strings.empty() ? std::string(otherwise) : strings[0];
}

int64_t NumberOf(const Stage &stage, std::string_view property, int64_t otherwise) {
  const Property *found = FindProperty(stage, property);
  return found && !found->args.empty() ? found->args[0].literal.i : otherwise;
}

std::vector<LambdaUse> LambdasOf(const Stage &stage) {
  std::vector<LambdaUse> out;
  AddLambdas(stage.args, "", out);
  for (const Property &property : stage.properties) AddLambdas(property.args, property.name, out);
  return out;
}

LambdaState LambdaStateOf(const Graph &graph, const Stage &stage) {
  LambdaState state = RowOfKind(stage.kind).lambdas;
  return graph.dialect == 2 && state == LambdaState::Group && stage.kind != "where" ? LambdaState::Node : state;
}

bool BeginsGroups(const Stage &stage) {
  if (stage.parents.size() != 1) return true;
  switch (RowOfKind(stage.kind).groups) {
    case GroupRule::Same: return false;
    case GroupRule::New: return true;
    case GroupRule::Tags: break;
  }
  return FindProperty(stage, stage.kind == "eval" ? "tags" : "tag") != nullptr;
}

}  // namespace tick::ir
