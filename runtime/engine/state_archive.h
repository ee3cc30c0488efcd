// state_archive.h - the state of a task's nodes as bytes, and back.
//
// One class for both ways, so that what is written and what is read cannot drift apart: a node names the parts of its
// state once, in order. Saving appends them; loading overwrites them. Loading bytes that are cut or do not fit makes
// ok() false; from there on everything reads as zero and empty, and whoever loads throws the result away.
// Numbers are in the machine's byte order: the bytes are for the same machine (task_state.cpp checks version and sum).
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "runtime/data/series.h"

namespace tick {

class StateArchive {
 public:
  StateArchive() = default;                                            // saves
  explicit StateArchive(std::string_view bytes) : loading_(true), in_(bytes) {}  // loads; the bytes must outlive it
  bool loading() const { return loading_; }
  bool ok() const { return ok_; }
  void fail() { ok_ = false; }
  std::string take() { return std::move(out_); }

  void bytes(void *at, size_t n) {
    if (!loading_) out_.append(static_cast<const char *>(at), n);
    else if (std::string_view part = cut(n); part.size() == n) std::memcpy(at, part.data(), n);
    else std::memset(at, 0, n);
  }
  template <class T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
  void number(T &value) { bytes(&value, sizeof value); }
  void text(std::string &text);
  void name(Name &name);                  // may be null
  void series(const Series *&series);     // may be null; each is written once
  void tags(Tags &tags);
  // What finds a group again in its table; a null name is the end of a list of groups.
  void group(Name &group_name, bool &by_name, Tags &group_tags);
  // Loaded strings point into the archive's bytes: copy them.
  void value(Value &value);
  // The length of a list that follows; at most what the bytes could hold, since an item takes one at least.
  size_t length(size_t n);
  // A part of its own length, read by a part of its own: what is in it cannot harm what follows.
  void part(std::string &bytes) { text(bytes); }
  std::string_view part_view();

 private:
  std::string_view cut(size_t n);

  bool loading_ = false, ok_ = true;
  std::string_view in_;
  std::string out_;
  std::unordered_map<const Series *, uint32_t> known_;
  std::vector<const Series *> loaded_;
};

}  // namespace tick
