// outside_test.cpp - nodes that ask the world around the task: loopback, sideload, autoscale, user-defined functions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/engine/scaler.h"
#include "runtime/engine/sideload_source.h"
#include "runtime/engine/udf_session.h"
#include "test/unit/nodes/lambdas.h"

namespace tick::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Lines = std::vector<std::string>;

// --- kapacitorLoopback -----------------------------------------------------------------------------------

const std::vector<Call> kBack = {{"database", {"d"}}, {"retentionPolicy", {"r"}}};

TEST(Loopback, WritesPointsUnderAnotherName) {
  Pipeline pipeline;
  std::vector<Call> properties = kBack;
  properties.push_back({"measurement", {"n"}});
  properties.push_back({"tag", {"host", "x"}});
  properties.push_back({"tag", {"k", "v"}});
  uint32_t node = pipeline.add("kapacitorLoopback", {pipeline.from({"host"})}, {}, properties);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m,host=a v=1,i=2i 1\nm,host=b,z=1 v=3 2");
  EXPECT_THAT(pipeline.services.written_back, ElementsAre("d.r n,host=x,k=v i=2i v=1 @1", "d.r n,host=x,k=v,z=1 v=3 @2"));
  EXPECT_EQ(pipeline.task->nodes()[node]->stats()["points_written"], 2);
}

TEST(Loopback, KeepsTheNameOfBatches) {
  Pipeline pipeline("batch");
  uint32_t query = pipeline.add("query", {0});
  std::vector<Call> properties = kBack;
  properties.push_back({"measurement", {"n"}});
  pipeline.add("kapacitorLoopback", {query}, {}, properties);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write_batch(query, "m,host=a v=1 1\nm,host=a v=2 2", 10, {"host"});
  EXPECT_THAT(pipeline.services.written_back, ElementsAre("d.r m,host=a v=1 @1", "d.r m,host=a v=2 @2"));
}

TEST(Loopback, NeedsATarget) {
  Pipeline pipeline;
  pipeline.add("kapacitorLoopback", {pipeline.from()}, {}, {{"retentionPolicy", {"r"}}});
  EXPECT_THAT(pipeline.start(), HasSubstr("must specify a database"));
}

// --- sideload --------------------------------------------------------------------------------------------

struct Tables final : SideloadSource {
  uint64_t version() const override { return number; }
  std::shared_ptr<const SideloadTables> tables() const override { return std::make_shared<SideloadTables>(content); }
  SideloadTables content;
  uint64_t number = 1;
};

SideloadValue Of(int64_t i) { return {.type = Type::Int, .b = false, .i = i, .f = 0, .s = ""}; }
SideloadValue Of(double f) { return {.type = Type::Float, .b = false, .i = 0, .f = f, .s = ""}; }
SideloadValue Of(const char *s) { return {.type = Type::String, .b = false, .i = 0, .f = 0, .s = s}; }

struct Sideloaded : testing::Test {
  void make(std::vector<Call> properties) {
    properties.insert(properties.begin(), {{"source", {"file:///x"}}, {"order", {"host/{{.host}}.yml", "default.yml"}}});
    pipeline.services.sideload_source = source;
    log = pipeline.log(node = pipeline.add("sideload", {pipeline.from({"host"})}, {}, properties));
    ASSERT_EQ(pipeline.start(), "");
  }
  Lines out() { return pipeline.out(log); }
  std::shared_ptr<Tables> source = std::make_shared<Tables>();
  Pipeline pipeline;
  uint32_t node = 0, log = 0;
};

TEST_F(Sideloaded, TakesTheFirstFileThatHasTheKey) {
  source->content = {{"host/a.yml", {{"limit", Of(int64_t{90})}, {"owner", Of("ann")}}}, {"default.yml", {{"limit", Of(70.0)}}}};
  make({{"field", {"limit", 1}}, {"field", {"other", "none"}}, {"tag", {"owner", "nobody"}}});
  pipeline.write("m,host=a v=1 1\nm,host=b v=2 2\nm,host=a v=3 3");
  EXPECT_THAT(out(), ElementsAre("m host=a owner=ann limit=90 other=none v=1 @1", "m host=b owner=nobody limit=70 other=none v=2 @2",
                                 "m host=a owner=ann limit=90 other=none v=3 @3"));
}

