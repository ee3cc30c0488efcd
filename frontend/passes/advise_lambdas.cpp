// advise_lambdas.cpp - lambdas that fail for every point, and those that hold only for some data.
//
// In: a raw graph and its script. Out: warnings where no types of the fields can work, since Kapacitor notices only
// when points come; notes where the script is right for one type of field and wrong for another.
#include "frontend/ir/stage.h"
#include "frontend/passes/advise.h"
#include "frontend/passes/type_sets.h"

namespace tick {
namespace {

using ir::Expr;
using ir::ExprOp;

std::string Phrase(TypeSet set) {
  if ((set & kAnyField) == kAnyField) return "a field";
  std::string text;
  for (Type type : {Type::Bool, Type::Int, Type::Float, Type::String, Type::Duration, Type::Time, Type::Regex}) {
    if (!(set & SetOf(type))) continue;
    std::string name(TypeName(type));
    text += (text.empty() ? "" : " or ") + std::string(name == "int" ? "an " : "a ") + name;
  }
  return text;
}

class LambdaAdviser {
 public:
  LambdaAdviser(const ir::Lambda &lambda, const std::vector<TypeSet> &references, Diagnostics &diagnostics)
      : lambda_(lambda), typed_(TypesOf(lambda, references)), diagnostics_(diagnostics) {}

  void warn() {
    for (uint32_t i = 0; i < lambda_.body.size(); ++i) {
      if (typed_.fits[i]) {
        same_for_all(lambda_.body[i]);
        continue;
      }
      if (lambda_.body[i].op == ExprOp::Call)
        call(lambda_.body[i]);
      else
        operands(lambda_.body[i]);
    }
  }

  void result(TypeSet wanted, const std::string &user) {
    TypeSet got = typed_.types.back();
    if (got & wanted) return;
    std::string want = wanted == SetOf(Type::Bool)  ? "a condition"
                       : wanted == SetOf(Type::Int) ? "an int"
                                                    : "a number, string, boolean or duration";
    Diagnostic &diagnostic =
        diagnostics_.report(DiagId::LambdaResult, lambda_.body.back().range, {user, want, Phrase(got)});
    if (is_quoted(lambda_.body.back())) diagnostic.hint = "a field stands in double quotes";
    else if (wanted == SetOf(Type::Bool)) diagnostic.hint = "compare it with something: `==`, `>`, …";
  }

  void note() {
    for (const Expr &expr : lambda_.body) {
      if (expr.op != ExprOp::Binary) continue;
      const Expr &left = operand(expr, 0), &right = operand(expr, 1);
      if (left.op == ExprOp::Ref && right.op == ExprOp::Ref) two_fields(expr, right);
      int_literal(expr, left, right);
      int_literal(expr, right, left);
    }
  }

 private:
  const Expr &operand(const Expr &expr, size_t i) const { return lambda_.body[expr.operands[i]]; }
  TypeSet type(const Expr &expr, size_t i) const { return typed_.types[expr.operands[i]]; }
  std::string text(SourceRange range) const {
    const std::string &script = diagnostics_.source().text;
    return range.end <= script.size() && range.begin < range.end
               ? script.substr(range.begin, range.end - range.begin)
               : "";
  }
  // A string written here, not one that a variable holds.
  bool is_quoted(const Expr &expr) const {
    return expr.op == ExprOp::Literal && lambda_.literals[expr.index].type == Type::String &&
           text(expr.range).starts_with("'");
  }
  bool is_int(const Expr &expr) const {
    return expr.op == ExprOp::Literal && lambda_.literals[expr.index].type == Type::Int;
  }
  void suggest(Diagnostic &diagnostic, const Expr &expr, const std::string &instead) const {
    diagnostic.hint = "did you mean `" + instead + "`?";
    diagnostic.hint_range = expr.range;
  }
  void suggest_field(Diagnostic &diagnostic, const Expr &expr) const {
    suggest(diagnostic, expr, "\"" + lambda_.literals[expr.index].s + "\"");
  }
  void suggest_float(Diagnostic &diagnostic, const Expr &expr) const {
    suggest(diagnostic, expr, std::to_string(lambda_.literals[expr.index].i) + ".0");
  }

  void operands(const Expr &expr) {
    if (expr.op != ExprOp::Binary) {
      std::string op = expr.op == ExprOp::Not ? "!" : "-";
      Diagnostic &diagnostic =
          diagnostics_.report(DiagId::LambdaOperands, expr.range, {op, Phrase(type(expr, 0))});
      if (is_quoted(operand(expr, 0))) suggest_field(diagnostic, operand(expr, 0));
      return;
    }
    std::string op(RowOf(expr.binary).spelling);
    Diagnostic &diagnostic = diagnostics_.report(DiagId::LambdaOperands, expr.range,
                                                 {op, Phrase(type(expr, 0)) + " and " + Phrase(type(expr, 1))});
    bool match = expr.binary == Operator::Match || expr.binary == Operator::NotMatch;
    if (match && is_quoted(operand(expr, 1)))
      return suggest(diagnostic, operand(expr, 1), "/" + lambda_.literals[operand(expr, 1).index].s + "/");
    for (size_t i = 0; i < 2; ++i) {
      const Expr &one = operand(expr, i);
      if (is_int(one) && type(expr, 1 - i) == SetOf(Type::Float)) return suggest_float(diagnostic, one);
      if (is_quoted(one) && !match && op != "+") return suggest_field(diagnostic, one);
    }
    bool times = type(expr, 0) == SetOf(Type::Time) || type(expr, 1) == SetOf(Type::Time);
    diagnostic.hint = times ? "compare unixNano() of both: times have no operators"
                            : "bool(), int(), float(), string() and duration() convert";
  }

