// expression.h - a small tree of a lambda, made by a generator, printed as TICKscript, evaluated by oracle.h.
//
// Knows nothing of the compiler: the fuzzer's other side.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "grammar/tables.h"

namespace tick::oracle {

enum class Kind : uint8_t { Literal, Reference, Negate, Not, Binary, Call };

struct Expression {
  Kind kind = Kind::Literal;
  Type type = Type::Int;     // of a literal
  int64_t i = 0;             // bool, int, duration
  double f = 0;
  std::string text;          // string, regex; a reference's name; a function's name
  Operator op{};
  std::vector<Expression> operands;
};

// As TICKscript, fully in parentheses.
std::string Print(const Expression &expression);
size_t Size(const Expression &expression);

// A value as the oracle has it.
struct Datum {
  Type type = Type::Missing;
  int64_t i = 0;
  double f = 0;
  std::string s;
};
bool Same(const Datum &a, const Datum &b);  // NaN is NaN
std::string Show(const Datum &datum);

using Point = std::map<std::string, Datum>;  // fields and tags by name; absent: missing

}  // namespace tick::oracle
