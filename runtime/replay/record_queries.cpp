// record_queries.cpp - recordings of what InfluxDB answers: a batch task's queries over a time range, or one query.
#include <algorithm>

#include "runtime/influx/batch_query.h"
#include "runtime/replay/batch_file.h"
#include "runtime/replay/recordings.h"

namespace tick {

std::string Recordings::record_batches(const TaskRecord &task, const Code &code, const Batch &what, const std::string &path,
                                       Work &work) {
  if (!task.batch) return "wrong task type";
  BatchQueries queries = ReadBatchQueries(code.task(), task.dbrps);
  if (!queries.error.empty()) return queries.error;
  std::unique_ptr<BatchFileWriter> file;
  bool old_dialect = code.task().dialect == 2;
  if (std::string error = BatchFileWriter::Open(path, queries.queries.size(), old_dialect, &file); !error.empty()) return error;
  for (const BatchQuery &query : queries.queries) {
    std::shared_ptr<InfluxCluster> cluster = clusters_ ? clusters_(query.cluster) : nullptr;
    if (!cluster)
      return old_dialect ? "InfluxDB not configured, cannot record batch query"
                         : "no such InfluxDB config " + (query.cluster.empty() ? "default" : query.cluster);
    for (const PlannedQuery &planned : PlanQueries(query, what.start, what.stop, WallClock())) {
      auto take = [&](LooseBatch &batch) {
        file->add(query.index, batch);
        work.points = file->points();
        return !work.cancelled;
      };
      std::string error = cluster->run(query, planned.text, planned.stop, nullptr, take, &work.cancelled);
      if (!error.empty()) return error;
      if (work.cancelled) return "cancelled";
    }
  }
  return file->close();
}

namespace {

struct Line {
  int64_t time;
  Series series;
  Fields fields;
};

// The rows of a batch as points, kept with their strings.
void Keep(const LooseBatch &batch, const Origin *origin, Arena &strings, std::vector<Line> &lines) {
  for (uint32_t row = 0; row < batch.points.rows(); ++row) {
    Line line{batch.points.times[row], Series{origin, batch.name, batch.points.series[row]->tags, 0}, {}};
    batch.points.fields(row, line.fields);
    for (Field &field : line.fields)
      if (TypeOf(field.value) == Type::String) field.value = MakeString(strings.copy(StringOf(field.value)));
    lines.push_back(std::move(line));
  }
}

}  // namespace

std::string Recordings::record_query(const Query &what, const std::string &path, Work &work) {
  SingleQuery single = ReadSingleQuery(what.query);
  if (!single.error.empty()) return single.error;
  std::shared_ptr<InfluxCluster> cluster = clusters_ ? clusters_(what.cluster) : nullptr;
  if (!cluster)
    return what.old_dialect ? "InfluxDB not configured, cannot record batch query"
                            : "no such InfluxDB config " + (what.cluster.empty() ? "default" : what.cluster);
  BatchQuery query;
  query.by_time = true;  // a batch's time is that of its last point
  query.old_dialect = what.old_dialect;
  std::unique_ptr<BatchFileWriter> batches;
  if (what.batch)
    if (std::string error = BatchFileWriter::Open(path, 1, what.old_dialect, &batches); !error.empty()) return error;
  std::vector<Line> lines;
  Arena strings;
  const Origin *origin = InternOrigin(single.database, single.retention_policy);
  auto take = [&](LooseBatch &batch) {
    if (batches) batches->add(0, batch);
    else Keep(batch, origin, strings, lines);
    work.points += batch.points.rows();
    return !work.cancelled;
  };
  std::string error = cluster->run(query, single.text, WallClock(), nullptr, take, &work.cancelled);
  if (!error.empty()) return "InfluxDB query failed: " + error;
  if (batches) return batches->close();
  // 0.2 keeps one series after the other.
  if (!what.old_dialect) std::stable_sort(lines.begin(), lines.end(), [](const Line &a, const Line &b) { return a.time < b.time; });
  std::unique_ptr<StreamFileWriter> file;
  if (error = StreamFileWriter::Open(path, &file); !error.empty()) return error;
  for (const Line &line : lines) file->add(line.series, line.fields, line.time);
  return file->close();
}

}  // namespace tick
