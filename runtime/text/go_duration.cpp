// go_duration.cpp - durations as text: Go's form and TICKscript's.
#include "runtime/text/go_duration.h"

#include "runtime/text/go_float.h"

namespace tick {
namespace {

struct Unit {
  std::string_view name;
  int64_t ns;
};
constexpr int64_t kSecond = 1000000000, kMinute = 60 * kSecond, kHour = 60 * kMinute;
// Largest first; the order ReducedDuration looks in.
constexpr Unit kUnits[] = {{"w", 168 * kHour}, {"d", 24 * kHour}, {"h", kHour}, {"m", kMinute}, {"s", kSecond},
                           {"ms", 1000000},    {"u", 1000},       {"ns", 1}};
constexpr Unit kScriptUnits[] = {{"ns", 1},   {"u", 1000}, {"\u00B5", 1000}, {"ms", 1000000},     {"s", kSecond},
                                 {"m", kMinute}, {"h", kHour}, {"d", 24 * kHour}, {"w", 168 * kHour}};
constexpr Unit kGoUnits[] = {{"ns", 1},       {"us", 1000},      {"\u00B5s", 1000}, {"\u03BCs", 1000},
                             {"ms", 1000000}, {"s", kSecond},    {"m", kMinute},    {"h", kHour}};

// value / unit with its decimal places, without trailing zeros.
void AppendScaled(std::string &out, uint64_t value, uint64_t unit) {
  out += std::to_string(value / unit);
  uint64_t rest = value % unit;
  if (!rest) return;
  std::string places = std::to_string(unit + rest).substr(1);  // keeps leading zeros
  places.erase(places.find_last_not_of('0') + 1);
  out += '.' + places;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The unit the text starts with: the longest that fits, so that "ms" is not minutes.
template <size_t n>
const Unit *TakeUnit(const Unit (&units)[n], std::string_view &text) {
  const Unit *best = nullptr;
  for (const Unit &unit : units)
    if (text.starts_with(unit.name) && (!best || unit.name.size() > best->name.size())) best = &unit;
  if (best) text.remove_prefix(best->name.size());
  return best;
}

std::string_view TakeDigits(std::string_view &text) {
  size_t n = 0;
  while (n < text.size() && IsDigit(text[n])) ++n;
  std::string_view digits = text.substr(0, n);
  text.remove_prefix(n);
  return digits;
}

}  // namespace

std::string GoDuration(int64_t ns) {
  uint64_t u = ns < 0 ? 0 - static_cast<uint64_t>(ns) : static_cast<uint64_t>(ns);
  std::string out = ns < 0 ? "-" : "";
  if (u == 0) return "0s";
  if (u < kSecond) {
    if (u < 1000) return out + std::to_string(u) + "ns";
    bool micro = u < 1000000;
    AppendScaled(out, u, micro ? 1000 : 1000000);
    return out + (micro ? "\u00B5s" : "ms");
  }
  if (u >= kHour) out += std::to_string(u / kHour) + 'h';
  if (u >= kMinute) out += std::to_string(u / kMinute % 60) + 'm';
  AppendScaled(out, u % kMinute, kSecond);
  return out + 's';
}

std::string ReducedDuration(int64_t ns) {
  if (ns == 0) return "0s";
  for (const Unit &unit : kUnits)
    if (ns % unit.ns == 0) return std::to_string(ns / unit.ns) + std::string(unit.name);
  return {};
}

bool ParseDuration(std::string_view text, int64_t *ns) {
  bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty()) return false;
  uint64_t total = 0;
  while (!text.empty()) {
    int64_t number = 0;
    if (ParseGoInt(TakeDigits(text), &number) != NumberError::None) return false;
    const Unit *unit = TakeUnit(kScriptUnits, text);
    if (!unit) return false;
    total += static_cast<uint64_t>(number) * static_cast<uint64_t>(unit->ns);  // wraps, as literals do
  }
  *ns = static_cast<int64_t>(negative ? 0 - total : total);
  return true;
}

bool ParseGoDuration(std::string_view text, int64_t *ns) {
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") {
    *ns = 0;
    return true;
  }
  if (text.empty()) return false;
  __int128 total = 0;
  while (!text.empty()) {
    std::string_view whole = TakeDigits(text), places;
    if (text.starts_with('.')) {
      text.remove_prefix(1);
      places = TakeDigits(text);
    }
    const Unit *unit = TakeUnit(kGoUnits, text);
    if ((whole.empty() && places.empty()) || !unit) return false;
    int64_t number = 0;
    if (!whole.empty() && ParseGoInt(whole, &number) != NumberError::None) return false;
    total += static_cast<__int128>(number) * unit->ns;
    double fraction = 0;
    if (!places.empty() && ParseGoFloat("0." + std::string(places), &fraction) != NumberError::None) return false;
    total += static_cast<int64_t>(fraction * static_cast<double>(unit->ns));
    if (total > INT64_MAX) return false;
  }
  *ns = static_cast<int64_t>(negative ? -total : total);
  return true;
}

}  // namespace tick
