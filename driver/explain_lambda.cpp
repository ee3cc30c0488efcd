// explain_lambda.cpp - how a lambda runs, in words.
//
// A variant is vector code unless something in it works on one row at a time: state, a call, bytes of strings, a
// division of ints. What no variant covers goes value by value through the tagged body.
#include "driver/explain_lambda.h"

#include <algorithm>
#include <map>

#include "frontend/ir/stage.h"
#include "frontend/ir/state.h"

namespace tick {
namespace {

using ir::Inst;
using ir::InstOp;

// What makes this instruction work row by row, or "".
std::string RowReason(const ir::Variant &variant, const Inst &inst) {
  auto is = [&](size_t i, Type type) { return variant.insts[inst.operands[i]].type == type; };
  if (inst.op == InstOp::Call) {
    const FunctionRow &row = kFunctions[inst.function];
    std::string call = std::string(row.name) + "()";
    if (row.state == Statefulness::Stateful) return call + " must see the points in order";
    return row.llvm.empty() ? call + " is called for each" : "";
  }
  if (inst.op != InstOp::Binary) return "";
  if (inst.binary == Operator::Match || inst.binary == Operator::NotMatch) return "a regex is matched against each";
  if (is(0, Type::String)) return "strings are compared byte by byte";
  if ((inst.binary == Operator::Div || inst.binary == Operator::Mod) && inst.may_fail)
    return "processors divide ints one by one";
  return "";
}

std::vector<std::string> RowReasons(const ir::Variant &variant) {
  std::vector<std::string> reasons;
  for (const Inst &inst : variant.insts) {
    std::string reason = RowReason(variant, inst);
    if (!reason.empty() && std::find(reasons.begin(), reasons.end(), reason) == reasons.end())
      reasons.push_back(reason);
  }
  return reasons;
}

// "float", "float, int": the types of the references in order.
std::string TypesText(const ir::Lambda &lambda, const ir::Variant &variant) {
  std::vector<std::string> parts;
  bool alike = true;
  for (size_t i = 0; i < variant.types.size(); ++i) {
    if (variant.types[i] == Type::Time) continue;  // the point's time is nothing else
    alike &= variant.types[i] == variant.types[0];
    parts.push_back(lambda.refs[i] + " is " + std::string(TypeName(variant.types[i])));
  }
  if (parts.size() > 2 && alike) return "all are " + std::string(TypeName(variant.types[0]));
  return InWords(parts);
}

// "a is float or int and b is string", where each type of one goes with each of the others; "" where not.
std::string EachWithEach(const ir::Lambda &lambda, const std::vector<const ir::Variant *> &variants) {
  std::vector<std::string> parts;
  size_t combinations = 1;
  for (size_t i = 0; i < lambda.refs.size(); ++i) {
    std::vector<std::string> types;
    for (const ir::Variant *variant : variants)
      if (std::string type(TypeName(variant->types[i])); std::find(types.begin(), types.end(), type) == types.end())
        types.push_back(type);
    combinations *= types.size();
    if (types[0] != TypeName(Type::Time)) parts.push_back(lambda.refs[i] + " is " + InWords(types, " or "));
  }
  return combinations == variants.size() ? InWords(parts) : "";
}

std::string Where(const ir::Lambda &lambda, const std::vector<const ir::Variant *> &variants) {
  if (lambda.refs.empty()) return "";
  if (std::all_of(variants[0]->types.begin(), variants[0]->types.end(), [](Type type) { return type == Type::Time; }))
    return "";
  if (std::string each = EachWithEach(lambda, variants); !each.empty()) return " where " + each;
  std::vector<std::string> texts;
  for (const ir::Variant *variant : variants) {
    texts.push_back(TypesText(lambda, *variant));
  }
  return " where " + InWords(texts, " or ");
}

std::string StateText(const ir::Graph &graph, const ir::Stage &stage, const ir::Lambda &lambda) {
  std::vector<std::string> names;
  for (const ir::FunctionState &state : ir::FunctionStates(lambda)) names.push_back(state.function + "()");
  bool group = ir::LambdaStateOf(graph, stage) == ir::LambdaState::Group;
  return "      " + InWords(names) + (names.size() > 1 ? " keep " : " keeps ") + std::to_string(lambda.state_size) +
         " bytes " + (group ? "a group" : "for all groups together") + "\n";
}

}  // namespace

std::string InWords(const std::vector<std::string> &items, const char *last) {
  std::string out;
  for (size_t i = 0; i < items.size(); ++i) out += (i == 0 ? "" : i + 1 == items.size() ? last : ", ") + items[i];
  return out;
}

std::string ExplainLambda(const ir::Graph &graph, const ir::Stage &stage, const ir::Lambda &lambda) {
  std::vector<const ir::Variant *> vector;
  std::map<std::string, std::vector<const ir::Variant *>> rows;  // by reason
  for (const ir::Variant &variant : lambda.variants) {
    std::vector<std::string> reasons = RowReasons(variant);
    if (reasons.empty()) vector.push_back(&variant);
    else rows[InWords(reasons)].push_back(&variant);
  }
  std::string out;
  if (!vector.empty()) out += "      vector code" + Where(lambda, vector) + "\n";
  for (const auto &[reason, variants] : rows)
    out += "      row by row" + Where(lambda, variants) + ": " + reason + "\n";
  if (lambda.variants.empty()) {
    out +=
        "      no types are known to work: each point is evaluated value by value, and is an error unless it works "
        "there\n";
  } else if (!lambda.refs.empty() && !(lambda.refs.size() == 1 && lambda.variants[0].types[0] == Type::Time)) {
    out += "      other types are evaluated value by value\n";
  }
  if (lambda.stateful) out += StateText(graph, stage, lambda);
  if (lambda.volatile_) out += "      depends on the clock or on chance, so nothing is remembered of it\n";
  return out;
}

}  // namespace tick
