// functions.h - functions and methods templates may call.
//
// A function is a row: what it takes and its body. Parameters say which Go type an argument must have, so that
// a wrong one is refused in Go's words before the body runs.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "runtime/alert/template/datum.h"
#include "runtime/support/arena.h"

namespace tick::tmpl {

// Any: interface {}. Value: reflect.Value. Both take everything.
enum class Param : uint8_t { Any, Value, String, Int, Int64, Float, Bool, Duration, Time };
std::string_view ParamName(Param param);

// One call: arguments in, result or an error text out. Strings of the result live in `scratch`.
struct Call {
  std::span<const Datum> args;
  Arena &scratch;
  std::string error;
  Datum fail(std::string text) {
    error = std::move(text);
    return {};
  }
  Datum string(std::string_view text, Content content = Content::Plain) {
    return Datum::String(scratch.copy(text), content);
  }
};

struct Function {
  std::string_view name;
  std::array<Param, 3> params;  // the first n_params count; of a variadic one the last repeats
  uint8_t n_params;
  bool variadic;
  Datum (*body)(Call &call);  // null: `and`, `or`, which evaluate only the arguments they need
};

// What every template may call, and `json`, `jsonCompact` on top of it.
std::span<const Function *const> Builtins();
std::span<const Function *const> BuiltinsWithJson();

// What `html` does before it escapes: its arguments as one text.
const Function *PlainFunction();

// The method of a value, whose first argument is the value itself; null: none of that name.
const Function *FindMethod(const Datum &receiver, std::string_view name);

// Appends the value as JSON; false, and nothing appended, where it has a NaN or an infinity.
bool AppendJson(std::string *out, const Datum &datum);

}  // namespace tick::tmpl
