// node.h - a node of a running task: what every kind shares, and the table of kinds.
//
// In: frames, batches, barriers and group deletions from its parents. Out: the same to its children, in
// declared order, by plain calls; a task runs on one thread at a time, so nothing here is locked. Counters
// may be read from other threads. A kind is one row in node_kinds.def, one file in runtime/nodes/.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/abi/tick_abi.h"
#include "runtime/data/block.h"
#include "runtime/data/group.h"
#include "runtime/engine/error_ledger.h"

namespace tick {

class Lambda;
class StateArchive;
class Task;
class TaskState;
struct Services;

// A counter one thread writes and others read.
class Counter {
 public:
  void add(int64_t n) { value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed); }
  void set(int64_t n) { value_.store(n, std::memory_order_relaxed); }
  int64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

// What a node takes for a point or batch: the average over its last samples, and the largest that average ever was,
// which is what Kapacitor shows. One thread samples, others read.
class ExecTime {
 public:
  void add(int64_t ns, int64_t count) {
    ns_ += ns;
    count_ += count;
  }
  // The push is over: what it took is one sample.
  void sample();
  int64_t largest() const { return largest_.get(); }

 private:
  int64_t ns_ = 0, count_ = 0, samples_ = 0;
  double average_ = 0;
  Counter largest_;
};

// Sees what a node puts on its edges without being its child (stats counts points a group this way).
class EdgeWatch {
 public:
  virtual ~EdgeWatch() = default;
  virtual void seen(const Frame &frame) = 0;
  virtual void seen(const Batch &batch) = 0;
  virtual void forgotten(Group *group) = 0;
};

class Node {
 public:
  Node(const tick_node &spec, Task &task) : spec_(spec), task_(task) {}
  virtual ~Node() = default;
  Node(const Node &) = delete;

  // --- data, from parent number `source` (index among tick_node.parents)
  virtual void points(const Frame &frame, unsigned source);
  virtual void batch(const Batch &batch, unsigned source);
  // "this group gets no more data older than time"
  virtual void barrier(Group *group, int64_t time, unsigned source);
  // Forget all state of the group. The base drops this node's state and passes it on.
  virtual void delete_group(Group *group, unsigned source);
  // Rows that a node above took out of the stream: nothing comes for them, but time has passed for their groups.
  // join and union go on by it instead of waiting. The base passes it on; nodes that hold points back end it.
  virtual void skipped(const Frame &frame, unsigned) { emit_skipped(frame); }
  // Whether it is of use to tell this node of skipped rows.
  virtual bool wants_skipped() const;
  // End of data (a replay's or a file's end): drain what the node holds back. Called in walk order.
  virtual void finish() {}
  // Before the first data and after all nodes exist; errors here refuse the task.
  virtual std::optional<std::string> start() { return std::nullopt; }
  // Wall clock, for the few kinds that have one (stats, barrier). The worker calls tick(now) between two blocks
  // once next_tick() has come; both are of the same clock as Services::now().
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
  virtual int64_t next_tick() const { return kNever; }
  virtual void tick(int64_t) {}
  // The task stops: forget wall-clock timers, endpoints, handlers.
  virtual void stop() {}

  // --- state of a group (node's part of the record): constructed on first use, moved on reload
  virtual void init_state(void *) {}
  virtual void drop_state(void *) {}
  // Moves state `from` (same kind, equal layout, of the generation before) into the not yet constructed `to`.
  virtual void move_state(void *from, void *to);
  // Whether this node, which equals `old` in identity and layout, can go on from its state: not where what the nodes
  // below read decided what was kept. Both are started.
  virtual bool takes_state_of(const Node &) const { return true; }
  // State of the node as a whole, where it has any (join's sets, union's queues): taken over from `old`.
  virtual void adopt(Node &) {}
  // The parts of a group's state, to be saved or loaded (into a state that init_state made). False: this kind's state
  // of a group is not kept over a restart.
  virtual bool exchange_state(void *, Group *, StateArchive &) { return false; }
  // The same of the node as a whole.
  virtual void exchange(StateArchive &) {}
  // Whether it remembers anything from one push to the next; reloads name the nodes that do.
  virtual bool keeps_state() const { return spec_.state_size > 0; }

