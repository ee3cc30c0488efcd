// reload_test.cpp - state that goes over to the next generation of a task, node by node.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/engine/state_archive.h"
#include "runtime/engine/task_state.h"
#include "test/unit/nodes/lambdas.h"

namespace tick::test {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;
using Lines = std::vector<std::string>;
using Build = std::function<uint32_t(Pipeline &)>;  // adds nodes; the log's index

// The output of `before` and `after`, with a reload between them, on one task made twice.
Lines Across(const Build &build, const std::string &before, const std::string &after) {
  Pipeline one, two;
  build(one);
  uint32_t log = build(two);
  EXPECT_EQ(one.start(), "");
  one.write(before);
  two.reload(one);
  two.write(after);
  return two.out(log);
}
// The same without reload: what came after `before`.
Lines Unbroken(const Build &build, const std::string &before, const std::string &after) {
  Pipeline pipeline;
  uint32_t log = build(pipeline);
  EXPECT_EQ(pipeline.start(), "");
  pipeline.write(before);
  pipeline.services.out.clear();
  pipeline.write(after);
  return pipeline.out(log);
}

struct Case {
  const char *name;
  Build build;
};
const Case kCases[] = {
    {"window", [](Pipeline &p) {
       return p.log(p.add("window", {p.from({"host"})}, {}, {{"period", {Seconds(10)}}, {"every", {Seconds(5)}}}));
     }},
    {"running window", [](Pipeline &p) {
       uint32_t window = p.add("window", {p.from({"host"})}, {}, {{"period", {Seconds(5)}}, {"every", {Seconds(5)}}});
       return p.log(p.add("mean", {window}, {"v"}));
     }},
    {"stream function", [](Pipeline &p) { return p.log(p.add("sum", {p.from({"host"})}, {"v"})); }},
    {"movingAverage", [](Pipeline &p) { return p.log(p.add("movingAverage", {p.from({"host"})}, {"v", 3})); }},
    {"eval", [](Pipeline &p) { return p.log(p.add("eval", {p.from({"host"})}, {Counting()}, {{"as", {"n"}}})); }},
    {"stateCount", [](Pipeline &p) { return p.log(p.add("stateCount", {p.from({"host"})}, {True()})); }},
    {"derivative", [](Pipeline &p) { return p.log(p.add("derivative", {p.from({"host"})}, {"v"})); }},
    {"changeDetect", [](Pipeline &p) { return p.log(p.add("changeDetect", {p.from({"host"})}, {"s"})); }},
    {"sample", [](Pipeline &p) { return p.log(p.add("sample", {p.from({"host"})}, {2})); }},
    {"flatten", [](Pipeline &p) { return p.log(p.add("flatten", {p.from({"host"})}, {}, {{"tolerance", {Seconds(4)}}})); }},
    {"combine", [](Pipeline &p) {
       return p.log(p.add("combine", {p.from()}, {True(), True()}, {{"as", {"x", "y"}}, {"tolerance", {Seconds(4)}}}));
     }},
    {"join", [](Pipeline &p) {
       return p.log(p.add("join", {p.from({"host"}), p.from({"host"})}, {}, {{"as", {"x", "y"}}, {"tolerance", {Seconds(3)}}}));
     }},
    {"union", [](Pipeline &p) { return p.log(p.add("union", {p.from(), p.add("where", {p.from()}, {Above()})})); }},
};

TEST(Reload, EveryNodeGoesOnWhereItWas) {
  const std::string before = "m,host=a v=1,s=\"x\" 0\nm,host=b v=2,s=\"y\" 1\nm,host=a v=4,s=\"x\" 3\nm,host=a v=5,s=\"long enough to lie on the heap\" 4\n";
  const std::string after = "m,host=a v=6,s=\"long enough to lie on the heap\" 6\nm,host=b v=7,s=\"y\" 7\nm,host=a v=9,s=\"z\" 12\nm,host=b v=3,s=\"z\" 13\n";
  for (const Case &one : kCases) {
    Lines across = Across(one.build, before, after);
    EXPECT_EQ(across, Unbroken(one.build, before, after)) << one.name;
    EXPECT_FALSE(across.empty()) << one.name;
  }
}

// The output of `after` in a task that another process might have made, from the bytes the first one left.
Lines Restored(const Build &build, const std::string &before, const std::string &after) {
  Pipeline one, two;
  build(one);
  uint32_t log = build(two);
  EXPECT_EQ(one.start(), "");
  one.write(before);
  std::string bytes = SaveTaskState(*one.task);
  one.task.reset();
  EXPECT_EQ(two.start(), "");
  RestoredState restored = RestoreTaskState(*two.task, bytes);
  EXPECT_EQ(restored.error, "");
  EXPECT_FALSE(restored.nodes.empty());
  two.write(after);
  return two.out(log);
}

TEST(Restore, EveryNodeGoesOnWhereItWas) {
  const std::string before = "m,host=a v=1,s=\"x\" 0\nm,host=b v=2,s=\"y\" 1\nm,host=a v=4,s=\"x\" 3\nm,host=a v=5,s=\"long enough to lie on the heap\" 4\n";
  const std::string after = "m,host=a v=6,s=\"long enough to lie on the heap\" 6\nm,host=b v=7,s=\"y\" 7\nm,host=a v=9,s=\"z\" 12\nm,host=b v=3,s=\"z\" 13\n";
  for (const Case &one : kCases) EXPECT_EQ(Restored(one.build, before, after), Unbroken(one.build, before, after)) << one.name;
}

TEST(Restore, BytesThatAreCutOrChangedAreRefusedWhole) {
  Pipeline one;
  uint32_t log = one.log(one.add("sum", {one.from({"host"})}, {"v"}));
  ASSERT_EQ(one.start(), "");
  one.write("m,host=a v=1 0\nm,host=a v=2 0");
  std::string bytes = SaveTaskState(*one.task);
  ASSERT_GT(bytes.size(), 16u);
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x20);
    EXPECT_NE(RestoreTaskState(*one.task, changed).error, "") << at;
    EXPECT_NE(RestoreTaskState(*one.task, bytes.substr(0, at)).error, "") << at;
  }
  one.write("m,host=a v=4 1");
  EXPECT_THAT(one.out(log), ElementsAre("m host=a sum=3 @0"));
}

