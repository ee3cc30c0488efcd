// constant_functions.cpp - the functions that work outside lambdas.
//
// One body a row of functions.def, found by the row's symbol. Left out are those that depend on when or where the
// task is defined (time, state, chance) or on tables of the runtime (regexes, letter case beyond ASCII).
#include <charconv>
#include <cmath>
#include <map>

#include "frontend/ast/format.h"
#include "frontend/check/constants.h"
#include "frontend/check/vars_json.h"
#include "grammar/arithmetic.h"

namespace tick::check {
namespace {

using ir::Literal;
using Body = bool (*)(const Literal *a, Literal *out, std::string *error);

std::string Quoted(const std::string &text) { return "\"" + text + "\""; }

bool BoolOfString(const Literal *a, Literal *out, std::string *error) {
  for (const char *word : {"1", "t", "T", "TRUE", "true", "True"})
    if (a->s == word) return out->i = 1, true;
  for (const char *word : {"0", "f", "F", "FALSE", "false", "False"})
    if (a->s == word) return out->i = 0, true;
  *error = "strconv.ParseBool: parsing " + Quoted(a->s) + ": invalid syntax";
  return false;
}

bool BoolOfNumber(double value, const std::string &text, Literal *out, std::string *error) {
  out->i = value == 1;
  if (value == 0 || value == 1) return true;
  *error = "cannot convert " + text + " to boolean";
  return false;
}

std::string FixedFloat(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  char text[400];
  auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed);
  return std::string(text, end.ptr);
}

bool IntOfString(const Literal *a, Literal *out, std::string *error) {
  std::string_view text = a->s;
  if (text.starts_with('+')) text.remove_prefix(1);
  auto end = std::from_chars(text.data(), text.data() + text.size(), out->i);
  bool plus_minus = a->s.starts_with("+-");
  if (end.ec == std::errc() && end.ptr == text.data() + text.size() && !text.empty() && !plus_minus) return true;
  bool digits = !text.empty() && text.find_first_not_of("0123456789", text[0] == '-' ? 1 : 0) == std::string_view::npos;
  *error = "strconv.ParseInt: parsing " + Quoted(a->s) +
           (digits && end.ec == std::errc::result_out_of_range ? ": value out of range" : ": invalid syntax");
  return false;
}

bool FloatOfString(const Literal *a, Literal *out, std::string *error) {
  std::string text = a->s;
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.erase(0, 1);
  for (size_t i = 1; i + 1 < text.size(); ++i)
    if (text[i] == '_' && std::isdigit(static_cast<unsigned char>(text[i - 1])) &&
        std::isdigit(static_cast<unsigned char>(text[i + 1])))
      text.erase(i, 1);
  std::string lower;
  for (char c : text) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  bool hex = lower.starts_with("0x");
  bool word = lower == "inf" || lower == "infinity" || lower == "nan";
  const char *first = lower.data() + (hex ? 2 : 0), *last = lower.data() + lower.size();
  bool shape = word || (!lower.empty() && (std::isdigit(static_cast<unsigned char>(lower[0])) || lower[0] == '.') &&
                        (!hex || lower.find('p') != std::string::npos));
  auto end = std::from_chars(first, last, out->f, hex ? std::chars_format::hex : std::chars_format::general);
  if (negative) out->f = -out->f;
  if (shape && end.ec == std::errc() && end.ptr == last) return true;
  bool range = shape && end.ec == std::errc::result_out_of_range && end.ptr == last;
  *error = "strconv.ParseFloat: parsing " + Quoted(a->s) + (range ? ": value out of range" : ": invalid syntax");
  return false;
}

bool DurationOfString(const Literal *a, Literal *out, std::string *error) {
  if (ParseDurationText(a->s, &out->i)) return true;
  *error = "invalid duration string " + Quoted(a->s);
  return false;
}

std::string Replaced(const std::string &text, const std::string &from, const std::string &to, int64_t n) {
  std::string out;
  size_t at = 0;
  while (n != 0) {
    size_t found = text.find(from, at);
    if (found == std::string::npos) break;
    out.append(text, at, found - at).append(to);
    at = found + from.size();
    --n;
  }
  return out.append(text, at);
}

bool Substring(const Literal *a, Literal *out, std::string *error) {
  int64_t start = a[1].i, stop = a[2].i, size = static_cast<int64_t>(a[0].s.size());
  if (start < 0 || stop < 0)
    *error = "found negative index for strSubstring: " + std::to_string(start < 0 ? start : stop);
  else if (stop >= size)
    *error = "stop index too large for string in strSubstring: " + std::to_string(stop);
  else if (start > stop)
    *error = "runtime error: slice bounds out of range [" + std::to_string(start) + ":" + std::to_string(stop) + "]";
  else
    out->s = a[0].s.substr(static_cast<size_t>(start), static_cast<size_t>(stop - start));
  return error->empty();
}

size_t Find(size_t found, Literal *out) {
  out->i = found == std::string::npos ? -1 : static_cast<int64_t>(found);
  return found;
}

#define TICK_BODY(expression)                                 \
  [](const Literal *a, Literal *out, std::string *) -> bool { \
    (void)a;                                                  \
    expression;                                               \
    return true;                                              \
  }
#define TICK_MATH(name) \
  { "tick_fn_" #name "_f", TICK_BODY(out->f = std::name(a[0].f)) }

const std::map<std::string_view, Body> &Bodies() {
  static const std::map<std::string_view, Body> bodies = {
      TICK_MATH(acos),
      TICK_MATH(acosh),
      TICK_MATH(asin),
      TICK_MATH(asinh),
      TICK_MATH(atan),
      TICK_MATH(atanh),
      TICK_MATH(cbrt),
      TICK_MATH(ceil),
      TICK_MATH(cos),
      TICK_MATH(cosh),
      TICK_MATH(erf),
      TICK_MATH(erfc),
      TICK_MATH(exp),
      TICK_MATH(exp2),
      TICK_MATH(expm1),
      TICK_MATH(floor),
      TICK_MATH(log),
      TICK_MATH(log10),
      TICK_MATH(log1p),
      TICK_MATH(log2),
      TICK_MATH(logb),
      TICK_MATH(sin),
      TICK_MATH(sinh),
      TICK_MATH(sqrt),
      TICK_MATH(tan),
      TICK_MATH(tanh),
      TICK_MATH(trunc),
      {"tick_fn_abs_f", TICK_BODY(out->f = std::fabs(a[0].f))},
      {"tick_fn_gamma_f", TICK_BODY(out->f = std::tgamma(a[0].f))},
      {"tick_fn_atan2_ff", TICK_BODY(out->f = std::atan2(a[0].f, a[1].f))},
      {"tick_fn_hypot_ff", TICK_BODY(out->f = std::hypot(a[0].f, a[1].f))},
      {"tick_fn_max_ff", TICK_BODY(out->f = a[0].f > a[1].f || std::isnan(a[0].f) ? a[0].f : a[1].f)},
      {"tick_fn_min_ff", TICK_BODY(out->f = a[0].f < a[1].f || std::isnan(a[0].f) ? a[0].f : a[1].f)},
      {"tick_fn_mod_ff", TICK_BODY(out->f = std::fmod(a[0].f, a[1].f))},
      {"tick_fn_pow_ff", TICK_BODY(out->f = std::pow(a[0].f, a[1].f))},
      {"tick_fn_pow10_i", TICK_BODY(out->f = std::pow(10.0, static_cast<double>(a[0].i)))},
      {"tick_fn_bool_b", TICK_BODY(out->i = a[0].i)},
      {"tick_fn_bool_s", BoolOfString},
      {"tick_fn_bool_i",
       [](const Literal *a, Literal *out,
          std::string *e) { return BoolOfNumber(static_cast<double>(a->i), std::to_string(a->i), out, e); }},
      {"tick_fn_bool_f",
       [](const Literal *a, Literal *out, std::string *e) { return BoolOfNumber(a->f, FixedFloat(a->f), out, e); }},
      {"tick_fn_int_i", TICK_BODY(out->i = a[0].i)},
      {"tick_fn_int_f", TICK_BODY(out->i = FloatToInt(a[0].f))},
      {"tick_fn_int_s", IntOfString},
      {"tick_fn_int_b", TICK_BODY(out->i = a[0].i)},
      {"tick_fn_float_f", TICK_BODY(out->f = a[0].f)},
      {"tick_fn_float_i", TICK_BODY(out->f = static_cast<double>(a[0].i))},
      {"tick_fn_float_s", FloatOfString},
      {"tick_fn_float_b", TICK_BODY(out->f = a[0].i ? 1 : 0)},
      {"tick_fn_string_s", TICK_BODY(out->s = a[0].s)},
      {"tick_fn_string_i", TICK_BODY(out->s = std::to_string(a[0].i))},
      {"tick_fn_string_f", TICK_BODY(out->s = FixedFloat(a[0].f))},
      {"tick_fn_string_b", TICK_BODY(out->s = a[0].i ? "true" : "false")},
      {"tick_fn_string_d", TICK_BODY(out->s = FormatDuration(a[0].i))},
      {"tick_fn_duration_d", TICK_BODY(out->i = a[0].i)},
      {"tick_fn_duration_id",
       TICK_BODY(out->i = static_cast<int64_t>(static_cast<uint64_t>(a[0].i) * static_cast<uint64_t>(a[1].i)))},
      {"tick_fn_duration_fd", TICK_BODY(out->i = FloatToInt(static_cast<double>(a[1].i) * a[0].f))},
      {"tick_fn_duration_sd", DurationOfString},
      {"tick_fn_if_bff", TICK_BODY(*out = a[0].i ? a[1] : a[2])},
      {"tick_fn_if_bii", TICK_BODY(*out = a[0].i ? a[1] : a[2])},
      {"tick_fn_if_bss", TICK_BODY(*out = a[0].i ? a[1] : a[2])},
      {"tick_fn_if_bbb", TICK_BODY(*out = a[0].i ? a[1] : a[2])},
      {"tick_fn_if_brr", TICK_BODY(*out = a[0].i ? a[1] : a[2])},
      {"tick_fn_if_bdd", TICK_BODY(*out = a[0].i ? a[1] : a[2])},
      {"tick_fn_isPresent_b", TICK_BODY(out->i = 1)},
      {"tick_fn_isPresent_s", TICK_BODY(out->i = 1)},
      {"tick_fn_isPresent_i", TICK_BODY(out->i = 1)},
      {"tick_fn_isPresent_f", TICK_BODY(out->i = 1)},
      // Only its type matters: nothing that comes of a time can be computed here.
      {"tick_fn_now", TICK_BODY(out->i = 0)},
      {"tick_fn_strContains_ss", TICK_BODY(out->i = a[0].s.find(a[1].s) != std::string::npos)},
      {"tick_fn_strHasPrefix_ss", TICK_BODY(out->i = a[0].s.starts_with(a[1].s))},
      {"tick_fn_strHasSuffix_ss", TICK_BODY(out->i = a[0].s.ends_with(a[1].s))},
      {"tick_fn_strIndex_ss", TICK_BODY(Find(a[0].s.find(a[1].s), out))},
      {"tick_fn_strLastIndex_ss", TICK_BODY(Find(a[0].s.rfind(a[1].s), out))},
      {"tick_fn_strLength_s", TICK_BODY(out->i = static_cast<int64_t>(a[0].s.size()))},
      {"tick_fn_strSubstring_sii", Substring},
      {"tick_fn_strTrimPrefix_ss",
       TICK_BODY(out->s = a[0].s.starts_with(a[1].s) ? a[0].s.substr(a[1].s.size()) : a[0].s)},
      {"tick_fn_strTrimSuffix_ss",
       TICK_BODY(out->s = a[0].s.ends_with(a[1].s) ? a[0].s.substr(0, a[0].s.size() - a[1].s.size()) : a[0].s)},
  };
  return bodies;
}

bool Ascii(const std::string &text) {
  for (char c : text)
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  return true;
}

// Functions that go by letters: computed where all text is ASCII, so that no table of Unicode is needed here.
bool CallAscii(const FunctionRow &row, const Literal *a, Literal *out) {
  for (size_t i = 0; i < row.n_params; ++i)
    if (row.params[i] == Type::String && !Ascii(a[i].s)) return false;
  const std::string kSpace = " \t\n\v\f\r";
  auto trim = [&](const std::string &set, bool left, bool right) {
    size_t begin = left ? a[0].s.find_first_not_of(set) : 0;
    size_t end = right ? a[0].s.find_last_not_of(set) : a[0].s.size() - 1;
    out->s = begin == std::string::npos || a[0].s.empty() || end == std::string::npos
                 ? ""
                 : a[0].s.substr(begin, end - begin + 1);
    return true;
  };
  if (row.name == "strToLower" || row.name == "strToUpper") {
    out->s = a[0].s;
    for (char &c : out->s) c = static_cast<char>(row.name == "strToLower" ? std::tolower(c) : std::toupper(c));
    return true;
  }
  if (row.name == "strTrim") return trim(a[1].s, true, true);
  if (row.name == "strTrimLeft") return trim(a[1].s, true, false);
  if (row.name == "strTrimRight") return trim(a[1].s, false, true);
  if (row.name == "strTrimSpace") return trim(kSpace, true, true);
  if (row.name == "strReplace" && !a[1].s.empty()) return out->s = Replaced(a[0].s, a[1].s, a[2].s, a[3].i), true;
  return false;
}

}  // namespace

bool CallConstant(const FunctionRow &row, const Literal *args, Literal *out, std::string *error, bool *known) {
  auto body = Bodies().find(row.symbol);
  *known = body != Bodies().end();
  if (*known) return body->second(args, out, error);
  *known = CallAscii(row, args, out);
  return *known;
}

}  // namespace tick::check
