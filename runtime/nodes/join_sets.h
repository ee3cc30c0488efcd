// join_sets.h - the sets of one join group: what came from each source at one time, in order of time.
//
// In: messages of sources with rounded times. Out: complete sets as soon as they are the oldest, incomplete ones once
// every source has moved past them (nodes.md 13.1; 0.2's rule, 30.3).
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "runtime/nodes/kept_batch.h"

namespace tick {

// A message held back: a point or a batch.
struct Held {
  const Series *series = nullptr;
  Name name = nullptr;
  std::vector<Field> fields;          // of a point; strings lie in `text`
  std::vector<char> text;
  std::unique_ptr<KeptBatch> batch;   // a batch

  // Takes copies of the strings of `fields`.
  void own();
  void exchange(StateArchive &archive);
};
using HeldPtr = std::shared_ptr<Held>;

struct JoinSet {
  int64_t time = 0;
  unsigned present = 0;
  std::vector<HeldPtr> slots;  // by source
};

class JoinSets {
 public:
  explicit JoinSets(size_t sources) : heads_(sources) {}

  // A message came; sets that are due are put into `out`, in order.
  void collect(unsigned source, int64_t time, HeldPtr held, bool old_rule, std::vector<JoinSet> *out);
  // A source has come as far without a message.
  void advance(unsigned source, int64_t time, std::vector<JoinSet> *out);
  // The same, without letting anything go.
  void raise(unsigned source, int64_t time);
  void drain(std::vector<JoinSet> *out);
  void exchange(StateArchive &archive);
  size_t size() const { return sets_.size(); }
  // Lets the oldest go, complete or not: a source that never comes must not fill the memory.
  void force(std::vector<JoinSet> *out);

 private:
  struct Head {
    bool set = false;
    int64_t time = 0;
  };
  JoinSet &set_at(unsigned source, int64_t time, bool overwrite);
  bool passed(int64_t time) const;
  void emit_due(std::vector<JoinSet> *out);

  std::vector<Head> heads_;
  std::deque<JoinSet> sets_;  // by time; of one time in the order they were begun
};

}  // namespace tick
