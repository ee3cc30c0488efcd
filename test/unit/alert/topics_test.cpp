// topics_test.cpp - topics: previous levels, listings, persistence (nodes-alert.md 8).
#include "runtime/alert/topics.h"

#include <gtest/gtest.h>

#include <map>

namespace tick {
namespace {

AlertEvent Event(std::string id, Level level, int64_t time = 1) {
  AlertEvent event;
  event.id = std::move(id);
  event.message = event.id + " is " + std::string(LevelName(level));
  event.level = level;
  event.time = time;
  return event;
}

class ListedStore final : public TopicStore {
 public:
  std::vector<std::string> calls;
  void save(std::string_view topic, std::string_view id, const EventView &state, NotePlace *) override {
    kept[std::string(id)] = state.details;
    calls.push_back("save " + std::string(topic) + " " + std::string(id) + " " + std::string(LevelName(state.level)));
  }
  void erase(std::string_view topic, std::string_view id, NotePlace *) override {
    calls.push_back("erase " + std::string(topic) + " " + std::string(id));
  }
  bool tells_details() const override { return tells; }
  std::string details(std::string_view, std::string_view id) override { return kept[std::string(id)]; }
  void details_of(std::string_view, const std::function<void(std::string, std::string)> &each) override {
    for (const auto &[id, details] : kept) each(id, details);
  }
  std::map<std::string, std::string> kept;
  bool tells = false;
  void erase_topic(std::string_view topic) override { calls.push_back("erase " + std::string(topic)); }
};

class Counting final : public AlertHandler {
 public:
  explicit Counting(std::vector<Level> *seen) : seen_(*seen) {}
  void handle(const AlertEvent &event) override { seen_.push_back(event.previous_level); }

