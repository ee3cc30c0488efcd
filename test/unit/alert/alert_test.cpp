// alert_test.cpp - the alert node: levels, suppression, durations, batches, what it passes on (nodes-alert.md 1 to 10).
#include <gtest/gtest.h>

#include "alert_bench.h"
#include "runtime/alert/event_json.h"

namespace tick {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

Condition Above(double x) { return {Compare::Greater, x}; }
Condition Below(double x) { return {Compare::Less, x}; }

AlertBench &Levels(AlertBench &bench) {
  return bench.condition("info", Above(10)).condition("warn", Above(25)).condition("crit", Above(40)).log();
}

TEST(Alert, TheHighestLevelWhoseConditionHoldsOfEachPointThatIsNotOkAndOfRecoveries) {
  AlertBench bench;
  ASSERT_EQ(Levels(bench).make(), "");
  bench.series({5, 11, 30, 50, 50, 5, 5, 26});
  EXPECT_EQ(bench.levels(), "INFO WARNING CRITICAL CRITICAL OK WARNING");
  EXPECT_EQ(bench.positions(), "1 2 3 4 5 7");
}

TEST(Alert, AResetMustHoldBeforeALevelIsLeftDownwards) {
  AlertBench bench;
  bench.condition("info", Above(60)).condition("infoReset", Below(50)).condition("warn", Above(70));
  bench.condition("warnReset", Below(60)).condition("crit", Above(80)).condition("critReset", Below(70)).log();
  ASSERT_EQ(bench.make(), "");
  bench.series({61, 73, 64, 85, 62, 56, 47});
  EXPECT_EQ(bench.levels(), "INFO WARNING WARNING CRITICAL INFO INFO OK");
}

TEST(Alert, AFailingConditionIsCountedAndCountsAsFalse) {
  AlertBench bench;
  bench.condition("warn", Above(10)).condition("crit", {Compare::Fails}).log();
  ASSERT_EQ(bench.make(), "");
  bench.series({5, 20});
  EXPECT_EQ(bench.levels(), "WARNING");
  EXPECT_EQ(bench.node().errors.get(), 2);
  EXPECT_EQ(bench.services.logged[0], "error evaluating expression for level: no such value");
}

TEST(Alert, AConditionThatIsNotBooleanIsAnError) {
  AlertBench bench;
  bench.condition("crit", {Compare::NotBool}).log();
  ASSERT_EQ(bench.make(), "");
  bench.series({5});
  EXPECT_EQ(bench.node().errors.get(), 1);
  EXPECT_EQ(bench.levels(), "");
}

TEST(Alert, OnlyChangesAreSentAndAgainAfterTheInterval) {
  AlertBench bench;
  ASSERT_EQ(Levels(bench).flag("stateChangesOnly").make(), "");
  bench.series({5, 11, 12, 30, 31, 5, 5});
  EXPECT_EQ(bench.levels(), "INFO WARNING OK");
  AlertBench again;
  ASSERT_EQ(again.condition("crit", {Compare::Always}).number("stateChangesOnly", 7 * kSecond).log().make(), "");
  again.series(std::vector<double>(16, 1.0));
  EXPECT_EQ(again.positions(), "0 7 14");
}

TEST(Alert, NoRecoveriesAreSentWhenSwitchedOff) {
  AlertBench bench;
  ASSERT_EQ(Levels(bench).flag("noRecoveries").make(), "");
  bench.series({50, 5, 50});
  EXPECT_EQ(bench.levels(), "CRITICAL CRITICAL");
  EXPECT_FALSE(bench.services.events[0].recoverable);
  EXPECT_EQ(bench.passed.size(), 2u);
}

// Recorded from Kapacitor: history 5, flapping(0.25, 0.5).
TEST(Alert, FlappingHoldsEventsBackAsRecorded) {
  AlertBench bench;
  ASSERT_EQ(bench.condition("crit", Above(0.5)).flapping(0.25, 0.5).number("history", 5).log().make(), "");
  bench.series({1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1});
  EXPECT_EQ(bench.positions(), "0 1 10 11 12 18");
}

TEST(Alert, FlappingThresholdsAboveOneAreRefused) {
  AlertBench bench;
  EXPECT_EQ(bench.condition("crit", Above(1)).flapping(0.25, 5).log().make(),
            "alert1: alert flap thresholds are percentages and should be between 0 and 1");
}

TEST(Alert, TheDurationRunsFromTheFirstEventThatIsNotOkToTheRecovery) {
  AlertBench bench;
  ASSERT_EQ(bench.condition("crit", Above(20)).log().make(), "");
  bench.series({5, 30, 30, 5, 30});
  std::vector<int64_t> durations;
  for (const AlertEvent &event : bench.services.events) durations.push_back(event.duration / kSecond);
  EXPECT_EQ(durations, (std::vector<int64_t>{0, 1, 2, 0}));
}

TEST(Alert, EachGroupHasItsOwnStateAndId) {
  AlertBench bench;
  ASSERT_EQ(Levels(bench).flag("stateChangesOnly").make(), "");
  bench.point(0, 50, "a");
  bench.point(0, 50, "b");
  bench.point(kSecond, 50, "a");
  ASSERT_EQ(bench.services.events.size(), 2u);
  EXPECT_EQ(bench.services.events[0].id, "cpu:host=a");
  EXPECT_EQ(bench.services.events[1].id, "cpu:host=b");
  EXPECT_EQ(bench.services.events[1].message, "cpu:host=b is CRITICAL");
  EXPECT_EQ(bench.node().stats().at("working_cardinality"), 2);
  EXPECT_EQ(bench.node().stats().at("crits_triggered"), 2);
}

TEST(Alert, ThePreviousLevelIsThatOfTheLastEventSentToTheTopic) {
  AlertBench bench;
  ASSERT_EQ(Levels(bench).text("topic", "system").make(), "");
  bench.series({11, 50, 5});
  EXPECT_EQ(bench.services.events[1].previous_level, Level::Info);
  EXPECT_EQ(bench.services.events[2].previous_level, Level::Critical);
  EXPECT_EQ(bench.services.topics_told[0], "main:t:alert1");
  EXPECT_EQ(bench.services.topics_told[1], "system");
}

TEST(Alert, ARememberedLevelGoesOnWithItsDuration) {
  AlertBench bench;
  bench.services.topics.load("main:t:alert1", "cpu:host=a", {"m", "", 3 * kSecond, 0, Level::Critical});
  ASSERT_EQ(bench.condition("crit", Above(20)).flag("stateChangesOnly").log().make(), "");
  bench.point(10 * kSecond, 50);
  EXPECT_EQ(bench.levels(), "");  // nothing changed
  bench.point(11 * kSecond, 5);
  ASSERT_EQ(bench.levels(), "OK");
  EXPECT_EQ(bench.services.events[0].previous_level, Level::Critical);
  EXPECT_EQ(bench.services.events[0].duration, 8 * kSecond);
}

TEST(Alert, OnlyWhatMadeAnEventPassesAndHasTheAddedTagsAndFields) {
  AlertBench bench;
  bench.condition("crit", Above(20)).text("levelTag", "lt").text("levelField", "lf").text("idTag", "it");
  bench.text("idField", "if").text("messageField", "mf").text("durationField", "df");
  ASSERT_EQ(bench.make(), "");
  bench.series({5, 30, 31});
  ASSERT_EQ(bench.passed.size(), 2u);
  EXPECT_EQ(bench.passed[1],
            R"({"name":"cpu","tags":{"dc":"dc0","host":"a","it":"cpu:host=a","lt":"CRITICAL"},)"
            R"("columns":["time","df","if","lf","mf","usage"],"values":[["1970-01-01T00:00:02Z",1000000000,)"
            R"("cpu:host=a","CRITICAL","cpu:host=a is CRITICAL",31]]})");
}

TEST(Alert, ATemplateThatDoesNotParseRefusesTheTask) {
  AlertBench bench;
  EXPECT_EQ(bench.condition("crit", Above(20)).text("id", "{{ .Name").make(),
            "alert1: template: id:1: unclosed action");
}

TEST(Alert, ATemplateThatFailsOnAnEventStopsTheTask) {
  AlertBench bench;
  bench.condition("crit", Above(20)).text("message", "{{ if gt (index .Fields \"usage\") 5 }}x{{ end }}").log();
  ASSERT_EQ(bench.make(), "");
  bench.series({5, 30, 30});
  EXPECT_EQ(
      bench.task->failure(),
      "alert1: template: message:1:6: executing \"message\" at <gt (index .Fields \"usage\") 5>: error calling gt: "
      "incompatible types for comparison");
  EXPECT_EQ(bench.levels(), "");
}

TEST(Alert, AnIdThatFailsStopsTheTaskAtTheFirstPoint) {
  AlertBench bench;
  ASSERT_EQ(bench.condition("crit", Above(20)).text("id", "{{ .Foo }}").log().make(), "");
  bench.series({5});
  EXPECT_EQ(bench.task->failure(),
            "alert1: template: id:1:3: executing \"id\" at <.Foo>: can't evaluate field Foo in type kapacitor.idInfo");
}

TEST(Alert, AHandlerThatRefusesItsArgumentsRefusesTheTask) {
  AlertBench bench;
  bench.services.refuse = "failed to create log alert handler: log path must be absolute: x is not absolute";
  EXPECT_EQ(bench.condition("crit", Above(20)).log().make(), "alert1: " + bench.services.refuse);
}

TEST(Alert, AnActiveInhibitorSilencesItsCategoryWhereTheTagsAreEqual) {
  AlertBench outer, inner;
  ASSERT_EQ(outer.condition("crit", Above(20)).inhibit("disks", {"host"}).make(), "");
  ASSERT_EQ(inner.condition("crit", Above(20)).text("category", "disks").log().make(), "");
  outer.point(0, 30, "a");
  inner.point(0, 30, "a");
  inner.point(0, 30, "b");
  EXPECT_EQ(inner.services.events.size(), 1u);
  EXPECT_EQ(inner.services.events[0].id, "cpu:host=b");
  EXPECT_EQ(inner.node().stats().at("alerts_inhibited"), 1);
  EXPECT_EQ(inner.passed.size(), 2u);  // the data still passes
  outer.point(kSecond, 5, "a");
  inner.point(kSecond, 30, "a");
  EXPECT_EQ(inner.services.events.size(), 2u);
}

TEST(Alert, ABatchTakesItsHighestLevelAndThatPointsTime) {
  AlertBench bench;
  ASSERT_EQ(Levels(bench).make(), "");
  bench.batch(10 * kSecond, {5, 30, 50, 51, 5});
  ASSERT_EQ(bench.levels(), "CRITICAL");
  EXPECT_EQ(bench.services.events[0].time, 7 * kSecond);
  std::string json;
  ASSERT_TRUE(AppendEventJson(&json, bench.services.events[0]));
  EXPECT_NE(
      json.find(
          R"("data":{"series":[{"name":"cpu","tags":{"host":"a"},"columns":["time","dc","usage"],"values":[["1970-01-01T00:00:05Z","dc0",5],)"),
      json.npos)
      << json;
  bench.batch(20 * kSecond, {5, 5});
  EXPECT_EQ(bench.levels(), "CRITICAL OK");
  EXPECT_EQ(bench.services.events[1].time, 20 * kSecond);
  bench.batch(30 * kSecond, {});
  EXPECT_EQ(bench.passed.size(), 2u);
}

TEST(Alert, WithAllEveryPointOfABatchMustReachTheLevel) {
  AlertBench bench;
  ASSERT_EQ(Levels(bench).flag("all").make(), "");
  bench.batch(10 * kSecond, {12, 50});
  ASSERT_EQ(bench.levels(), "INFO");
  EXPECT_EQ(bench.services.events[0].time, 10 * kSecond);
  EXPECT_EQ(bench.services.events[0].fields[0].value.as.f, 50);
}

TEST(Alert, ABatchPassesWithTheAddedTagsOnItselfAndItsPoints) {
  AlertBench bench;
  ASSERT_EQ(bench.condition("crit", Above(20)).text("levelTag", "level").text("levelField", "f").make(), "");
  bench.batch(3 * kSecond, {30, 5});
  ASSERT_EQ(bench.passed.size(), 1u);
  EXPECT_EQ(bench.passed[0],
            R"({"name":"cpu","tags":{"host":"a","level":"CRITICAL"},"columns":["time","dc","f","usage"],)"
            R"("values":[["1970-01-01T00:00:01Z","dc0","CRITICAL",30],["1970-01-01T00:00:02Z","dc0","CRITICAL",5]]})");
}

// Recorded from Kapacitor 0.2: a level counts only where the ones below it hold too.
TEST(Alert, OldDialectNestsLevels) {
  AlertBench bench;
  bench.condition("info", {Compare::Always}).condition("warn", Above(30)).condition("crit", Above(0)).log();
  ASSERT_EQ(bench.old_dialect().make(), "");
  bench.series({33, 13, 35, -1, 30, 31});
  EXPECT_EQ(bench.levels(), "CRITICAL INFO CRITICAL INFO INFO CRITICAL");
  EXPECT_EQ(bench.services.events[0].id, "cpu:host=a,");
  std::string json;
  ASSERT_TRUE(AppendEventJson(&json, bench.services.events[0]));
  EXPECT_EQ(json, R"({"id":"cpu:host=a,","message":"cpu:host=a, is CRITICAL","time":"1970-01-01T00:00:00Z",)"
                  R"("level":"CRITICAL","data":{"series":[{"name":"cpu","tags":{"dc":"dc0","host":"a"},)"
                  R"("columns":["time","usage"],"values":[["1970-01-01T00:00:00Z",33]]}]}})");
}

TEST(Alert, OldDialectsFirstPointAboveOkDecidesForTheBatch) {
  AlertBench bench;
  ASSERT_EQ(Levels(bench).old_dialect().make(), "");
  bench.batch(10 * kSecond, {5, 12, 50});
  EXPECT_EQ(bench.levels(), "INFO");
  EXPECT_EQ(bench.services.events[0].time, 8 * kSecond);
}

TEST(Alert, EventJsonHasKapacitorsKeysInItsOrder) {
  AlertBench bench;
  ASSERT_EQ(bench.condition("crit", Above(20))
                .text("details", "<b>{{ .Message }}</b> at {{ .Time }}, {{ .Duration }}")
                .log()
                .make(),
            "");
  bench.series({5, 30, 42.5});
  std::string json;
  ASSERT_TRUE(AppendEventJson(&json, bench.services.events[1]));
  EXPECT_EQ(
      json,
      R"({"id":"cpu:host=a","message":"cpu:host=a is CRITICAL","details":"\u003cb\u003ecpu:host=a is CRITICAL)"
      R"(\u003c/b\u003e at 1970-01-01 00:00:02 \u0026#43;0000 UTC, 1s","time":"1970-01-01T00:00:02Z",)"
      R"("duration":1000000000,"level":"CRITICAL","data":{"series":[{"name":"cpu","tags":{"dc":"dc0","host":"a"},)"
      R"("columns":["time","usage"],"values":[["1970-01-01T00:00:02Z",42.5]]}]},"previousLevel":"CRITICAL","recoverable":true})");
}

