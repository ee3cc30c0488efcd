// values.cpp - making, naming and printing values; literals between tree and value.
#include "frontend/check/values.h"

#include <charconv>
#include <cmath>

#include "frontend/ast/format.h"

namespace tick::check {

Value MakeKind(ValueKind kind) {
  Value value;
  value.kind = kind;
  return value;
}
Value MakeScalar(ir::Literal literal) {
  Value value = MakeKind(ValueKind::Scalar);
  value.scalar = std::move(literal);
  return value;
}
Value MakeBool(bool b) { return MakeScalar({.type = Type::Bool, .i = b}); }
Value MakeInt(int64_t i) { return MakeScalar({.type = Type::Int, .i = i}); }
Value MakeFloat(double f) { return MakeScalar({.type = Type::Float, .f = f}); }
Value MakeString(std::string s) { return MakeScalar({.type = Type::String, .s = std::move(s)}); }
Value MakeDuration(int64_t ns) { return MakeScalar({.type = Type::Duration, .i = ns}); }
Value MakeRegex(std::string pattern) { return MakeScalar({.type = Type::Regex, .s = std::move(pattern)}); }
Value MakeLambda(std::shared_ptr<const ast::Node> body) {
  Value value = MakeKind(ValueKind::Lambda);
  value.lambda = std::move(body);
  return value;
}
Value MakeObject(Object object) {
  Value value = MakeKind(ValueKind::Object);
  value.object = object;
  return value;
}

Type TypeOf(const Value &value) {
  switch (value.kind) {
    case ValueKind::Scalar:
      return value.scalar.type;
    case ValueKind::Lambda:
      return Type::Lambda;
    case ValueKind::List:
      return Type::List;
    case ValueKind::Star:
      return Type::Star;
    default:
      return Type::Invalid;
  }
}

std::string TypePhrase(Type type) {
  if (type == Type::Int) return "an int";
  if (type == Type::Star) return "*";
  if (type == Type::Invalid) return "no value";
  return "a " + std::string(TypeName(type));
}

std::string Phrase(const Value &value) {
  switch (value.kind) {
    case ValueKind::Poison:
      return "a faulty value";
    case ValueKind::Nothing:
      return "nothing";
    case ValueKind::Reference:
      return "a reference to a field";
    case ValueKind::Object:
      return "a node";
    case ValueKind::Deferred:
      return "a call that is never made";
    case ValueKind::Dimension:
      return "time(…)";
    case ValueKind::Reducer:
      return "a function of influxql";
    case ValueKind::Library:
      return "`influxql`";
    case ValueKind::Name:
      return "a name";
    default:
      return TypePhrase(TypeOf(value));
  }
}

namespace {

// %v of a float: shortest digits, exponent form from 1e21 up and below 1e-4.
std::string GoFloat(double f) {
  if (std::isnan(f)) return "NaN";
  if (std::isinf(f)) return f > 0 ? "+Inf" : "-Inf";
  double magnitude = std::fabs(f);
  bool exponent = magnitude != 0 && (magnitude < 1e-4 || magnitude >= 1e21);
  char text[400];
  auto end =
      std::to_chars(text, text + sizeof text, f, exponent ? std::chars_format::scientific : std::chars_format::fixed);
  return std::string(text, end.ptr);
}

// A duration as Go prints it: 1h0m0s, 1.5s, 10ms.
std::string GoDuration(int64_t ns) {
  if (ns == 0) return "0s";
  uint64_t rest = ns < 0 ? 0 - static_cast<uint64_t>(ns) : static_cast<uint64_t>(ns);
  std::string text = ns < 0 ? "-" : "";
  auto decimal = [](uint64_t whole, uint64_t part, uint64_t unit) {
    std::string out = std::to_string(whole);
    if (part == 0) return out;
    std::string digits = std::to_string(unit + part).substr(1);
    digits.erase(digits.find_last_not_of('0') + 1);
    return out + "." + digits;
  };
  if (rest < 1000) return text + std::to_string(rest) + "ns";
  if (rest < 1000000) return text + decimal(rest / 1000, rest % 1000, 1000) + "µs";
  if (rest < 1000000000) return text + decimal(rest / 1000000, rest % 1000000, 1000000) + "ms";
  uint64_t seconds = rest / 1000000000, part = rest % 1000000000;
  if (seconds >= 3600) text += std::to_string(seconds / 3600) + "h";
  if (seconds >= 60) text += std::to_string(seconds / 60 % 60) + "m";
  return text + decimal(seconds % 60, part, 1000000000) + "s";
}

}  // namespace

std::string GoText(const Value &value) {
  if (value.kind == ValueKind::Star) return "*";
  if (value.kind == ValueKind::List) {
    std::string text = "[";
    for (const Value &item : value.items) text += (text.size() > 1 ? " " : "") + GoText(item);
    return text + "]";
  }
  if (value.kind == ValueKind::Lambda) return value.lambda ? "lambda: " + FormatExpr(*value.lambda) : "<nil>";
  if (value.kind == ValueKind::Reference) return "\"" + value.scalar.s + "\"";
  if (value.kind != ValueKind::Scalar) return Phrase(value);
  switch (value.scalar.type) {
    case Type::Bool:
      return value.scalar.i ? "true" : "false";
    case Type::Int:
      return std::to_string(value.scalar.i);
    case Type::Float:
      return GoFloat(value.scalar.f);
    case Type::Duration:
      return GoDuration(value.scalar.i);
    default:
      return value.scalar.s;
  }
}

Value LiteralValue(const ast::Node &node) {
  Value value;
  if (auto *n = ast::As<ast::NumberNode>(&node)) value = n->is_int ? MakeInt(n->int_value) : MakeFloat(n->float_value);
  if (auto *n = ast::As<ast::DurationNode>(&node)) value = MakeDuration(n->ns);
  if (auto *n = ast::As<ast::BoolNode>(&node)) value = MakeBool(n->value);
  if (auto *n = ast::As<ast::StringNode>(&node)) value = MakeString(n->value);
  if (auto *n = ast::As<ast::RegexNode>(&node)) value = MakeRegex(n->pattern);
  if (node.kind == ast::Kind::Star) value = MakeKind(ValueKind::Star);
  if (auto *n = ast::As<ast::ReferenceNode>(&node)) {
    value = MakeKind(ValueKind::Reference);
    value.scalar.s = n->name;
  }
  value.range = node.range;
  return value;
}

}  // namespace tick::check
