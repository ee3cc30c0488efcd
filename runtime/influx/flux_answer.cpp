// flux_answer.cpp - annotated CSV to batches (nodes.md 4.4).
#include "runtime/influx/flux_answer.h"

#include <algorithm>
#include <charconv>

#include "runtime/text/go_time.h"

namespace tick {
namespace {

// Where the record that begins at `at` ends: its newline, outside of quotes.
size_t RecordEnd(std::string_view text, size_t at) {
  bool quoted = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '"') quoted = !quoted;
    if (text[at] == '\n' && !quoted) return at;
  }
  return std::string_view::npos;
}

void SplitRecord(std::string_view record, std::vector<std::string> *cells) {
  cells->assign(1, "");
  bool quoted = false;
  for (size_t i = 0; i < record.size(); ++i) {
    char c = record[i];
    if (quoted && c == '"' && i + 1 < record.size() && record[i + 1] == '"') {
      cells->back() += '"';
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells->emplace_back();
    } else {
      cells->back() += c;
    }
  }
}

}  // namespace

bool FluxAnswer::feed(std::string_view piece) {
  if (stopped_) return false;
  buffer_.append(piece);
  size_t at = 0;
  for (size_t end; (end = RecordEnd(buffer_, at)) != std::string::npos; at = end + 1) {
    std::string_view record(buffer_.data() + at, end - at);
    if (record.ends_with('\r')) record.remove_suffix(1);
    if (!line(record)) {
      stopped_ = true;
      return false;
    }
  }
  buffer_.erase(0, at);
  return true;
}

std::string FluxAnswer::finish() {
  if (stopped_ || !error_.empty()) return error_;
  if (!buffer_.empty()) feed("\n");
  if (error_.empty() && open_) hand_over();
  return error_;
}

// An empty line ends a block of tables with equal columns; annotations begin the next.
bool FluxAnswer::line(std::string_view text) {
  if (text.empty()) {
    headed_ = false;
    return true;
  }
  SplitRecord(text, &cells_);
  if (cells_[0].starts_with('#')) {
    headed_ = false;
    auto &annotation = cells_[0] == "#datatype" ? types_ : cells_[0] == "#group" ? groups_ : defaults_;
    annotation = cells_;
    return true;
  }
  return headed_ ? data() : header();
}

bool FluxAnswer::header() {
  headed_ = true;
  names_ = cells_;
  if (open_ && !hand_over()) return false;
  table_.clear();
  if (auto at = std::find(names_.begin(), names_.end(), "error");
      at != names_.end() && std::find(names_.begin(), names_.end(), "table") == names_.end()) {
    uses_.assign(names_.size(), Use::Skip);
    error_ = "the query failed";
    uses_[static_cast<size_t>(at - names_.begin())] = Use::Name;
    return true;
  }
  uses_.assign(names_.size(), Use::Skip);
  columns_.assign(names_.size(), 0);
  fields_.clear();
  for (size_t i = 0; i < names_.size(); ++i) {
    const std::string &name = names_[i];
    std::string type = i < types_.size() ? types_[i] : "string";
    bool key = i < groups_.size() && groups_[i] == "true";
    if (name == "table")
      uses_[i] = Use::Table;
    else if (name == "_time")
      uses_[i] = Use::Time;
    else if (name == "_measurement")
      uses_[i] = Use::Name;
    else if (i == 0 || name == "result" || name == "_start" || name == "_stop" || name.empty())
      uses_[i] = Use::Skip;
    else if (key)
      uses_[i] = type == "string" ? Use::Tag : Use::Skip;
    else
      uses_[i] = type == "double" || type == "long" || type == "unsignedLong" ? Use::Number
                 : type == "boolean"                                          ? Use::Bool
                                                                              : Use::Text;
    if (uses_[i] < Use::Number) continue;
    columns_[i] = fields_.size();
    fields_.push_back(Intern(name));
  }
  return true;
}

bool FluxAnswer::data() {
  cells_.resize(std::max(cells_.size(), names_.size()));
  if (!error_.empty()) {  // the row of an error table
    for (size_t i = 0; i < uses_.size(); ++i)
      if (uses_[i] == Use::Name) error_ = cells_[i];
    return false;
  }
  for (size_t i = 0; i < names_.size(); ++i)
    if (cells_[i].empty() && i < defaults_.size() && defaults_[i] != "_result" && i > 0) cells_[i] = defaults_[i];
  for (size_t i = 0; i < uses_.size(); ++i) {
    if (uses_[i] != Use::Table || (open_ && cells_[i] == table_)) continue;
    if (open_ && !hand_over()) return false;
    table_ = cells_[i];
    batch_.points.begin(fields_);
    batch_.tags.clear();
    batch_.name = Intern("");
    latest_ = 0;
    open_ = true;
    for (size_t k = 0; k < uses_.size(); ++k) {
      if (uses_[k] == Use::Name) batch_.name = Intern(cells_[k]);
      if (uses_[k] == Use::Tag) batch_.tags.push_back({Intern(names_[k]), cells_[k]});
    }
    std::sort(batch_.tags.begin(), batch_.tags.end(),
              [](const Tag &a, const Tag &b) { return NameLess(a.key, b.key); });
  }
  if (!open_) return true;
  int64_t time = rules_.stop;
  bool any = false;
  batch_.points.begin_row();
  for (size_t i = 0; i < uses_.size(); ++i) {
    const std::string &cell = cells_[i];
    if (cell.empty()) continue;
    if (uses_[i] == Use::Time && ParseRfc3339(cell, &time)) latest_ = std::max(latest_, time);
    if (uses_[i] < Use::Number) continue;
    any = true;
    if (uses_[i] == Use::Number) {
      double value = 0;
      if (std::from_chars(cell.data(), cell.data() + cell.size(), value).ec == std::errc())
        batch_.points.set_number(columns_[i], value);
    } else if (uses_[i] == Use::Bool) {
      batch_.points.set_bool(columns_[i], cell == "true");
    } else {
      batch_.points.set_string(columns_[i], cell);
    }
  }
  if (any) batch_.points.end_row(time);
  return true;
}

bool FluxAnswer::hand_over() {
  open_ = false;
  batch_.tmax = latest_ == 0 ? rules_.stop : latest_;
  batch_.points.finish(InternSeries(InternOrigin("", ""), batch_.name, batch_.tags));
  return take_(batch_);
}

}  // namespace tick
