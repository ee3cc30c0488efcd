// functions_page.cpp - docs/functions.md from grammar/functions.def.
#include <string>

#include "driver/listings.h"
#include "grammar/tables.h"

namespace tick {
namespace {

std::string Code(std::string_view text) {
  std::string out = "`";
  for (char c : text) {
    if (c == '|') out += '\\';  // ends a table's cell otherwise, even inside backquotes
    out += c;
  }
  return out + "`";
}

std::string Signature(const FunctionRow &row) {
  std::string out = std::string(row.name) + "(";
  for (size_t i = 0; i < row.n_params; ++i) out += (i ? ", " : "") + std::string(TypeName(row.params[i]));
  return out + ") " + std::string(TypeName(row.result));
}

std::string Notes(const FunctionRow &row) {
  std::string out(row.doc);
  if (row.failure == Failure::MayFail) out += " May fail.";
  if (row.state == Statefulness::Stateful)
    out += " Keeps " + std::to_string(FunctionStateSize(row.name)) + " bytes a group.";
  return out;
}

}  // namespace

std::string FunctionsMarkdown() {
  std::string out =
      "# Functions of lambdas\n\n"
      "Written by `tickc --list-functions` from `grammar/functions.def`; every example runs as a test.\n\n"
      "A call's arguments must have exactly the types of one signature: an int is not a float, `float(\"i\")` makes it "
      "one.\n"
      "All arguments are evaluated before the call, also those of `if`. A call that may fail is an error of its "
      "point.\n"
      "Numeric functions give the results of Go's math package; a few may differ from it in the last digit.\n"
      "Times are in the local zone of the process (`TZ`, else the machine's), or in the one that `-zone` of kapacitord and `--zone` of `tickc run` and `tickrun` name.\n\n"
      "| function | what it does | example | result |\n"
      "| --- | --- | --- | --- |\n";
  for (const FunctionRow &row : kFunctions)
    out +=
        "| " + Code(Signature(row)) + " | " + Notes(row) + " | " + Code(row.example) + " | " + Code(row.want) + " |\n";
  return out;
}

}  // namespace tick
