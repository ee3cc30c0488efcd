// join_sets.cpp - collecting sets and letting them go.
#include "runtime/nodes/join_sets.h"

#include <algorithm>
#include <cstring>

namespace tick {

void Held::own() {
  size_t bytes = 0;
  for (const Field &field : fields)
    if (TypeOf(field.value) == Type::String) bytes += field.value.as.s.size;
  text.resize(bytes);
  char *at = text.data();
  for (Field &field : fields) {
    if (TypeOf(field.value) != Type::String) continue;
    tick_string &string = field.value.as.s;
    if (string.size) std::memcpy(at, string.data, string.size);
    string.data = at;
    at += string.size;
  }
}

// The first set of this time that lacks the source, made if there is none.
JoinSet &JoinSets::set_at(unsigned source, int64_t time, bool overwrite) {
  auto begin = sets_.end();
  while (begin != sets_.begin() && std::prev(begin)->time >= time) --begin;
  auto at = begin;
  for (; at != sets_.end() && at->time == time; ++at)
    if (overwrite || !at->slots[source]) return *at;
  at = sets_.emplace(at);
  at->time = time;
  at->slots.resize(heads_.size());
  return *at;
}

bool JoinSets::passed(int64_t time) const {
  return std::all_of(heads_.begin(), heads_.end(), [&](const Head &head) { return head.set && head.time > time; });
}

void JoinSets::emit_due(std::vector<JoinSet> *out) {
  while (!sets_.empty()) {
    int64_t oldest = sets_.front().time;
    bool all_passed = passed(oldest);
    while (!sets_.empty() && sets_.front().time == oldest && (all_passed || sets_.front().present == heads_.size())) {
      out->push_back(std::move(sets_.front()));
      sets_.pop_front();
    }
    if (!all_passed) return;
  }
}

void JoinSets::collect(unsigned source, int64_t time, HeldPtr held, bool old_rule, std::vector<JoinSet> *out) {
  JoinSet &set = set_at(source, time, old_rule);
  if (!set.slots[source]) ++set.present;
  set.slots[source] = std::move(held);
  heads_[source] = {true, time};
  if (!old_rule) return emit_due(out);
  if (passed(sets_.front().time)) {
    out->push_back(std::move(sets_.front()));
    sets_.pop_front();
  }
}

void JoinSets::raise(unsigned source, int64_t time) {
  Head &head = heads_[source];
  head = {true, head.set ? std::max(head.time, time) : time};
}

void JoinSets::advance(unsigned source, int64_t time, std::vector<JoinSet> *out) {
  raise(source, time);
  emit_due(out);
}

void JoinSets::force(std::vector<JoinSet> *out) {
  out->push_back(std::move(sets_.front()));
  sets_.pop_front();
}

void JoinSets::drain(std::vector<JoinSet> *out) {
  for (JoinSet &set : sets_) out->push_back(std::move(set));
  sets_.clear();
}

void Held::exchange(StateArchive &archive) {
  archive.series(series);
  archive.name(name);
  fields.resize(archive.length(fields.size()));
  for (Field &field : fields) {
    archive.name(field.name);
    archive.value(field.value);
    if (!field.name) return archive.fail();
  }
  if (archive.loading()) own();
  Exchange(archive, batch);
}

void JoinSets::exchange(StateArchive &archive) {
  if (archive.length(heads_.size()) != heads_.size()) return archive.fail();
  for (Head &head : heads_) {
    archive.number(head.set);
    archive.number(head.time);
  }
  sets_.resize(archive.length(sets_.size()));
  for (JoinSet &set : sets_) {
    archive.number(set.time);
    archive.number(set.present);
    if (archive.loading()) set.slots.resize(heads_.size());
    for (HeldPtr &held : set.slots) {
      bool there = held != nullptr;
      archive.number(there);
      if (archive.loading() && there) held = std::make_shared<Held>();
      if (held) held->exchange(archive);
    }
  }
  if (archive.loading() && !archive.ok()) sets_.clear();
}

}  // namespace tick
