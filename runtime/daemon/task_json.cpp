// task_json.cpp - task objects, statistics and DOT of the API.
#include "runtime/daemon/task_json.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "runtime/daemon/task_record.h"
#include "runtime/text/go_duration.h"

namespace tick {
namespace {

std::string Throughput(double value, bool batch) {
  char text[64];
  std::snprintf(text, sizeof text, "%.2f %s/s", value, batch ? "batches" : "points");
  return text;
}

std::string StatText(const std::string &key, int64_t value) {
  return key == "avg_exec_time_ns" ? GoDuration(value) : std::to_string(value);
}

void AppendNode(const NodeSnapshot &node, DotView view, std::string *dot) {
  *dot += "\n" + node.name + " [";
  if (view == DotView::Labels) *dot += "xlabel=\"";
  bool first = true;
  for (const auto &[key, value] : node.stats) {
    if (key == "collected" || key == "emitted") continue;  // the edges show them
    if (view == DotView::Attributes) *dot += key + "=\"" + StatText(key, value) + "\" ";
    else *dot += (first ? "" : "\\r") + key + "=" + StatText(key, value);
    first = false;
  }
  *dot += view == DotView::Labels ? "\"];\n" : "];\n";
  for (const auto &[child, count] : node.edges)
    *dot += node.name + " -> " + child +
            (view == DotView::Labels ? " [label=\"processed=" : " [processed=\"") + std::to_string(count) + "\"];\n";
}

}  // namespace

Json StatsJson(const TaskSnapshot &run) {
  if (!run.executing) return Json::object();
  Json nodes = Json::object();
  for (const NodeSnapshot &node : run.nodes) {
    Json stats = Json::object();
    for (const auto &[key, value] : node.stats) stats[key] = value;
    nodes[node.name] = std::move(stats);
  }
  Json stats = {{"task-stats", {{"throughput", run.throughput}}}, {"node-stats", SortedKeys(nodes)}};
  // Beyond Kapacitor: what went wrong and how often, where something did.
  for (const NodeSnapshot &node : run.nodes)
    for (const ErrorCount &error : node.errors)
      stats["node-errors"][node.name].push_back({{"error", error.text}, {"count", error.count}});
  return stats;
}

std::string TaskDot(const TaskRecord &task, const TaskSnapshot &run, DotView view) {
  if (!run.executing) return task.dot.empty() ? "" : "digraph " + task.id + task.dot;
  std::string throughput = Throughput(run.throughput, task.batch);
  std::string dot = "digraph " + task.id + " {\ngraph [";
  dot += view == DotView::Attributes ? "throughput=\"" + throughput + "\"];\n"
                                     : "label=\"Throughput: " + throughput + "\" forcelabels=true pad=\"0.8,0.5\"];\n";
  for (const NodeSnapshot &node : run.nodes)
    if (node.kind != "batch") AppendNode(node, view, &dot);
  return dot + "}";
}

std::string OldTaskDot(const TaskRecord &task, const TaskSnapshot &run) {
  if (!run.executing) return task.dot.empty() ? "" : "digraph " + task.id + task.dot;
  // 0.2 lists the edges of a node in walk order, which is that of the names' numbers.
  std::map<std::string_view, size_t> place;
  for (size_t i = 0; i < run.nodes.size(); ++i) place[run.nodes[i].name] = i;
  std::string dot = "digraph " + task.id + " {\n";
  for (const NodeSnapshot &node : run.nodes) {
    auto edges = node.edges;
    std::stable_sort(edges.begin(), edges.end(), [&](const auto &a, const auto &b) { return place[a.first] < place[b.first]; });
    for (const auto &[child, count] : edges)
      dot += node.name + " -> " + child + " [label=\"" + std::to_string(count) + "\"];\n";
  }
  return dot + "}";
}

Json TaskJson(const TaskRecord &task, const TaskSnapshot &run, CodeSource &code, const TaskView &view) {
  return {{"link", SelfLink(CleanPath("/kapacitor/v1/tasks/" + task.id))},
          {"id", task.id},
          {"template-id", task.template_id},
          {"type", task.batch ? "batch" : "stream"},
          {"dbrps", DbrpsJson(task.dbrps)},
          {"script", view.raw_script ? task.script : code.format(task.script)},
          {"vars", task.vars},
          {"dot", TaskDot(task, run, view.dot)},
          {"status", task.enabled ? "enabled" : "disabled"},
          {"executing", run.executing},
          {"error", run.error.empty() ? task.error : run.error},
          {"stats", StatsJson(run)},
          {"created", TimeText(task.created)},
          {"modified", TimeText(task.modified)},
          {"last-enabled", TimeText(task.last_enabled)}};
}

}  // namespace tick
