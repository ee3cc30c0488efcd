// cron.cpp - reading cron expressions and finding the next time they name.
#include "runtime/influx/cron.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "runtime/text/go_time.h"

namespace tick {
namespace {

enum Field { kSecond, kMinute, kHour, kDay, kMonth, kWeekday, kYear };

struct FieldSpec {
  const char *name;
  int least, most;
};
constexpr FieldSpec kFields[] = {{"second", 0, 59}, {"minute", 0, 59},     {"hour", 0, 23},     {"day-of-month", 1, 31},
                                 {"month", 1, 12},  {"day-of-week", 0, 7}, {"year", 1970, 2099}};
constexpr std::string_view kMonths[] = {"JANUARY", "FEBRUARY", "MARCH",     "APRIL",   "MAY",      "JUNE",
                                        "JULY",    "AUGUST",   "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"};
constexpr std::string_view kWeekdays[] = {"SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"};

std::string Upper(std::string_view text) {
  std::string out(text);
  for (char &c : out) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  return out;
}

std::vector<std::string_view> Split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  for (size_t at = 0; at < text.size();) {
    size_t begin = text.find_first_not_of(separators, at);
    if (begin == std::string_view::npos) break;
    size_t end = std::min(text.find_first_of(separators, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    at = end;
  }
  return parts;
}

// A number or a name, whole or its first three letters.
std::optional<int> ReadNumber(std::string_view text, int field) {
  int number = 0;
  auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec == std::errc() && read.ptr == text.data() + text.size() && !text.empty())
    return number >= kFields[field].least && number <= kFields[field].most ? std::optional(number) : std::nullopt;
  std::string upper = Upper(text);
  auto match = [&](const auto &names, int first) -> std::optional<int> {
    for (size_t i = 0; i < std::size(names); ++i)
      if (upper == names[i] || upper == names[i].substr(0, 3)) return first + static_cast<int>(i);
    return std::nullopt;
  };
  if (field == kMonth) return match(kMonths, 1);
  if (field == kWeekday) return match(kWeekdays, 0);
  return std::nullopt;
}

bool IsLeap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }
int DaysIn(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeap(year) ? 29 : kDays[month - 1];
}
// 0 is Sunday.
int WeekdayOf(int year, int month, int day) {
  constexpr int kShift[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
  if (month < 3) --year;
  return (year + year / 4 - year / 100 + year / 400 + kShift[month - 1] + day) % 7;
}
// The workday nearest to a day, within its month.
int NearestWorkday(int year, int month, int day) {
  int weekday = WeekdayOf(year, month, day);
  if (weekday == 6) return day > 1 ? day - 1 : day + 2;
  if (weekday == 0) return day < DaysIn(year, month) ? day + 1 : day - 2;
  return day;
}

// The time that local clocks show as this date and second of the day.
int64_t TimeOf(int year, int month, int day, int second) {
  constexpr int64_t kSecondNs = 1'000'000'000;
  int64_t shown = (DaysOf(year, month, day) * 86400 + second) * kSecondNs;
  int64_t guess = shown - Zone::LocalOffset(shown) * kSecondNs;
  return shown - Zone::LocalOffset(guess) * kSecondNs;
}

std::string_view Predefined(std::string_view text) {
  if (text == "@yearly" || text == "@annually") return "0 0 0 1 1 * *";
  if (text == "@monthly") return "0 0 0 1 * * *";
  if (text == "@weekly") return "0 0 0 * * 0 *";
  if (text == "@daily" || text == "@midnight") return "0 0 0 * * * *";
  if (text == "@hourly") return "0 0 * * * * *";
  return text;
}

}  // namespace

std::string Cron::ReadItem(std::string_view item, int field, Cron *out) {
  std::string bad = std::string("syntax error in ") + kFields[field].name + " field: '" + std::string(item) + "'";
  std::string upper = Upper(item);
  if (field == kDay && (upper == "L" || upper == "LW")) {
    (upper == "L" ? out->days_.last : out->days_.last_workday) = true;
    return "";
  }
  if (field == kDay && upper.size() > 1 && upper.back() == 'W') {
    std::optional<int> day = ReadNumber(item.substr(0, item.size() - 1), field);
    if (!day) return bad;
    out->days_.workdays.set(static_cast<size_t>(*day));
    return "";
  }
  if (field == kWeekday && upper.size() > 1 && upper.back() == 'L' &&
      ReadNumber(item.substr(0, item.size() - 1), field)) {
    out->weekdays_.last.set(static_cast<size_t>(*ReadNumber(item.substr(0, item.size() - 1), field) % 7));
    return "";
  }
  if (size_t hash = item.find('#'); field == kWeekday && hash != std::string_view::npos) {
    std::optional<int> day = ReadNumber(item.substr(0, hash), field);
    if (!day || item.size() != hash + 2 || item[hash + 1] < '1' || item[hash + 1] > '5') return bad;
    out->weekdays_.nth[static_cast<size_t>(*day % 7)].set(static_cast<size_t>(item[hash + 1] - '0'));
    return "";
  }
  int step = 1;
  std::string_view range = item;
  if (size_t slash = item.find('/'); slash != std::string_view::npos) {
    std::string_view text = item.substr(slash + 1);
    auto read = std::from_chars(text.data(), text.data() + text.size(), step);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || step < 1) return bad;
    range = item.substr(0, slash);
  }
  int from = kFields[field].least, to = kFields[field].most;
  if (field == kWeekday) to = 6;
  if (range != "*" && !(range == "?" && (field == kDay || field == kWeekday))) {
    size_t dash = range.find('-');
    std::optional<int> begin = ReadNumber(range.substr(0, dash), field);
    if (!begin) return bad;
    from = *begin;
    if (dash != std::string_view::npos) {
      std::optional<int> end = ReadNumber(range.substr(dash + 1), field);
      if (!end || *end < from) return bad;
      to = *end;
    } else if (range.size() == item.size()) {
      to = from;
    }
  }
  for (int value = from; value <= to; value += step) {
    auto bit = static_cast<size_t>(value);
    switch (field) {
      case kSecond:
        out->seconds_.set(bit);
        break;
      case kMinute:
        out->minutes_.set(bit);
        break;
      case kHour:
        out->hours_.set(bit);
        break;
      case kDay:
        out->days_.days.set(bit);
        break;
      case kMonth:
        out->months_.set(bit);
        break;
      case kWeekday:
        out->weekdays_.days.set(bit % 7);
        break;
      default:
        out->years_.set(bit);
        break;
    }
  }
  return "";
}

