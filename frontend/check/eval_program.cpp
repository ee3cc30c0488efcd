// eval_program.cpp - statements: where the task's data come from, variables, dbrps, chains.
#include "frontend/check/evaluator.h"

namespace tick::check {
namespace {

// The identifier at the far left of a chain, or null.
const ast::IdentifierNode *LeftEnd(const ast::Node *node) {
  while (auto *chain = ast::As<ast::ChainNode>(node)) node = chain->left.get();
  return ast::As<ast::IdentifierNode>(node);
}

// The description of a variable: the lines of the comment above it.
std::string CommentText(const std::optional<ast::Comment> &comment) {
  std::string text;
  if (!comment) return text;
  for (size_t i = 0; i < comment->lines.size(); ++i) {
    if (i > 0) text += "\n";
    text += comment->lines[i].blank_marker ? "\n" : comment->lines[i].text;
  }
  return text;
}

}  // namespace

void Evaluator::find_source(const ast::Program &program) {
  bool streams = false, batches = false;
  SourceRange first, second;
  for (const ast::NodePtr &statement : program.statements) {
    const ast::Node *node = statement.get();
    if (auto *var = ast::As<ast::VarDeclNode>(node))
      node = var->value.get();
    else if (node->kind != ast::Kind::Chain && !context_.dotted())
      continue;
    const ast::IdentifierNode *left = LeftEnd(node);
    if (!left || (left->name != "stream" && left->name != "batch")) continue;
    bool &seen = left->name == "stream" ? streams : batches;
    bool other = left->name == "stream" ? batches : streams;
    if (!seen && other) second = left->range;
    if (!seen && !other) first = left->range;
    seen = true;
  }
  batch_ = batches && !streams;
  if (streams && batches) context_.report(DiagId::MixedSources, second, {}, "invalid task type: invalid");
  const std::string source = batch_ ? "batch" : "stream";
  NodeId id = context_.dotted() ? (batch_ ? NodeId::DottedBatch : NodeId::DottedStream)
                                : (batch_ ? NodeId::Batch : NodeId::Stream);
  scope_.define(source, MakeObject({pipeline_.add_source(RowOf(id), first)}));
  if (streams && batches) scope_.define("batch", MakeKind(ValueKind::Poison));
}

void Evaluator::run(const ast::Program &program) {
  given_ = ReadVars(context_.options.vars_json, context_);
  find_source(program);
  scope_.define("time", MakeKind(ValueKind::Nothing));
  if (context_.dotted()) scope_.define("influxql", MakeKind(ValueKind::Library));
  for (const std::string &name : context_.options.lost_names)
    if (!scope_.has(name)) scope_.define(name, MakeKind(ValueKind::Poison));
  for (const ast::NodePtr &node : program.statements) context_.dotted() ? dotted_statement(*node) : statement(*node);
  if (context_.diagnostics.has_errors()) return;
  if (pipeline_.size() <= 1) {
    bool nothing = program.statements.empty();
    SourceRange range = nothing ? SourceRange{} : program.statements.back()->range;
    bool has_source = pipeline_.node(0).range.end > 0;
    if (has_source || context_.dotted())
      context_.report(DiagId::DoesNothing, range, {}, "task does nothing");
    else
      context_.report(DiagId::NoSource, range, {}, "invalid task type: invalid").hint =
          "begin with `stream|from()` or `batch|query('SELECT …')`";
    return;
  }
  if (context_.dotted()) return;
  for (const Scope::Unused &unused : scope_.unused())
    context_.report(DiagId::UnusedVar, unused.range, {unused.name}, "");
}

void Evaluator::statement(const ast::Node &node) {
  switch (node.kind) {
    case ast::Kind::VarDecl:
      return declare_var(static_cast<const ast::VarDeclNode &>(node));
    case ast::Kind::TypeDecl:
      return declare_type(static_cast<const ast::TypeDeclNode &>(node));
    case ast::Kind::DbrpDecl: {
      const auto &dbrp = static_cast<const ast::DbrpDeclNode &>(node);
      dbrps_.push_back({dbrp.database, dbrp.retention_policy});
      return;
    }
    // Kapacitor looks a name up only where its value is needed, so a word alone passes.
    case ast::Kind::Identifier:
    case ast::Kind::CommentStmt:
      return;
    default:
      force(evaluate(node));
  }
}

void Evaluator::declare_var(const ast::VarDeclNode &node) {
  Value value = evaluate(*node.value);
  if (scope_.has(node.name)) {
    context_.report(DiagId::RedefinedVar, node.name_range, {node.name},
                    "attempted to redefine " + node.name + ", vars are immutable");
    return;
  }
  Type type = TypeOf(value);
  if (!value.poison()) {
    if (type != Type::Invalid) record(node.name, type, value, true, node);
    value = given_or(node.name, node.name_range, type, std::move(value));
  }
  scope_.declare(node.name, std::move(value), node.name_range);
}

void Evaluator::declare_type(const ast::TypeDeclNode &node) {
  Type type = VarTypeOf(node.type);
  Value value;
  if (type == Type::Invalid) {
    Diagnostic &diagnostic =
        context_.report(DiagId::UnknownVarType, node.type_range, {node.type}, "invalid var type \"" + node.type + "\"");
    std::vector<std::string_view> types(std::begin(kVarTypes), std::end(kVarTypes));
    Suggest(diagnostic, node.type == "boolean" ? "bool" : NearName(node.type, types), node.type_range);
    if (diagnostic.hint.empty())
      diagnostic.hint = "types are bool, duration, float, int, lambda, list, regex, star and string";
  } else {
    record(node.name, type, open_value(type), false, node);
    if (given_.contains(node.name))
      value = given_or(node.name, node.name_range, type, Value());
    else if (context_.options.is_template)
      value = open_value(type);
    else
      context_.report(DiagId::MissingVar, node.name_range, {node.name}, "missing value for var \"" + node.name + "\".")
          .hint = "give it one with -vars, or a default: `var " + node.name + " = …`";
  }
  scope_.declare(node.name, std::move(value), node.name_range);
}

void Evaluator::record(const std::string &name, Type type, const Value &value, bool has_value,
                       const ast::Node &declaration) {
  declared_[name] = {type, value, has_value, CommentText(declaration.comment)};
}

Value Evaluator::given_or(const std::string &name, SourceRange name_range, Type type, Value otherwise) {
  auto given = given_.find(name);
  if (given == given_.end()) return otherwise;
  if (given->second.type != type) {
    std::string got(TypeName(given->second.type)), want(TypeName(type));
    context_.report(DiagId::VarType, name_range, {name, TypePhrase(type), TypePhrase(given->second.type)},
                    "invalid type supplied for " + name + ", got " + got + " exp " + want);
    return Value();
  }
  Value value = given->second.value;
  if (value.kind == ValueKind::Lambda) value.lambda = CloneExpr(*value.lambda, &name_range);
  return value;
}

Value Evaluator::open_value(Type type) {
  Value value = MakeScalar({.type = type});
  if (type == Type::Lambda) value = MakeLambda(nullptr);
  if (type == Type::List) value = MakeKind(ValueKind::List);
  if (type == Type::Star) value = MakeKind(ValueKind::Star);
  value.open = true;
  return value;
}

}  // namespace tick::check