  void call(const Expr &expr) {
    std::string takes, got;
    bool count_fits = false, floats = false;
    for (const FunctionRow &row : kFunctions) {
      if (row.name != expr.function) continue;
      std::string params;
      for (size_t i = 0; i < row.n_params; ++i) params += (i ? ", " : "") + std::string(TypeName(row.params[i]));
      takes += (takes.empty() ? "(" : " or (") + params + ")";
      count_fits |= row.n_params == expr.operands.size();
      for (size_t i = 0; i < row.n_params; ++i) floats |= row.params[i] == Type::Float;
    }
    for (size_t i = 0; i < expr.operands.size(); ++i) got += (i ? ", " : "") + Phrase(type(expr, i));
    if (got.empty()) got = "nothing";
    Diagnostic &diagnostic =
        diagnostics_.report(DiagId::LambdaArguments, expr.range, {expr.function, takes, got});
    if (!count_fits) return;
    for (uint32_t index : expr.operands) {
      const Expr &argument = lambda_.body[index];
      if (is_int(argument) && floats) return suggest_float(diagnostic, argument);
      if (typed_.types[index] == SetOf(Type::Int) && floats) {
        diagnostic.hint = "float() converts";
        return;
      }
      if (is_quoted(argument)) return suggest_field(diagnostic, argument);
    }
  }

  // 'host' == 'web1', or isPresent('host'): texts where fields were meant.
  void same_for_all(const Expr &expr) {
    bool compares = expr.op == ExprOp::Binary && RowOf(expr.binary).kind == OperatorKind::Comparison &&
                    is_quoted(operand(expr, 0)) && operand(expr, 1).op == ExprOp::Literal;
    bool asks = expr.op == ExprOp::Call && expr.function == "isPresent" && is_quoted(operand(expr, 0));
    if (compares || asks)
      suggest_field(diagnostics_.report(DiagId::ConstantCondition, expr.range, {text(operand(expr, 0).range)}),
                    operand(expr, 0));
  }

  void two_fields(const Expr &expr, const Expr &right) {
    const std::string &name = lambda_.refs[right.index];
    bool written = text(right.range).starts_with('"');
    if (expr.binary != Operator::Equal && expr.binary != Operator::NotEqual) return;
    if (!written || name == "time" || name.find('.') != std::string::npos) return;
    Diagnostic &diagnostic = diagnostics_.report(DiagId::TwoFields, right.range, {name});
    diagnostic.hint = "a text stands in single quotes: `'" + name + "'`";
    diagnostic.hint_range = right.range;
  }

  void int_literal(const Expr &expr, const Expr &reference, const Expr &literal) {
    if (reference.op != ExprOp::Ref || !is_int(literal)) return;
    TypeSet types = typed_.types[expr.operands[&reference == &operand(expr, 0) ? 0 : 1]];
    if (!(types & SetOf(Type::Float)) || expr.binary == Operator::Mod) return;
    bool equality = expr.binary == Operator::Equal || expr.binary == Operator::NotEqual;
    bool math = RowOf(expr.binary).kind == OperatorKind::Math;
    if (!equality && !math) return;
    const std::string &name = lambda_.refs[reference.index];
    std::string what = math ? "fails for every point where \"" + name + "\" arrives as a float"
                            : "seldom holds exactly where \"" + name + "\" arrives as a float";
    Diagnostic &diagnostic =
        diagnostics_.report(DiagId::IntLiteral, expr.range, {std::string(RowOf(expr.binary).spelling), what});
    diagnostic.hint = math ? "if it is a float write `" + std::to_string(lambda_.literals[literal.index].i) +
                                 ".0`; float(\"" + name + "\") takes both"
                           : "compare with `<` or `>`, or int(\"" + name + "\")";
  }

  const ir::Lambda &lambda_;
  TypedLambda typed_;
  Diagnostics &diagnostics_;
};

TypeSet WantedBy(const ir::Stage &stage, const ir::LambdaUse &use) {
  if (stage.kind == "eval") return kAnyField;
  return use.property == "replicas" ? SetOf(Type::Int) : SetOf(Type::Bool);
}

}  // namespace

void AdviseOnLambdas(const ir::Graph &graph, Diagnostics &diagnostics, bool notes) {
  for (uint32_t i = 0; i < graph.stages.size(); ++i) {
    const ir::Stage &stage = graph.stages[i];
    for (const ir::LambdaUse &use : ir::LambdasOf(stage)) {
      const ir::Lambda &lambda = graph.lambdas[use.lambda];
      LambdaAdviser adviser(lambda, ReferenceTypes(graph, i, lambda), diagnostics);
      adviser.warn();
      adviser.result(WantedBy(stage, use), std::string(use.property.empty() ? stage.kind : use.property));
      if (notes) adviser.note();
    }
  }
}

void Advise(const ir::Graph &graph, Diagnostics &diagnostics, bool notes) {
  if (graph.dialect == 2) return;
  AdviseOnLambdas(graph, diagnostics, notes);
  AdviseOnWindows(graph, diagnostics);
}

}  // namespace tick