std::string Cron::ReadField(std::string_view text, int field, Cron *out) {
  std::vector<std::string_view> items = Split(text, ",");
  if (items.empty()) return std::string("missing ") + kFields[field].name + " field";
  for (std::string_view item : items) {
    std::string error = ReadItem(item, field, out);
    if (!error.empty()) return error;
  }
  bool any = std::any_of(items.begin(), items.end(), [](std::string_view item) { return item == "*" || item == "?"; });
  if (field == kDay) out->days_.any = any;
  if (field == kWeekday) out->weekdays_.any = any;
  return "";
}

std::string Cron::Parse(std::string_view text, Cron *out) {
  *out = {};
  std::vector<std::string_view> fields = Split(Predefined(text), " \t\n\r\f\v");
  if (fields.size() < 5) return "missing field(s)";
  if (fields.size() > 7) fields.resize(7);
  size_t at = 0;
  std::string error;
  if (fields.size() == 7)
    error = ReadField(fields[at++], kSecond, out);
  else
    out->seconds_.set(0);
  for (int field = kMinute; field <= kWeekday && error.empty(); ++field) error = ReadField(fields[at++], field, out);
  if (error.empty()) error = ReadField(at < fields.size() ? fields[at] : "*", kYear, out);
  return error;
}

// A day that is restricted by month and by week matches where either says so.
bool Cron::day_matches(int year, int month, int day) const {
  if (days_.any && weekdays_.any) return true;
  int last = DaysIn(year, month);
  if (!days_.any) {
    if (days_.days[static_cast<size_t>(day)] || (days_.last && day == last)) return true;
    if (days_.last_workday && day == NearestWorkday(year, month, last)) return true;
    for (int of = 1; of <= last; ++of)
      if (days_.workdays[static_cast<size_t>(of)] && NearestWorkday(year, month, of) == day) return true;
  }
  if (!weekdays_.any) {
    auto weekday = static_cast<size_t>(WeekdayOf(year, month, day));
    if (weekdays_.days[weekday] || weekdays_.nth[weekday][static_cast<size_t>((day - 1) / 7 + 1)]) return true;
    if (weekdays_.last[weekday] && day + 7 > last) return true;
  }
  return false;
}

std::optional<int64_t> Cron::next(int64_t ns) const {
  Date local = LocalDateOf(ns);
  int year = static_cast<int>(local.year), month = local.month, day = local.day;
  for (bool today = true; year <= 2099; today = false) {
    if (years_[static_cast<size_t>(std::max(year, 0))] && months_[static_cast<size_t>(month)] &&
        day_matches(year, month, day)) {
      int hour = today ? local.hour : 0, minute = today ? local.minute : 0, second = today ? local.second : 0;
      for (; hour < 24; ++hour, minute = second = 0) {
        if (!hours_[static_cast<size_t>(hour)]) continue;
        for (; minute < 60; ++minute, second = 0) {
          if (!minutes_[static_cast<size_t>(minute)]) continue;
          for (; second < 60; ++second) {
            if (!seconds_[static_cast<size_t>(second)]) continue;
            // The hour that a clock set back repeats may lie behind us; the search goes on then.
            if (int64_t found = TimeOf(year, month, day, hour * 3600 + minute * 60 + second); found > ns) return found;
          }
        }
      }
    }
    if (++day > DaysIn(year, month)) {
      day = 1;
      if (++month > 12) {
        month = 1;
        ++year;
      }
    }
  }
  return std::nullopt;
}

}  // namespace tick
