// batch_runner.cpp - threads that wait for the next query due and ask it.
#include "runtime/influx/batch_runner.h"

#include <chrono>

namespace tick {
namespace {
constexpr size_t kMostThreads = 32;
}

std::string BatchRunner::started(const TaskRecord &task, const tick_task &descriptor) {
  if (!task.batch) return "";
  std::vector<Dbrp> dbrps = task.dbrps;
  for (uint32_t i = 0; i < descriptor.n_dbrps; ++i)
    dbrps.push_back({descriptor.dbrps[i].database, descriptor.dbrps[i].retention_policy});
  BatchQueries read = ReadBatchQueries(descriptor, dbrps);
  if (!read.error.empty()) return read.error;
  if (clusters_.all().empty())
    return "InfluxDB not configured, cannot query InfluxDB for batch query: enable an [[influxdb]] section";
  for (const BatchQuery &query : read.queries)
    if (!clusters_.find(query.cluster)) return "no such InfluxDB config " + query.cluster;

  auto run = std::make_shared<TaskRun>();
  run->id = task.id;
  run->old_dialect = descriptor.dialect == 2;
  int64_t now = services_.now();
  std::lock_guard lock(mutex_);
  if (closing_) return "the daemon stops";
  if (auto &before = tasks_[task.id]) before->cancelled = true;
  tasks_[task.id] = run;
  for (BatchQuery &query : read.queries) {
    auto asked = std::make_shared<Asked>();
    const tick_node &node = descriptor.nodes[descriptor.nodes[0].children[query.index]];
    asked->all_fields = node.needs_all != 0;
    for (uint32_t i = 0; i < node.n_needs; ++i) asked->fields.push_back(Intern(node.needs[i]));
    std::sort(asked->fields.begin(), asked->fields.end(), NameLess);
    asked->task = run;
    asked->next = query.schedule.first(now);
    asked->query = std::move(query);
    due_.insert(std::move(asked));
  }
  if (threads_.empty()) threads_.emplace_back([this] { serve(); });
  changed_.notify_all();
  return "";
}

void BatchRunner::stopping(const std::string &id) {
  std::lock_guard lock(mutex_);
  auto found = tasks_.find(id);
  if (found == tasks_.end()) return;
  found->second->cancelled = true;
  std::erase_if(due_, [&](const auto &asked) { return asked->task == found->second; });
  tasks_.erase(found);
  changed_.notify_all();
}

void BatchRunner::close() {
  std::vector<std::thread> threads;
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
    for (const auto &[id, task] : tasks_) task->cancelled = true;
    due_.clear();
    threads.swap(threads_);
  }
  changed_.notify_all();
  for (std::thread &thread : threads) thread.join();
}

void BatchRunner::serve() {
  std::unique_lock lock(mutex_);
  while (!closing_) {
    int64_t now = services_.now();
    if (due_.empty() || (*due_.begin())->next > now) {
      ++idle_;
      // At most a minute, so that a clock that is set does not hold queries back.
      int64_t wait = due_.empty() ? 60'000'000'000 : std::min<int64_t>((*due_.begin())->next - now, 60'000'000'000);
      changed_.wait_for(lock, std::chrono::nanoseconds(wait));
      --idle_;
      continue;
    }
    std::shared_ptr<Asked> asked = *due_.begin();
    due_.erase(due_.begin());
    // Somebody must wait for the next one meanwhile.
    if (idle_ == 0 && threads_.size() < kMostThreads) threads_.emplace_back([this] { serve(); });
    int64_t tick = asked->next;
    lock.unlock();
    ask(*asked, tick);
    lock.lock();
    if (closing_ || asked->task->cancelled) continue;
    asked->next = asked->query.schedule.after(tick, services_.now());
    if (asked->next == Schedule::kNever) continue;
    due_.insert(asked);
    changed_.notify_one();
  }
}

void BatchRunner::ask(Asked &asked, int64_t tick) {
  const BatchQuery &query = asked.query;
  int64_t stop = tick - query.offset;
  std::string text = query.flux ? query.script : query.text(stop - query.period, stop);
  if (asked.task->old_dialect)
    log_.old_line(asked.task->id + ":" + query.node, 'D', "starting next batch query: " + text);
  else
    services_.log({.level = "debug",
                   .task = asked.task->id,
                   .node = query.node,
                   .message = "starting next batch query",
                   .fields = {{"query", text}}});
  std::shared_ptr<InfluxCluster> cluster = clusters_.find(query.cluster);
  if (!cluster) return failed(asked, "no such InfluxDB config " + query.cluster);
  std::string error = cluster->run(
      query, text, stop, asked.all_fields ? nullptr : &asked.fields,
      [&](LooseBatch &batch) {
        bool taken = engine_.with_task(asked.task->id, [&](Task &task) {
          if (!asked.task->cancelled) PushBatch(task, query.index, batch);
        });
        return taken && !asked.task->cancelled;
      },
      &asked.task->cancelled);
  if (!error.empty() && !asked.task->cancelled) failed(asked, error);
}

void BatchRunner::failed(Asked &asked, const std::string &error) {
  engine_.with_task(asked.task->id, [&](Task &task) {
    if (asked.task->cancelled) return;
    Node &node = *task.nodes()[0]->children()[asked.query.index].first;
    node.errors.add(1);
    services_.log(
        {.level = "error", .task = task.id(), .node = node.name(), .message = "error executing query", .cause = error});
    if (task.old_dialect()) task.fail(node, error);
  });
}

}  // namespace tick
