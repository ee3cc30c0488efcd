// udf.cpp - `NODE@name()` and the options of that function, as it described itself (nodes.md 28).
#include "frontend/check/evaluator.h"

namespace tick::check {
namespace {

// Kapacitor's words for the types of options.
std::string_view OptionType(Type type) {
  switch (type) {
    case Type::Bool: return "BOOL";
    case Type::Int: return "INT";
    case Type::Float: return "DOUBLE";
    case Type::String: return "STRING";
    case Type::Duration: return "DURATION";
    default: return "";
  }
}

// "a string and a duration".
std::string TypesPhrase(const std::vector<Type> &types) {
  if (types.empty()) return "no arguments";
  std::string text;
  for (size_t i = 0; i < types.size(); ++i) text += (i == 0 ? "" : i + 1 == types.size() ? " and " : ", ") + TypePhrase(types[i]);
  return text;
}

}  // namespace

const UdfSpec *Evaluator::find_udf(std::string_view name) const {
  for (const UdfSpec &udf : context_.options.udfs)
    if (SameMember(name, udf.name)) return &udf;
  return nullptr;
}

Value Evaluator::add_udf(const Object &object, const UdfSpec &udf, const ast::CallNode &call) {
  bool faulty = !call.args.empty() || !udf.error.empty();
  if (!udf.error.empty()) {
    context_.report(DiagId::NodeRule, call.name_range, {"the function `" + udf.name + "` cannot be used: " + udf.error},
                    context_.at(call.name_range.begin) + "failed to load process info for \"" + udf.name + "\": " + udf.error);
    evaluate_ignored(call);
  } else if (faulty) {
    Diagnostic &diagnostic =
        context_.report(DiagId::ArgumentCount, call.args[0]->range,
                        {call.name, "no arguments", std::to_string(call.args.size()) + (call.args.size() == 1 ? " argument" : " arguments")},
                        context_.at(call.name_range.begin) + "error calling func \"" + call.name + "\": unexpected arguments");
    if (!udf.options.empty()) diagnostic.hint = "options are set behind it, as `." + udf.options[0].first + "(…)`";
    evaluate_ignored(call);
  }
  uint32_t index = pipeline_.add(RowOf(NodeId::Udf), {object.node}, object.node, call.name_range, &udf);
  pipeline_.node(index).faulty = faulty;
  return MakeObject({index});
}

bool Evaluator::set_option(const Object &object, const ast::CallNode &call) {
  const UdfSpec &udf = *pipeline_.node(object.node).udf;
  const std::vector<Type> *types = nullptr;
  for (const auto &[name, of] : udf.options)
    if (name == call.name) types = &of;
  if (!types) return false;
  PropertyCall set{call.name, nullptr, nullptr, {}, {}, call.name_range};
  Callee callee{call.name, call.name_range, object, nullptr, false};
  bool ok = true, open = false;
  for (const ast::NodePtr &node : call.args) {
    set.args.push_back(argument(callee, *node, nullptr));
    ok &= !set.args.back().poison();
    open |= set.args.back().open;
  }
  if (ok && set.args.size() == 1 && set.args[0].kind == ValueKind::List) {
    std::vector<Value> items = std::move(set.args[0].items);
    set.args = std::move(items);
  }
  std::string place = context_.at(call.name_range.begin);
  if (ok && set.args.size() != types->size()) {
    size_t n = set.args.size();
    context_.report(DiagId::ArgumentCount, call.name_range,
                    {call.name, TypesPhrase(*types), n == 0 ? "none" : std::to_string(n) + (n == 1 ? " argument" : " arguments")},
                    place + "unexpected number of args to " + call.name + ", got " + std::to_string(n) + " expected " +
                        std::to_string(types->size()));
    ok = false;
  }
  for (size_t i = 0; ok && i < set.args.size(); ++i) {
    const Value &value = set.args[i];
    if (value.is((*types)[i]) || value.open) continue;
    std::string_view got = OptionType(TypeOf(value));
    context_.report(DiagId::ArgumentType, value.range.end ? value.range : call.name_range, {call.name, TypePhrase((*types)[i]), Phrase(value)},
                    place + "unexpected arg to " + call.name + ", got " + (got.empty() ? GoType(context_, pipeline_, value) : std::string(got)) +
                        " expected " + std::string(OptionType((*types)[i])));
    ok = false;
  }
  PipeNode &node = pipeline_.node(object.node);
  node.open |= open;
  if (ok) node.properties.push_back(std::move(set));
  else node.faulty = true;
  return true;
}

}  // namespace tick::check