TEST_F(Sideloaded, ConvertsToTheTypeOfTheDefault) {
  source->content = {{"default.yml", {{"a", Of("12")}, {"b", Of(3.5)}, {"c", Of(int64_t{4})}, {"d", Of("true")}, {"e", Of("x")}}}};
  make({{"field", {"a", 1}}, {"field", {"b", "s"}}, {"field", {"c", 1.5}}, {"field", {"d", false}}, {"field", {"e", 7}}});
  pipeline.write("m,host=a v=1 1");
  EXPECT_THAT(out(), ElementsAre("m host=a a=12 b=3.5 c=4 d=true e=7 v=1 @1"));
  EXPECT_THAT(pipeline.errors(), ElementsAre("failed to load key: key=e expected=int64 got=string"));
}

TEST_F(Sideloaded, SeesWhatWasReloaded) {
  source->content = {{"default.yml", {{"limit", Of(int64_t{1})}}}};
  make({{"field", {"limit", 0}}});
  pipeline.write("m,host=a v=1 1");
  source->content["default.yml"]["limit"] = Of(int64_t{2});
  pipeline.write("m,host=a v=2 2");
  ++source->number;
  pipeline.write("m,host=a v=3 3");
  EXPECT_THAT(out(), ElementsAre("m host=a limit=1 v=1 @1", "m host=a limit=1 v=2 @2", "m host=a limit=2 v=3 @3"));
}

TEST_F(Sideloaded, ATagThatIsADimensionMovesThePoint) {
  source->content = {{"default.yml", {{"host", Of("z")}}}};
  make({{"tag", {"host", "y"}}});
  pipeline.write("m,host=a v=1 1\nm,host=b v=2 2");
  EXPECT_THAT(out(), ElementsAre("m host=z v=1 @1", "m host=z v=2 @2"));
  EXPECT_EQ(pipeline.task->groups(pipeline.task->nodes()[node]->spec().domain).size(), 1u);
}

// --- autoscale -------------------------------------------------------------------------------------------

// Answers at once, or when told to.
struct Orchestrator final : Scaler {
  void ask(const ScaledResource &resource, Done done) override {
    calls.push_back("ask " + resource.name);
    later([this, resource, done] { done(replicas.count(resource.name) ? replicas[resource.name] : 0, failure); });
  }
  void set(const ScaledResource &resource, int64_t n, Done done) override {
    calls.push_back("set " + resource.name + " " + std::to_string(n));
    later([this, resource, n, done] {
      if (failure.empty()) replicas[resource.name] = n;
      done(n, failure);
    });
  }
  void later(std::function<void()> end) {
    if (at_once) end();
    else ends.push_back(std::move(end));
  }
  void answer() {
    auto end = std::move(ends.front());
    ends.erase(ends.begin());
    end();
  }
  bool at_once = true;
  std::string failure;
  std::map<std::string, int64_t> replicas;
  Lines calls;
  std::vector<std::function<void()>> ends;
};

// "v", as an int
Arg Wanted() {
  return Lambda({"v"}, [](tick_context *context, const tick_value *refs, const tick_payload *, const tick_site *, void *, tick_value *out) {
    if (!IsNumber(refs[0])) return Missing(context);
    *out = refs[0];
    return 0;
  });
}
// "n" + "v"
Arg More() {
  return Lambda({"n", "v"}, [](tick_context *, const tick_value *refs, const tick_payload *, const tick_site *, void *, tick_value *out) {
    *out = MakeInt(refs[0].as.i + refs[1].as.i);
    return 0;
  });
}

