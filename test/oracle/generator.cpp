// generator.cpp - random expressions and points.
#include "test/oracle/generator.h"

#include <limits>

namespace tick::oracle {
namespace {

const std::vector<int64_t> kInts = {0,        1, 2, 3, 5, 7, 10, 16, 100, 1000, 999999, 1000000007, 9007199254740993,
                                    INT64_MAX};
const std::vector<double> kFloats = {0,    1,           2, 0.5, 2.5, 0.1, 10, 100, 3.14159, 1000000, 9007199254740992.0,
                                     1e21, 123456789.25};
const std::vector<std::string> kStrings = {"",      "a",     "hello", "Grüße",    "12.75", "17",    "true", "F",
                                           "1h30m", " a b ", "it's",  "a,b=c\"d", "ll",    "$1x$$", "ÄÖü",  "-5"};
const std::vector<std::string> kRegexes = {"^he",    "l+o", "(?i)LLO",     "^$", "[0-9]+",
                                           "(.)(.)", "ü|ß", "^\\w+-\\d+$", "a/b"};
const std::vector<int64_t> kDurations = {0, 1000, 1500000, 1000000000, 90000000000, 3600000000000, 604800000000000};
const std::vector<Type> kEvalTypes = {Type::Bool, Type::Int, Type::Float, Type::String, Type::Duration};

const std::vector<Type> kOldTypes = {Type::Bool, Type::Int, Type::Float, Type::String};

std::vector<std::string> NamesOf(Type type) {
  switch (type) {
    case Type::Int:
      return {"i1", "i2"};
    case Type::Float:
      return {"f1", "f2"};
    case Type::String:
      return {"s1", "s2", "t1"};
    case Type::Bool:
      return {"b1", "b2"};
    case Type::Duration:
      return {"d1"};
    case Type::Time:
      return {"time"};
    default:
      return {};
  }
}

// Functions whose result two evaluations must agree on.
bool IsRepeatable(const FunctionRow &row) { return row.name != "now" && row.name != "rand"; }
// 0.2's functions: conversions to bool, int and float, and those of numbers. sigma has another rule there.
bool IsOld(const FunctionRow &row) {
  if (row.name == "bool" || row.name == "int" || row.name == "float" || row.name == "count") return true;
  return row.result == Type::Float && row.name != "if" && row.name != "sigma" && row.name != "spread";
}
// Operators that 0.2 has not.
bool IsNew(const OverloadRow &row) {
  return row.left == Type::Duration || row.right == Type::Duration ||
         (row.left == Type::String && RowOf(row.op).kind == OperatorKind::Math);
}
// Bessel functions step through their orders, so the first argument stays small.
bool IsBesselOfOrder(std::string_view name) { return name == "jn" || name == "yn"; }

}  // namespace

Expression Generator::expression() {
  return of_type(pick(old_ ? kOldTypes : kEvalTypes), 1 + static_cast<int>(random_() % 4));
}

Expression Generator::of_type(Type type, int depth) {
  Expression out;
  if (type == Type::Regex && (old_ || !chance(10))) return literal(type);
  if (depth > 0 && chance(75) && computed(type, depth, &out)) return out;
  return type != Type::Regex && (type == Type::Time || chance(65)) ? reference(type) : literal(type);
}

Expression Generator::literal(Type type) {
  Expression e;
  e.kind = Kind::Literal;
  e.type = type;
  switch (type) {
    case Type::Bool:
      e.i = chance(50);
      break;
    case Type::Int:
      e.i = pick(kInts);
      break;
    case Type::Float:
      e.f = pick(kFloats);
      break;
    case Type::String:
      e.text = pick(kStrings);
      break;
    case Type::Duration:
      e.i = pick(kDurations);
      break;
    default:
      e.text = pick(kRegexes);
      break;
  }
  return e;
}

Expression Generator::reference(Type type) {
  static const std::vector<std::string> kOdd = {"m1", "m2", "q"};
  Expression e;
  e.kind = Kind::Reference;
  e.text = type != Type::Time && chance(12) ? pick(kOdd) : pick(NamesOf(type));
  return e;
}

// An operator's or function's row with this result, its operands made in turn.
bool Generator::computed(Type type, int depth, Expression *out) {
  struct Choice {
    const OverloadRow *op;
    const FunctionRow *function;
  };
  std::vector<Choice> choices;
  for (const OverloadRow &row : kOverloads)
    if (row.result == type && !(old_ && IsNew(row))) choices.push_back({&row, nullptr});
  bool functions = choices.empty() || chance(45);
  if (functions) choices.clear();
  for (const FunctionRow &row : kFunctions)
    if (functions && row.result == type && IsRepeatable(row) && (!old_ || IsOld(row))) choices.push_back({nullptr, &row});
  if (choices.empty()) return false;
  if (!functions && chance(12) && type != Type::String) {
    out->kind = type == Type::Bool && chance(70) ? Kind::Not : Kind::Negate;
    out->operands = {of_type(type, depth - 1)};
    // What an operator before another one, or before parentheses, does in 0.2 is nobody's promise.
    Kind kind = out->operands[0].kind;
    if (old_ && kind != Kind::Literal && kind != Kind::Call) out->operands = {literal(type)};
    if (old_ && type == Type::Bool) out->kind = Kind::Not;
    return true;
  }
  Choice choice = pick(choices);
  if (choice.op) {
    out->kind = Kind::Binary;
    out->op = choice.op->op;
    out->operands = {of_type(choice.op->left, depth - 1), of_type(choice.op->right, depth - 1)};
    return true;
  }
  const FunctionRow &row = *choice.function;
  out->kind = Kind::Call;
  out->text = row.name;
  for (size_t i = 0; i < row.n_params; ++i) out->operands.push_back(of_type(row.params[i], depth - 1));
  if (IsBesselOfOrder(row.name)) {
    out->operands[0] = literal(Type::Int);
    out->operands[0].i %= 20;
  }
  if (row.name == "isPresent" && chance(50)) out->operands[0] = reference(row.params[0]);
  return true;
}

Datum Generator::value(Type type) {
  static const std::vector<double> kOddFloats = {
      -0.0,   -1,    -2.5, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
      -1e300, 5e-324};
  static const std::vector<int64_t> kOddInts = {-1, -7, INT64_MIN, INT64_MIN + 1, -9007199254740993};
  Datum d;
  d.type = type;
  switch (type) {
    case Type::Bool:
      d.i = chance(50);
      break;
    case Type::Int:
      d.i = chance(30) ? pick(kOddInts) : pick(kInts);
      break;
    case Type::Float:
      d.f = chance(30) ? pick(kOddFloats) : pick(kFloats);
      break;
    case Type::String:
      d.s = chance(10) ? std::string("Gr\xC3l\xFFo") : pick(kStrings);
      break;
    case Type::Duration:
      d.i = pick(kDurations) * (chance(20) ? -1 : 1);
      break;
    default:
      d.i = static_cast<int64_t>(random_() >> 2);
      break;
  }
  return d;
}

Point Generator::point(bool clean) {
  Point point;
  for (Type type : kEvalTypes)
    for (const std::string &name : NamesOf(type)) {
      bool sure = clean || name == "t1";
      if (sure || !chance(4)) point[name] = value(sure || !chance(4) ? type : pick(kEvalTypes));
    }
  for (const char *name : {"m1", "m2"})
    if (!chance(20)) point[name] = value(pick(kEvalTypes));
  point["time"] = value(Type::Time);
  return point;
}

}  // namespace tick::oracle
