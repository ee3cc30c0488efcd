// oracle.cpp - the plain evaluator.
#include "test/oracle/oracle.h"

#include <re2/re2.h>

#include <cmath>
#include <vector>

#include "runtime/lambda/call_table.h"

namespace tick::oracle {
namespace {

Datum Bool(bool b) { return {Type::Bool, b, 0, {}}; }
Datum Integer(Type type, int64_t i) { return {type, i, 0, {}}; }
Datum Float(double f) { return {Type::Float, 0, f, {}}; }

// Types an operator has for its operands, spelled out once more than operators.def does.
std::optional<Type> BinaryType(Operator op, Type a, Type b) {
  bool ints = a == Type::Int && b == Type::Int, floats = a == Type::Float && b == Type::Float;
  bool durations = a == Type::Duration && b == Type::Duration;
  bool numbers = (a == Type::Int || a == Type::Float) && (b == Type::Int || b == Type::Float);
  bool strings = a == Type::String && b == Type::String, bools = a == Type::Bool && b == Type::Bool;
  switch (op) {
    case Operator::And:
    case Operator::Or:
      return bools ? std::optional(Type::Bool) : std::nullopt;
    case Operator::Equal:
    case Operator::NotEqual:
      if (bools) return Type::Bool;
      [[fallthrough]];
    case Operator::Less:
    case Operator::LessEqual:
    case Operator::Greater:
    case Operator::GreaterEqual:
      return numbers || strings || durations ? std::optional(Type::Bool) : std::nullopt;
    case Operator::Match:
    case Operator::NotMatch:
      return a == Type::String && b == Type::Regex ? std::optional(Type::Bool) : std::nullopt;
    case Operator::Plus:
      return ints || floats || strings || durations ? std::optional(a) : std::nullopt;
    case Operator::Minus:
      return ints || floats || durations ? std::optional(a) : std::nullopt;
    case Operator::Mod:
      return ints ? std::optional(a) : std::nullopt;
    case Operator::Mult:
      if (ints || floats) return a;
      if (a == Type::Duration && (b == Type::Int || b == Type::Float)) return a;
      return b == Type::Duration && (a == Type::Int || a == Type::Float) ? std::optional(b) : std::nullopt;
    case Operator::Div:
      if (durations) return Type::Int;
      return ints || floats || (a == Type::Duration && (b == Type::Int || b == Type::Float)) ? std::optional(a)
                                                                                             : std::nullopt;
  }
  return std::nullopt;
}

template <class T>
bool Ordered(Operator op, const T &a, const T &b) {
  switch (op) {
    case Operator::Equal:
      return a == b;
    case Operator::NotEqual:
      return !(a == b);
    case Operator::Less:
      return a < b;
    case Operator::LessEqual:
      return a < b || a == b;
    case Operator::Greater:
      return b < a;
    default:
      return b < a || a == b;
  }
}

double AsDouble(const Datum &d) { return d.type == Type::Float ? d.f : static_cast<double>(d.i); }

int64_t Truncate(double x) {
  if (std::isnan(x) || x >= std::ldexp(1, 63) || x < -std::ldexp(1, 63)) return INT64_MIN;
  return static_cast<int64_t>(x);
}

bool Matches(const std::string &text, const std::string &pattern) { return RE2::PartialMatch(text, RE2(pattern)); }

std::optional<int64_t> IntArithmetic(Operator op, int64_t x, int64_t y) {
  __int128 a = x, b = y;
  if ((op == Operator::Div || op == Operator::Mod) && b == 0) return std::nullopt;
  __int128 r = op == Operator::Plus    ? a + b
               : op == Operator::Minus ? a - b
               : op == Operator::Mult  ? a * b
               : op == Operator::Div   ? a / b
                                       : a % b;
  return static_cast<int64_t>(static_cast<uint64_t>(r));
}

std::optional<Datum> Combine(Operator op, Type result, const Datum &a, const Datum &b) {
  if (op == Operator::Match) return Bool(Matches(a.s, b.s));
  if (op == Operator::NotMatch) return Bool(!Matches(a.s, b.s));
  if (result == Type::Bool) {
    if (a.type == Type::String) return Bool(Ordered(op, a.s, b.s));
    if (a.type == b.type && a.type != Type::Float) return Bool(Ordered(op, a.i, b.i));
    return Bool(Ordered(op, AsDouble(a), AsDouble(b)));
  }
  if (result == Type::String) return Datum{Type::String, 0, 0, a.s + b.s};
  if (a.type == Type::Float || b.type == Type::Float) {
    double x = AsDouble(a), y = AsDouble(b);
    double r = op == Operator::Plus ? x + y : op == Operator::Minus ? x - y : op == Operator::Mult ? x * y : x / y;
    return result == Type::Float ? Float(r) : Integer(result, Truncate(r));
  }
  std::optional<int64_t> r = IntArithmetic(op, a.i, b.i);
  return r ? std::optional(Integer(result, *r)) : std::nullopt;
}

bool IsArithmetic(Operator op) { return RowOf(op).kind == OperatorKind::Math; }

// Whether 0.2 has the function for these arguments.
bool IsOldCall(const std::string &name, const std::vector<Datum> &data) {
  if (name == "bool") return data[0].type == Type::Bool || data[0].type == Type::String;
  if (name == "int" || name == "float") return data[0].type != Type::Bool;
  return true;
}

// Between the oracle's values and the ABI's; a regex is compiled for the call.
struct Argument {
  std::unique_ptr<RE2> regex;
  tick_value value;
  explicit Argument(const Datum &d) {
    value = tick_value{{.i = d.i}, static_cast<uint8_t>(d.type)};
    if (d.type == Type::Bool) value.as.b = d.i != 0;
    if (d.type == Type::Float) value.as.f = d.f;
    if (d.type == Type::String) value.as.s = {d.s.data(), d.s.size()};
    if (d.type == Type::Regex) {
      regex = std::make_unique<RE2>(d.s);
      value.as.regex = regex.get();
    }
  }
};

}  // namespace

std::optional<Type> Evaluator::type_of(const Expression &e, const Point &point) {
  switch (e.kind) {
    case Kind::Literal:
      return e.type;
    case Kind::Reference: {
      auto it = point.find(e.text);
      return it == point.end() ? Type::Missing : it->second.type;
    }
    case Kind::Not:
      return Type::Bool;
    case Kind::Negate:
      return type_of(e.operands[0], point);
    case Kind::Binary: {
      if (!IsArithmetic(e.op)) return Type::Bool;
      std::optional<Type> a = type_of(e.operands[0], point), b = a ? type_of(e.operands[1], point) : std::nullopt;
      return b ? BinaryType(e.op, *a, *b) : std::nullopt;
    }
    case Kind::Call:
      break;
  }
  std::vector<Type> types;
  for (const Expression &operand : e.operands) {
    std::optional<Type> type = type_of(operand, point);
    if (!type) return std::nullopt;
    types.push_back(*type);
  }
  if (e.text == "isPresent" && types.size() == 1 && types[0] == Type::Missing) return Type::Bool;
  int row = FindFunction(e.text, types.data(), types.size());
  return row < 0 ? std::nullopt : std::optional(kFunctions[row].result);
}

std::optional<Datum> Evaluator::evaluate(const Expression &e, const Point &point) {
  if (old_) return old_value(e, point);
  if (!type_of(e, point)) return std::nullopt;
  std::optional<Datum> value = value_of(e, point);
  return value && value->type == Type::Missing ? std::nullopt : value;
}

std::optional<Datum> Evaluator::value_of(const Expression &e, const Point &point) {
  switch (e.kind) {
    case Kind::Literal:
      return Datum{e.type, e.i, e.f, e.text};
    case Kind::Reference: {
      auto it = point.find(e.text);
      return it == point.end() ? Datum{} : it->second;
    }
    case Kind::Not:
    case Kind::Negate: {
      std::optional<Datum> x = value_of(e.operands[0], point);
      if (!x) return std::nullopt;
      if (x->type == Type::Bool) return Bool(!x->i);
      if (e.kind == Kind::Not) return std::nullopt;
      if (x->type == Type::Float) return Float(-x->f);
      if (x->type != Type::Int && x->type != Type::Duration) return std::nullopt;
      return Integer(x->type, *IntArithmetic(Operator::Minus, 0, x->i));
    }
    case Kind::Binary:
      return binary(e, point);
    case Kind::Call:
      return call(e, point);
  }
  return std::nullopt;
}

std::optional<Datum> Evaluator::binary(const Expression &e, const Point &point) {
  std::optional<Type> ta = type_of(e.operands[0], point), tb = ta ? type_of(e.operands[1], point) : std::nullopt;
  std::optional<Type> result = tb ? BinaryType(e.op, *ta, *tb) : std::nullopt;
  if (!result) return std::nullopt;
  std::optional<Datum> a = value_of(e.operands[0], point);
  if (!a) return std::nullopt;
  bool logic = e.op == Operator::And || e.op == Operator::Or;
  if (logic && (a->i != 0) == (e.op == Operator::Or)) return a;
  std::optional<Datum> b = value_of(e.operands[1], point);
  if (!b || logic) return b;
  return Combine(e.op, *result, *a, *b);
}

std::optional<Datum> Evaluator::call(const Expression &e, const Point &point) {
  std::vector<Datum> data;
  for (const Expression &operand : e.operands) {
    if (!type_of(operand, point)) return std::nullopt;
    std::optional<Datum> value = value_of(operand, point);
    if (!value) return std::nullopt;
    data.push_back(std::move(*value));
  }
  if (e.text == "isPresent" && data[0].type == Type::Missing) return Bool(false);
  return apply(e.text, data);
}

// The runtime's body for these arguments.
std::optional<Datum> Evaluator::apply(const std::string &function, const std::vector<Datum> &data) {
  std::vector<Argument> arguments(data.begin(), data.end());
  std::vector<tick_value> values;
  std::vector<Type> types;
  for (size_t i = 0; i < data.size(); ++i) {
    values.push_back(arguments[i].value);
    types.push_back(data[i].type);
  }
  const tick::Overload *overload = FindOverload(OverloadsOf(function), types.data(), types.size());
  tick_value out{};
  if (!overload || overload->call(&context_, states_[function].data(), values.data(), &out)) return std::nullopt;
  Datum result{TypeOf(out), out.as.i, 0, {}};
  if (result.type == Type::Bool) result.i = out.as.b;
  if (result.type == Type::Float) result = Float(out.as.f);
  if (result.type == Type::String) result = {Type::String, 0, 0, std::string(StringOf(out))};
  if (result.type == Type::Regex) result = {Type::Regex, 0, 0, static_cast<const RE2 *>(out.as.regex)->pattern()};
  return result;
}

// 0.2: both operands always, ints compared as doubles, unary operators on literals and calls only.
std::optional<Datum> Evaluator::old_value(const Expression &e, const Point &point) {
  std::vector<Datum> data;
  bool unary = e.kind == Kind::Negate || e.kind == Kind::Not;
  if (unary && e.operands[0].kind != Kind::Literal && e.operands[0].kind != Kind::Call) return std::nullopt;
  for (const Expression &operand : e.operands) {
    std::optional<Datum> value = old_value(operand, point);
    if (!value) return std::nullopt;
    data.push_back(std::move(*value));
  }
  if (e.kind == Kind::Literal) return Datum{e.type, e.i, e.f, e.text};
  if (e.kind == Kind::Reference) {
    auto it = point.find(e.text);
    return it == point.end() ? std::nullopt : std::optional(it->second);
  }
  if (e.kind == Kind::Not) return data[0].type == Type::Bool ? std::optional(Bool(!data[0].i)) : std::nullopt;
  if (e.kind == Kind::Negate) {
    if (data[0].type == Type::Float) return Float(-data[0].f);
    if (data[0].type != Type::Int) return std::nullopt;
    return Integer(Type::Int, *IntArithmetic(Operator::Minus, 0, data[0].i));
  }
  if (e.kind == Kind::Call) return IsOldCall(e.text, data) ? apply(e.text, data) : std::nullopt;
  std::optional<Type> result = BinaryType(e.op, data[0].type, data[1].type);
  bool text = data[0].type == Type::String || data[0].type == Type::Duration || data[1].type == Type::Duration;
  if (!result || (IsArithmetic(e.op) && text) || (data[0].type == Type::Duration)) return std::nullopt;
  if (e.op == Operator::And || e.op == Operator::Or)
    return Bool(e.op == Operator::And ? data[0].i && data[1].i : data[0].i || data[1].i);
  if (!IsArithmetic(e.op) && data[0].type == Type::Int && data[1].type == Type::Int)
    for (Datum &d : data) d = Float(static_cast<double>(d.i));
  return Combine(e.op, *result, data[0], data[1]);
}

}  // namespace tick::oracle
