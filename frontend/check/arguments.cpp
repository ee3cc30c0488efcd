// arguments.cpp - matches the arguments of a call with what nodes.def says it takes (language.md 3.7).
//
// Nothing is converted. One list alone stands for its items. A wrong argument is told with the value that would fit
// where that can be guessed: a unit, a fraction, other quotes, a missing `lambda:`.
#include "frontend/check/constants.h"
#include "frontend/check/evaluator.h"

namespace tick::check {
namespace {

std::string Counted(size_t n, const char *what) { return std::to_string(n) + " " + what + (n == 1 ? "" : "s"); }

// "a string and a duration", "any number of strings": what a call takes, in words.
std::string ParamsPhrase(const Params &params) {
  if (params.n == 0) return "no arguments";
  std::string text;
  for (size_t i = 0; i < params.n; ++i) {
    const Param &param = params.list[i];
    if (i > 0) text += i + 1 == params.n ? " and " : ", ";
    std::string_view phrase = RowOf(param.type).phrase;
    if (param.variadic)
      text += "any number of " + std::string(RowOf(param.type).word == "any" ? "value" : RowOf(param.type).word) + "s";
    else
      text += (param.optional ? "perhaps " : "") + std::string(phrase);
  }
  return text;
}

// Whether someone who writes this where a lambda is wanted means an expression over points.
bool LooksLikeLambda(const ast::Node &node) {
  if (node.kind == ast::Kind::Binary || node.kind == ast::Kind::Unary) return true;
  const auto *call = ast::As<ast::CallNode>(&node);
  return call && IsFunction(call->name);
}

std::string QuoteString(const std::string &text) {
  std::string out = "'";
  for (char c : text) out += c == '\'' ? std::string("\\'") : std::string(1, c);
  return out + "'";
}

}  // namespace

std::string Evaluator::call_prefix(const Callee &callee) const {
  return context_.at(callee.name.begin) + "error calling func \"" + callee.written + "\" on obj " +
         GoType(pipeline_, callee.object) + ": ";
}

Evaluator::Arguments Evaluator::arguments(const Callee &callee, const ast::CallNode &call) {
  Arguments result;
  for (size_t i = 0; i < call.args.size(); ++i) {
    const Param *param = callee.params->at(i);
    result.values.push_back(argument(callee, *call.args[i], param));
    if (result.values.back().poison()) result.ok = false;
  }
  if (!result.ok) return result;
  if (result.values.size() == 1 && result.values[0].kind == ValueKind::List) {
    bool written_out = call.args[0]->kind == ast::Kind::List;
    Value list = std::move(result.values[0]);
    result.values = std::move(list.items);
    result.open = list.open;
    if (!written_out)
      for (Value &value : result.values) value.range = list.range;
  }
  if (!count_arguments(callee, call, result.values.size())) {
    result.ok = false;
    return result;
  }
  for (size_t i = 0; i < result.values.size(); ++i) {
    const Param &param = *callee.params->at(i);
    if (fits(param, result.values[i])) {
      // 0.2: a bare reference in a lambda's place is the expression.
      if (param.type == ParamType::Lambda && result.values[i].kind != ValueKind::Lambda) bare_lambda(&result.values[i]);
      continue;
    }
    mismatch(callee, param, result.values[i]);
    result.ok = false;
    break;
  }
  return result;
}

void Evaluator::bare_lambda(Value *value) const {
  SourceRange range = value->range;
  ast::NodePtr body;
  if (value->kind == ValueKind::Reference) {
    auto reference = std::make_unique<ast::ReferenceNode>();
    reference->name = value->scalar.s;
    body = std::move(reference);
  } else {
    body = LiteralNode(*value, range);
  }
  body->at = range.begin;
  body->range = range;
  *value = MakeLambda(std::shared_ptr<const ast::Node>(std::move(body)));
  value->range = range;
}

Value Evaluator::argument(const Callee &callee, const ast::Node &node, const Param *param) {
  bool wants_lambda = param && param->type == ParamType::Lambda;
  if (!wants_lambda || !LooksLikeLambda(node)) {
    // A call that a variable holds stays uncalled.
    Value value = evaluate(node);
    if (node.kind != ast::Kind::Identifier) value = force(std::move(value));
    value.range = node.range;
    if (node.kind == ast::Kind::Identifier && value.kind == ValueKind::Nothing) value.kind = ValueKind::Poison;
    return value;
  }
  // The expression is computed only for the words that Kapacitor would have for it.
  ast::NodePtr expr = substitute(node);
  if (!expr) return Value();
  if (context_.dotted()) return dotted_operator(node);
  ConstantFailure failure;
  std::optional<ir::Literal> constant = EvaluateConstant(*expr, &failure);
  std::string kapacitor = failure.kapacitor;
  if (constant) {
    Value value = MakeScalar(*constant);
    kapacitor =
        call_prefix(callee) +
        (callee.field ? "reflect.Set: value of type " + GoType(context_, pipeline_, value) +
                            " is not assignable to type *ast.LambdaNode"
                      : "reflect: Call using " + GoType(context_, pipeline_, value) + " as type *ast.LambdaNode");
  }
  Diagnostic &diagnostic = context_.report(DiagId::MissingLambda, node.range, {callee.written}, std::move(kapacitor));
  diagnostic.hint = "write `lambda: " + std::string(context_.text(node.range)) + "`";
  diagnostic.hint_range = node.range;
  return Value();
}

bool Evaluator::count_arguments(const Callee &callee, const ast::CallNode &call, size_t n) {
  const Params &params = *callee.params;
  bool too_many = n > params.n && !params.variadic();
  if (n >= params.required() && !too_many) return true;
  std::string kapacitor;
  if (callee.field)
    kapacitor = context_.at(callee.name.begin) + "too many arguments to set property " + GoMember(callee.written) +
                " on " + GoType(pipeline_, callee.object);
  else
    kapacitor = call_prefix(callee) + (too_many ? "reflect: Call with too many input arguments"
                                                : "reflect: Call with too few input arguments");
  context_.report(DiagId::ArgumentCount, too_many ? call.args.back()->range : call.name_range,
                  {callee.written, ParamsPhrase(params), n == 0 ? "none" : Counted(n, "argument")},
                  std::move(kapacitor));
  return false;
}

bool Evaluator::fits(const Param &param, const Value &value) const {
  switch (param.type) {
    case ParamType::Any:
      return value.kind != ValueKind::Deferred && value.kind != ValueKind::Nothing;
    case ParamType::Bool:
      return value.is(Type::Bool);
    case ParamType::Int:
      return value.is(Type::Int);
    case ParamType::Float:
      return value.is(Type::Float);
    case ParamType::String:
      return value.is_string();
    case ParamType::Duration:
      return value.is(Type::Duration);
    case ParamType::Regex:
      return value.is(Type::Regex);
    case ParamType::Star:
      return value.kind == ValueKind::Star;
    // 0.2 hands the bare expression over, so a reference or a star passes for one.
    case ParamType::Lambda:
      return value.kind == ValueKind::Lambda ||
             (context_.dotted() && (value.kind == ValueKind::Reference || value.kind == ValueKind::Star));
    case ParamType::Node:
      return value.kind == ValueKind::Object;
    case ParamType::Reducer:
      return value.kind == ValueKind::Reducer;
  }
  return false;
}

void Evaluator::mismatch(const Callee &callee, const Param &param, const Value &value) {
  const ParamTypeRow &want = RowOf(param.type);
  std::string got = GoType(context_, pipeline_, value);
  std::string want_go = param.type == ParamType::Lambda && context_.dotted() ? "tick.Node" : std::string(want.go_name);
  std::string kapacitor = call_prefix(callee);
  if (callee.field)
    kapacitor += "reflect.Set: value of type " + got + " is not assignable to type " + want_go;
  else if (param.variadic || param.optional)
    kapacitor += "reflect: cannot use " + got + " as type " + want_go + " in Call";
  else
    kapacitor += "reflect: Call using " + got + " as type " + want_go;
  if (param.type == ParamType::String && value.kind == ValueKind::Reference)
    kapacitor = context_.at(callee.name.begin) + "cannot assign " + got +
                " to type string, did you use double quotes instead of single quotes?";

  if (value.kind == ValueKind::Deferred) {
    context_.report(DiagId::UncalledFunction, value.range, {std::string(context_.text(value.range))},
                    std::move(kapacitor));
    return;
  }
  std::string text(context_.text(value.range));
  auto report = [&](DiagId id, std::vector<std::string> arguments, std::string replacement) {
    Diagnostic &diagnostic = context_.report(id, value.range, std::move(arguments), std::move(kapacitor));
    if (!replacement.empty()) Suggest(diagnostic, replacement, value.range);
  };
  std::string phrase(want.phrase);
  if (param.type == ParamType::String && value.kind == ValueKind::Reference)
    return report(DiagId::DoubleQuotes, {callee.written}, QuoteString(value.scalar.s));
  if (param.type == ParamType::Lambda) return report(DiagId::MissingLambda, {callee.written}, "lambda: " + text);
  if (value.kind == ValueKind::Lambda) {
    bool literal = value.lambda && LiteralValue(*value.lambda).kind == ValueKind::Scalar;
    return report(DiagId::UnexpectedLambda, {callee.written, phrase},
                  literal ? std::string(context_.text(value.lambda->range)) : "");
  }
  if (param.type == ParamType::Duration && value.is(Type::Int))
    return report(DiagId::DurationUnit, {callee.written, GoText(value)}, GoText(value) + "s");
  std::string replacement;
  int64_t ns = 0;
  if (param.type == ParamType::Float && value.is(Type::Int)) replacement = text + ".0";
  if (param.type == ParamType::Int && value.is(Type::Float) &&
      value.scalar.f == static_cast<double>(static_cast<int64_t>(value.scalar.f)))
    replacement = std::to_string(static_cast<int64_t>(value.scalar.f));
  if (param.type == ParamType::Duration && value.is_string() && ParseDurationText(value.scalar.s, &ns))
    replacement = value.scalar.s;
  if (param.type == ParamType::String && value.kind == ValueKind::Scalar && !value.is(Type::Regex))
    replacement = QuoteString(text);
  report(DiagId::ArgumentType, {callee.written, phrase, Phrase(value)}, std::move(replacement));
}

}  // namespace tick::check