// Bytes that fit the sum and nothing else (another layout under the same version) end in a task that begins anew.
TEST(Restore, ALoadThatRunsOutOfBytesReadsNothings) {
  StateArchive archive(std::string_view("\xff\xff\xff\xff\xff\xff\xff\x7f", 8));
  std::string text = "before";
  archive.text(text);
  EXPECT_FALSE(archive.ok());
  EXPECT_EQ(text, "");
  const Series *series = nullptr;
  archive.series(series);
  EXPECT_EQ(series, nullptr);
  EXPECT_EQ(archive.length(7), 0u);
}

TEST(Reload, NamesTheNodesThatKeepState) {
  Pipeline one, two;
  for (Pipeline *p : {&one, &two}) p->log(p->add("stateCount", {p->add("where", {p->from({"host"})}, {Above()})}, {True()}));
  ASSERT_EQ(one.start(), "");
  one.write("m,host=a v=3 0");
  EXPECT_THAT(two.reload(one), ElementsAre("stateCount3"));
}

TEST(Reload, HttpOutShowsWhatItShowed) {
  Pipeline one, two;
  for (Pipeline *p : {&one, &two}) p->add("httpOut", {p->from({"host"})}, {"o"});
  ASSERT_EQ(one.start(), "");
  one.write("m,host=b v=1 0\nm,host=a v=2 0");
  std::string before = one.json("o");
  two.reload(one);
  EXPECT_EQ(two.json("o"), before);
  two.write("m,host=b v=1 0");
  EXPECT_EQ(two.json("o"), before);
}

TEST(Reload, StatsKnowsItsGroupsAndKeepsItsBeat) {
  Pipeline one, two;
  uint32_t log = 0;
  for (Pipeline *p : {&one, &two}) {
    p->add("noop", {p->from({"host"})});
    log = p->log(p->add("stats", {}, {Seconds(10), "from1"}));
  }
  ASSERT_EQ(one.start(), "");
  one.write("m,host=a v=1 0\nm,host=b v=1 0");
  one.tick(7);
  two.reload(one);
  two.write("m,host=b v=1 0");
  two.tick(10);
  EXPECT_THAT(two.out(log), ElementsAre("stats host=a emitted=1 @10", "stats host=b emitted=2 @10"));
}

TEST(Reload, BarriersStillStrike) {
  Pipeline one, two;
  uint32_t log = 0;
  for (Pipeline *p : {&one, &two}) {
    uint32_t barrier = p->add("barrier", {p->from({"host"})}, {}, {{"idle", {Seconds(3)}}});
    log = p->log(p->add("window", {barrier}, {}, {{"period", {Seconds(2)}}, {"every", {Seconds(2)}}}));
  }
  ASSERT_EQ(one.start(), "");
  one.write("m,host=a v=1 4");
  two.reload(one);
  two.tick(3);
  EXPECT_THAT(two.out(log), ElementsAre("[m host=a tmax=6]", "host=a v=1 @4"));
}

// A window whose reader changes from one that needs no points to one that does, and back, loses none from then on.
TEST(Reload, AWindowMayBeginOrCeaseToKeepPoints) {
  Pipeline one, two, three;
  uint32_t log = 0;
  const char *functions[] = {"mean", "median", "sum"};
  Pipeline *pipelines[] = {&one, &two, &three};
  for (int i = 0; i < 3; ++i) {
    Pipeline &p = *pipelines[i];
    uint32_t window = p.add("window", {p.from()}, {}, {{"period", {Seconds(5)}}, {"every", {Seconds(5)}}});
    log = p.log(p.add(functions[i], {window}, {"v"}));
  }
  ASSERT_EQ(one.start(), "");
  one.write("m v=1 0");
  two.reload(one);
  two.write("m v=2 1\nm v=3 6\nm v=4 7");
  three.reload(two);
  three.write("m v=5 8\nm v=6 11");
  EXPECT_THAT(three.out(log), ElementsAre("m sum=12 @11"));
}

}  // namespace
}  // namespace tick::test
