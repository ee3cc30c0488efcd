// dyn02.cpp - operators and calls of the 0.2 dialect on tagged values (language.md 6.4).
//
// Everything is decided at run time; ints and floats compare as doubles; AND and OR get both operands. Messages name
// Go types.
#include <optional>
#include <string>

#include "runtime/abi/symbols.h"
#include "grammar/arithmetic.h"
#include "runtime/lambda/call_table.h"
#include "runtime/lambda/dyn_message.h"
#include "runtime/lambda/lambda.h"
#include "runtime/lambda/stateful.h"

namespace tick {
namespace {

std::string GoName(const tick_value &value) { return std::string(GoTypeName(TypeOf(value))); }

// Fails if an operand is a name the point does not have.
int32_t CheckDefined(tick_context *context, const tick_site *site, const tick_value *values, uint32_t n) {
  for (uint32_t i = 0; i < n; ++i) {
    const char *name = values[i].type == TICK_MISSING ? RefName(site, i) : nullptr;
    if (!name) continue;
    std::string scope;
    for (uint32_t k = 0; k < site->n_scope; ++k)
      if (std::string_view(site->scope[k]) != name) scope += (scope.empty() ? "" : ",") + std::string(site->scope[k]);
    return context->fail("name \"" + std::string(name) + "\" is undefined. Names in scope: " + scope);
  }
  return 0;
}

int32_t FailMismatch(tick_context *context, Operator op, const tick_value &a, const tick_value &b) {
  return context->fail("mismatched type to binary operator. got " + GoName(a) + " " + std::string(RowOf(op).spelling) +
                       " " + GoName(b) + ". see bool(), int(), float()");
}

int32_t FailOperator(tick_context *context, const char *what, Operator op) {
  return context->fail("invalid " + std::string(what) + " operator " + std::string(RowOf(op).spelling));
}

bool IsOrdering(Operator op) {
  return RowOf(op).kind == OperatorKind::Comparison && op != Operator::Match && op != Operator::NotMatch;
}

int32_t Math(tick_context *context, Operator op, const tick_value &a, const tick_value &b, tick_value *out) {
  if (a.type == TICK_INT && b.type == TICK_INT) {
    int64_t result;
    if (!IntMath(op, a.as.i, b.as.i, &result)) return context->fail(kDivideByZero);
    *out = MakeInt(result);
    return 0;
  }
  if (a.type != TICK_FLOAT || b.type != TICK_FLOAT) return FailMismatch(context, op, a, b);
  if (op == Operator::Mod) return FailOperator(context, "float math", op);
  *out = MakeFloat(FloatMath(op, a.as.f, b.as.f));
  return 0;
}

std::optional<double> Number(const tick_value &value) {
  if (value.type == TICK_INT) return static_cast<double>(value.as.i);
  if (value.type == TICK_FLOAT) return value.as.f;
  return std::nullopt;
}

int32_t CompareBools(tick_context *context, Operator op, bool a, bool b, tick_value *out) {
  switch (op) {
    case Operator::Equal:
      *out = MakeBool(a == b);
      return 0;
    case Operator::NotEqual:
      *out = MakeBool(a != b);
      return 0;
    case Operator::And:
      *out = MakeBool(a && b);
      return 0;
    case Operator::Or:
      *out = MakeBool(a || b);
      return 0;
    default:
      return FailOperator(context, "boolean comparison", op);
  }
}

int32_t Comparison(tick_context *context, Operator op, const tick_value &a, const tick_value &b, tick_value *out) {
  if (a.type == TICK_BOOL && b.type == TICK_BOOL) return CompareBools(context, op, a.as.b, b.as.b, out);
  if (std::optional<double> left = Number(a), right = Number(b); left && right) {
    if (!IsOrdering(op)) return FailOperator(context, "float comparison", op);
    *out = MakeBool(Compare(op, *left, *right));
    return 0;
  }
  if (a.type == TICK_STRING && b.type == TICK_STRING) {
    if (!IsOrdering(op)) return FailOperator(context, "string comparison", op);
    *out = MakeBool(Compare(op, StringOf(a), StringOf(b)));
    return 0;
  }
  if (a.type == TICK_STRING && b.type == TICK_REGEX) {
    if (op != Operator::Match && op != Operator::NotMatch) return FailOperator(context, "regex comparison", op);
    bool match = tick_regex_match(b.as.regex, a.as.s.data, a.as.s.size);
    *out = MakeBool(match == (op == Operator::Match));
    return 0;
  }
  return FailMismatch(context, op, a, b);
}

// --- calls -----------------------------------------------------------------------------------------

const char *CountWord(size_t n) { return n == 1 ? "exactly one argument" : "exactly two arguments"; }

int32_t FailCall(tick_context *context, const tick_site *site, const std::string &text) {
  return context->fail("error calling " + std::string(site->name) + ": " + text);
}

// bool, int and float, which name themselves and their results in words of their own.
struct Conversion {
  std::string_view name, noun, result;
  bool takes_numbers;
};
constexpr Conversion kConversions[] = {
    {"bool", "bool", "boolean", false}, {"int", "integer", "integer", true}, {"float", "float", "float", true}};
const Conversion *FindConversion(std::string_view name) {
  for (const Conversion &conversion : kConversions)
    if (conversion.name == name) return &conversion;
  return nullptr;
}
bool Converts(const Conversion &conversion, uint8_t type) {
  if (conversion.takes_numbers) return type == TICK_INT || type == TICK_FLOAT || type == TICK_STRING;
  return type == TICK_BOOL || type == TICK_STRING;
}

// The numeric functions: those of floats, or of an order and a float.
bool IsMath(const FunctionRow &row) {
  if (row.state == Statefulness::Stateful || row.result != Type::Float || row.n_params == 0) return false;
  return row.params[0] == Type::Float || row.params[0] == Type::Int;
}

int32_t CheckMath(tick_context *context, const tick_site *site, const FunctionRow &row, const tick_value *args,
                  uint32_t n) {
  std::string name(row.name);
  bool only_order = row.n_params == 1 && row.params[0] == Type::Int;
  if (n != row.n_params) return FailCall(context, site, name + " expects " + CountWord(only_order ? 2 : row.n_params));
  bool mixed = n == 2 && row.params[0] == Type::Int;
  for (uint32_t i = 0; i < n; ++i) {
    if (TypeOf(args[i]) == row.params[i]) continue;
    std::string place = mixed ? i == 0 ? " as first arg" : " as second arg" : "";
    return FailCall(context, site,
                    "cannot pass " + GoName(args[i]) + " to " + name + place + ", must be " +
                        std::string(GoTypeName(row.params[i])));
  }
  return 0;
}

int32_t CallSigma(tick_context *context, const tick_site *site, const tick_value *args, uint32_t n, void *state,
                  tick_value *out) {
  if (n != 1) return FailCall(context, site, "sigma expects exactly one argument");
  if (args[0].type != TICK_FLOAT) return FailCall(context, site, "value is not a float");
  *out = MakeFloat(Sigma(state, args[0].as.f, false));
  return 0;
}

int32_t Finish(tick_context *context, const tick_site *site, const Overload *overload, const tick_value *args,
               void *state, tick_value *out) {
  if (overload->call(context, state, args, out) == 0) return 0;
  return Prefix(context, ("error calling " + std::string(site->name) + ": ").c_str());
}

int32_t Convert(tick_context *context, const tick_site *site, const Conversion &conversion, const tick_value *args,
                uint32_t n, tick_value *out) {
  if (n != 1) return FailCall(context, site, std::string(conversion.noun) + " expects exactly one argument");
  if (!Converts(conversion, args[0].type))
    return FailCall(context, site, "cannot convert " + GoName(args[0]) + " to " + std::string(conversion.result));
  Type type = TypeOf(args[0]);
  return Finish(context, site, FindOverload(OverloadsOf(conversion.name), &type, 1), args, nullptr, out);
}

}  // namespace
}  // namespace tick

