// task.cpp - building a task from its descriptor and feeding it.
//
// In: blocks with rows, batches, clock strokes, from one thread at a time. What goes wrong inside a node, an
// exception included, ends the task with a message and leaves the process alone.
#include "runtime/engine/task.h"

#include <algorithm>
#include <chrono>
#include <exception>

namespace tick {

namespace {

constexpr uint64_t kTimedPushes = 10;  // one in so many is timed

int64_t NowOf(void *services) { return static_cast<Services *>(services)->now(); }

// Whether a node's state lies inside its domain's records, behind the bytes that say what was begun.
bool StateFits(const tick_task &task, const tick_node &node) {
  if (node.domain >= task.n_domains) return false;
  uint32_t size = task.domain_sizes[node.domain];
  if (size > 0 && size < task.n_nodes) return false;
  return node.state_size == 0 || (node.state_offset >= task.n_nodes && node.state_offset % 8 == 0 &&
                                  uint64_t{node.state_offset} + node.state_size <= size);
}
}  // namespace

Task::Task(std::string id, std::shared_ptr<const Code> code, Services &services)
    : id_(std::move(id)), code_(std::move(code)), services_(services), old_dialect_(descriptor().dialect == 2) {
  context_.arena = &arena_;
  context_.now = NowOf;
  context_.now_arg = &services_;
}

TaskResult Task::Make(std::string id, std::shared_ptr<const Code> code, Services &services) {
  TaskResult result = Prepare(std::move(id), std::move(code), services);
  if (!result.task) return result;
  if (auto error = result.task->start()) return {nullptr, *error};
  return result;
}

TaskResult Task::Prepare(std::string id, std::shared_ptr<const Code> code, Services &services) {
  std::unique_ptr<Task> task(new Task(std::move(id), std::move(code), services));
  std::string error = task->build();
  if (!error.empty()) return {nullptr, std::move(error)};
  return {std::move(task), ""};
}

std::string Task::build() {
  const tick_task &task = descriptor();
  std::string error;
  for (uint32_t i = 0; i < task.n_lambdas; ++i) {
    lambdas_.push_back(std::make_unique<Lambda>(task.lambdas[i], code_->best(), i, &error));
    if (!error.empty()) return error;
  }
  for (uint32_t i = 0; i < task.n_domains; ++i)
    domains_.push_back(std::make_unique<GroupTable>(i, task.domain_sizes[i], old_dialect()));
  for (uint32_t i = 0; i < task.n_nodes; ++i) {
    if (!StateFits(task, task.nodes[i])) return std::string(task.nodes[i].name) + ": the task's state layout is broken";
    NodeResult made = MakeNode(task.nodes[i], *this);
    if (!made.node) return std::string(task.nodes[i].name) + ": " + made.error;
    made.node->index_ = i;
    nodes_.push_back(std::move(made.node));
  }
  for (uint32_t i = 0; i < task.n_nodes; ++i) {
    const tick_node &spec = task.nodes[i];
    for (uint32_t c = 0; c < spec.n_children; ++c) {
      const tick_node &child = task.nodes[spec.children[c]];
      auto nth = static_cast<size_t>(std::count(spec.children, spec.children + c, spec.children[c]));
      unsigned source = 0;
      for (uint32_t p = 0; p < child.n_parents; ++p)
        if (child.parents[p] == i && nth-- == 0) source = p;
      nodes_[i]->link(nodes_[spec.children[c]].get(), source);
    }
  }
  if (task.type == TICK_EDGE_BATCH && !nodes_.empty())
    for (auto [child, source] : nodes_[0]->children()) queries_.push_back(child);
  return "";
}

Task::~Task() {
  stop();
  drop_states();
}

std::optional<std::string> Task::start() {
  for (size_t i = 0; i < nodes_.size(); ++i) {
    std::optional<std::string> error;
    try {
      error = nodes_[i]->start();
    } catch (const std::exception &exception) {
      error = exception.what();
    }
    if (!error) continue;
    while (i > 0) nodes_[--i]->stop();
    return error;
  }
  running_ = true;
  return std::nullopt;
}

void Task::stop() {
  if (!running_) return;
  running_ = false;
  for (const auto &node : nodes_) node->stop();
  close_edges();
}

// What went over each edge, told when the task ends: in 0.2's form, or to a log that keeps debug records.
void Task::close_edges() {
  if (nodes_.empty() || !(old_dialect_ || services_.logs_debug())) return;
  auto close = [&](std::string_view parent, std::string_view child, int64_t collected) {
    if (old_dialect_) return services_.close_edge(id_, parent, child, collected);
    LogRecord record{.level = "debug", .task = id_, .node = {}, .message = "closing edge", .cause = {}, .fields = {}};
    record.fields = {{"parent", std::string(parent)}, {"child", std::string(child)},
                     {"collected", std::to_string(collected)}, {"emitted", std::to_string(collected)}};
    services_.log(record);
  };
  if (descriptor().type == TICK_EDGE_STREAM) close("stream", nodes_[0]->name(), nodes_[0]->collected.get());
  for (const auto &node : nodes_)
    for (size_t i = 0; i < node->children().size(); ++i)
      close(node->name(), node->children()[i].first->name(), node->child_collected[i].get());
}

Node *Task::node(std::string_view name) const {
  for (const auto &node : nodes_)
    if (node->name() == name) return node.get();
  return nullptr;
}

// --- data ------------------------------------------------------------------------------------------

template <class F>
void Task::guarded(F &&work) {
  if (failed()) return;
  timed_ = ++pushes_ % kTimedPushes == 0;
  try {
    work();
  } catch (const std::bad_alloc &) {
    fail(*nodes_[0], "out of memory");
  } catch (const std::exception &exception) {
    fail(*nodes_[0], exception.what());
  }
  end_push();
}

void Task::push(const Block &block, std::span<const uint32_t> rows) {
  if (rows.empty() || nodes_.empty()) return;
  guarded([&] {
    Node &source = *nodes_[0];
    auto n = static_cast<int64_t>(rows.size());
    if (old_dialect_ && services_.logs_edges())
      services_.log_edge(id_, "stream", source.name(), "point", n, source.collected.get());
    Stay stay(*this, source, n);
    source.collected.add(static_cast<int64_t>(rows.size()));
    source.points(Frame{&block, rows, block.times.data(), block.series.data(), nullptr, nullptr}, 0);
  });
}

void Task::push(const Batch &batch, unsigned query) {
  if (query >= queries_.size()) return;
  guarded([&] {
    Stay stay(*this, *queries_[query], 1);
    queries_[query]->batch(batch, 0);
  });
}

void Task::finish() {
  guarded([&] {
    for (uint32_t i = 0; i < descriptor().n_nodes; ++i) nodes_[descriptor().walk[i]]->finish();
  });
}

int64_t Task::next_tick() const {
  int64_t next = Node::kNever;
  if (failed()) return next;
  for (const auto &node : nodes_) next = std::min(next, node->next_tick());
  return next;
}

void Task::tick(int64_t now) {
  guarded([&] {
    for (const auto &node : nodes_)
      if (node->next_tick() <= now) node->tick(now);
  });
}

void Task::fail(const Node &node, std::string_view message) {
  if (failed()) return;
  failure_ = std::string(node.name()) + ": " + std::string(message);
  services_.log({.level = "error", .task = id_, .node = node.name(), .message = "node failed", .cause = message});
}

// The time since the last call was the work of the node that was at it.
void Task::pass_to(Node *node, int64_t count) {
  int64_t now = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
  if (at_work_) at_work_->exec_time.add(now - since_, 0);
  if (node) node->exec_time.add(0, count);
  at_work_ = node;
  since_ = now;
}

// Between two pushes nothing points at groups that were deleted in the one before.
void Task::end_push() {
  if (timed_)
    for (const auto &node : nodes_) node->exec_time.sample();
  timed_ = false;
  at_work_ = nullptr;
  arena_.reset();
  if (released_.empty()) return;
  size_t flags = nodes_.size();
  for (Group *group : released_) {
    if (group->erased) continue;
    const std::byte *record = group->record.get();
    bool held = record && std::any_of(record, record + flags, [](std::byte b) { return b != std::byte{0}; });
    if (held) continue;
    groups(group->domain).erase(group);
    ++erasures_;
  }
  released_.clear();
  for (const auto &domain : domains_) domain->collect();
}

// --- state -----------------------------------------------------------------------------------------

std::vector<std::string> Task::adopt(Task &old) {
  std::vector<std::string> names;
  std::vector<bool> taken(old.nodes_.size());
  for (const auto &node : nodes_) {
    const tick_node &spec = node->spec();
    for (size_t i = 0; i < old.nodes_.size(); ++i) {
      Node &before = *old.nodes_[i];
      if (taken[i] || before.spec().identity != spec.identity || before.spec().state_size != spec.state_size ||
          std::string_view(before.spec().kind) != spec.kind || !node->takes_state_of(before))
        continue;
      taken[i] = true;
      node->take_state(before);
      if (node->keeps_state()) names.emplace_back(spec.name);
      break;
    }
  }
  return names;
}

std::vector<std::string> Task::stateful_nodes() const {
  std::vector<std::string> names;
  for (const auto &node : nodes_)
    if (node->keeps_state()) names.emplace_back(node->name());
  return names;
}

void Node::take_state(Node &old) {
  adopt(old);
  if (spec_.state_size == 0) return;
  old.task_.groups(old.spec_.domain).each([&](Group &group) {
    std::byte *from = group.record.get();
    if (from[old.index_] == std::byte{0}) return;
    std::byte *to = task_.groups(spec_.domain).find(group.name, group.by_name, group.tags)->record.get();
    if (to[index_] != std::byte{0}) return;
    move_state(from + old.spec_.state_offset, to + spec_.state_offset);
    from[old.index_] = std::byte{0};
    to[index_] = std::byte{1};
    cardinality.add(1);
    old.cardinality.add(-1);
  });
}

void Task::drop_states() {
  for (const auto &domain : domains_)
    domain->each([&](Group &group) {
      if (!group.record) return;
      for (const auto &node : nodes_)
        if (node->spec().domain == group.domain && group.record[node->index_] != std::byte{0})
          node->drop_state(group.record.get() + node->spec().state_offset);
    });
}

}  // namespace tick
