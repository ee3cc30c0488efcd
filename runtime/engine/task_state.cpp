// task_state.cpp - saving and loading what the nodes of a task remember.
//
// Format: mark and version, sum of what follows, then a part a node: identity, kind, size of its state, the node's own
// part, its groups with a part each.
#include "runtime/engine/task_state.h"

#include <algorithm>

#include "runtime/engine/state_archive.h"

namespace tick {
namespace {

// To be raised with every change of what some node writes.
constexpr uint64_t kMark = 0x0002'4554'4154'5354;  // "TSTATE", version 2

uint64_t Sum(std::string_view bytes) {  // FNV-1a
  uint64_t sum = 0xcbf29ce484222325;
  for (unsigned char c : bytes) sum = (sum ^ c) * 0x100000001b3;
  return sum;
}

}  // namespace

class TaskState {
 public:
  explicit TaskState(Task &task) : task_(task) {}

  std::string save(std::string_view kind) {
    std::vector<Node *> saved;
    for (const auto &node : task_.nodes())
      if (node->keeps_state() && (kind.empty() || kind == node->spec().kind)) saved.push_back(node.get());
    if (saved.empty()) return "";
    StateArchive all;
    all.length(saved.size());
    for (Node *node : saved) {
      StateArchive one;
      save_node(*node, one);
      std::string bytes = one.take();
      all.part(bytes);
    }
    return all.take();
  }

  std::vector<std::string> load(StateArchive &all) {
    std::vector<std::string> names;
    std::vector<bool> taken(task_.nodes().size());
    for (size_t n = all.length(0); n-- > 0 && all.ok();) {
      StateArchive one(all.part_view());
      Key key;
      exchange(key, one);
      for (size_t i = 0; one.ok() && i < taken.size(); ++i) {
        Node &node = *task_.nodes()[i];
        if (taken[i] || !(key == KeyOf(node))) continue;
        taken[i] = true;
        load_node(node, one);
        if (node.keeps_state()) names.emplace_back(node.name());
        break;
      }
    }
    return names;
  }

 private:
  struct Key {
    uint64_t identity = 0;
    std::string kind;
    uint64_t state_size = 0;
    bool operator==(const Key &) const = default;
  };
  static Key KeyOf(const Node &node) {
    return {node.spec().identity, node.spec().kind, node.spec().state_size};
  }
  static void exchange(Key &key, StateArchive &archive) {
    archive.number(key.identity);
    archive.text(key.kind);
    archive.number(key.state_size);
  }

  void save_node(Node &node, StateArchive &archive) {
    Key key = KeyOf(node);
    exchange(key, archive);
    StateArchive own;
    node.exchange(own);
    std::string bytes = own.take();
    archive.part(bytes);
    if (node.spec().state_size == 0) return;
    task_.groups(node.spec().domain).each([&](Group &group) {
      std::byte *record = group.record.get();
      if (record[node.index_] == std::byte{0}) return;
      StateArchive state;
      if (!node.exchange_state(record + node.spec().state_offset, &group, state)) return;
      archive.group(group.name, group.by_name, group.tags);
      bytes = state.take();
      archive.part(bytes);
    });
    Name end = nullptr;
    archive.name(end);
  }

  // A group whose part does not fit begins anew.
  void load_node(Node &node, StateArchive &archive) {
    StateArchive own(archive.part_view());
    node.exchange(own);
    if (node.spec().state_size == 0) return;
    while (archive.ok()) {
      Name name = nullptr;
      bool by_name = false;
      Tags tags;
      archive.group(name, by_name, tags);
      if (!name) return;
      StateArchive state(archive.part_view());
      if (!archive.ok()) return;
      Group *group = task_.groups(node.spec().domain).find(name, by_name, tags);
      if (group->record[node.index_] != std::byte{0}) continue;
      void *at = node.begin_state(group);
      if (!node.exchange_state(at, group, state) || !state.ok()) node.forget(group);
    }
  }

  Task &task_;
};

std::string SaveTaskState(Task &task, std::string_view kind) {
  std::string body = TaskState(task).save(kind);
  if (body.empty()) return "";
  StateArchive head;
  uint64_t mark = kMark, sum = Sum(body);
  head.number(mark);
  head.number(sum);
  return head.take() + body;
}

RestoredState RestoreTaskState(Task &task, std::string_view bytes) {
  StateArchive head(bytes);
  uint64_t mark = 0, sum = 0;
  head.number(mark);
  head.number(sum);
  if (!head.ok() || mark != kMark) return {"the kept state is of another version of kapacitord; the task begins anew", {}};
  bytes.remove_prefix(2 * sizeof(uint64_t));
  if (Sum(bytes) != sum) return {"the kept state is broken; the task begins anew", {}};
  StateArchive body(bytes);
  return {"", TaskState(task).load(body)};
}

}  // namespace tick