extern "C" {

int32_t tick_dyn02_binary(tick_context *context, const tick_site *site, const tick_value *a, const tick_value *b,
                          tick_value *out) {
  tick_value operands[] = {*a, *b};
  if (tick::CheckDefined(context, site, operands, 2)) return 1;
  tick::Operator op = static_cast<tick::Operator>(site->op);
  bool math = tick::RowOf(op).kind == tick::OperatorKind::Math;
  return (math ? tick::Math : tick::Comparison)(context, op, operands[0], operands[1], out);
}

// Works on literals and results only: a reference as operand leaves the original's stack machine without a value.
int32_t tick_dyn02_unary(tick_context *context, const tick_site *site, const tick_value *a, tick_value *out) {
  bool negate = site->op == 0;
  if (!tick::RefName(site, 0)) {
    if (negate && a->type == TICK_INT) return *out = tick::MakeInt(tick::WrapNegate(a->as.i)), 0;
    if (negate && a->type == TICK_FLOAT) return *out = tick::MakeFloat(-a->as.f), 0;
    if (!negate && a->type == TICK_BOOL) return *out = tick::MakeBool(!a->as.b), 0;
  }
  return context->fail("expression is invalid, could not evaluate");
}

int32_t tick_dyn02_call(tick_context *context, const tick_site *site, const tick_value *args, uint32_t n, void *state,
                        tick_value *out) {
  if (tick::CheckDefined(context, site, args, n)) return 1;
  std::string_view name = site->name;
  std::span<const tick::Overload> overloads = tick::OverloadsOf(name);
  if (name == "count") return overloads[0].call(context, state, nullptr, out);
  if (name == "sigma") return tick::CallSigma(context, site, args, n, state, out);
  if (const tick::Conversion *conversion = tick::FindConversion(name))
    return tick::Convert(context, site, *conversion, args, n, out);
  if (overloads.empty() || !tick::IsMath(*overloads[0].row))
    return context->fail("undefined function " + std::string(name));
  if (tick::CheckMath(context, site, *overloads[0].row, args, n)) return 1;
  return tick::Finish(context, site, &overloads[0], args, state, out);
}
}
