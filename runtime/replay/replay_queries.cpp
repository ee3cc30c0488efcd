// replay_queries.cpp - replays without a recording: InfluxDB's answers go straight into the task (daemon.md 8.4).
#include <algorithm>

#include "runtime/influx/batch_query.h"
#include "runtime/io/line_protocol.h"
#include "runtime/replay/replays.h"

namespace tick {
namespace {

// Every question of the range, of all query nodes, in the order of the times they ask about.
struct Question {
  PlannedQuery planned;
  const BatchQuery *query;
};

}  // namespace

std::string Replays::feed_batches(const TaskRecord &task, const Code &code, int64_t start, int64_t stop, Playback &playback,
                                  PlaybackState &state) const {
  BatchQueries queries = ReadBatchQueries(code.task(), task.dbrps);
  if (!queries.error.empty()) return "load data source: " + queries.error;
  std::vector<Question> questions;
  for (const BatchQuery &query : queries.queries)
    for (PlannedQuery &planned : PlanQueries(query, start, stop, WallClock())) questions.push_back({std::move(planned), &query});
  std::stable_sort(questions.begin(), questions.end(),
                   [](const Question &a, const Question &b) { return a.planned.stop < b.planned.stop; });
  for (size_t i = 0; i < questions.size() && !state.cancelled; ++i) {
    const BatchQuery &query = *questions[i].query;
    std::shared_ptr<InfluxCluster> cluster = clusters_ ? clusters_(query.cluster) : nullptr;
    if (!cluster) return "load data source: no such InfluxDB config " + (query.cluster.empty() ? "default" : query.cluster);
    auto take = [&](LooseBatch &batch) { return playback.batch(query.index, batch); };
    std::string error = cluster->run(query, questions[i].planned.text, questions[i].planned.stop, nullptr, take, &state.cancelled);
    if (!error.empty()) return "running replay: " + error;
    state.progress = static_cast<double>(i + 1) / static_cast<double>(questions.size());
  }
  return "";
}

namespace {

// A point of an answer as the line a recording would hold.
struct AnswerLine {
  int64_t time;
  std::string line;
};

void Keep(const LooseBatch &batch, const Origin *origin, std::vector<AnswerLine> &lines) {
  Fields fields;
  for (uint32_t row = 0; row < batch.points.rows(); ++row) {
    Series series{origin, batch.name, batch.points.series[row]->tags, 0};
    batch.points.fields(row, fields);
    AnswerLine &line = lines.emplace_back(AnswerLine{batch.points.times[row], ""});
    AppendLine(line.line, series, fields, line.time);
    line.line.pop_back();
  }
}

}  // namespace

std::string Replays::feed_query(const std::string &text, const std::string &cluster_name, bool batch, Playback &playback,
                                PlaybackState &state) const {
  SingleQuery single = ReadSingleQuery(text);
  if (!single.error.empty()) return "load data source: " + single.error;
  std::shared_ptr<InfluxCluster> cluster = clusters_ ? clusters_(cluster_name) : nullptr;
  if (!cluster) return "load data source: no such InfluxDB config " + (cluster_name.empty() ? "default" : cluster_name);
  BatchQuery query;
  query.by_time = true;
  std::vector<AnswerLine> lines;
  const Origin *origin = InternOrigin(single.database, single.retention_policy);
  auto take = [&](LooseBatch &answer) {
    if (batch) return playback.batch(0, answer);
    Keep(answer, origin, lines);
    return !state.cancelled.load();
  };
  std::string error = cluster->run(query, single.text, WallClock(), nullptr, take, &state.cancelled);
  if (!error.empty()) return "load data source: InfluxDB query failed: " + error;
  std::stable_sort(lines.begin(), lines.end(), [](const AnswerLine &a, const AnswerLine &b) { return a.time < b.time; });
  for (const AnswerLine &line : lines)
    if (!playback.point({single.database, single.retention_policy, line.line})) break;
  playback.flush();
  return playback.error().empty() ? "" : "running replay: " + playback.error();
}

}  // namespace tick