TEST(Alert, TheDefaultDetailsAreTheEventAsEscapedJson) {
  AlertBench bench;
  ASSERT_EQ(bench.condition("crit", Above(20)).log().make(), "");
  bench.series({30});
  EXPECT_EQ(bench.services.events[0].details,
            "{&#34;Name&#34;:&#34;cpu&#34;,&#34;TaskName&#34;:&#34;t&#34;,&#34;Group&#34;:&#34;host=a&#34;,&#34;Tags&#"
            "34;:{&#34;dc&#34;:"
            "&#34;dc0&#34;,&#34;host&#34;:&#34;a&#34;},&#34;ServerInfo&#34;:{&#34;Hostname&#34;:&#34;h1&#34;,&#34;"
            "ClusterID&#34;:"
            "&#34;&#34;,&#34;ServerID&#34;:&#34;&#34;},&#34;ID&#34;:&#34;cpu:host=a&#34;,&#34;Fields&#34;:{&#34;usage&#"
            "34;:30},"
            "&#34;Level&#34;:&#34;CRITICAL&#34;,&#34;Time&#34;:&#34;1970-01-01T00:00:00Z&#34;,&#34;Duration&#34;:0,&#"
            "34;Message&#34;:"
            "&#34;cpu:host=a is CRITICAL&#34;}\n");
}

TEST(Alert, AnEventWithNanIsNoJson) {
  AlertEvent event;
  event.data.push_back(
      {"cpu", {}, {"time", "x"}, {{MakeTime(0), MakeFloat(std::numeric_limits<double>::quiet_NaN())}}, nullptr});
  std::string json = "before";
  EXPECT_FALSE(AppendEventJson(&json, event));
  EXPECT_EQ(json, "before");
  EXPECT_EQ(NotFinite(event), "json: unsupported value: NaN");
}

TEST(Alert, PointsWithoutEventsAllocateNothing) {
  AlertBench bench;
  ASSERT_EQ(Levels(bench).flag("stateChangesOnly").make(), "");
  EXPECT_EQ(bench.allocations(1000, 5), 0u);
  EXPECT_EQ(bench.allocations(1000, 30), 0u);  // the level stays, nothing is sent
}

TEST(Alert, HandlersAreFlushedOnceAPush) {
  AlertBench bench;
  ASSERT_EQ(Levels(bench).make(), "");
  bench.batch(10 * kSecond, {50, 50});
  bench.point(11 * kSecond, 5);
  EXPECT_EQ(bench.services.flushes, 2);
}

}  // namespace
}  // namespace tick
