// line_protocol_fast.cpp - the way of a line that looks like the last one of its measurement.
//
// Each function returns where the next part begins, or null where the line has to go the exact way: then
// nothing has been done that the exact way would not do again.
#include "runtime/io/line_protocol_parser.h"
#include "runtime/io/line_protocol_scan.h"

#include <charconv>
#include <limits>

namespace tick {

namespace {
bool EndsValue(char c) { return c == ',' || c == ' ' || c == '\n'; }
}  // namespace

bool LineParser::Slot::matches(const char *at, const char *end) const {
  if (!plain) return false;
  uint32_t equal = scan::Mask(_mm_cmpeq_epi8(scan::Load(at), scan::Load(head)));
  if ((equal & low) != low) return false;
  if (size > 16 && static_cast<size_t>(end - at) < size) return false;
  return size <= 16 || std::memcmp(at + 16, text.data() + 16, size - 16) == 0;
}

// A field that came before, but not at this place.
LineParser::Slot *LineParser::known_slot(Schema &schema, const char *at) const {
  const char *equals = scan::FindAny(at, safe_, '=', '\\', '\n');
  if (equals >= safe_ || *equals != '=') return nullptr;
  auto found = schema.slots.find({at, static_cast<size_t>(equals - at)});
  return found != schema.slots.end() && found->second->plain ? found->second.get() : nullptr;
}

const char *LineParser::fast_string(const char *at, const Slot &slot, bool wanted) {
  const char *start = ++at;
  for (;;) {
    at = scan::FindAny(at, safe_, '"', '\\', '\n');
    if (at >= safe_ || *at == '\\') return nullptr;
    if (*at == '"') break;
    ++newlines_;
    ++at;
  }
  if (wanted) found(slot, MakeString({start, static_cast<size_t>(at - start)}));
  return at + 1;
}

const char *LineParser::fast_value(const char *at, const Slot &slot, bool wanted) {
  scan::Number number = scan::ScanNumber(at);
  if (number.size > 0) {
    const char *end = at + number.size;
    if (EndsValue(*end)) {
      if (wanted) found(slot, MakeFloat(number.digits <= 15 ? scan::ReadFloat(at, number) : scan::ReadLong(at, end)));
      return end;
    }
    if (*end != 'i' || number.point != number.size || number.digits > 18) return nullptr;
    if (wanted) {
      auto value = static_cast<int64_t>(scan::ReadDigits(at + number.negative, number.digits));
      found(slot, MakeInt(number.negative ? -value : value));
    }
    return end + 1;
  }
  if (*at == '"') return fast_string(at, slot, wanted);
  for (std::string_view word : {"true", "false", "t", "f", "T", "F", "True", "False", "TRUE", "FALSE"}) {
    if (std::memcmp(at, word.data(), word.size()) != 0 || !EndsValue(at[word.size()])) continue;
    if (wanted) found(slot, MakeBool(word[0] == 't' || word[0] == 'T'));
    return at + word.size();
  }
  return nullptr;
}

// Fields from `at` on, up to the blank or newline behind the last.
const char *LineParser::fast_fields(const char *at, Schema &schema, bool convert, bool *guarded) {
  Slot **predicted = &schema.first;
  for (;;) {
    if (at >= safe_) return nullptr;
    Slot *slot = *predicted;
    if (!slot || !slot->matches(at, end_)) {
      slot = known_slot(schema, at);
      if (!slot) return nullptr;
      *predicted = slot;
    }
    at += slot->size;
    if (at >= safe_) return nullptr;
    if (slot->guard && MayBeTag(slot->name)) *guarded = true;
    bool wanted = convert && slot->column >= 0;
    const char *behind = wanted ? nullptr : scan::SkipNumber(at);
    if (!behind) behind = fast_value(at, *slot, wanted);
    at = behind;
    if (!at || !EndsValue(*at)) return nullptr;
    if (*at != ',') return at;
    ++at;
    predicted = &slot->next;
  }
}

// The time behind a blank; must end its line.
const char *LineParser::fast_time(const char *at, int64_t *time) const {
  uint32_t digits = scan::Digits(scan::Load(at)) | scan::Digits(scan::Load(at + 16)) << 16;
  auto n = static_cast<unsigned>(digits == ~0u ? 32 : __builtin_ctz(~digits));
  if (n == 0 || n > 19 || at[n] != '\n') return nullptr;
  uint64_t value = scan::ReadDigits(at, n);
  constexpr auto kMost = static_cast<uint64_t>(std::numeric_limits<int64_t>::max() - 1);
  if (value > kMost / static_cast<uint64_t>(unit_)) return nullptr;
  *time = static_cast<int64_t>(value) * unit_;
  return at + n;
}

const char *LineParser::fast_line(const char *line) {
  constexpr size_t kLongKey = 30000;
  const char *space = scan::FindAny(line, safe_, ' ', '\\', '\n');
  if (space >= safe_ || *space != ' ') return nullptr;
  std::string_view key(line, static_cast<size_t>(space - line));
  // Comments and bad keys are in no table.
  const SeriesEntry *entry = request_->table.find(key, HashKey(key));
  if (!entry || key.size() > kLongKey) return nullptr;
  entry->use(request_->number);
  Schema &of = schema(*entry->measurement);
  uint32_t route = request_->router.route(*entry, false);
  const char *fields = space + 1;
  // More blanks are no part of a field's name, though a name elsewhere may begin with one.
  if (*fields == ' ' || *fields == '\t' || *fields == '\0') return nullptr;
  bool guarded = false;
  found_.clear();
  const char *end = fast_fields(fields, of, route != 0, &guarded);
  if (!end) return nullptr;
  if (guarded) {
    uint32_t full = request_->router.route(*entry, true);
    if (full != 0 && route == 0) {
      newlines_ = 0;
      found_.clear();
      end = fast_fields(fields, of, true, &guarded);
    }
    route = full;
  }
  std::string_view text(fields, static_cast<size_t>(end - fields));
  int64_t time = default_time_;
  if (*end == ' ') {
    if (end >= safe_) return nullptr;
    end = fast_time(end + 1, &time);
    if (!end) return nullptr;
  }
  ++result_->accepted;
  if (of.points++ == 0) touched_.push_back(entry->measurement);
  if (route != 0) add_row(*entry, route, text, time);
  return end;
}

}  // namespace tick
