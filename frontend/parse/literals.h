// literals.h - the values of literal tokens (language.md 1.5 to 1.8).
//
// In: a token's text. Out: its value, or why it has none. Knows the dialect where 0.2 differs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "frontend/ast/ast.h"
#include "frontend/parse/tokens.h"

namespace tick {

struct NumberValue {
  bool is_int = true, octal = false;
  int64_t int_value = 0;
  double float_value = 0;
};
std::optional<NumberValue> ReadNumber(std::string_view text, ast::Dialect dialect);
// Nanoseconds; the product wraps, as Kapacitor's does.
std::optional<int64_t> ReadDuration(std::string_view text);
// 'text', '''text''' or "name" without quotes and escapes.
std::string ReadQuoted(std::string_view text);
// /pattern/ with `\/` made `/`.
std::string ReadRegex(std::string_view text);

// Reports what is wrong with the literal token `i`, if anything.
void CheckLiteral(const Tokens &tokens, size_t i, Diagnostics &diagnostics);

}  // namespace tick
