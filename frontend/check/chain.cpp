// chain.cpp - `left|node()`, `left.property()`, `left@udf()`: which of them is meant, and what to say when none is.
#include "frontend/check/evaluator.h"

namespace tick::check {
namespace {

// Public methods of Kapacitor's nodes that are no pipeline methods; they only decide which message it gives.
constexpr std::string_view kInternal[] = {"children", "desc",     "isQuiet", "name",
                                          "parents",  "provides", "setName", "wants"};

bool IsInternal(std::string_view name) {
  for (std::string_view internal : kInternal)
    if (SameMember(name, internal)) return true;
  return false;
}

}  // namespace

Value Evaluator::chain(const ast::ChainNode &node) {
  // Chains grow to the left: walk down once, then run the links in order, however many there are.
  std::vector<const ast::ChainNode *> links;
  const ast::Node *left = &node;
  while (auto *link = ast::As<ast::ChainNode>(left)) {
    links.push_back(link);
    left = link->left.get();
  }
  Value value = evaluate(*left);
  for (auto link = links.rbegin(); link != links.rend(); ++link) {
    if (auto *call = ast::As<ast::CallNode>((*link)->right.get()))
      value = context_.dotted() ? dotted_member(value, *call) : call_member(value, (*link)->op, *call);
    else if (auto *name = ast::As<ast::IdentifierNode>((*link)->right.get()))
      value = read_property(value, *name, (*link)->at);
    value.range = (*link)->range;
  }
  return value;
}

void Evaluator::evaluate_ignored(const ast::CallNode &call) {
  for (const ast::NodePtr &arg : call.args) {
    // Expressions may be meant as lambdas here, so only names are looked into.
    if (arg->kind == ast::Kind::Binary || arg->kind == ast::Kind::Unary)
      substitute(*arg);
    else
      evaluate(*arg);
  }
}

Value Evaluator::read_property(const Value &left, const ast::IdentifierNode &name, uint32_t at) {
  if (left.poison()) return left;
  if (left.kind != ValueKind::Object) {
    context_.report(DiagId::NotANode, name.range, {name.name, Phrase(left)},
                    context_.at(at) + "cannot get properties of non pointer value");
    return Value();
  }
  Member member = find_member(left.object, name.name);
  const PipeNode &node = pipeline_.node(left.object.node);
  if (member.property && member.property->form == PropertyForm::Field && !member.of_handler) {
    if (const PropertyCall *call = node.property(member.property->name))
      return call->args.empty() ? Value() : call->args[0];
    switch (member.property->params.list[0].type) {
      case ParamType::String:
        return MakeString("");
      case ParamType::Int:
        return MakeInt(0);
      case ParamType::Float:
        return MakeFloat(0);
      case ParamType::Bool:
        return MakeBool(false);
      case ParamType::Duration:
        return MakeDuration(0);
      default:
        break;
    }
  }
  std::string go = GoType(pipeline_, left.object);
  std::string kapacitor = context_.dotted() ? "unknown field " + GoMember(name.name) + " of obj " + go
                                            : context_.at(at) + "object " + go + " has no property " + name.name;
  Diagnostic &diagnostic = context_.report(DiagId::UnknownProperty, name.range,
                                           {ObjectPhrase(pipeline_, left.object), name.name}, std::move(kapacitor));
  if (member)
    diagnostic.hint = "to set it, write `." + name.name + "(…)`";
  else if (FindChainMethod(*node.row, name.name))
    diagnostic.hint = "to add the node, write `|" + name.name + "(…)`";
  return Value();
}

Value Evaluator::call_member(const Value &left, char op, const ast::CallNode &call) {
  if (left.poison()) {
    evaluate_ignored(call);
    return left;
  }
  if (left.kind != ValueKind::Object) {
    evaluate_ignored(call);
    std::string go = left.kind == ValueKind::Nothing ? "object is invalid <nil> of type <nil>"
                                                     : "cannot get properties of non pointer value";
    context_.report(DiagId::NotANode, call.name_range, {call.name, Phrase(left)},
                    context_.at(call.name_range.begin) + go);
    return Value();
  }
  const PipeNode &node = pipeline_.node(left.object.node);
  Member member = find_member(left.object, call.name);
  if (op == '|')
    if (const NodeRow *row = FindChainMethod(*node.row, call.name)) return add_node(left.object, *row, call);
  if (op == '.' && member) return set_member(left.object, member, call);
  if (op == '.' && node.udf && set_option(left.object, call)) return left;
  if (op == '@')
    if (const UdfSpec *udf = find_udf(call.name)) return add_udf(left.object, *udf, call);
  return no_member(left.object, op, call);
}

// The seven messages of language.md 3.6, E0 to E6.
Value Evaluator::no_member(const Object &object, char op, const ast::CallNode &call) {
  bool property = static_cast<bool>(find_member(object, call.name));
  bool chained = FindChainMethod(*pipeline_.node(object.node).row, call.name) != nullptr;
  bool dynamic = find_udf(call.name) != nullptr;
  char meant = 0;
  if (op == '|') meant = property ? '.' : dynamic ? '@' : 0;
  if (op == '.') meant = chained || IsInternal(call.name) ? '|' : dynamic ? '@' : 0;
  if (op == '@') meant = property ? '.' : chained || IsInternal(call.name) ? '|' : 0;
  std::string place = context_.at(call.name_range.begin), quoted = "\"" + call.name + "\"",
              go = GoType(pipeline_, object);
  if (meant && !(meant == '|' && !chained)) {
    auto kind = [](char c) { return c == '|' ? "chaining method" : c == '.' ? "property" : "dynamic method"; };
    std::string missing = op == '.' ? "property method" : kind(op);
    std::string form = meant == '.' ? "node." : meant == '|' ? "node|" : "node@";
    std::string kapacitor = place + "no " + missing + " " + quoted + " on " + go + ", but " + kind(meant) +
                            " does exist. Use '" + meant + "' operator instead: '" + form + call.name + "(..)'.";
    const char *what = meant == '|' ? "a node" : meant == '.' ? "a property" : "a function of the configuration";
    Diagnostic &diagnostic = context_.report(DiagId::WrongOperator, call.name_range,
                                             {call.name, what, std::string(1, meant)}, std::move(kapacitor));
    uint32_t before = call.name_range.begin > 0 ? call.name_range.begin - 1 : 0;
    Suggest(diagnostic, std::string(1, meant) + call.name, {before, call.name_range.end});
    // It is clear what was meant, so go on as if it had been written.
    if (meant == '.') return set_member(object, find_member(object, call.name), call);
    if (meant == '|') return add_node(object, *FindChainMethod(*pipeline_.node(object.node).row, call.name), call);
    evaluate_ignored(call);
    return Value();
  }
  evaluate_ignored(call);
  std::string kapacitor = place + "no method or property " + quoted + " on " + go;
  if (meant)
    kapacitor = place + "no property method " + quoted + " on " + go +
                ", but chaining method does exist. Use '|' operator instead: 'node|" + call.name + "(..)'.";
  if (op == '.') {
    // A property of a node further up: its part of the chain has ended.
    for (uint32_t at = object.node; !pipeline_.node(at).parents.empty();) {
      at = pipeline_.node(at).parents[0];
      if (!find_member({at}, call.name)) continue;
      const PipeNode &owner = pipeline_.node(at);
      std::string here(pipeline_.node(object.node).row->method);
      Diagnostic &diagnostic =
          context_.report(DiagId::MisplacedProperty, call.name_range,
                          {call.name, std::string(owner.row->method), std::move(here)}, std::move(kapacitor));
      diagnostic.hint = "move it up behind `" + std::string(owner.row->method) + "(…)`";
      return MakeObject(object);
    }
  }
  Diagnostic &diagnostic = context_.report(DiagId::UnknownMethod, call.name_range,
                                           {ObjectPhrase(pipeline_, object), call.name}, std::move(kapacitor));
  suggest_member(diagnostic, object, op, call);
  return op == '.' ? MakeObject(object) : Value();
}

void Evaluator::suggest_member(Diagnostic &diagnostic, const Object &object, char op, const ast::CallNode &call) {
  std::vector<std::string_view> chained = chain_names(object), properties = property_names(object);
  std::string_view near = NearName(call.name, op == '.' ? properties : chained);
  if (!near.empty()) return Suggest(diagnostic, near, call.name_range);
  near = NearName(call.name, op == '.' ? chained : properties);
  SourceRange with_operator{call.name_range.begin > 0 ? call.name_range.begin - 1 : 0, call.name_range.end};
  if (!near.empty()) return Suggest(diagnostic, (op == '.' ? "|" : ".") + std::string(near), with_operator);
  if (op == '|' && pipeline_.node(object.node).provides == ir::Edge::None)
    diagnostic.hint = "nothing stands behind `" + std::string(pipeline_.node(object.node).row->method) + "`; branch off before it";
  if (pipeline_.node(object.node).row->on != NodeOn::Source) return;
  std::string first = batch_ ? "query('SELECT …')" : "from()";
  diagnostic.hint =
      "behind `" + std::string(pipeline_.node(object.node).row->method) + "` comes `|" + first + "` first";
}

std::vector<std::string_view> Evaluator::property_names(const Object &object) const {
  const PipeNode &node = pipeline_.node(object.node);
  std::vector<std::string_view> names;
  if (object.handler >= 0) {
    const HandlerRow *handler = node.properties[static_cast<size_t>(object.handler)].handler;
    for (const PropertyRow &row : kHandlerProperties)
      if (row.owner == static_cast<uint8_t>(handler->id)) names.push_back(row.name);
  }
  for (const PropertyRow &row : kNodeProperties)
    if (row.owner == static_cast<uint8_t>(node.row->id)) names.push_back(row.name);
  if (node.udf)
    for (const auto &[name, types] : node.udf->options) names.push_back(name);
  if (IsAlert(node.row->id))
    for (const HandlerRow &row : kHandlers)
      if (InDialect(row.dialects, context_.dialect)) names.push_back(row.method);
  return names;
}

std::vector<std::string_view> Evaluator::chain_names(const Object &object) const {
  std::vector<std::string_view> names;
  for (const NodeRow &row : kNodes)
    if (CallableOn(row, *pipeline_.node(object.node).row)) names.push_back(row.method);
  return names;
}

}  // namespace tick::check
