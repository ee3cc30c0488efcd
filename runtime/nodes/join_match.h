// join_match.h - `join.on(…)`: which messages of groups with more dimensions meet which with just these (nodes.md 13.4).
//
// In: *specific* messages (their group has more dimensions than `on`) and *match* messages, of one key. Out: pairs,
// and specific messages that found no partner and will not any more. Match messages never go alone.
//
// Where a source has never sent anything of a key, its progress with other keys stands in: Kapacitor waits for it
// for ever, and an outer join never comes out.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "runtime/nodes/join_sets.h"

namespace tick {

struct JoinGroup;

struct Mark {
  bool set = false;
  int64_t time = 0;
  void to(int64_t t) { *this = {true, t}; }
  void raise(int64_t t) { *this = {true, set && time > t ? time : t}; }
};

// A message waiting for a partner.
struct Waiting {
  unsigned source;
  int64_t time;
  HeldPtr held;
  std::shared_ptr<JoinGroup> group;  // of a specific message
};

// What goes to a group: a specific message, with its match if it has one.
struct Meeting {
  Waiting specific;
  Waiting match;  // held is null: alone
  int64_t low;    // nothing before this will come
};

class MatchKey {
 public:
  explicit MatchKey(size_t sources) : marks_(sources) {}

  // all: every source has reported, of any key.
  void specific(Waiting message, bool all, std::vector<Meeting> *out);
  void match(Waiting message, bool all, std::vector<Meeting> *out);
  // A source has come as far without a message.
  void advance(unsigned source, int64_t time, bool all, std::vector<Meeting> *out);
  // Lets go what can find no partner; overall: each source's progress with any key.
  void release(const std::vector<Mark> &overall, std::vector<Meeting> *out);
  // End of data.
  void drain(std::vector<Meeting> *out);
  void forget(const JoinGroup *group);
  // Whether something waits while a source never sent anything of this key.
  bool lonely() const { return !specifics_.empty() && !low().set; }
  bool listed = false;  // for whoever keeps a list of such keys
  void forget_marks() { marks_.assign(marks_.size(), {}); }
  // More than `most` of a kind are not kept: the oldest specific ones go alone, the oldest match ones are dropped
  // (the number of both is returned).
  size_t limit(size_t most, std::vector<Meeting> *out);

 private:
  Mark low() const;
  void go_alone(int64_t low, std::vector<Meeting> *out);

  std::vector<Mark> marks_;  // by source
  std::deque<Waiting> specifics_, matches_;
};

}  // namespace tick
