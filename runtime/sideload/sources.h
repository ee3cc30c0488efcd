// sources.h - what sideload nodes look up: directories of JSON and YAML files, and JSON over HTTP.
//
// In: a source as a script names it. Out: its tables, one a file or one a key of the answer. Sources are kept by name,
// so tasks share them; reload() reads all of them again. What cannot be read then keeps its last good content, and
// that is said: a vanished or broken file never takes values away. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine/sideload_source.h"

namespace tick {

class SideloadSources {
 public:
  // Gets what is no file: the URL, or the name of an endpoint. An error text, or "" and the body.
  using Fetch = std::function<std::string(const std::string &source, std::string *body)>;
  explicit SideloadSources(Fetch fetch) : fetch_(std::move(fetch)) {}

  // Null: `error` says why it cannot be used.
  std::shared_ptr<SideloadSource> open(std::string_view source, std::string *error);
  // What could not be read again, a sentence each.
  std::vector<std::string> reload();

 private:
  class Source;
  Fetch fetch_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Source>, std::less<>> sources_;
};

// The tables under a directory. `failures`: a sentence for each file that could not be read, and the file's path.
struct SideloadFailure {
  std::string path, reason;
};
SideloadTables ReadSideloadDirectory(const std::string &directory, std::vector<SideloadFailure> *failures);
// The tables of an object of objects; an error text where it is none.
std::string ReadSideloadObject(const std::string &json, SideloadTables *tables);

}  // namespace tick
