// dyn_binary.cpp - binary operators on tagged values, their type phase and their messages (language.md 4.2 to 4.5).
#include <array>
#include <string>

#include "runtime/abi/symbols.h"
#include "grammar/arithmetic.h"
#include "runtime/lambda/dyn_message.h"
#include "runtime/lambda/lambda.h"

namespace tick {
namespace {

constexpr size_t kValueTypes = 8;  // Missing to Regex: what a tagged value can be
constexpr uint8_t kNoResult = 0xFF;

// Result type of each (operator, left, right), from operators.def.
constexpr auto kResults = [] {
  std::array<uint8_t, std::size(kOperators) * kValueTypes * kValueTypes> results{};
  results.fill(kNoResult);
  for (const OverloadRow &row : kOverloads)
    results[(static_cast<size_t>(row.op) * kValueTypes + static_cast<size_t>(row.left)) * kValueTypes +
            static_cast<size_t>(row.right)] = static_cast<uint8_t>(row.result);
  return results;
}();

uint8_t ResultOf(uint8_t op, uint8_t left, uint8_t right) {
  if (left >= kValueTypes || right >= kValueTypes) return kNoResult;
  return kResults[(op * kValueTypes + left) * kValueTypes + right];
}

double AsFloat(const tick_value &value) {
  return value.type == TICK_INT ? static_cast<double>(value.as.i) : value.as.f;
}

bool CompareValues(Operator op, const tick_value &a, const tick_value &b) {
  if (a.type == TICK_STRING) return Compare(op, View(a.as.s), View(b.as.s));
  if (a.type == TICK_BOOL) return Compare(op, a.as.b != 0, b.as.b != 0);
  if (a.type != b.type || a.type == TICK_FLOAT) return Compare(op, AsFloat(a), AsFloat(b));
  return Compare(op, a.as.i, b.as.i);
}

// Duration with a float: computed as floats, truncated.
int64_t ScaleDuration(Operator op, const tick_value &a, const tick_value &b) {
  double left = a.type == TICK_FLOAT ? a.as.f : static_cast<double>(a.as.i);
  double right = b.type == TICK_FLOAT ? b.as.f : static_cast<double>(b.as.i);
  return FloatToInt(FloatMath(op, left, right));
}

// An operation operators.def has, with the result type it gives.
int32_t Compute(tick_context *context, Operator op, const tick_value &a, const tick_value &b, uint8_t result,
                tick_value *out) {
  tick_value value{{.i = 0}, result};
  if (op == Operator::Match || op == Operator::NotMatch) {
    value.as.b = (tick_regex_match(b.as.regex, a.as.s.data, a.as.s.size) != 0) == (op == Operator::Match);
  } else if (RowOf(op).kind == OperatorKind::Comparison) {
    value.as.b = CompareValues(op, a, b);
  } else if (result == TICK_STRING) {
    tick_str_concat(context, &a.as.s, &b.as.s, &value.as.s);
  } else if (result == TICK_FLOAT) {
    value.as.f = FloatMath(op, a.as.f, b.as.f);
  } else if (a.type == TICK_FLOAT || b.type == TICK_FLOAT) {
    value.as.i = ScaleDuration(op, a, b);
  } else if (!IntMath(op, a.as.i, b.as.i, &value.as.i)) {
    return context->fail(kDivideByZero);
  }
  *out = value;
  return 0;
}

std::string_view KindName(OperatorKind kind) {
  return kind == OperatorKind::Math ? "math" : kind == OperatorKind::Comparison ? "comparison" : "logical";
}

}  // namespace

int32_t FailBinary(tick_context *context, const tick_site *site, Type left, Type right) {
  Operator op = static_cast<Operator>(site->op);
  const OperatorRow &row = RowOf(op);
  if (row.kind != OperatorKind::Math) {
    for (uint32_t side = 0; side < 2; ++side) {
      const char *name = RefName(site, side);
      if ((side ? right : left) != Type::Missing || !name) continue;
      return context->fail(std::string(side ? "right" : "left") + " reference value \"" + name + "\" is missing value");
    }
  }
  std::string spelling(row.spelling);
  if (!HasOperation(op, left))
    return context->fail("invalid " + std::string(KindName(row.kind)) + " operator " + spelling + " for type " +
                         std::string(TypeName(left)));
  return context->fail("mismatched type to binary operator. got " + std::string(TypeName(left)) + " " + spelling + " " +
                       std::string(TypeName(right)) + ". see bool(), int(), float(), string(), duration()");
}

}  // namespace tick

using tick::Type;

extern "C" {

int32_t tick_dyn_binary(tick_context *context, const tick_site *site, const tick_value *a, const tick_value *b,
                        tick_value *out) {
  uint8_t result = tick::ResultOf(site->op, a->type, b->type);
  if (result == tick::kNoResult) return tick::FailBinary(context, site, tick::TypeOf(*a), tick::TypeOf(*b));
  return tick::Compute(context, static_cast<tick::Operator>(site->op), *a, *b, result, out);
}

int32_t tick_dyn_binary_type(tick_context *context, const tick_site *site, uint8_t left, uint8_t right, uint8_t *out) {
  uint8_t result = tick::ResultOf(site->op, left, right);
  if (result == tick::kNoResult)
    return tick::FailBinary(context, site, static_cast<Type>(left), static_cast<Type>(right));
  *out = result;
  return 0;
}

int32_t tick_dyn_logic_type(tick_context *context, const tick_site *site, uint8_t left, uint8_t right) {
  uint8_t ignored;
  return tick_dyn_binary_type(context, site, left, right, &ignored);
}

// The other side counts as boolean: the left one was, or is not known yet.
int32_t tick_dyn_logic(tick_context *context, const tick_site *site, uint32_t side, const tick_value *v, uint8_t *out) {
  if (v->type != TICK_BOOL)
    return side ? tick::FailBinary(context, site, Type::Bool, tick::TypeOf(*v))
                : tick::FailBinary(context, site, tick::TypeOf(*v), Type::Bool);
  *out = v->as.b;
  return 0;
}
}
