// batch_query_test.cpp - what query nodes ask: texts of both dialects, refusals, and the questions of a recording.
#include "runtime/influx/batch_query.h"

#include <gtest/gtest.h>

#include <deque>

#include "test/unit/influx/times.h"

namespace tick {
namespace {

tick_arg Text(const char *text) { return {TICK_STRING, {.s = {text, std::char_traits<char>::length(text)}}, nullptr, 0}; }
tick_arg Duration(int64_t ns) { return {TICK_DURATION, {.i = ns}, nullptr, 0}; }
tick_arg Star() { return {TICK_STAR, {.i = 0}, nullptr, 0}; }

// A batch task of one query node.
struct QueryTask {
  explicit QueryTask(const char *query, uint8_t dialect = 1) : argument(Text(query)) {
    task.type = TICK_EDGE_BATCH;
    task.dialect = dialect;
  }
  QueryTask &set(const char *name, std::vector<tick_arg> args) {
    arguments.push_back(std::move(args));
    properties.push_back({name, arguments.back().data(), static_cast<uint32_t>(arguments.back().size()), nullptr, 0});
    return *this;
  }
  BatchQueries read(std::vector<Dbrp> dbrps = {{"telegraf", "autogen"}, {"telegraf", "default"}}) {
    nodes[0].kind = nodes[0].name = "batch";
    nodes[0].children = &child;
    nodes[0].n_children = 1;
    nodes[1].kind = "query";
    nodes[1].name = "query1";
    nodes[1].args = &argument;
    nodes[1].n_args = 1;
    nodes[1].properties = properties.data();
    nodes[1].n_properties = static_cast<uint32_t>(properties.size());
    task.nodes = nodes;
    task.n_nodes = 2;
    return ReadBatchQueries(task, dbrps);
  }
  std::string text(const char *start, const char *stop) {
    BatchQueries read = this->read();
    return read.queries.empty() ? read.error : read.queries[0].text(At(start), At(stop));
  }