  const tick_node &spec() const { return spec_; }
  std::string_view name() const { return spec_.name; }

  // Counters of nodes.md 1.11, by key; a node adds its own to what the base gives.
  virtual std::map<std::string, int64_t> stats() const;
  Counter collected, emitted, errors, cardinality;
  std::vector<Counter> child_collected;  // by child
  ExecTime exec_time;
  std::vector<ErrorCount> error_counts() const { return ledger_.counts(); }

  // Called by the task when the graph is linked.
  void link(Node *child, unsigned source_of_child);
  const std::vector<std::pair<Node *, unsigned>> &children() const { return children_; }
  // emit and emit_delete tell it, after the children.
  void watch(EdgeWatch *watch) { watches_.push_back(watch); }

 protected:
  void emit(const Frame &frame);
  void emit(const Batch &batch);
  void emit_barrier(Group *group, int64_t time);
  void emit_delete(Group *group);
  void emit_skipped(const Frame &frame);

  // This node's state of the group, constructed on first use (counts cardinality).
  void *state(Group *group) {
    if (group->domain == spec_.domain && !group->erased)
      if (std::byte *record = group->record.get(); record[index_] != std::byte{0}) return record + spec_.state_offset;
    return begin_state(group);
  }
  template <class T>
  T &state_as(Group *group) {
    return *static_cast<T *>(state(group));
  }
  bool has_state(const Group *group) const;
  // Drops this node's state of the group.
  void forget(Group *group);

  // Counts an error and says it the first time, later only how often it was, unless .quiet(). With the point it was
  // about, the lambda that failed, and the field and types that are to blame where that is to be found.
  void error(std::string_view message, std::string_view cause, const Frame *frame = nullptr, uint32_t row = 0,
             const Lambda *lambda = nullptr, const void *state = nullptr);
  // Whether error() would look at its next call, for callers whose cause costs something to find out.
  bool says_next_error() const;
  bool watched() const { return !watches_.empty(); }

  // --- arguments and properties of the script
  const tick_property *property(std::string_view name) const;  // the last call of it, or null
  std::vector<const tick_property *> properties(std::string_view name) const;
  bool flag(std::string_view name) const { return property(name) != nullptr; }
  int64_t int_property(std::string_view name, int64_t otherwise) const;  // ints and durations
  std::string string_property(std::string_view name, std::string_view otherwise) const;
  std::vector<std::string> string_list(const tick_arg *args, uint32_t n) const;  // strings; lists are flattened

  Task &task() const { return task_; }

 private:
  friend class Task;
  friend class TaskState;
  Group *own_group(Group *group) const;
  void *begin_state(Group *group);
  void take_state(Node &old);
  void tell_edge(size_t child, std::string_view what, int64_t count) const;
  ErrorLedger ledger_;
  int64_t errors_in_ledger_ = 0;
  uint32_t index_ = 0;  // in the task; set when the task takes the node
  const tick_node &spec_;
  Task &task_;
  std::vector<std::pair<Node *, unsigned>> children_;
  std::vector<EdgeWatch *> watches_;
};

inline bool Node::wants_skipped() const {
  for (const auto &[child, source] : children_)
    if (child->wants_skipped()) return true;
  return false;
}
inline void Node::emit_skipped(const Frame &frame) {
  if (frame.rows.empty()) return;
  for (const auto &[child, source] : children_)
    if (child->wants_skipped()) child->skipped(frame, source);
}

// Makes a node of the kind its spec names; an error text where the kind is unknown or its arguments do not hold.
struct NodeResult {
  std::unique_ptr<Node> node;
  std::string error;
};
NodeResult MakeNode(const tick_node &spec, Task &task);
using NodeFactory = NodeResult (*)(const tick_node &spec, Task &task);

template <class T>
NodeResult MakeAs(const tick_node &spec, Task &task) {
  return {std::make_unique<T>(spec, task), ""};
}

}  // namespace tick
