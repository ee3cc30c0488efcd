// select.h - a SELECT statement of InfluxQL, clause by clause, in InfluxQL's normal form.
//
// In: a user's text. Out: its clauses printed as InfluxDB's own printer prints them, so that a batch query puts in
// its time range and its dimensions and prints the whole again; or an error in InfluxQL's words. Operators print in
// the order they were written, with the parentheses that were written, which is all that a printer without a tree
// needs to know.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tick {

struct SelectSource {
  std::string text;  // as printed
  std::string database, retention_policy, measurement;
  bool subquery = false, regex = false;
};

struct Select {
  std::string fields;
  std::string target;  // of INTO
  std::vector<SelectSource> sources;
  std::string condition, dimensions, fill;  // fill: "none", "previous", "linear", a number or empty
  std::string tail;                         // " ORDER BY …", " LIMIT …" and what follows
};

struct SelectResult {
  Select select;
  std::string error;  // empty: parsed
};
// The one statement of a text.
SelectResult ParseSelect(std::string_view text);
std::string PrintSelect(const Select &select);

}  // namespace tick
