// constants.cpp - evaluates an expression of literals, operators and functions.
#include "frontend/check/constants.h"

#include <re2/re2.h>

#include "frontend/check/values.h"
#include "grammar/arithmetic.h"

namespace tick::check {
namespace {

class Constants {
 public:
  explicit Constants(ConstantFailure *failure) : failure_(failure) {}

  bool eval(const ast::Node &node, ir::Literal *out) {
    switch (node.kind) {
      case ast::Kind::Unary:
        return unary(static_cast<const ast::UnaryNode &>(node), out);
      case ast::Kind::Binary:
        return binary(static_cast<const ast::BinaryNode &>(node), out);
      case ast::Kind::Call:
        return call(static_cast<const ast::CallNode &>(node), out);
      case ast::Kind::Lambda: {
        if (eval(*static_cast<const ast::LambdaNode &>(node).body, out)) return true;
        return prefix("Failed to handle node: ", failure_->at_compile);
      }
      case ast::Kind::Reference: {
        const std::string &name = static_cast<const ast::ReferenceNode &>(node).name;
        return fail(node.range, "name \"" + name + "\" is undefined. Names in scope: ", DiagId::ConstantReference,
                    {name});
      }
      case ast::Kind::Star:
        return invalid_node(node, "StarNode");
      case ast::Kind::List:
        return invalid_node(node, "ListNode");
      case ast::Kind::Identifier:
        return invalid_node(node, "IdentifierNode");
      default:
        *out = LiteralValue(node).scalar;
        return true;
    }
  }

 private:
  bool fail(SourceRange range, std::string text, DiagId id = DiagId::ConstantExpression,
            std::vector<std::string> arguments = {}) {
    failure_->id = id;
    failure_->range = range;
    failure_->arguments = arguments.empty() ? std::vector<std::string>{text} : std::move(arguments);
    failure_->kapacitor = std::move(text);
    return false;
  }
  bool prefix(const std::string &text, bool wanted) {
    if (wanted) failure_->kapacitor = text + failure_->kapacitor;
    return false;
  }
  bool invalid_node(const ast::Node &node, const std::string &go) {
    return fail(node.range, "Given node type is not valid evaluation node: *ast." + go);
  }

  // Whether Kapacitor knows the type before anything runs: no call and no reference decides it.
  static bool constant_typed(const ast::Node &node) {
    if (node.kind == ast::Kind::Call || node.kind == ast::Kind::Reference) return false;
    if (auto *unary = ast::As<ast::UnaryNode>(&node)) return !unary->negate || constant_typed(*unary->operand);
    if (auto *binary = ast::As<ast::BinaryNode>(&node))
      return RowOf(binary->op).kind != OperatorKind::Math ||
             (constant_typed(*binary->left) && constant_typed(*binary->right));
    return true;
  }

  bool unary(const ast::UnaryNode &node, ir::Literal *out) {
    if (!eval(*node.operand, out)) return prefix("Failed to handle node: ", failure_->at_compile);
    bool fits = node.negate ? out->type == Type::Int || out->type == Type::Float || out->type == Type::Duration ||
                                  out->type == Type::Bool
                            : out->type == Type::Bool;
    if (!fits)
      return fail(
          node.range,
          "TypeGuard: expression returned unexpected type " + std::string(TypeName(out->type)) + ", expected boolean",
          DiagId::InvalidUnary, {node.negate ? "-" : "!", TypePhrase(out->type)});
    if (out->type == Type::Bool)
      out->i = !out->i;
    else
      out->i = WrapNegate(out->i);
    out->f = -out->f;
    return true;
  }

  bool binary(const ast::BinaryNode &node, ir::Literal *out) {
    ir::Literal left, right;
    if (!eval(*node.left, &left)) return prefix("Failed to handle left node: ", failure_->at_compile);
    if (RowOf(node.op).kind == OperatorKind::Logical && left.type == Type::Bool &&
        (left.i != 0) == (node.op == Operator::Or)) {
      *out = {.type = Type::Bool, .i = left.i};
      return true;
    }
    if (!eval(*node.right, &right)) return prefix("Failed to handle right node: ", failure_->at_compile);
    const OverloadRow *row = FindOverload(node.op, left.type, right.type);
    if (!row) {
      failure_->at_compile = constant_typed(*node.left) && constant_typed(*node.right);
      return fail(node.range, MismatchText(node.op, left.type, right.type));
    }
    out->type = row->result;
    return compute(node, left, right, out);
  }

  static std::string MismatchText(Operator op, Type left, Type right) {
    constexpr std::string_view kKinds[] = {"logical", "comparison", "math"};
    std::string spelling(RowOf(op).spelling);
    if (!HasOperation(op, left))
      return "invalid " + std::string(kKinds[static_cast<size_t>(RowOf(op).kind)]) + " operator " + spelling +
             " for type " + std::string(TypeName(left));
    return "mismatched type to binary operator. got " + std::string(TypeName(left)) + " " + spelling + " " +
           std::string(TypeName(right)) + ". see bool(), int(), float(), string(), duration()";
  }

