// batch_answer.cpp - a reader of answers that stops and goes on at any byte.
#include "runtime/influx/batch_answer.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "runtime/daemon/json.h"
#include "runtime/text/go_time.h"

namespace tick {
namespace {

constexpr int kTime = -1, kSkipped = -2;
constexpr size_t kNone = std::string::npos;

bool IsBlank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// Digits of at most 15 places, exact by one division; everything else goes to from_chars. Returns where the number
// ends, `end` where it may go on, `p` where there is none.
const char *FastNumber(const char *p, const char *end, double *value) {
  static constexpr double kPowers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                       1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const char *from = p;
  bool negative = p < end && *p == '-';
  if (negative) ++p;
  uint64_t digits = 0;
  const char *first = p, *point = nullptr;
  for (; p < end; ++p) {
    auto digit = static_cast<unsigned>(*p - '0');
    if (digit <= 9)
      digits = digits * 10 + digit;
    else if (*p == '.' && !point)
      point = p;
    else
      break;
  }
  auto places = p - first - (point ? 1 : 0);
  if (places > 0 && places <= 15 && p < end && *p != 'e' && *p != 'E') {
    auto magnitude = static_cast<double>(digits) / kPowers[point ? p - point - 1 : 0];
    *value = negative ? -magnitude : magnitude;
    return p;
  }
  for (p = from; p < end && (static_cast<unsigned>(*p - '0') <= 9 || *p == '-' || *p == '+' || *p == '.' || *p == 'e' ||
                             *p == 'E');)
    ++p;
  if (p == end) return end;
  auto read = std::from_chars(from, p, *value);
  return read.ec == std::errc::invalid_argument || read.ptr != p ? from : p;
}

// A number of at most 15 digits that ends at a comma or bracket, in text that ends with a zero; else null.
const char *PlainNumber(const char *p, double *value) {
  static constexpr double kPowers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                       1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  bool negative = *p == '-';
  const char *from = p += negative;
  uint64_t digits = 0;
  for (unsigned digit; (digit = static_cast<unsigned>(*p - '0')) <= 9; ++p) digits = digits * 10 + digit;
  auto count = p - from;
  if (*p == '.') {
    const char *point = ++p;
    for (unsigned digit; (digit = static_cast<unsigned>(*p - '0')) <= 9; ++p) digits = digits * 10 + digit;
    count += p - point;
    if (count > 15) return nullptr;
    double magnitude = static_cast<double>(digits) / kPowers[p - point];
    *value = negative ? -magnitude : magnitude;
  } else {
    *value = negative ? -static_cast<double>(digits) : static_cast<double>(digits);
  }
  return count > 0 && count <= 15 && (*p == ',' || *p == ']') ? p : nullptr;
}

// The same of a whole number of at most 18 digits after its first.
const char *PlainTime(const char *p, int64_t *value) {
  bool negative = *p == '-';
  const char *from = p += negative;
  int64_t digits = 0;
  for (unsigned digit; (digit = static_cast<unsigned>(*p - '0')) <= 9 && p - from < 19; ++p)
    digits = static_cast<int64_t>(static_cast<uint64_t>(digits) * 10 + digit);
  // Nineteen digits may be too much for an int; those of our time are not.
  bool fits = p - from < 19 || (*from == '1');
  *value = negative ? -digits : digits;
  return p > from && fits && (*p == ',' || *p == ']') ? p : nullptr;
}

Tags TagsOf(const Json &object) {
  Tags tags;
  if (object.is_object())
    for (const auto &[key, value] : object.items())
      tags.push_back({Intern(key), value.is_string() ? value.get<std::string>() : value.dump()});
  std::sort(tags.begin(), tags.end(), [](const Tag &a, const Tag &b) { return NameLess(a.key, b.key); });
  return tags;
}

}  // namespace

BatchAnswer::Step BatchAnswer::broken(std::string_view what) {
  if (error_.empty()) error_ = "InfluxDB's answer is no JSON: " + std::string(what);
  return Step::Broken;
}

bool BatchAnswer::feed(std::string_view piece) {
  if (stopped_) return false;
  buffer_.erase(0, at_);
  at_ = 0;
  buffer_.append(piece);
  for (;;) {
    switch (step()) {
      case Step::Done:
        continue;
      case Step::More:
        return true;
      case Step::Broken:
        stopped_ = true;
        return false;
    }
  }
}

std::string BatchAnswer::finish() {
  if (error_.empty() && !stopped_) {
    if (place_ != At::Outside)
      error_ = "InfluxDB's answer breaks off";
    else if (open_)
      hand_over();
  }
  return error_;
}

// Where the value that begins at `at` ends; kNone while it is not whole.
size_t BatchAnswer::value_end(size_t at) const {
  int depth = 0;
  bool quoted = false;
  for (size_t i = at; i < buffer_.size(); ++i) {
    char c = buffer_[i];
    if (quoted) {
      if (c == '\\')
        ++i;
      else if (c == '"') {
        quoted = false;
        if (depth == 0) return i + 1;
      }
      continue;
    }
    if (c == '"')
      quoted = true;
    else if (c == '[' || c == '{')
      ++depth;
    else if (c == ']' || c == '}') {
      if (depth == 0) return i;
      if (--depth == 0) return i + 1;
    } else if (c == ',' && depth == 0)
      return i;
  }
  return kNone;
}

BatchAnswer::Step BatchAnswer::step() {
  while (at_ < buffer_.size() && (IsBlank(buffer_[at_]) || buffer_[at_] == ',')) ++at_;
  if (at_ >= buffer_.size()) return Step::More;
  char c = buffer_[at_];
  auto enter = [&](At place) {
    ++at_;
    place_ = place;
    return Step::Done;
  };
  switch (place_) {
    case At::Outside:
      return c == '{' ? enter(At::Document) : broken("it begins with '" + std::string(1, c) + "'");
    case At::Document:
      return c == '}' ? enter(At::Outside) : member();
    case At::Results:
      return c == ']' ? enter(At::Document) : c == '{' ? enter(At::Result) : broken("a result is no object");
    case At::Result:
      return c == '}' ? enter(At::Results) : member();
    case At::SeriesList:
      if (c == ']') return enter(At::Result);
      if (c != '{') return broken("a series is no object");
      begin_series();
      return enter(At::Series);
    case At::Series:
      if (c != '}') return member();
      enter(At::SeriesList);
      return end_series() ? Step::Done : Step::Broken;
    case At::Values:
      plain_rows();
      if (at_ >= buffer_.size()) return Step::More;
      c = buffer_[at_];
      return c == ']' ? enter(At::Series) : c == ',' ? Step::Done : row();
  }
  return Step::Broken;
}

// `"key": value` of the object under way; values and lists of series are entered, everything else waits until it
// is whole.
BatchAnswer::Step BatchAnswer::member() {
  if (buffer_[at_] != '"') return broken("a name is missing");
  size_t key_end = buffer_.find('"', at_ + 1);
  if (key_end == kNone) return Step::More;
  std::string_view key(buffer_.data() + at_ + 1, key_end - at_ - 1);
  size_t value = key_end + 1;
  while (value < buffer_.size() && (IsBlank(buffer_[value]) || buffer_[value] == ':')) ++value;
  if (value >= buffer_.size()) return Step::More;
  if (buffer_[value] == '[') {
    At inner = place_ == At::Document && key == "results"          ? At::Results
               : place_ == At::Result && key == "series"           ? At::SeriesList
               : place_ == At::Series && key == "values" && begun_ ? At::Values
                                                                   : place_;
    if (inner != place_) {
      at_ = value + 1;
      place_ = inner;
      return Step::Done;
    }
  }
  size_t end = value_end(value);
  if (end == kNone) return Step::More;
  Step taken = take_value(key, std::string_view(buffer_).substr(value, end - value));
  at_ = end;
  return taken;
}

BatchAnswer::Step BatchAnswer::take_value(std::string_view key, std::string_view value) {
  if (place_ == At::Series && key == "values") {
    late_values_ = value;  // the columns come behind them
    return Step::Done;
  }
  bool wanted = key == "error" ||
                (place_ == At::Series && (key == "name" || key == "tags" || key == "columns" || key == "partial"));
  if (!wanted) return Step::Done;
  Json json = Json::parse(value, nullptr, false);
  if (json.is_discarded()) return broken("\"" + std::string(key) + "\"");
  if (key == "error") {
    if (json.is_string() && error_.empty()) error_ = json.get<std::string>();
    return Step::Done;
  }
  if (key == "name" && json.is_string()) name_ = json.get<std::string>();
  if (key == "tags") tags_ = TagsOf(json);
  if (key == "partial") partial_ = json.is_boolean() && json.get<bool>();
  if (key != "columns" || !json.is_array()) return Step::Done;
  column_names_.clear();
  for (const Json &column : json)
    column_names_.push_back(column.is_string() ? column.get<std::string>() : column.dump());
  // InfluxDB names the series before its columns; where it goes on from the part before, the columns stay.
  std::vector<Name> names;
  std::vector<int> columns;
  for (const std::string &column : column_names_) {
    Name name = Intern(column);
    if (column == "time") {
      columns.push_back(kTime);
    } else if ((rules_.fields && !std::binary_search(rules_.fields->begin(), rules_.fields->end(), name, NameLess)) ||
               std::find(names.begin(), names.end(), name) != names.end()) {
      columns.push_back(kSkipped);
    } else {
      columns.push_back(static_cast<int>(names.size()));
      names.push_back(name);
    }
  }
  bool goes_on = open_ && columns == columns_ && batch_.name == Intern(name_) && batch_.tags == tags_;
  for (size_t i = 0; goes_on && i < names.size(); ++i) goes_on = batch_.points.column_name(i) == names[i];
  if (open_ && !goes_on && !hand_over()) return Step::Broken;
  if (!goes_on) {
    batch_.points.begin(names);
    latest_ = 0;
    columns_ = std::move(columns);
  }
  open_ = begun_ = true;
  return Step::Done;
}

void BatchAnswer::begin_series() {
  begun_ = partial_ = false;
  name_.clear();
  tags_.clear();
  late_values_.clear();
}

bool BatchAnswer::end_series() {
  if (!begun_) return true;  // a series without columns has nothing to say
  batch_.name = Intern(name_);
  batch_.tags = tags_;
  if (!late_values_.empty() && !read_late_values(late_values_)) return false;
  return partial_ || hand_over();
}

// Values that came before their columns: the same reader over them.
bool BatchAnswer::read_late_values(std::string_view values) {
  std::string rest = std::move(buffer_);
  size_t at = at_;
  buffer_ = std::string(values);
  at_ = buffer_.find('[') == kNone ? buffer_.size() : 1;
  place_ = At::Values;
  Step result = Step::Done;
  while (place_ == At::Values && result == Step::Done) result = step();
  buffer_ = std::move(rest);
  at_ = at;
  place_ = At::SeriesList;
  late_values_.clear();
  return result == Step::Done || (result == Step::More && error_.empty());
}

bool BatchAnswer::hand_over() {
  open_ = false;
  batch_.by_name = rules_.by_name;
  batch_.tmax = rules_.stop_is_time || latest_ == 0 ? rules_.stop : latest_;
  batch_.points.finish(InternSeries(InternOrigin("", ""), batch_.name, batch_.tags));
  ++batches_;
  points_ += batch_.points.rows();
  bool more = take_(batch_);
  if (!more) stopped_ = true;
  return more;
}

// --- rows ------------------------------------------------------------------------------------------

// Rows of a time and floats or nulls, without blanks: what InfluxDB writes most. Stops before any other.
void BatchAnswer::plain_rows() {
  size_t n = columns_.size();
  if (n == 0 || columns_[0] != kTime) return;
  AnswerBlock &block = batch_.points;
  const char *p = buffer_.data() + at_;  // of text that ends with a zero
  for (;;) {
    if (*p == ',') ++p;
    if (*p++ != '[') return;
    int64_t time = 0;
    if (!(p = PlainTime(p, &time))) return;
    block.begin_row();
    bool has_null = false, has_value = false;
    size_t column = 1;
    for (; column < n && *p == ','; ++column) {
      if (*++p == 'n') {
        if (std::strncmp(p, "null", 4) != 0) return;
        p += 4;
        has_null = true;
        continue;
      }
      double value;
      if (!(p = PlainNumber(p, &value))) return;
      has_value = true;
      if (columns_[column] >= 0) block.set_number(static_cast<size_t>(columns_[column]), value);
    }
    if (column != n || *p != ']') return;
    ++p;
    at_ = static_cast<size_t>(p - buffer_.data());
    if (rules_.whole_rows ? has_null : !has_value) continue;
    latest_ = std::max(latest_, time);
    block.end_row(time);
  }
}

BatchAnswer::Step BatchAnswer::row() {
  size_t begin = at_;
  if (buffer_[at_] != '[') return broken("a row is no list");
  ++at_;
  batch_.points.begin_row();
  int64_t time = 0;
  bool has_null = false, has_value = false;
  for (size_t column = 0;; ++column) {
    while (at_ < buffer_.size() && (IsBlank(buffer_[at_]) || buffer_[at_] == ',')) ++at_;
    if (at_ < buffer_.size() && buffer_[at_] == ']') break;
    Step read = at_ < buffer_.size() ? cell(column, &time, &has_null, &has_value) : Step::More;
    if (read == Step::Done) continue;
    at_ = begin;
    return read;
  }
  ++at_;
  if (rules_.whole_rows ? has_null : !has_value) return Step::Done;
  latest_ = std::max(latest_, time);
  batch_.points.end_row(time);
  return Step::Done;
}

BatchAnswer::Step BatchAnswer::cell(size_t column, int64_t *time, bool *has_null, bool *has_value) {
  int of = column < columns_.size() ? columns_[column] : kSkipped;
  const char *end = buffer_.data() + buffer_.size();
  const char *p = buffer_.data() + at_;
  switch (*p) {
    case 'n':
    case 't':
    case 'f': {
      std::string_view word = *p == 'n' ? "null" : *p == 't' ? "true" : "false";
      if (static_cast<size_t>(end - p) <= word.size()) return Step::More;
      if (std::memcmp(p, word.data(), word.size()) != 0) return broken("a cell");
      at_ += word.size();
      if (word == "null")
        *has_null = true;
      else
        *has_value = true;
      if (of >= 0 && word != "null") batch_.points.set_bool(static_cast<size_t>(of), word == "true");
      return Step::Done;
    }
    case '"': {
      Step read = text(&scratch_);
      if (read != Step::Done) return read;
      if (of == kTime) {
        if (!ParseRfc3339(scratch_, time)) return broken("the time " + scratch_);
        return Step::Done;
      }
      *has_value = true;
      if (of >= 0) batch_.points.set_string(static_cast<size_t>(of), scratch_);
      return Step::Done;
    }
    default:
      break;
  }
  if (of == kTime) {
    auto read = std::from_chars(p, end, *time);
    if (read.ptr == end) return Step::More;
    if (read.ec != std::errc()) return broken("a time");
    at_ += static_cast<size_t>(read.ptr - p);
    return Step::Done;
  }
  double value = 0;
  const char *behind = FastNumber(p, end, &value);
  if (behind == end) return Step::More;
  if (behind == p) return broken("a cell");
  at_ += static_cast<size_t>(behind - p);
  *has_value = true;
  if (of >= 0) batch_.points.set_number(static_cast<size_t>(of), value);
  return Step::Done;
}

// A string, unescaped.
BatchAnswer::Step BatchAnswer::text(std::string *out) {
  size_t end = at_ + 1;
  bool escaped = false;
  for (; end < buffer_.size() && buffer_[end] != '"'; ++end)
    if (buffer_[end] == '\\') {
      escaped = true;
      ++end;
    }
  if (end >= buffer_.size()) return Step::More;
  std::string_view quoted(buffer_.data() + at_, end + 1 - at_);
  if (!escaped) {
    out->assign(quoted.substr(1, quoted.size() - 2));
  } else {
    Json json = Json::parse(quoted, nullptr, false);
    if (!json.is_string()) return broken("a string");
    *out = json.get<std::string>();
  }
  at_ = end + 1;
  return Step::Done;
}

}  // namespace tick
