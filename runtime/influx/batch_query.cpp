// batch_query.cpp - reads query nodes and prints what they ask (nodes.md 4, daemon.md 7.4).
#include "runtime/influx/batch_query.h"

#include <algorithm>
#include <cstring>

#include "runtime/influx/influxql_lexer.h"
#include "runtime/text/go_float.h"
#include "runtime/text/go_time.h"

namespace tick {
namespace {

const tick_property *Find(const tick_node &node, std::string_view name) {
  const tick_property *found = nullptr;
  for (uint32_t i = 0; i < node.n_properties; ++i)
    if (name == node.properties[i].name) found = &node.properties[i];
  return found;
}

int64_t IntOf(const tick_node &node, std::string_view name) {
  const tick_property *property = Find(node, name);
  return property && property->n_args ? property->args[0].as.i : 0;
}

std::string TextOf(const tick_node &node, std::string_view name) {
  const tick_property *property = Find(node, name);
  if (!property || !property->n_args || property->args[0].type != TICK_STRING) return "";
  return std::string(View(property->args[0].as.s));
}

std::string ReadDimension(const tick_arg &arg, BatchQuery *query) {
  bool pair = arg.type == TICK_LIST;
  if (arg.type == TICK_DURATION || pair) {
    if (query->by_time) return "groupBy cannot have more than one time dimension";
    if (pair && arg.n_items != 2) return "time() function expects 1 or 2 args, got " + std::to_string(arg.n_items);
    query->by_time = true;
    query->time_at = query->dimensions.size();
    query->time_length = pair ? arg.items[0].as.i : arg.as.i;
    query->time_offset = pair ? arg.items[1].as.i : 0;
  } else if (arg.type == TICK_STAR) {
    query->dimensions.emplace_back("*");
  } else if (arg.type == TICK_STRING) {
    query->dimensions.push_back(QlIdent(View(arg.as.s)));
  } else {
    return "invalid dimension, must be string or time.Duration";
  }
  return "";
}

std::string ReadFill(const tick_arg &arg, BatchQuery *query) {
  if (arg.type == TICK_INT) {
    query->select.fill = std::to_string(arg.as.i);
  } else if (arg.type == TICK_FLOAT) {
    query->select.fill.clear();
    AppendFloat(query->select.fill, arg.as.f, 'g', -1);
  } else if (arg.type == TICK_STRING) {
    std::string option(View(arg.as.s));
    if (option != "null" && option != "none" && option != "previous" && option != "linear")
      return "unexpected fill option " + option;
    query->select.fill = option == "null" ? "" : option;
  } else {
    return "unexpected fill option";
  }
  return "";
}

std::string CheckSources(const Select &select, const std::vector<Dbrp> &dbrps) {
  for (const SelectSource &source : select.sources) {
    if (source.subquery) return "unknown query source *influxql.SubQuery";
    Dbrp read{source.database, source.retention_policy};
    if (std::find(dbrps.begin(), dbrps.end(), read) == dbrps.end())
      return "batch query is not allowed to request data from \"" + read.database + "\".\"" + read.retention_policy +
             "\"";
  }
  return "";
}

std::string ReadInfluxQl(const tick_node &node, const std::vector<Dbrp> &dbrps, BatchQuery *query) {
  if (node.n_args != 1 || node.args[0].type != TICK_STRING) return "query needs the text of a query";
  SelectResult parsed = ParseSelect(View(node.args[0].as.s));
  if (!parsed.error.empty()) {
    bool of_kapacitor = parsed.error.starts_with("query ");
    return of_kapacitor ? parsed.error : "failed to parse InfluxQL query: " + parsed.error;
  }
  query->select = std::move(parsed.select);
  if (std::string error = CheckSources(query->select, dbrps); !error.empty()) return error;
  query->align_group = Find(node, "alignGroup") != nullptr;
  query->by_measurement = Find(node, "groupByMeasurement") != nullptr;
  std::string error;
  if (const tick_property *group_by = Find(node, "groupBy"))
    for (uint32_t i = 0; i < group_by->n_args && error.empty(); ++i) error = ReadDimension(group_by->args[i], query);
  const tick_property *fill = Find(node, "fill");
  if (error.empty() && fill && fill->n_args) error = ReadFill(fill->args[0], query);
  return error;
}

std::string Read(const tick_node &node, const std::vector<Dbrp> &dbrps, BatchQuery *query) {
  query->node = node.name;
  query->every = IntOf(node, "every");
  query->period = IntOf(node, "period");
  query->offset = IntOf(node, "offset");
  query->cluster = TextOf(node, "cluster");
  query->flux = std::strcmp(node.kind, "queryFlux") == 0;
  std::string error;
  if (!query->flux) {
    error = ReadInfluxQl(node, dbrps, query);
  } else if (node.n_args != 1 || node.args[0].type != TICK_STRING) {
    error = "queryFlux needs the text of a query";
  } else {
    query->script = View(node.args[0].as.s);
    query->org = TextOf(node, "org");
    query->org_id = TextOf(node, "orgID");
  }
  if (error.empty())
    error = Schedule::Make(query->every, Find(node, "align") != nullptr, TextOf(node, "cron"), &query->schedule);
  return error;
}

}  // namespace

std::string BatchQuery::text(int64_t start, int64_t stop, bool align) const {
  Select asked = select;
  if (!asked.condition.empty()) asked.condition += " AND ";
  asked.condition += std::string("time ") + (old_dialect ? ">" : ">=") + " '" + Rfc3339(start) + "' AND time < '" +
                     Rfc3339(stop) + "'";
  asked.dimensions.clear();
  auto add = [&](const std::string &dimension) {
    asked.dimensions += (asked.dimensions.empty() ? "" : ", ") + dimension;
  };
  for (size_t i = 0; i <= dimensions.size(); ++i) {
    if (by_time && i == time_at) {
      int64_t shift = time_offset;
      if (align_group && align && time_length > 0) shift = start % time_length;
      add("time(" + QlDuration(time_length) + (old_dialect ? "" : ", " + QlDuration(shift)) + ")");
    }
    if (i < dimensions.size()) add(dimensions[i]);
  }
  return PrintSelect(asked);
}

AnswerRules BatchQuery::rules(int64_t stop) const {
  AnswerRules rules;
  rules.by_name = by_measurement;
  rules.whole_rows = old_dialect;
  rules.stop_is_time = !by_time && !old_dialect && !flux;
  rules.stop = stop;
  return rules;
}

BatchQueries ReadBatchQueries(const tick_task &task, const std::vector<Dbrp> &dbrps) {
  BatchQueries result;
  if (task.type != TICK_EDGE_BATCH || task.n_nodes == 0) return result;
  const tick_node &source = task.nodes[0];
  for (uint32_t i = 0; i < source.n_children; ++i) {
    const tick_node &node = task.nodes[source.children[i]];
    BatchQuery query;
    query.index = i;
    query.old_dialect = task.dialect == 2;
    std::string error = Read(node, dbrps, &query);
    if (!error.empty()) return {{}, error};
    result.queries.push_back(std::move(query));
  }
  return result;
}

std::vector<PlannedQuery> PlanQueries(const BatchQuery &query, int64_t start, int64_t stop, int64_t now) {
  std::vector<PlannedQuery> plan;
  for (int64_t tick = query.schedule.walk(start); tick != Schedule::kNever && tick <= stop;
       tick = query.schedule.walk(tick)) {
    // 0.2 asks for what comes after the stroke.
    int64_t from = query.old_dialect ? tick : tick - query.offset - query.period;
    int64_t to = from + query.period;
    if (to > now) break;
    plan.push_back({from, to, query.flux ? query.script : query.text(from, to, false)});
  }
  return plan;
}

SingleQuery ReadSingleQuery(std::string_view text) {
  SingleQuery query;
  SelectResult parsed = ParseSelect(text);
  query.error = parsed.error;
  if (!query.error.empty()) return query;
  const std::vector<SelectSource> &sources = parsed.select.sources;
  if (sources.size() != 1 || sources[0].subquery || sources[0].database.empty() ||
      sources[0].retention_policy.empty()) {
    query.error = "could not determine database and retention policy. Is the query fully qualified?";
    return query;
  }
  query.database = sources[0].database;
  query.retention_policy = sources[0].retention_policy;
  query.by_time = parsed.select.dimensions.find("time(") != std::string::npos;
  query.text = PrintSelect(parsed.select);
  return query;
}

}  // namespace tick
