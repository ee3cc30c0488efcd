// graphite.cpp - templates and lines of Graphite.
#include "runtime/input/graphite.h"

#include <algorithm>
#include <cmath>

#include "runtime/text/go_float.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr double kFirstTime = -2147483648.0, kLastTime = 2147483647.0;  // of 1901 and 2038

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (size_t at = 0;;) {
    size_t end = text.find(separator, at);
    parts.emplace_back(text.substr(at, end == std::string_view::npos ? end : end - at));
    if (end == std::string_view::npos) return parts;
    at = end + 1;
  }
}

std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  for (size_t at = 0; at < text.size();) {
    size_t begin = text.find_first_not_of(" \t\r\n\v\f", at);
    if (begin == std::string_view::npos) break;
    size_t end = std::min(text.find_first_of(" \t\r\n\v\f", begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    at = end;
  }
  return words;
}

std::string ReadTags(const std::vector<std::string> &texts, std::vector<std::pair<std::string, std::string>> *tags) {
  for (const std::string &text : texts) {
    size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) return "invalid template tags: '" + text + "'";
    tags->emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return "";
}

}  // namespace

// "[filter] template [tag1=v1,tag2=v2]"
std::string GraphiteRules::Read(const std::string &spec, std::string *filter, Template *rule) {
  std::vector<std::string_view> parts = Words(spec);
  if (parts.empty()) return "missing template at position: 0";
  std::string words(parts[0]), tags;
  if (parts.size() == 2 && parts[1].find('=') != std::string_view::npos) tags = parts[1];
  else if (parts.size() >= 2) {
    *filter = parts[0];
    words = parts[1];
    if (parts.size() > 2) tags = parts[2];
  }
  if (parts.size() > 3) return "invalid template format: '" + spec + "'";
  rule->words = Split(words, '.');
  bool named = std::any_of(rule->words.begin(), rule->words.end(), [](const std::string &word) {
    return word == "measurement" || word == "measurement*";
  });
  if (!named) return "no measurement specified for template. " + GoQuote(words);
  return tags.empty() ? "" : ReadTags(Split(tags, ','), &rule->tags);
}

std::string GraphiteRules::Make(const std::vector<std::string> &templates, const std::vector<std::string> &tags,
                                const std::string &separator, GraphiteRules *rules) {
  *rules = GraphiteRules();
  rules->separator_ = separator.empty() ? "." : separator;
  if (std::string error = ReadTags(tags, &rules->tags_); !error.empty()) return error;
  auto whole = std::make_shared<Template>();
  whole->words = {"measurement*"};
  rules->root_.rule = whole;
  for (const std::string &spec : templates) {
    auto rule = std::make_shared<Template>();
    std::string filter;
    if (std::string error = Read(spec, &filter, rule.get()); !error.empty()) return error;
    Node *node = &rules->root_;
    if (!filter.empty())
      for (std::string &word : Split(filter, '.')) {
        auto &child = node->children[std::move(word)];
        if (!child) child = std::make_unique<Node>();
        node = child.get();
      }
    node->rule = std::move(rule);
  }
  return "";
}

const GraphiteRules::Template *GraphiteRules::find(const std::vector<std::string> &path) const {
  const Node *node = &root_;
  for (const std::string &word : path) {
    if (node->children.empty()) break;
    auto child = node->children.find(word);
    if (child == node->children.end()) child = node->children.find("*");
    if (child == node->children.end()) break;
    node = child->second.get();
  }
  return node->rule ? node->rule.get() : root_.rule.get();
}

std::string GraphiteRules::apply(const Template &rule, const std::vector<std::string> &path, GraphitePoint *point) const {
  auto join = [this](std::string *to, const std::string &word) { *to += (to->empty() ? "" : separator_) + word; };
  auto tag = [&](const std::string &key) -> std::string & {
    for (auto &[name, value] : point->tags)
      if (name == key) return value;
    return point->tags.emplace_back(key, "").second;
  };
  for (const auto &[key, value] : rule.tags) tag(key) = value;
  for (size_t i = 0; i < rule.words.size() && i < path.size(); ++i) {
    const std::string &word = rule.words[i];
    bool rest = word == "measurement*" || word == "field*";
    std::string *to = word == "measurement" || word == "measurement*" ? &point->measurement
                      : word == "field" || word == "field*"           ? &point->field
                      : word.empty()                                  ? nullptr
                                                                      : &tag(word);
    if (word == "field" && !point->field.empty()) return "'field' can only be used once in each template";
    for (size_t at = i; to && at < (rest ? path.size() : i + 1); ++at) join(to, path[at]);
    if (rest) break;
  }
  for (const auto &[key, value] : tags_)
    if (tag(key).empty()) tag(key) = value;
  return "";
}

std::string GraphiteRules::parse(std::string_view line, int64_t now, GraphitePoint *point) const {
  std::vector<std::string_view> parts = Words(line);
  if (parts.size() != 2 && parts.size() != 3) return "received " + GoQuote(line) + " which doesn't have required fields";
  *point = GraphitePoint();
  std::vector<std::string> path = Split(parts[0], '.');
  if (std::string error = apply(*find(path), path, point); !error.empty()) return error;
  if (point->measurement.empty()) point->measurement = parts[0];
  if (point->field.empty()) point->field = "value";
  std::string name(parts[0]), value(parts[1]);
  if (ParseGoFloat(value, &point->value) != NumberError::None) return "field \"" + name + "\" value: strconv.ParseFloat: parsing " + GoQuote(value) + ": invalid syntax";
  if (!std::isfinite(point->value)) return "field \"" + name + "\" value: unsupported value " + value;
  point->time = now;
  if (parts.size() == 2) return "";
  double seconds = 0;
  std::string time(parts[2]);
  if (ParseGoFloat(time, &seconds) != NumberError::None || !std::isfinite(seconds))
    return "field \"" + name + "\" time: strconv.ParseFloat: parsing " + GoQuote(time) + ": invalid syntax";
  if (seconds == -1) return "";
  if (seconds < kFirstTime || seconds > kLastTime) return "timestamp out of range";
  point->time = static_cast<int64_t>(std::floor(seconds)) * kSecond + std::llround((seconds - std::floor(seconds)) * 1e9);
  return "";
}

}  // namespace tick
