// scope.h - the names of a script and their values: one flat map a task (language.md 3.2).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "frontend/check/values.h"

namespace tick::check {

class Scope {
 public:
  // Null where nothing has the name; a found variable counts as used.
  const Value *find(const std::string &name);
  bool has(const std::string &name) const { return entries_.contains(name); }
  void define(const std::string &name, Value value);
  void declare(const std::string &name, Value value, SourceRange name_range);

  std::vector<std::string_view> names() const;  // sorted
  std::string joined() const;                   // "stream,time"
  struct Unused {
    std::string name;
    SourceRange range;
  };
  std::vector<Unused> unused() const;  // declared variables that nobody looked up, in order of name

 private:
  struct Entry {
    Value value;
    SourceRange declared;
    bool variable = false, used = false;
  };
  std::map<std::string, Entry> entries_;
};

}  // namespace tick::check
