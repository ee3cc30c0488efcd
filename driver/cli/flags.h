// flags.h - flags as Go's flag package reads them: -x v, -x=v, --x v, --x=v; booleans take a value only with `=`.
//
// Parsing stops at the first argument that is no flag. CLI11 knows neither single-dash words nor that rule.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tick::cli {

class Flags {
 public:
  Flags &text(std::string_view name, std::string *value, std::string_view usage);
  Flags &list(std::string_view name, std::vector<std::string> *values, std::string_view usage);
  Flags &boolean(std::string_view name, bool *value, std::string_view usage);

  // Fills the variables; what is left goes to `rest`. Returns "" or the message ("flag provided but not
  // defined: -x"); `help` is set where -h or -help was given.
  std::string parse(const std::vector<std::string> &args, std::vector<std::string> *rest, bool *help) const;
  // "  -dbrp value\n    \tusage" a flag, sorted by name.
  std::string usage() const;

 private:
  struct Flag {
    std::string name, usage;
    std::string *text = nullptr;
    std::vector<std::string> *list = nullptr;
    bool *boolean = nullptr;
  };
  std::vector<Flag> flags_;
};

}  // namespace tick::cli
