// methods.cpp - methods of times, durations and named numbers.
#include <cmath>
#include <limits>

#include "runtime/alert/template/functions.h"
#include "runtime/alert/template/print.h"
#include "runtime/alert/template/time_format.h"
#include "runtime/text/go_duration.h"
#include "runtime/text/go_time.h"

namespace tick::tmpl {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
// Nanoseconds from Go's zero time (year 1) to 1970, modulo 2^64: what Truncate and Round count from.
constexpr __int128 kSinceYearOne = static_cast<__int128>(62135596800) * kSecond;

constexpr std::string_view kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};
constexpr std::string_view kWeekdays[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr EnumType kMonth{"time.Month", kMonths, 1};
constexpr EnumType kWeekday{"time.Weekday", kWeekdays, 0};

const Datum &Self(Call &call) { return call.args[0]; }
int64_t Ns(Call &call) { return call.args[0].i; }
Date DateIn(Call &call) { return Self(call).local ? LocalDateOf(Ns(call)) : DateOf(Ns(call)); }
Datum Moved(Call &call, int64_t ns) { return Datum::Time(ns, Self(call).local); }
int64_t Wrap(__int128 value) { return static_cast<int64_t>(static_cast<uint64_t>(value)); }
// Go clamps differences of times and rounded durations.
int64_t Clamp(__int128 value) {
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min(), kMax = std::numeric_limits<int64_t>::max();
  return value < kMin ? kMin : value > kMax ? kMax : static_cast<int64_t>(value);
}

int64_t RoundDuration(int64_t d, int64_t unit) {
  if (unit <= 0) return d;
  __int128 rest = d % unit;
  if (rest < 0) rest = -rest;
  bool up = rest + rest >= unit;
  __int128 toward_zero = d < 0 ? d + rest : d - rest;
  if (!up) return Clamp(toward_zero);
  return Clamp(d < 0 ? toward_zero - unit : toward_zero + unit);
}
int64_t TruncateTime(int64_t ns, int64_t unit) {
  if (unit <= 0) return ns;
  return Wrap(ns - (kSinceYearOne + ns) % unit);
}
int64_t RoundTime(int64_t ns, int64_t unit) {
  if (unit <= 0) return ns;
  __int128 rest = (kSinceYearOne + ns) % unit;
  return Wrap(rest + rest < unit ? ns - rest : ns + unit - rest);
}

Datum TimeFormat(Call &call) {
  std::string out;
  AppendTime(out, call.args[1].text(), Ns(call), Self(call).local);
  return call.string(out);
}
Datum TimeString(Call &call) { return call.string(TimeText(Ns(call), Self(call).local)); }
int64_t FloorDiv(int64_t a, int64_t b) { return a / b - (a % b < 0); }
Datum Unix(Call &call) { return Datum::Int64(FloorDiv(Ns(call), kSecond)); }
Datum UnixMilli(Call &call) { return Datum::Int64(FloorDiv(Ns(call), 1'000'000)); }
Datum UnixMicro(Call &call) { return Datum::Int64(FloorDiv(Ns(call), 1'000)); }
Datum UnixNano(Call &call) { return Datum::Int64(Ns(call)); }
Datum Utc(Call &call) { return Datum::Time(Ns(call), false); }
Datum Local(Call &call) { return Datum::Time(Ns(call), true); }
Datum Add(Call &call) { return Moved(call, Wrap(static_cast<__int128>(Ns(call)) + call.args[1].i)); }
Datum Sub(Call &call) { return Datum::Duration(Clamp(static_cast<__int128>(Ns(call)) - call.args[1].i)); }
Datum AddDate(Call &call) {
  Date date = DateIn(call);
  int64_t offset = Self(call).local ? Zone::LocalOffset(Ns(call)) : 0;
  int64_t months = date.month - 1 + call.args[2].i;
  int64_t year = date.year + call.args[1].i + FloorDiv(months, 12);
  int64_t days =
      DaysOf(year, static_cast<int>(months - FloorDiv(months, 12) * 12) + 1, 1) + date.day - 1 + call.args[3].i;
  __int128 seconds = static_cast<__int128>(days) * 86400 + date.hour * 3600 + date.minute * 60 + date.second - offset;
  return Moved(call, Wrap(seconds * kSecond + date.nanosecond));
}
Datum Before(Call &call) { return Datum::Bool(Ns(call) < call.args[1].i); }
Datum After(Call &call) { return Datum::Bool(Ns(call) > call.args[1].i); }
Datum EqualTime(Call &call) { return Datum::Bool(Ns(call) == call.args[1].i); }
Datum Year(Call &call) { return Datum::Int(DateIn(call).year); }
Datum Month(Call &call) { return Datum::Enum(kMonth, DateIn(call).month); }
Datum Day(Call &call) { return Datum::Int(DateIn(call).day); }
Datum Hour(Call &call) { return Datum::Int(DateIn(call).hour); }
Datum Minute(Call &call) { return Datum::Int(DateIn(call).minute); }
Datum Second(Call &call) { return Datum::Int(DateIn(call).second); }
Datum Nanosecond(Call &call) { return Datum::Int(DateIn(call).nanosecond); }
Datum Weekday(Call &call) { return Datum::Enum(kWeekday, DateIn(call).weekday); }
Datum YearDay(Call &call) { return Datum::Int(DateIn(call).year_day); }
Datum IsZero(Call &) { return Datum::Bool(false); }  // year 1 is out of reach of nanoseconds since 1970
Datum TimeTruncate(Call &call) { return Moved(call, TruncateTime(Ns(call), call.args[1].i)); }
Datum TimeRound(Call &call) { return Moved(call, RoundTime(Ns(call), call.args[1].i)); }

// Whole units and the rest apart, as Go divides: it shows in the last digit.
double Units(int64_t ns, int64_t unit) {
  return static_cast<double>(ns / unit) + static_cast<double>(ns % unit) / static_cast<double>(unit);
}
Datum Seconds(Call &call) { return Datum::Float(Units(Ns(call), kSecond)); }
Datum Minutes(Call &call) { return Datum::Float(Units(Ns(call), 60 * kSecond)); }
Datum Hours(Call &call) { return Datum::Float(Units(Ns(call), 3600 * kSecond)); }
Datum Nanoseconds(Call &call) { return Datum::Int64(Ns(call)); }
Datum Microseconds(Call &call) { return Datum::Int64(Ns(call) / 1'000); }
Datum Milliseconds(Call &call) { return Datum::Int64(Ns(call) / 1'000'000); }
Datum DurationString(Call &call) { return call.string(GoDuration(Ns(call))); }
Datum DurationRound(Call &call) { return Datum::Duration(RoundDuration(Ns(call), call.args[1].i)); }
Datum DurationTruncate(Call &call) {
  int64_t unit = call.args[1].i;
  return Datum::Duration(unit <= 0 ? Ns(call) : Ns(call) - Ns(call) % unit);
}
Datum DurationAbs(Call &call) {
  return Datum::Duration(Clamp(Ns(call) < 0 ? -static_cast<__int128>(Ns(call)) : Ns(call)));
}

Datum EnumString(Call &call) { return call.string(EnumName(Self(call))); }

// The value itself is the first argument and is not among the parameters.
constexpr Function kTimeMethods[] = {{"Format", {Param::String}, 1, false, TimeFormat},
                                     {"String", {}, 0, false, TimeString},
                                     {"Unix", {}, 0, false, Unix},
                                     {"UnixNano", {}, 0, false, UnixNano},
                                     {"UnixMilli", {}, 0, false, UnixMilli},
                                     {"UnixMicro", {}, 0, false, UnixMicro},
                                     {"UTC", {}, 0, false, Utc},
                                     {"Local", {}, 0, false, Local},
                                     {"Add", {Param::Duration}, 1, false, Add},
                                     {"Sub", {Param::Time}, 1, false, Sub},
                                     {"AddDate", {Param::Int, Param::Int, Param::Int}, 3, false, AddDate},
                                     {"Before", {Param::Time}, 1, false, Before},
                                     {"After", {Param::Time}, 1, false, After},
                                     {"Equal", {Param::Time}, 1, false, EqualTime},
                                     {"Year", {}, 0, false, Year},
                                     {"Month", {}, 0, false, Month},
                                     {"Day", {}, 0, false, Day},
                                     {"Hour", {}, 0, false, Hour},
                                     {"Minute", {}, 0, false, Minute},
                                     {"Second", {}, 0, false, Second},
                                     {"Nanosecond", {}, 0, false, Nanosecond},
                                     {"Weekday", {}, 0, false, Weekday},
                                     {"YearDay", {}, 0, false, YearDay},
                                     {"IsZero", {}, 0, false, IsZero},
                                     {"Truncate", {Param::Duration}, 1, false, TimeTruncate},
                                     {"Round", {Param::Duration}, 1, false, TimeRound}};
constexpr Function kDurationMethods[] = {{"Seconds", {}, 0, false, Seconds},
                                         {"Minutes", {}, 0, false, Minutes},
                                         {"Hours", {}, 0, false, Hours},
                                         {"Nanoseconds", {}, 0, false, Nanoseconds},
                                         {"Microseconds", {}, 0, false, Microseconds},
                                         {"Milliseconds", {}, 0, false, Milliseconds},
                                         {"String", {}, 0, false, DurationString},
                                         {"Round", {Param::Duration}, 1, false, DurationRound},
                                         {"Truncate", {Param::Duration}, 1, false, DurationTruncate},
                                         {"Abs", {}, 0, false, DurationAbs}};
constexpr Function kEnumMethods[] = {{"String", {}, 0, false, EnumString}};

const Function *Find(std::span<const Function> methods, std::string_view name) {
  for (const Function &method : methods)
    if (method.name == name) return &method;
  return nullptr;
}

}  // namespace

const Function *FindMethod(const Datum &receiver, std::string_view name) {
  switch (receiver.kind) {
    case Kind::Time:
      return Find(kTimeMethods, name);
    case Kind::Duration:
      return Find(kDurationMethods, name);
    case Kind::Enum:
      return Find(kEnumMethods, name);
    default:
      return nullptr;
  }
}

}  // namespace tick::tmpl