struct Scaled : testing::Test {
  void make(std::vector<Call> properties, Arg replicas = Wanted()) {
    properties.push_back({"replicas", {std::move(replicas)}});
    if (std::none_of(properties.begin(), properties.end(), [](const Call &call) { return call.name == "serviceName"; }))
      properties.push_back({"serviceNameTag", {"host"}});
    pipeline.services.scaler_of_all = api;
    log = pipeline.log(node = pipeline.add("swarmAutoscale", {pipeline.from({"host"})}, {}, properties));
    ASSERT_EQ(pipeline.start(), "");
  }
  int64_t stat(const char *name) { return pipeline.task->nodes()[node]->stats()[name]; }
  std::shared_ptr<Orchestrator> api = std::make_shared<Orchestrator>();
  Pipeline pipeline;
  uint32_t node = 0, log = 0;
};

TEST_F(Scaled, EmitsEachChange) {
  api->replicas = {{"a", 3}, {"b", 1}};
  make({});
  pipeline.write("m,host=a v=5i 1\nm,host=b v=1i 2\nm,host=a v=2i 3");
  EXPECT_THAT(pipeline.out(log), ElementsAre("m host=a new=5 old=3 @1", "m host=a new=2 old=5 @3"));
  EXPECT_THAT(api->calls, ElementsAre("ask a", "set a 5", "ask b", "set a 2"));
  EXPECT_EQ(stat("increase_events"), 1);
  EXPECT_EQ(stat("decrease_events"), 1);
}

TEST_F(Scaled, LimitsComeFirst) {
  make({{"min", {2}}, {"max", {4}}});
  pipeline.write("m,host=a v=100i 1\nm,host=a v=5i 2\nm,host=a v=0i 3\nm,host=a v=-1i 4");
  EXPECT_THAT(pipeline.out(log), ElementsAre("m host=a new=4 old=0 @1", "m host=a new=2 old=4 @3"));
}

TEST_F(Scaled, CoolsDownByEventTimeEachWayAlone) {
  make({{"increaseCooldown", {Seconds(10)}}, {"decreaseCooldown", {Seconds(20)}}, {"currentField", {"n"}}}, More());
  pipeline.write("m,host=a v=5i 0\nm,host=a v=1i 9.9\nm,host=a v=1i 10\nm,host=a v=-1i 11\nm,host=a v=-1i 30.9\nm,host=a v=-1i 31");
  EXPECT_THAT(pipeline.out(log), ElementsAre("m host=a new=5 old=0 @0", "m host=a new=6 old=5 @10", "m host=a new=5 old=6 @11",
                                             "m host=a new=4 old=5 @31"));
  EXPECT_EQ(stat("cooldown_drops"), 2);
}

TEST_F(Scaled, AFailedChangeIsNone) {
  api->replicas = {{"a", 1}};
  make({{"increaseCooldown", {Seconds(10)}}});
  pipeline.write("m,host=a v=0i 0");
  api->failure = "no";
  pipeline.write("m,host=a v=3i 1");
  EXPECT_THAT(pipeline.errors(), ElementsAre(HasSubstr("failed to apply scaling event to a: no")));
  api->failure.clear();
  pipeline.write("m,host=a v=3i 2");
  EXPECT_THAT(pipeline.out(log), ElementsAre("m host=a new=3 old=1 @2"));
}

TEST_F(Scaled, PointsOfAResourceWaitForItsCall) {
  api->at_once = false;
  make({{"serviceName", {"web"}}, {"currentField", {"n"}}}, More());
  pipeline.write("m,host=a v=1i 1\nm,host=b v=1i 2");
  EXPECT_THAT(api->calls, ElementsAre("ask web"));
  EXPECT_EQ(pipeline.task->next_tick(), Node::kNever);
  for (int i = 0; i < 3; ++i) {
    api->answer();
    EXPECT_LE(pipeline.task->next_tick(), 0);
    pipeline.tick(0);
  }
  EXPECT_THAT(pipeline.out(log), ElementsAre("m host=a new=1 old=0 @1", "m host=b new=2 old=1 @2"));
  EXPECT_THAT(api->calls, ElementsAre("ask web", "set web 1", "set web 2"));
}

