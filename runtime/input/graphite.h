// graphite.h - Graphite's lines: what their paths mean by templates, and points out of them (daemon.md 1.6).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tick {

struct GraphitePoint {
  std::string measurement, field;
  std::vector<std::pair<std::string, std::string>> tags;
  double value = 0;
  int64_t time = 0;
};

class GraphiteRules {
 public:
  // tags: "k=v", of every point that has no such tag. An error text, or "" and *rules filled.
  static std::string Make(const std::vector<std::string> &templates, const std::vector<std::string> &tags,
                          const std::string &separator, GraphiteRules *rules);
  // A line "PATH VALUE [SECONDS]". Why it is none, or "".
  std::string parse(std::string_view line, int64_t now, GraphitePoint *point) const;

 private:
  using TagList = std::vector<std::pair<std::string, std::string>>;
  struct Template {
    std::vector<std::string> words;
    TagList tags;
  };
  // Filters as a tree of their words; `*` is tried where no word is equal.
  struct Node {
    std::map<std::string, std::unique_ptr<Node>> children;
    std::shared_ptr<const Template> rule;
  };
  static std::string Read(const std::string &spec, std::string *filter, Template *rule);
  const Template *find(const std::vector<std::string> &path) const;
  std::string apply(const Template &rule, const std::vector<std::string> &path, GraphitePoint *point) const;
  std::string separator_ = ".";
  TagList tags_;
  Node root_;
};

}  // namespace tick
