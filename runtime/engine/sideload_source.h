// sideload_source.h - the tables that sideload nodes look up (nodes.md 23).
//
// A source is shared by the nodes that name it. Its content is replaced as a whole when it is reloaded; nodes notice
// by the version and keep what they hold until then.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "grammar/tables.h"

namespace tick {

// A value of a file or an answer. type: Bool, Int, Float or String; Missing for what is none of these.
struct SideloadValue {
  Type type = Type::Missing;
  bool b = false;
  int64_t i = 0;
  double f = 0;
  std::string s;  // of a String; of a Missing what was there instead, for messages
};
using SideloadTable = std::map<std::string, SideloadValue, std::less<>>;  // by key
// By path: of a file relative to the source's directory, or a key of the answer's outer object.
using SideloadTables = std::map<std::string, SideloadTable, std::less<>>;

class SideloadSource {
 public:
  virtual ~SideloadSource() = default;
  virtual uint64_t version() const = 0;  // changes with the content
  virtual std::shared_ptr<const SideloadTables> tables() const = 0;
};

}  // namespace tick
