// reports.cpp - small reports of tickc: variables of a script, lines that formatting changes.
#include <algorithm>
#include <charconv>
#include <vector>

#include "driver/listings.h"
#include "frontend/ast/format.h"

namespace tick {
namespace {

std::string ValueText(const ir::Arg &value);

std::string ListText(const std::vector<ir::Arg> &items) {
  std::string text = "[";
  for (const ir::Arg &item : items) text += (text.size() > 1 ? ", " : "") + ValueText(item);
  return text + "]";
}

std::string ValueText(const ir::Arg &value) {
  switch (value.type) {
    case Type::Bool: return value.literal.i ? "TRUE" : "FALSE";
    case Type::Int: return std::to_string(value.literal.i);
    case Type::Duration: return FormatDuration(value.literal.i);
    case Type::Float: {
      char text[400];
      auto end = std::to_chars(text, text + sizeof text, value.literal.f, std::chars_format::fixed);
      return std::string(text, end.ptr);
    }
    case Type::String: return "'" + value.literal.s + "'";
    case Type::Regex: return "/" + value.literal.s + "/";
    case Type::List: return ListText(value.items);
    case Type::Star: return "*";
    default: return "";
  }
}

std::vector<std::string_view> Lines(const std::string &text) {
  std::vector<std::string_view> lines;
  for (size_t at = 0; at < text.size();) {
    size_t end = text.find('\n', at);
    if (end == std::string::npos) end = text.size();
    lines.push_back(std::string_view(text).substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// length[i][j]: longest common subsequence of a[i…] and b[j…].
std::vector<std::vector<uint32_t>> CommonLengths(const std::vector<std::string_view> &a,
                                                 const std::vector<std::string_view> &b) {
  std::vector<std::vector<uint32_t>> length(a.size() + 1, std::vector<uint32_t>(b.size() + 1, 0));
  for (size_t i = a.size(); i-- > 0;)
    for (size_t j = b.size(); j-- > 0;)
      length[i][j] = a[i] == b[j] ? length[i + 1][j + 1] + 1 : std::max(length[i + 1][j], length[i][j + 1]);
  return length;
}

}  // namespace

std::string VarsTable(const ir::Graph &graph) {
  std::string table;
  for (const ir::Var &var : graph.vars) {
    std::string value = !var.has_value ? "<required>" : var.type == Type::Lambda ? var.lambda_text : ValueText(var.value);
    std::string type = var.type == Type::Bool ? "bool" : std::string(TypeName(var.type));
    std::string description = var.description;
    std::replace(description.begin(), description.end(), '\n', ' ');
    table += var.name + "\t" + type + "\t" + value + (description.empty() ? "" : "\t" + description) + "\n";
  }
  return table;
}

std::string LineDiff(const std::string &name, const std::string &before, const std::string &after) {
  if (before == after) return "";
  std::vector<std::string_view> a = Lines(before), b = Lines(after);
  std::vector<std::vector<uint32_t>> length = CommonLengths(a, b);
  std::string diff = "--- " + name + "\n+++ " + name + " (formatted)\n";
  diff += "@@ -1," + std::to_string(a.size()) + " +1," + std::to_string(b.size()) + " @@\n";
  size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      diff += " " + std::string(a[i++]) + "\n", ++j;
    } else if (i < a.size() && (j == b.size() || length[i + 1][j] >= length[i][j + 1])) {
      diff += "-" + std::string(a[i++]) + "\n";
    } else {
      diff += "+" + std::string(b[j++]) + "\n";
    }
  }
  return diff;
}

}  // namespace tick
