// flags.cpp - reads flags in Go's manner.
#include "driver/cli/flags.h"

#include <algorithm>

namespace tick::cli {

Flags &Flags::text(std::string_view name, std::string *value, std::string_view usage) {
  flags_.push_back({std::string(name), std::string(usage), value, nullptr, nullptr});
  return *this;
}
Flags &Flags::list(std::string_view name, std::vector<std::string> *values, std::string_view usage) {
  flags_.push_back({std::string(name), std::string(usage), nullptr, values, nullptr});
  return *this;
}
Flags &Flags::boolean(std::string_view name, bool *value, std::string_view usage) {
  flags_.push_back({std::string(name), std::string(usage), nullptr, nullptr, value});
  return *this;
}

std::string Flags::parse(const std::vector<std::string> &args, std::vector<std::string> *rest, bool *help) const {
  size_t i = 0;
  for (; i < args.size(); ++i) {
    const std::string &arg = args[i];
    if (arg.size() < 2 || arg[0] != '-') break;
    if (arg == "--") {
      ++i;
      break;
    }
    std::string name = arg.substr(arg[1] == '-' ? 2 : 1), value;
    size_t equals = name.find('=');
    bool has_value = equals != std::string::npos;
    if (has_value) {
      value = name.substr(equals + 1);
      name.resize(equals);
    }
    auto flag = std::find_if(flags_.begin(), flags_.end(), [&](const Flag &f) { return f.name == name; });
    if (flag == flags_.end()) {
      if (name == "h" || name == "help") {
        *help = true;
        return "";
      }
      return "flag provided but not defined: -" + name;
    }
    if (flag->boolean) {
      bool yes = !has_value || value == "true" || value == "1" || value == "t" || value == "T" || value == "TRUE" || value == "True";
      bool no = value == "false" || value == "0" || value == "f" || value == "F" || value == "FALSE" || value == "False";
      if (!yes && !no) return "invalid boolean value \"" + value + "\" for -" + name + ": parse error";
      *flag->boolean = yes;
      continue;
    }
    if (!has_value) {
      if (i + 1 >= args.size()) return "flag needs an argument: -" + name;
      value = args[++i];
    }
    if (flag->list) flag->list->push_back(value);
    else *flag->text = value;
  }
  rest->assign(args.begin() + static_cast<std::ptrdiff_t>(i), args.end());
  return "";
}

std::string Flags::usage() const {
  std::vector<Flag> sorted = flags_;
  std::sort(sorted.begin(), sorted.end(), [](const Flag &a, const Flag &b) { return a.name < b.name; });
  std::string text;
  for (const Flag &flag : sorted)
    text += "  -" + flag.name + (flag.boolean ? "" : flag.list ? " value" : " string") + "\n    \t" + flag.usage + "\n";
  return text;
}

}  // namespace tick::cli