 private:
  std::vector<Level> &seen_;
};

TEST(Topics, CollectGivesThePreviousLevelOfTheIdAndTellsHandlers) {
  Topics topics;
  std::vector<Level> seen;
  topics.add_handler("system", "h", std::make_shared<Counting>(&seen));
  AlertEvent first = Event("a", Level::Warning), second = Event("a", Level::Critical), other = Event("b", Level::Info);
  EXPECT_EQ(topics.collect("system", first), Level::Ok);
  EXPECT_EQ(topics.collect("system", second), Level::Warning);
  EXPECT_EQ(topics.collect("system", other), Level::Ok);
  EXPECT_EQ(second.previous_level, Level::Warning);
  EXPECT_EQ(seen, (std::vector<Level>{Level::Ok, Level::Warning, Level::Ok}));
  topics.remove_handler("system", "h");
  topics.collect("system", first);
  EXPECT_EQ(seen.size(), 3u);
}

TEST(Topics, TheLevelOfATopicIsTheHighestOfItsIds) {
  Topics topics;
  for (AlertEvent event : {Event("a", Level::Critical), Event("b", Level::Info), Event("a", Level::Ok)})
    topics.collect("t", event);
  EXPECT_EQ(topics.summary("t")->level, Level::Info);
  EXPECT_EQ(topics.summary("t")->collected, 3);
  EXPECT_FALSE(topics.summary("none"));
}

TEST(Topics, ListsByPatternAndLevel) {
  Topics topics;
  for (const char *id : {"main:cpu:alert2", "main:mem:alert2", "system"}) {
    AlertEvent event = Event("x", std::string(id) == "system" ? Level::Ok : Level::Warning);
    topics.collect(id, event);
  }
  auto ids = [](const std::vector<Topics::Summary> &list) {
    std::string out;
    for (const Topics::Summary &each : list) out += each.id + " ";
    return out;
  };
  EXPECT_EQ(ids(topics.list("main:*", Level::Ok)), "main:cpu:alert2 main:mem:alert2 ");
  EXPECT_EQ(ids(topics.list("", Level::Info)), "main:cpu:alert2 main:mem:alert2 ");
  EXPECT_EQ(ids(topics.list("*sys*", Level::Ok)), "system ");
}

TEST(Topics, EventsAreListedByIdFromALevelOn) {
  Topics topics;
  for (AlertEvent event : {Event("b", Level::Critical), Event("a", Level::Info), Event("c", Level::Ok)})
    topics.collect("t", event);
  auto events = topics.events("t", Level::Info);
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 2u);
  EXPECT_EQ((*events)[0].first, "a");
  EXPECT_EQ((*events)[1].second.message, "b is CRITICAL");
}

TEST(Topics, AStoreHasTheStatesThatAreNotOk) {
  ListedStore store;
  Topics topics(&store);
  for (AlertEvent event : {Event("a", Level::Critical), Event("a", Level::Ok)}) topics.collect("t", event);
  topics.remove("t");
  EXPECT_EQ(store.calls, (std::vector<std::string>{"save t a CRITICAL", "erase t a", "erase t"}));
  EXPECT_FALSE(topics.summary("t"));
}

TEST(Topics, ALoadedStateIsThePreviousOne) {
  Topics topics;
  topics.load("t", "a", {"m", "", 5, 0, Level::Critical});
  EXPECT_EQ(topics.state("t", "a")->time, 5);
  AlertEvent event = Event("a", Level::Ok);
  EXPECT_EQ(topics.collect("t", event), Level::Critical);
}

TEST(Topics, APublishedEventKeepsItsPreviousLevelWhereTheTopicKnowsNone) {
  Topics topics;
  AlertEvent event = Event("a", Level::Critical);
  EXPECT_EQ(topics.collect("t", event, Level::Warning), Level::Warning);
  EXPECT_EQ(topics.collect("t", event, Level::Info), Level::Critical);
}

TEST(Topics, DetailsThatTheStoreTellsAreAskedFor) {
  ListedStore store;
  store.tells = true;
  Topics topics(&store);
  for (const char *id : {"b", "a", "c"}) {
    AlertEvent event = Event(id, *id == 'c' ? Level::Ok : Level::Critical);
    event.details = std::string("more of ") + id;
    topics.collect("t", event);
  }
  EXPECT_EQ(topics.state("t", "a")->details, "more of a");
  auto events = topics.events("t", Level::Ok);
  ASSERT_EQ(events->size(), 3u);
  EXPECT_EQ((*events)[1].second.details, "more of b");
  EXPECT_EQ((*events)[2].second.details, "more of c");
}

TEST(EventStates, AMillionIdsAreFoundInLittleMemory) {
  EventStates states;
  for (int i = 0; i < 200'000; ++i) {
    std::string id = "cpu:host=" + std::to_string(i);
    states.put({id, id + " is CRITICAL", ""})->time = i;
  }
  EXPECT_EQ(states.size(), 200'000u);
  for (int i = 0; i < 200'000; i += 997) {
    const EventStates::Record *record = states.find("cpu:host=" + std::to_string(i));
    ASSERT_TRUE(record);
    EXPECT_EQ(record->time, i);
    EXPECT_EQ(record->message(), "cpu:host=" + std::to_string(i) + " is CRITICAL");
  }
  EXPECT_FALSE(states.find("cpu:host=x"));
  EXPECT_LE(sizeof(EventStates::Record), 56u);
}

TEST(EventStates, ARecordKeepsItsMemoryWhereTextsFit) {
  EventStates states;
  auto *first = states.put({"a", "a is CRITICAL", ""});
  first->level = Level::Critical;
  auto *second = states.put({"a", "a is OK", ""});
  EXPECT_EQ(first, second);
  EXPECT_EQ(second->level, Level::Critical);
  auto *longer = states.put({"a", std::string(1000, 'x'), "d"});
  EXPECT_EQ(longer->level, Level::Critical);
  EXPECT_EQ(longer->message().size(), 1000u);
  EXPECT_EQ(longer->details(), "d");
  EXPECT_EQ(states.size(), 1u);
  EXPECT_LT(states.put({"a", "short", ""})->room, 100u);
}


}  // namespace
}  // namespace tick