  bool compute(const ast::BinaryNode &node, const ir::Literal &l, const ir::Literal &r, ir::Literal *out) {
    Operator op = node.op;
    if (op == Operator::Match || op == Operator::NotMatch) {
      RE2 regex(r.s, RE2::Quiet);
      out->i = RE2::PartialMatch(l.s, regex) == (op == Operator::Match);
      return true;
    }
    if (RowOf(op).kind == OperatorKind::Logical)
      out->i = r.i;
    else if (RowOf(op).kind == OperatorKind::Comparison)
      out->i = compare(op, l, r);
    else if (l.type == Type::String)
      out->s = l.s + r.s;
    else if (l.type == Type::Float && r.type == Type::Float)
      out->f = FloatMath(op, l.f, r.f);
    else if (l.type == Type::Float || r.type == Type::Float) {
      double a = l.type == Type::Float ? l.f : static_cast<double>(l.i),
             b = r.type == Type::Float ? r.f : static_cast<double>(r.i);
      out->i = FloatToInt(FloatMath(op, a, b));
    } else {
      if (IntMath(op, l.i, r.i, &out->i)) return true;
      return fail(node.range, kDivideByZero, DiagId::ConstantExpression, {"division by zero"});
    }
    return true;
  }

  static bool compare(Operator op, const ir::Literal &l, const ir::Literal &r) {
    if (l.type == Type::String) return Compare(op, l.s, r.s);
    if (l.type == Type::Float || r.type == Type::Float)
      return Compare(op, l.type == Type::Float ? l.f : static_cast<double>(l.i),
                     r.type == Type::Float ? r.f : static_cast<double>(r.i));
    return Compare(op, l.i, r.i);
  }

  bool call(const ast::CallNode &node, ir::Literal *out) {
    std::vector<ir::Literal> args(node.args.size());
    std::vector<Type> types;
    if (!IsFunction(node.name))
      return fail(node.name_range, "undefined function: \"" + node.name + "\"", DiagId::ConstantExpression,
                  {"there is no function `" + node.name + "`"});
    for (size_t i = 0; i < args.size(); ++i) {
      if (!eval(*node.args[i], &args[i]))
        return prefix("Failed to handle " + std::to_string(i + 1) + " argument: ", true);
      types.push_back(args[i].type);
    }
    int index = FindFunction(node.name, types.data(), types.size());
    if (index < 0) return fail(node.range, signature_text(node, types));
    std::string error;
    bool known = true;
    out->type = kFunctions[static_cast<size_t>(index)].result;
    if (CallConstant(kFunctions[static_cast<size_t>(index)], args.data(), out, &error, &known)) return true;
    if (!known) return fail(node.name_range, "", DiagId::ConstantFunction, {node.name});
    return fail(node.range,
                error.starts_with("runtime error") ? error : "error calling \"" + node.name + "\": " + error);
  }

  static std::string signature_text(const ast::CallNode &node, const std::vector<Type> &types) {
    std::string text = "Cannot call function \"" + node.name + "\" with args (";
    for (size_t i = 0; i < types.size(); ++i)
      text += (i ? "," : "") + argument_text(*node.args[i]) + ": " + std::string(TypeName(types[i]));
    text += "), available signatures are [";
    bool first = true;
    for (const FunctionRow &row : kFunctions) {
      if (row.name != node.name) continue;
      text += first ? "(" : ", (";
      first = false;
      for (size_t i = 0; i < row.n_params; ++i) text += (i ? "," : "") + std::string(TypeName(row.params[i]));
      text += ")";
    }
    return text + "].";
  }

  // An argument as "Cannot call function" prints it: values raw, operators with blanks.
  static std::string argument_text(const ast::Node &node) {
    if (auto *unary = ast::As<ast::UnaryNode>(&node))
      return (unary->negate ? "-" : "!") + argument_text(*unary->operand);
    if (auto *binary = ast::As<ast::BinaryNode>(&node))
      return argument_text(*binary->left) + " " + std::string(RowOf(binary->op).spelling) + " " +
             argument_text(*binary->right);
    if (auto *call = ast::As<ast::CallNode>(&node)) {
      std::string text = call->name + "(";
      for (size_t i = 0; i < call->args.size(); ++i) text += (i ? ", " : "") + argument_text(*call->args[i]);
      return text + ")";
    }
    return GoText(LiteralValue(node));
  }

  ConstantFailure *failure_;
};

}  // namespace

std::optional<ir::Literal> EvaluateConstant(const ast::Node &expr, ConstantFailure *failure) {
  ir::Literal result;
  if (!Constants(failure).eval(expr, &result)) return std::nullopt;
  if (result.type == Type::Time || result.type == Type::Regex) {
    failure->range = expr.range;
    failure->kapacitor = "expression returned unexpected type " + std::string(TypeName(result.type));
    failure->arguments = {"the result is " + TypePhrase(result.type)};
    return std::nullopt;
  }
  return result;
}

}  // namespace tick::check