  tick_arg argument;
  std::deque<std::vector<tick_arg>> arguments;
  std::vector<tick_property> properties;
  tick_node nodes[2] = {};
  uint32_t child = 1;
  tick_task task = {};
};

constexpr const char *kStart = "2020-01-01T00:00:00Z", *kStop = "2020-01-01T00:01:00Z";

TEST(BatchQuery, AsksInNormalForm) {
  EXPECT_EQ(QueryTask("SELECT mean(value) FROM \"telegraf\".\"autogen\".\"cpu\" WHERE \"host\" = 'a'")
                .set("every", {Duration(10 * kSecond)}).set("groupBy", {Duration(10 * kSecond), Text("dc")}).text(kStart, kStop),
            "SELECT mean(value) FROM telegraf.autogen.cpu WHERE host = 'a' AND time >= '2020-01-01T00:00:00Z' AND time < '2020-01-01T00:01:00Z' "
            "GROUP BY time(10s, 0s), dc");
  // 0.2's, as its log shows it.
  EXPECT_EQ(QueryTask("select value from \"telegraf\".\"default\".\"cpu_usage_idle\"", 2).set("every", {Duration(5 * kSecond)})
                .text("2016-01-18T01:40:36.951728593Z", "2016-01-18T11:40:36.951728593Z"),
            "SELECT value FROM telegraf.\"default\".cpu_usage_idle WHERE time > '2016-01-18T01:40:36.951728593Z' AND time < '2016-01-18T11:40:36.951728593Z'");
  EXPECT_EQ(QueryTask("select mean(v) from telegraf.autogen.m", 2).set("every", {Duration(kSecond)}).set("groupBy", {Text("a b"), Duration(90 * kSecond)})
                .text(kStart, kStop),
            "SELECT mean(v) FROM telegraf.autogen.m WHERE time > '2020-01-01T00:00:00Z' AND time < '2020-01-01T00:01:00Z' GROUP BY \"a b\", time(90s)");
}

TEST(BatchQuery, PropertiesReplaceWhatTheTextGroupsBy) {
  const char *query = "select mean(v) from telegraf.autogen.m where a = 'x' or b = 'y' group by host fill(0) order by time desc limit 3";
  std::string range = "a = 'x' OR b = 'y' AND time >= '2020-01-01T00:00:00Z' AND time < '2020-01-01T00:01:00Z'";
  EXPECT_EQ(QueryTask(query).set("every", {Duration(kSecond)}).text(kStart, kStop),
            "SELECT mean(v) FROM telegraf.autogen.m WHERE " + range + " fill(0) ORDER BY time DESC LIMIT 3");
  EXPECT_EQ(QueryTask(query).set("every", {Duration(kSecond)}).set("groupBy", {Star()}).set("fill", {Text("linear")}).text(kStart, kStop),
            "SELECT mean(v) FROM telegraf.autogen.m WHERE " + range + " GROUP BY * fill(linear) ORDER BY time DESC LIMIT 3");
  EXPECT_EQ(QueryTask(query).set("every", {Duration(kSecond)}).set("fill", {Text("null")}).text(kStart, kStop),
            "SELECT mean(v) FROM telegraf.autogen.m WHERE " + range + " ORDER BY time DESC LIMIT 3");
}

TEST(BatchQuery, AlignGroupBeginsIntervalsAtTheStart) {
  QueryTask task("select mean(v) from telegraf.autogen.m");
  task.set("every", {Duration(kSecond)}).set("groupBy", {Duration(60 * kSecond)}).set("alignGroup", {});
  EXPECT_NE(task.text("2020-01-01T00:00:07Z", kStop).find("GROUP BY time(1m, 7s)"), std::string::npos);
  // The questions of a recording are not shifted.
  EXPECT_NE(task.read().queries[0].text(At("2020-01-01T00:00:07Z"), At(kStop), false).find("GROUP BY time(1m, 0s)"), std::string::npos);
}

TEST(BatchQuery, RefusesWhatItMayNotRead) {
  auto error = [](const char *query) { return QueryTask(query).set("every", {Duration(kSecond)}).read().error; };
  EXPECT_EQ(error("select a from other.rp.m"), "batch query is not allowed to request data from \"other\".\"rp\"");
  EXPECT_EQ(error("select a from m"), "batch query is not allowed to request data from \"\".\"\"");
  EXPECT_EQ(error("select a from (select b from telegraf.autogen.m)"), "unknown query source *influxql.SubQuery");
  EXPECT_EQ(error("select 1"), "failed to parse InfluxQL query: found EOF, expected FROM at line 1, char 9");
  EXPECT_EQ(QueryTask("select a from telegraf.autogen.m").read().error, "must define one of 'every' or 'cron'");
  EXPECT_EQ(QueryTask("select a from telegraf.autogen.m").set("every", {Duration(1)}).set("groupBy", {Duration(1), Duration(2)}).read().error,
            "groupBy cannot have more than one time dimension");
}

TEST(BatchQuery, ARecordingAsksThePast) {
  QueryTask task("select v from telegraf.autogen.m");
  task.set("every", {Duration(10 * kSecond)}).set("period", {Duration(5 * kSecond)}).set("offset", {Duration(2 * kSecond)});
  BatchQuery query = task.read().queries.at(0);
  auto ranges = [](const std::vector<PlannedQuery> &plan) {
    std::vector<std::string> out;
    for (const PlannedQuery &one : plan) out.push_back(Rfc3339(one.start) + " " + Rfc3339(one.stop));
    return out;
  };
  int64_t start = At(kStart), stop = At("2020-01-01T00:00:30Z");
  EXPECT_EQ(ranges(PlanQueries(query, start, stop, stop)),
            (std::vector<std::string>{"2020-01-01T00:00:03Z 2020-01-01T00:00:08Z", "2020-01-01T00:00:13Z 2020-01-01T00:00:18Z",
                                      "2020-01-01T00:00:23Z 2020-01-01T00:00:28Z"}));
  EXPECT_EQ(PlanQueries(query, start, stop, At("2020-01-01T00:00:20Z")).size(), 2u);  // nothing of the future
  query.old_dialect = true;  // asks for what comes behind the stroke
  EXPECT_EQ(ranges(PlanQueries(query, start, At("2020-01-01T00:00:10Z"), stop)), (std::vector<std::string>{"2020-01-01T00:00:10Z 2020-01-01T00:00:15Z"}));
}

TEST(BatchQuery, SingleOnesNameTheirDatabase) {
  SingleQuery query = ReadSingleQuery("select a from \"db\".\"rp\".m where time > 0 group by time(1s)");
  EXPECT_EQ(query.error, "");
  EXPECT_EQ(query.database + "." + query.retention_policy, "db.rp");
  EXPECT_TRUE(query.by_time);
  for (const char *text : {"select a from m", "select a from db..m", "select a from db.rp.m, db.rp.n", "select a from (select b from db.rp.m)"})
    EXPECT_EQ(ReadSingleQuery(text).error, "could not determine database and retention policy. Is the query fully qualified?") << text;
}

}  // namespace
}  // namespace tick
