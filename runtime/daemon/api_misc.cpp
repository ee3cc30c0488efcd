// api_misc.cpp - routes about the daemon itself: log level, live logs, counters, backup, the route table.
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "runtime/daemon/api_misc.h"
#include "runtime/daemon/task_json.h"
#include "runtime/text/go_duration.h"

namespace tick {
namespace {

Json WithCommonTags(Json tags, const Identity &identity) {
  tags["cluster_id"] = identity.cluster_id;
  tags["host"] = identity.hostname;
  tags["server_id"] = identity.server_id;
  return SortedKeys(tags);
}

const int64_t kBegan = WallClock();

Json MemoryStatistics();

// What is known of the daemon as a whole, without common tags.
void AddGeneral(const MiscParts &parts, std::vector<Json> *all) {
  all->push_back({{"name", "kapacitor"},
                  {"values",
                   {{"num_tasks", parts.tasks.all().size()},
                    {"num_enabled_tasks", parts.tasks.enabled_count()},
                    {"num_subscriptions", parts.subscriptions()},
                    {"uptime", static_cast<double>(WallClock() - kBegan) / 1e9}}}});
  all->push_back({{"name", "runtime"}, {"values", MemoryStatistics()}});
}

}  // namespace

std::vector<Json> Statistics(const MiscParts &parts, bool as_points) {
  std::vector<Json> all;
  if (as_points) AddGeneral(parts, &all);
  auto add = [&](const char *name, Json tags, Json values) {
    all.push_back({{"name", name}, {"tags", WithCommonTags(std::move(tags), parts.identity)}, {"values", std::move(values)}});
  };
  for (const IngressCount &row : parts.engine.ingress())
    add("ingress",
        {{"database", row.database}, {"measurement", row.measurement}, {"retention_policy", row.retention_policy}, {"task_master", "main"}},
        {{"points_received", row.points}});
  for (const TaskRecord &task : parts.tasks.all()) {
    TaskSnapshot run = parts.engine.snapshot(task.id);
    if (!run.executing) continue;
    const char *type = task.batch ? "batch" : "stream";
    for (const NodeSnapshot &node : run.nodes) {
      Json values = Json::object();
      for (const auto &[key, value] : node.stats) {
        if (key == "avg_exec_time_ns" && !as_points) values[key] = GoDuration(value);
        else if (key != "collected" && key != "emitted") values[key] = value;
      }
      add("nodes", {{"kind", node.kind}, {"node", node.name}, {"task", task.id}, {"type", type}}, values);
      for (const auto &[child, count] : node.edges)
        add("edges", {{"child", child}, {"parent", node.name}, {"task", task.id}, {"type", type}},
            {{"collected", count}, {"emitted", count}});
    }
  }
  for (const auto &[topic, collected] : parts.topics()) add("topics", {{"id", topic}}, {{"collected", collected}});
  for (const DeliveryCount &count : parts.deliveries())
    add("handlers", {{"handler", count.handler}, {"topic", count.topic}},
        {{"delivered", count.delivered}, {"dropped", count.dropped}, {"failed", count.failed}, {"queued", count.queued}, {"retried", count.retried}});
  if (parts.others)
    for (Json &one : parts.others()) add(one.value("name", "").c_str(), one.value("tags", Json::object()), one.value("values", Json::object()));
  return all;
}

namespace {

Json MemoryStatistics() {
  long pages = 0, resident = 0;
  std::ifstream statm("/proc/self/statm");
  statm >> pages >> resident;
  int64_t bytes = int64_t{resident} * sysconf(_SC_PAGESIZE);
  Json memory = Json::object();
  for (const char *name : {"Alloc", "HeapAlloc", "HeapInuse", "HeapSys", "Sys", "TotalAlloc"}) memory[name] = bytes;
  for (const char *name : {"Frees", "GCCPUFraction", "HeapIdle", "HeapObjects", "HeapReleased", "Lookups", "Mallocs", "NumGC", "PauseTotalNs"})
    memory[name] = 0;
  return SortedKeys(memory);
}

Json CommandLine() {
  std::ifstream file("/proc/self/cmdline");
  Json words = Json::array();
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  return words;
}

// One key a line, as Go's expvar prints; 0.2 has the statistics among the keys.
Response Variables(const MiscParts &parts, bool old) {
  Json top = {{"cluster_id", parts.identity.cluster_id}, {"cmdline", CommandLine()}, {"host", parts.identity.hostname}};
  Json statistics = Json::object();
  for (Json &row : Statistics(parts, false)) statistics[RandomUuid()] = std::move(row);
  if (old) top.update(statistics);
  else top["kapacitor"] = statistics;
  top["memstats"] = MemoryStatistics();
  top["num_enabled_tasks"] = parts.tasks.enabled_count();
  top["num_subscriptions"] = parts.subscriptions();
  top["num_tasks"] = parts.tasks.all().size();
  if (!old) top["platform"] = parts.identity.platform;
  top["product"] = parts.identity.product;
  top["server_id"] = parts.identity.server_id;
  top["version"] = parts.identity.version;
  Response response;
  response.body = "{\n";
  bool first = true;
  Json sorted = SortedKeys(top);
  for (auto item = sorted.begin(); item != sorted.end(); ++item) {
    response.body += (first ? "" : ",\n") + CompactJson(item.key()) + ": " + CompactJson(*item);
    first = false;
  }
  response.body += "\n}\n";
  return response;
}

Response Backup(Store &store) {
  std::string path = store.path() + ".backup-" + RandomUuid();
  std::string error = store.backup(path);
  std::stringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  ::unlink(path.c_str());
  if (!error.empty()) return ErrorResponse(500, error);
  Response response;
  response.content_type = "application/octet-stream";
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"kapacitor.db\"");
  response.body = bytes.str();
  return response;
}

// Lines of the log from now on, until the client is gone.
Response FollowLog(const Request &request, Log &log) {
  Log::Pairs filter;
  for (const auto &[key, value] : request.query) {
    if (request.parameters(key).size() > 1) return ErrorResponse(400, "query params cannot contain duplicate params");
    filter.emplace_back(key, value);
  }
  const std::string *accept = request.header("accept");
  bool json = accept && *accept == "application/json";
  Response response;
  response.content_type = json ? "application/json" : "application/logfmt";
  response.stream = [&log, filter, json](const StreamWriter &write) {
    struct Queue {
      std::mutex mutex;
      std::condition_variable filled;
      std::string lines;
    };
    auto queue = std::make_shared<Queue>();
    constexpr size_t kMost = 1 << 22;  // a reader that does not keep up loses lines, not the daemon its memory
    uint64_t handle = log.follow(filter, [queue, json](const Log::Record &record) {
      std::lock_guard lock(queue->mutex);
      if (queue->lines.size() < kMost) queue->lines += (json ? record.json : record.line) + "\n";
      queue->filled.notify_one();
    });
    for (bool going = true; going;) {
      std::string lines;
      {
        std::unique_lock lock(queue->mutex);
        queue->filled.wait_for(lock, std::chrono::seconds(1), [&] { return !queue->lines.empty(); });
        lines.swap(queue->lines);
      }
      going = write(lines);
    }
    log.unfollow(handle);
  };
  return response;
}

Response SetLevel(const Request &request, Log &log) {
  Json body = Json::parse(*request.body, nullptr, false);
  if (body.is_discarded()) return ErrorResponse(400, "invalid json: the body must be {\"level\": \"INFO\"}");
  const Json *level = Member(body, "level");
  std::string word = level && level->is_string() ? level->get<std::string>() : "";
  std::string lower;
  for (char c : word) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (lower != "debug" && lower != "info" && lower != "error") return ErrorResponse(400, "invalid log level");
  log.set_level(lower);
  return NoContent();
}

Response SetOldLevel(const Request &request, Log &log) {
  std::string word = request.parameter("level");
  if (!log.set_level(word)) return OldError(400, "invalid log level: \"" + word + "\"");
  Response response;
  response.content_type = "";
  return response;
}

}  // namespace

void AddMiscRoutes(Router *router, const MiscParts &parts) {
  const std::string base = kBase, old = kOldBase;
  auto shared = std::make_shared<MiscParts>(parts);
  router->add("GET", base + "/debug/vars", [shared](const Request &) { return Variables(*shared, false); });
  router->add("GET", "/debug/vars", [shared](const Request &) { return Variables(*shared, true); });
  router->add("POST", base + "/loglevel", [shared](const Request &r) { return SetLevel(r, shared->log); });
  router->add("POST", old + "/loglevel", [shared](const Request &r) { return SetOldLevel(r, shared->log); });
  router->add("GET", base + "preview/logs", [shared](const Request &r) { return FollowLog(r, shared->log); });
  router->add("GET", base + "/storage/backup", [shared](const Request &) { return Backup(shared->store); });
  router->add("GET", base + "/:routes", [router](const Request &) { return JsonResponse(Json(router->patterns())); });
  router->add("GET", old + "/:routes", [router](const Request &) { return JsonResponse(Json(router->patterns())); });
}

}  // namespace tick
