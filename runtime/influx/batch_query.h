// batch_query.h - the queries of a batch task: what each asks, when, and with which text.
//
// In: a compiled task and the databases it may read. Out: one BatchQuery for each of its query nodes, in declared
// order, checked; the text for any time range; the strokes and texts a recording of the past asks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine/engine.h"
#include "runtime/influx/batch_answer.h"
#include "runtime/influx/schedule.h"
#include "runtime/influx/select.h"

namespace tick {

struct BatchQuery {
  unsigned index = 0;   // among the task's query nodes: Task::push's `query`
  std::string node;     // its name
  std::string cluster;  // "" is the default one
  Schedule schedule;
  int64_t every = 0, period = 0, offset = 0;
  bool old_dialect = false;
  // InfluxQL
  Select select;
  std::vector<std::string> dimensions;  // printed, without time()
  size_t time_at = 0;                   // where time() stands among them
  bool by_time = false, align_group = false, by_measurement = false;
  int64_t time_length = 0, time_offset = 0;
  // Flux
  bool flux = false;
  std::string script, org, org_id;

  // The InfluxQL of a range. align: whether alignGroup shifts the intervals (recordings leave it, as Kapacitor does).
  std::string text(int64_t start, int64_t stop, bool align = true) const;
  AnswerRules rules(int64_t stop) const;
};

struct BatchQueries {
  std::vector<BatchQuery> queries;
  std::string error;  // "query1: …", and no queries
};
BatchQueries ReadBatchQueries(const tick_task &task, const std::vector<Dbrp> &dbrps);

// A question of a recording: its time is `stop`, unless the answer is grouped by time.
struct PlannedQuery {
  int64_t start = 0, stop = 0;
  std::string text;
};
// What the query would have asked between start and stop (daemon.md 8.2); nothing later than now.
std::vector<PlannedQuery> PlanQueries(const BatchQuery &query, int64_t start, int64_t stop, int64_t now);

// A single query of a recording (`record query`): its text in normal form and the database and retention policy it
// reads; an error text where it is none or does not name them.
struct SingleQuery {
  std::string text, database, retention_policy, error;
  bool by_time = false;
};
SingleQuery ReadSingleQuery(std::string_view text);

}  // namespace tick
