// session_test.cpp - conversations with the example's and the faulty agents: data, state, ends of all kinds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/data/group.h"
#include "runtime/engine/waker.h"
#include "runtime/nodes/rows.h"
#include "runtime/udf/functions.h"
#include "runtime/udf/session.h"

namespace tick {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

UdfConfig Agent(std::vector<std::string> words, int64_t timeout_ns = 10'000'000'000) {
  UdfConfig config;
  config.name = "agent";
  config.program = "python3";
  config.arguments = {"-u"};
  words[0] = TICK_SOURCE_DIR "/" + words[0];
  config.arguments.insert(config.arguments.end(), words.begin(), words.end());
  config.timeout_ns = timeout_ns;
  return config;
}
UdfConfig Faulty(const std::string &way, int64_t timeout_ns = 10'000'000'000) {
  return Agent({"test/daemon/agents/faulty.py", way}, timeout_ns);
}

// Points of one series and group.
struct Points {
  Points(const std::string &host, std::vector<double> values) : table(0, 0, false) {
    series = InternSeries(InternOrigin("d", "r"), Intern("m"), {{Intern("host"), host}});
    for (double v : values) {
      block.add(series, static_cast<int64_t>(v), {{Intern("v"), MakeFloat(v)}});
      groups.push_back(table.find(*series, Dimensions{false, false, {Intern("host")}, {}}));
    }
  }
  Frame frame() { return {&block, CountingRows(block.size()), block.times.data(), block.series.data(), groups.data(), nullptr}; }
  GroupTable table;
  const Series *series;
  RowBlock block;
  std::vector<Group *> groups;
};

struct Session : testing::Test {
  std::string open(const UdfConfig &config, std::vector<UdfOption> options = {}) {
    UdfSurroundings around;
    around.log = [this](std::string_view, std::string_view message, const std::string &text) {
      std::lock_guard lock(mutex);
      logged.push_back(std::string(message) + ": " + text);
    };
    around.save = [this](const std::string &state) {
      std::lock_guard lock(mutex);
      saved = state;
    };
    around.state = given;
    UdfRequest request{"agent", "task", "agent2", std::move(options), std::make_shared<Waker>()};
    std::string error;
    session = OpenUdfSession(config, request, std::move(around), &error);
    return error;
  }
  std::string average(int64_t size = 2) {
    of_size.as.i = size;
    return open(Agent({"examples/udf/moving_average.py"}), {{"field", &of_field, 1}, {"size", &of_size, 1}});
  }
  // Waits for answers: their values, or what ended the session.
  std::vector<double> values(size_t n) {
    std::vector<double> got;
    for (int i = 0; i < 3000 && got.size() < n && session->failure().empty(); ++i) {
      for (const UdfMessage &message : session->take())
        for (const UdfPoint &point : message.points)
          for (const Field &field : point.fields) got.push_back(field.value.as.f);
      if (got.size() < n) ::usleep(10'000);
    }
    return got;
  }
  std::string ends_with() {
    for (int i = 0; i < 3000 && session->failure().empty(); ++i) {
      session->take();
      ::usleep(10'000);
    }
    return session->failure();
  }
  tick_arg of_field{TICK_STRING, {.s = {"v", 1}}, nullptr, 0};
  tick_arg of_size{TICK_INT, {.i = 2}, nullptr, 0};
  std::mutex mutex;
  std::vector<std::string> logged;
  std::string saved, given;
  std::shared_ptr<UdfSession> session;
};

TEST(UdfInfo, IsWhatTheAgentSays) {
  udf::InfoResponse info;
  EXPECT_EQ(AskUdfInfo(Agent({"examples/udf/moving_average.py"}), &info), "");
  EXPECT_EQ(info.wants(), udf::STREAM);
  ASSERT_EQ(info.options().count("size"), 1u);
  EXPECT_EQ(info.options().at("size").valuetypes(0), udf::INT);
  UdfConfig nothing;
  nothing.program = "/nowhere/at/all";
  EXPECT_THAT(AskUdfInfo(nothing, &info), HasSubstr("cannot start /nowhere/at/all"));
  nothing.program.clear();
  nothing.socket = "/nowhere/x.sock";
  EXPECT_THAT(AskUdfInfo(nothing, &info), HasSubstr("dial unix /nowhere/x.sock"));
}

TEST_F(Session, AnswersComeBack) {
  ASSERT_EQ(average(), "");
  Points points("a", {1, 3, 5});
  session->send(points.frame());
  EXPECT_THAT(values(3), ElementsAre(1, 2, 4));
  EXPECT_TRUE(session->failure().empty());
}

TEST_F(Session, InitMayRefuse) {
  EXPECT_THAT(average(0), HasSubstr("must supply window size"));
  EXPECT_THAT(open(Faulty("refuse")), HasSubstr("failed to initialize processes this one refuses"));
  EXPECT_THAT(open(Faulty("die-at-init")), HasSubstr("exit status 3"));
}

TEST_F(Session, StateIsSavedAndGivenBack) {
  ASSERT_EQ(average(), "");
  Points points("a", {1, 3});
  session->send(points.frame());
  session->save();
  EXPECT_THAT(session->state(), HasSubstr("[1.0, 3.0]"));
  EXPECT_EQ(saved, session->state());
  given = saved;
  ASSERT_EQ(average(), "");
  Points more("a", {5});
  session->send(more.frame());
  EXPECT_THAT(values(1), ElementsAre(4));
}

TEST_F(Session, DrainTakesEverything) {
  ASSERT_EQ(average(), "");
  std::vector<double> many(5000, 1.0);
  Points points("a", many);
  session->send(points.frame());
  size_t n = 0;
  while (session->drain()) n += session->take().size();
  EXPECT_EQ(n, 5000u);
  EXPECT_EQ(session->failure(), "");
}

TEST_F(Session, AFullOneEmptiesAgain) {
  ASSERT_EQ(average(), "");
  std::vector<double> many(4000, 1.0);
  Points points("a", many);
  size_t sent = 0, got = 0;
  for (; !session->full(); sent += many.size()) session->send(points.frame());
  while (got < sent && session->failure().empty()) {
    session->wait();
    got += session->take().size();
  }
  EXPECT_EQ(got, sent);
  EXPECT_FALSE(session->full());
}

struct Way {
  const char *name, *words;
};
class Fault : public Session, public testing::WithParamInterface<Way> {};
TEST_P(Fault, EndsTheSession) {
  bool hangs = std::string(GetParam().name) == "hang";
  ASSERT_EQ(open(Faulty(GetParam().name, hangs ? 2'000'000'000 : 10'000'000'000)), "");
  Points points("a", {1});
  session->send(points.frame());
  EXPECT_THAT(ends_with(), HasSubstr(GetParam().words));
}
INSTANTIATE_TEST_SUITE_P(Ways, Fault,
                         testing::Values(Way{"die", "process exited unexpectedly: exit status 7"}, Way{"hang", "keepalive timedout"},
                                         Way{"nonsense", "no message of the protocol"}, Way{"html", "no message of the protocol"},
                                         Way{"huge", "no message of the protocol"}, Way{"batch", "provides a stream, and sent a batch"},
                                         Way{"error", "out of luck"}, Way{"flood", "it floods"}),
                         [](const auto &way) { return std::string(way.param.name); });

TEST_F(Session, WhatItWritesToStandardErrorIsLogged) {
  ASSERT_EQ(open(Faulty("die")), "");
  Points points("a", {1});
  session->send(points.frame());
  ends_with();
  session.reset();
  EXPECT_THAT(logged, ElementsAre("UDF log: about to die"));
}

TEST_F(Session, ARestartGoesOn) {
  UdfConfig config = Faulty("die");
  config.restarts = 2;
  config.restart_delay_ns = 1'000'000;
  ASSERT_EQ(open(config), "");
  auto restarts = [this] {
    std::lock_guard lock(mutex);
    size_t n = 0;
    for (const std::string &line : logged) n += line.starts_with("UDF is restarted");
    return n;
  };
  Points points("a", {1});
  for (size_t i = 1; i <= 2; ++i) {
    session->send(points.frame());
    for (int wait = 0; wait < 3000 && restarts() < i; ++wait) ::usleep(10'000);
    EXPECT_EQ(restarts(), i);
    EXPECT_EQ(session->failure(), "");
  }
  session->send(points.frame());
  EXPECT_THAT(ends_with(), HasSubstr("exit status 7"));
}

}  // namespace
}  // namespace tick
