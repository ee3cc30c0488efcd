// dotted.cpp - the 0.2 dialect: one operator for nodes and properties, names stored instead of values, no places in
// Kapacitor's messages (language.md 6.3).
#include "frontend/check/evaluator.h"

namespace tick::check {
namespace {

constexpr NodeId kReducers[] = {NodeId::Sum,        NodeId::Count,    NodeId::Mean,   NodeId::Median, NodeId::Min,
                                NodeId::Max,        NodeId::Spread,   NodeId::Stddev, NodeId::First,  NodeId::Last,
                                NodeId::Percentile, NodeId::Distinct, NodeId::Top,    NodeId::Bottom};

const NodeRow *FindReducer(std::string_view name) {
  for (NodeId id : kReducers)
    if (SameMember(name, RowOf(id).method)) return &RowOf(id);
  return nullptr;
}

}  // namespace

void Evaluator::dotted_statement(const ast::Node &node) {
  if (auto *var = ast::As<ast::VarDeclNode>(&node)) {
    Value value;
    if (auto *name = ast::As<ast::IdentifierNode>(var->value.get())) {
      value = MakeKind(ValueKind::Name);
      value.scalar.s = name->name;
    } else {
      value = evaluate(*var->value);
    }
    Type type = TypeOf(value);
    if (type != Type::Invalid) record(var->name, type, value, true, node);
    if (!value.poison() && type != Type::Invalid) value = given_or(var->name, var->name_range, type, std::move(value));
    scope_.define(var->name, std::move(value));
    return;
  }
  // A call alone is never made, a name alone never looked up.
  if (node.kind != ast::Kind::Identifier && node.kind != ast::Kind::Call && node.kind != ast::Kind::CommentStmt)
    evaluate(node);
}

Value Evaluator::dotted_operator(const ast::Node &node) {
  if (auto *unary = ast::As<ast::UnaryNode>(&node)) {
    Value value = LiteralValue(*unary->operand);
    bool number = value.is(Type::Int) || value.is(Type::Float);
    if (unary->negate ? number : value.is(Type::Bool)) return this->unary(*unary);
  }
  Diagnostic &diagnostic = context_.report(DiagId::DottedOperator, node.range, {},
                                           "evaluation caused stack error: stack is empty Go Trace: ");
  bool negative = node.kind == ast::Kind::Unary && static_cast<const ast::UnaryNode &>(node).negate;
  diagnostic.hint =
      negative ? "only numbers written out can be negative here"
               : "for an expression over points write `lambda: " + std::string(context_.text(node.range)) + "`";
  return Value();
}

Value Evaluator::dotted_member(const Value &left, const ast::CallNode &call) {
  if (left.poison()) {
    evaluate_ignored(call);
    return left;
  }
  if (left.kind == ValueKind::Library) {
    const NodeRow *row = FindReducer(call.name);
    if (!row) return dotted_no_member(left, call);
    Arguments args = arguments({call.name, call.name_range, Object{}, &row->params, false}, call);
    Value reducer = MakeKind(args.ok ? ValueKind::Reducer : ValueKind::Poison);
    reducer.scalar.s = row->method;
    reducer.items = std::move(args.values);
    return reducer;
  }
  if (left.kind != ValueKind::Object) return dotted_no_member(left, call);
  Member member = find_member(left.object, call.name);
  const NodeRow *row = FindChainMethod(*pipeline_.node(left.object.node).row, call.name);
  bool field = member.property && member.property->form == PropertyForm::Field;
  if (member && !field) return set_member(left.object, member, call);
  if (row) return add_node(left.object, *row, call);
  if (field && call.args.size() == 1) return set_member(left.object, member, call);
  if (!field) return dotted_no_member(left, call);
  evaluate_ignored(call);
  context_.report(DiagId::ArgumentCount, call.name_range,
                  {call.name, std::string(RowOf(member.property->params.list[0].type).phrase),
                   call.args.empty() ? "none" : std::to_string(call.args.size()) + " arguments"},
                  "No method or field \"" + GoMember(call.name) + "\" on " + GoType(pipeline_, left.object));
  return left;
}

Value Evaluator::dotted_no_member(const Value &left, const ast::CallNode &call) {
  evaluate_ignored(call);
  std::string go = left.kind == ValueKind::Library ? "pipeline.influxqlMapReducers" : GoType(context_, pipeline_, left);
  std::string kapacitor = "No method or field \"" + GoMember(call.name) + "\" on " + go;
  if (left.kind == ValueKind::Library) {
    std::vector<std::string_view> names;
    for (NodeId id : kReducers) names.push_back(RowOf(id).method);
    Diagnostic &diagnostic =
        context_.report(DiagId::UnknownMethod, call.name_range, {"`influxql`", call.name}, std::move(kapacitor));
    Suggest(diagnostic, NearName(call.name, names), call.name_range);
    return Value();
  }
  if (left.kind != ValueKind::Object) {
    Diagnostic &diagnostic =
        context_.report(DiagId::NotANode, call.name_range, {call.name, Phrase(left)}, std::move(kapacitor));
    if (left.kind == ValueKind::Name)
      diagnostic.hint =
          "in this dialect a variable cannot stand for another name: write `" + left.scalar.s + "` itself";
    return Value();
  }
  Diagnostic &diagnostic = context_.report(DiagId::UnknownMethod, call.name_range,
                                           {ObjectPhrase(pipeline_, left.object), call.name}, std::move(kapacitor));
  std::vector<std::string_view> names = property_names(left.object), chained = chain_names(left.object);
  names.insert(names.end(), chained.begin(), chained.end());
  Suggest(diagnostic, NearName(call.name, names), call.name_range);
  if (diagnostic.hint.empty() && chained.empty() && FindChainMethod(RowOf(NodeId::DottedFrom), call.name))
    diagnostic.hint = "nothing comes behind `" + std::string(pipeline_.node(left.object.node).row->method) +
                      "`; begin another chain from the node before it";
  return Value();
}

Value Evaluator::add_map_reduce(const Object &object, const ast::CallNode &call) {
  Arguments args = arguments({call.name, call.name_range, object, &RowOf(NodeId::DottedMapReduce).params, false}, call);
  uint32_t map = pipeline_.add(RowOf(NodeId::DottedMap), {object.node}, object.node, call.name_range);
  uint32_t reduce = pipeline_.add(RowOf(NodeId::DottedReduce), {map}, map, call.name_range);
  PipeNode &node = pipeline_.node(reduce);
  node.faulty = !args.ok;
  if (!args.ok) return MakeObject({reduce});
  Value &reducer = args.values[0];
  if (FindReducer(reducer.scalar.s)->provides == NodeEdge::BatchEdge) node.provides = ir::Edge::Batch;
  node.args.push_back(MakeString(reducer.scalar.s));
  node.args.back().range = reducer.range;
  for (Value &value : reducer.items) node.args.push_back(std::move(value));
  pipeline_.node(map).args = node.args;
  return MakeObject({reduce});
}

}  // namespace tick::check