TEST_F(Scaled, APointWithoutTheTagOrNumberIsAnError) {
  make({});
  pipeline.write("m v=1i 1\nm,host=a v=1.5 2\nm,host=a w=1 3");
  EXPECT_THAT(pipeline.errors(),
              ElementsAre(HasSubstr("could not determine the name of the resource"), HasSubstr("unexpected type float64, want int64"),
                          HasSubstr("failed to evaluate the replicas expression: left reference value")));
}

// --- user-defined functions ------------------------------------------------------------------------------

// Gives every value back doubled, when it is told to.
struct Doubler final : UdfSession {
  void send(const Frame &frame) override {
    for (uint32_t row : frame.rows) {
      UdfMessage message;
      message.name = frame.series[row]->measurement;
      message.dimensions = {Intern("host")};
      Fields fields;
      frame.fields(row, fields);
      for (Field &field : fields) field.value.as.f *= 2;
      message.points.push_back({frame.series[row], frame.times[row], fields});
      answers.push_back(std::move(message));
    }
  }
  void send(const Batch &) override {}
  bool full() const override { return answers.size() > 2; }
  void wait() override { ++waited; }
  bool pending() const override { return (ready && !answers.empty()) || !broken.empty(); }
  std::vector<UdfMessage> take() override { return ready || full() ? std::exchange(answers, {}) : std::vector<UdfMessage>{}; }
  std::string failure() const override { return broken; }
  void save() override { saved = "state"; }
  std::string state() const override { return saved; }
  void restore(const std::string &state) override { restored = state; }
  bool drain() override { return (ready = !answers.empty()); }
  std::vector<UdfMessage> answers;
  bool ready = false;
  int waited = 0;
  std::string broken, saved, restored;
};

struct Function : testing::Test {
  void make(Pipeline &pipeline, std::shared_ptr<Doubler> of) {
    pipeline.services.udf_session = of;
    log = pipeline.log(pipeline.add("@double", {pipeline.from({"host"})}));
    ASSERT_EQ(pipeline.start(), "");
  }
  std::shared_ptr<Doubler> session = std::make_shared<Doubler>();
  Pipeline pipeline;
  uint32_t log = 0;
};

TEST_F(Function, AnswersComeWhenTheyAreThere) {
  make(pipeline, session);
  pipeline.write("m,host=a v=1 1\nm,host=b v=2 2");
  EXPECT_THAT(pipeline.out(log), IsEmpty());
  EXPECT_EQ(pipeline.task->next_tick(), Node::kNever);
  session->ready = true;
  EXPECT_EQ(pipeline.task->next_tick(), 0);
  pipeline.tick(0);
  EXPECT_THAT(pipeline.out(log), ElementsAre("m host=a v=2 @1", "m host=b v=4 @2"));
}

TEST_F(Function, ASenderWaitsForOneThatLags) {
  make(pipeline, session);
  pipeline.write("m,host=a v=1 1\nm,host=a v=2 2\nm,host=a v=3 3");
  EXPECT_EQ(session->waited, 1);
  EXPECT_THAT(pipeline.out(log), ElementsAre("m host=a v=2 @1", "m host=a v=4 @2", "m host=a v=6 @3"));
}

TEST_F(Function, TheEndOfDataTakesWhatIsLeft) {
  make(pipeline, session);
  pipeline.write("m,host=a v=1 1");
  pipeline.finish();
  EXPECT_THAT(pipeline.out(log), ElementsAre("m host=a v=2 @1"));
}

TEST_F(Function, ItsFailureEndsTheTask) {
  make(pipeline, session);
  session->broken = "process exited unexpectedly: exit status 1";
  pipeline.tick(0);
  EXPECT_THAT(pipeline.task->failure(), HasSubstr("process exited unexpectedly: exit status 1"));
}

TEST_F(Function, ItsStateGoesToTheNextVersion) {
  make(pipeline, session);
  Pipeline next;
  auto fresh = std::make_shared<Doubler>();
  next.services.udf_session = fresh;
  next.log(next.add("@double", {next.from({"host"})}));
  pipeline.task->stop();
  next.reload(pipeline);
  EXPECT_EQ(fresh->restored, "state");
}

}  // namespace
}  // namespace tick::test
