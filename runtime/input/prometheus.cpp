// prometheus.cpp - lines `name{label="value",…} value [milliseconds]`.
#include "runtime/input/prometheus.h"

#include <algorithm>
#include <cmath>

#include "runtime/text/go_float.h"

namespace tick {
namespace {

constexpr std::string_view kBlanks = " \t\r";

class LineReader {
 public:
  explicit LineReader(std::string_view text) : text_(text) { skip(); }
  bool done() const { return at_ >= text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void skip() { at_ = std::min(text_.find_first_not_of(kBlanks, at_), text_.size()); }
  std::string_view until(std::string_view ends) {
    size_t end = std::min(text_.find_first_of(ends, at_), text_.size());
    std::string_view word = text_.substr(at_, end - at_);
    at_ = end;
    return word;
  }
  // After the opening quote.
  bool quoted(std::string *out) {
    for (; !done(); ++at_) {
      char c = text_[at_];
      if (c == '"') return ++at_, true;
      if (c == '\\' && at_ + 1 < text_.size()) {
        char next = text_[++at_];
        *out += next == 'n' ? '\n' : next;
      } else {
        *out += c;
      }
    }
    return false;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

bool ReadLabels(LineReader &line, PrometheusSample *sample) {
  for (line.skip(); !line.take('}'); line.skip()) {
    std::string key(line.until("= \t"));
    line.skip();
    if (key.empty() || !line.take('=')) return false;
    line.skip();
    auto &label = sample->labels.emplace_back(std::move(key), "");
    if (!line.take('"') || !line.quoted(&label.second)) return false;
    line.skip();
    if (!line.take(',') && line.peek() != '}') return false;
  }
  return true;
}

bool ReadSample(std::string_view text, PrometheusSample *sample) {
  LineReader line(text);
  sample->name = line.until("{ \t");
  line.skip();
  if (sample->name.empty() || (line.take('{') && !ReadLabels(line, sample))) return false;
  line.skip();
  std::string value(line.until(kBlanks));
  if (ParseGoFloat(value, &sample->value) == NumberError::Syntax) return false;
  line.skip();
  int64_t milliseconds = 0;
  if (line.done()) return true;
  if (ParseGoInt(std::string(line.until(kBlanks)), &milliseconds) != NumberError::None) return false;
  sample->time = milliseconds * 1'000'000;
  return true;
}

}  // namespace

size_t ReadPrometheus(std::string_view text, const std::function<void(PrometheusSample &)> &take) {
  size_t bad = 0;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    at = end + 1;
    size_t first = line.find_first_not_of(kBlanks);
    if (first == std::string_view::npos || line[first] == '#') continue;
    PrometheusSample sample;
    if (!ReadSample(line, &sample)) ++bad;
    else if (!std::isnan(sample.value)) take(sample);
  }
  return bad;
}

}  // namespace tick
