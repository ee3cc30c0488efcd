// members.cpp - sets properties and adds nodes, with what single nodes do beyond their row in nodes.def.
#include "frontend/check/evaluator.h"

namespace tick::check {
namespace {

template <class T>
std::unique_ptr<T> At(SourceRange range) {
  auto node = std::make_unique<T>();
  node->at = range.begin;
  node->range = range;
  return node;
}

ast::NodePtr Both(ast::NodePtr left, ast::NodePtr right, SourceRange range) {
  auto both = At<ast::BinaryNode>(range);
  both->op = Operator::And;
  both->left = std::move(left);
  both->right = std::move(right);
  return both;
}

// A copy that keeps its meaning as an operand of AND: an OR needs parentheses when it is printed.
ast::NodePtr Operand(const ast::Node &expr) {
  ast::NodePtr copy = CloneExpr(expr);
  if (copy->kind == ast::Kind::Binary &&
      RowOf(static_cast<ast::BinaryNode &>(*copy).op).precedence <= RowOf(Operator::And).precedence)
    static_cast<ast::BinaryNode &>(*copy).parens = true;
  return copy;
}

// from().where(a).where(b) keeps what both let through.
void Narrow(PropertyCall *before, const PropertyCall &call) {
  Value &old = before->args[0];
  const Value &added = call.args[0];
  if (!old.lambda || !added.lambda) return;
  old.lambda = Both(Operand(*old.lambda), Operand(*added.lambda), added.range);
}

}  // namespace

Evaluator::Member Evaluator::find_member(const Object &object, const std::string &name) const {
  const PipeNode &node = pipeline_.node(object.node);
  if (object.handler >= 0) {
    const HandlerRow *handler = node.properties[static_cast<size_t>(object.handler)].handler;
    if (const PropertyRow *row = FindHandlerProperty(handler->id, name)) return {row, nullptr, true};
  }
  if (const PropertyRow *row = FindNodeProperty(node.row->id, name)) return {row};
  if (IsAlert(node.row->id)) return {nullptr, FindHandler(context_.dialect, name)};
  return {};
}

void Evaluator::not_built(std::string what, std::string_view name, SourceRange range) {
  context_.report(DiagId::NotBuilt, range, {std::move(what), std::string(name)},
                  context_.at(range.begin) + std::string(name) + " is not built yet");
}

Value Evaluator::set_member(const Object &object, const Member &member, const ast::CallNode &call) {
  const Params &params = member.property ? member.property->params : member.handler->params;
  PropertyForm form = member.property ? member.property->form : member.handler->form;
  Arguments args = arguments({call.name, call.name_range, object, &params, form == PropertyForm::Field}, call);
  PipeNode &node = pipeline_.node(object.node);
  if (!args.ok) node.faulty = true;
  for (const Value &value : args.values) node.open |= value.open;
  node.open |= args.open;
  Built built = member.property ? member.property->built : member.handler->built;
  std::string_view name = member.property ? member.property->name : member.handler->method;
  if (built == Built::No && node.row->built == Built::Yes)
    not_built(member.handler ? "handler" : "property", name, call.name_range);

  PropertyCall set{std::string(name), member.property, member.handler, std::move(args.values), {}, call.name_range};
  if (member.of_handler) {
    PropertyCall &handler = node.properties[static_cast<size_t>(object.handler)];
    PropertyCall *before = nullptr;
    for (PropertyCall &old : handler.properties)
      if (old.name == name) before = &old;
    if (args.ok && before && member.property->repeat == PropertyRepeat::Last)
      *before = std::move(set);
    else if (args.ok)
      handler.properties.push_back(std::move(set));
    return MakeObject(object);
  }
  if (member.handler) {
    // 0.2 keeps a log's path and a URL in plain fields.
    bool replaces = context_.dotted() &&
                    (member.handler->id == HandlerId::LogHandler || member.handler->id == HandlerId::PostHandler);
    for (size_t i = 0; replaces && i < node.properties.size(); ++i) {
      if (node.properties[i].handler != member.handler) continue;
      node.properties[i] = std::move(set);
      return MakeObject({object.node, static_cast<int32_t>(i)});
    }
    node.properties.push_back(std::move(set));
    return MakeObject({object.node, static_cast<int32_t>(node.properties.size() - 1)});
  }
  PropertyCall *before = nullptr;
  for (PropertyCall &old : node.properties)
    if (!old.handler && old.name == name) before = &old;
  bool narrows = node.row->id == NodeId::From && name == "where";
  if (args.ok && before && narrows)
    Narrow(before, set);
  else if (args.ok && before && member.property->repeat == PropertyRepeat::Last)
    *before = std::move(set);
  else if (args.ok)
    node.properties.push_back(std::move(set));
  // A method of the alert returns the alert itself, also where it was called through a handler.
  if (IsAlert(node.row->id) && form == PropertyForm::Method) return MakeObject({object.node, -1, true});
  return MakeObject(object);
}

Value Evaluator::add_node(const Object &object, const NodeRow &row, const ast::CallNode &call) {
  if (row.id == NodeId::DottedMapReduce) return add_map_reduce(object, call);
  Arguments args = arguments({call.name, call.name_range, object, &row.params, false}, call);
  if (row.built == Built::No) not_built("node", row.method, call.name_range);
  if (row.id == NodeId::Deadman) return add_deadman(object, call.name_range, std::move(args));
  if (row.id == NodeId::Stats)
    return add_stats(object, row, call.name_range, args.ok ? std::move(args.values[0]) : Value());

  std::vector<uint32_t> parents, others;
  std::vector<Value> plain;
  for (Value &value : args.values) {
    if (value.kind == ValueKind::Object)
      others.push_back(value.object.node);
    else if (!value.poison())
      plain.push_back(std::move(value));
  }
  bool is_union = row.id == NodeId::Union || row.id == NodeId::DottedUnion;
  if (!is_union) parents.push_back(object.node);
  parents.insert(parents.end(), others.begin(), others.end());
  if (is_union) parents.push_back(object.node);
  if ((row.id == NodeId::Sample || row.id == NodeId::DottedSample) && args.ok && !plain.empty() &&
      !plain[0].is(Type::Int) && !plain[0].is(Type::Duration)) {
    context_.report(DiagId::ArgumentType, plain[0].range, {call.name, "an int or a duration", Phrase(plain[0])},
                    call_prefix({call.name, call.name_range, object, &row.params, false}) +
                        "must pass int64 or duration to new sample node");
    args.ok = false;
  }
  uint32_t index = pipeline_.add(row, std::move(parents), object.node, call.name_range);
  PipeNode &node = pipeline_.node(index);
  node.args = std::move(plain);
  node.faulty = !args.ok;
  node.open = args.open;
  for (const Value &value : node.args) node.open |= value.open;
  return MakeObject({index});
}

Value Evaluator::add_stats(const Object &object, const NodeRow &row, SourceRange name, Value interval) {
  uint32_t stats = pipeline_.add_source(row, name);
  pipeline_.node(stats).measured = object.node;
  pipeline_.node(stats).faulty = interval.poison();
  pipeline_.node(stats).open = interval.open;
  pipeline_.node(stats).args = {std::move(interval)};
  // Counts are taken on an edge, so the measured node must have one.
  if (pipeline_.node(object.node).children.empty())
    pipeline_.add(RowOf(NodeId::Noop), {object.node}, object.node, name);
  return MakeObject({stats});
}

Value Evaluator::add_deadman(const Object &object, SourceRange name, Arguments arguments) {
  if (!arguments.ok) return Value();
  const Value &threshold = arguments.values[0], &interval = arguments.values[1];
  auto plain = [name](std::string text, std::vector<Value> args) {
    PropertyCall call{std::move(text), nullptr, nullptr, std::move(args), {}, name};
    for (Value &value : call.args) value.range = value.range.end ? value.range : name;
    return call;
  };
  std::string measured = pipeline_.node(object.node).name();
  uint32_t stats = add_stats(object, RowOf(NodeId::Stats), name, interval).object.node;
  pipeline_.node(stats).properties.push_back(plain("align", {}));
  uint32_t derivative = pipeline_.add(RowOf(NodeId::Derivative), {stats}, stats, name);
  pipeline_.node(derivative).args = {MakeString("emitted")};
  pipeline_.node(derivative).args[0].range = name;
  pipeline_.node(derivative).properties = {plain("unit", {interval}), plain("nonNegative", {})};
  uint32_t alert = pipeline_.add(RowOf(NodeId::Alert), {derivative}, derivative, name);

  auto emitted = At<ast::ReferenceNode>(name);
  emitted->name = "emitted";
  auto dead = At<ast::BinaryNode>(name);
  dead->op = Operator::LessEqual;
  dead->left = std::move(emitted);
  dead->right = LiteralNode(threshold, threshold.range);
  ast::NodePtr condition = std::move(dead);
  for (size_t i = 2; i < arguments.values.size(); ++i)
    if (arguments.values[i].lambda)
      condition = Both(std::move(condition), Operand(*arguments.values[i].lambda), arguments.values[i].range);

  auto with = [](std::string text, const std::string &word, const std::string &value) {
    size_t at = text.find(word);
    return at == std::string::npos ? text : text.replace(at, word.size(), value);
  };
  PipeNode &node = pipeline_.node(alert);
  node.properties = {
      plain("crit", {MakeLambda(std::shared_ptr<const ast::Node>(std::move(condition)))}),
      plain("id", {MakeString(with(context_.options.deadman_id, "NODE_NAME", measured))}),
      plain("message", {MakeString(with(context_.options.deadman_message, "INTERVAL", GoText(interval)))})};
  return MakeObject({alert});
}

}  // namespace tick::check
