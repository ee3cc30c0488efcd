// delivery_test.cpp - order, bounds, tries, journal, and ends of handlers that wait for slow or dead receivers.
#include "runtime/daemon/delivery.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "runtime/daemon/event_archive.h"

namespace tick {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

AlertEvent Event(const std::string &id, Level level = Level::Critical) {
  AlertEvent event;
  event.id = id;
  event.message = id + " is " + std::string(LevelName(level));
  event.level = level;
  event.time = 1;
  return event;
}

// What a receiver got; it may be made to hang or to refuse.
struct Peer {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> got;
  int refusals = 0;         // of the next tries
  bool harmless = true;     // a refused try may be made again
  bool hangs = false;
  const std::atomic<bool> *ending = nullptr;

  std::optional<SendFailure> take(const AlertEvent &event) {
    std::unique_lock lock(mutex);
    while (hangs && !(ending && *ending)) changed.wait_for(lock, milliseconds(5));
    if (hangs) return SendFailure{"failed to send", "given up", {}, true};
    if (refusals > 0) return --refusals, SendFailure{"failed to send", "refused", {}, harmless};
    got.push_back(event.id);
    changed.notify_all();
    return std::nullopt;
  }
  std::vector<std::string> wait(size_t n) {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, std::chrono::seconds(10), [&] { return got.size() >= n; });
    return got;
  }
  void release() {
    std::lock_guard lock(mutex);
    hangs = false;
    changed.notify_all();
  }
};

class PeerHandler final : public SendingHandler {
 public:
  PeerHandler(Peer &peer, HandlerReport report) : SendingHandler(std::move(report)), peer_(peer) {}
  std::optional<SendFailure> send(const AlertEvent &event) override { return peer_.take(event); }

 private:
  Peer &peer_;
};

struct Journal final : DeliveryJournal {
  uint64_t waits(const std::string &key, uint64_t number, std::string event) override {
    std::lock_guard lock(mutex);
    waiting[{key, number}] = std::move(event);
    return ++noted;
  }
  void done(const std::string &key, uint64_t number) override {
    std::lock_guard lock(mutex);
    for (auto at = waiting.begin(); at != waiting.end();)
      at = at->first.first == key && at->first.second <= number ? waiting.erase(at) : std::next(at);
  }
  void await(uint64_t upto, milliseconds) override {
    std::lock_guard lock(mutex);
    awaited = std::max(awaited, upto);
  }
  size_t size() {
    std::lock_guard lock(mutex);
    return waiting.size();
  }
  std::mutex mutex;
  std::map<std::pair<std::string, uint64_t>, std::string> waiting;
  uint64_t noted = 0, awaited = 0;
};

struct DeliveryTest : testing::Test {
  DeliveryTest() : letters(testing::TempDir() + "letters." + std::to_string(getpid())) {
    options.retry_delay_ns = 1'000'000;
    options.dead_letters = letters;
    for (Peer *each : {&peer, &other}) each->ending = options.ending.get();
  }
  ~DeliveryTest() override {
    if (delivery) delivery->close(milliseconds(0));
    std::filesystem::remove(letters);
  }
  Delivery &open(DeliveryJournal *to = nullptr) {
    if (delivery) delivery->close(milliseconds(0));
    options.ending->store(false);
    delivery = Delivery::Make(options, to);
    return *delivery;
  }
  std::unique_ptr<AlertHandler> handler(Peer &to, const std::string &name = "h", const std::string &handler_options = "") {
    auto report = [this](std::string_view message, std::string_view cause, auto) {
      std::lock_guard lock(mutex);
      reports.push_back(std::string(message) + ": " + std::string(cause));
    };
    return delivery->queued(std::make_unique<PeerHandler>(to, report), MakeRecipient("ops", name, handler_options), report);
  }
  DeliveryCount count(const std::string &name = "h") {
    for (const DeliveryCount &each : delivery->counts())
      if (each.handler == name) return each;
    return {};
  }
  // Waits until the handler is done with that many events.
  DeliveryCount settled(int64_t n) {
    DeliveryCount now{};
    for (int i = 0; i < 2000; ++i, std::this_thread::sleep_for(milliseconds(5)))
      if (now = count(); now.delivered + now.failed >= n) break;
    return now;
  }
  std::string dead() {
    std::ostringstream text;
    text << std::ifstream(letters).rdbuf();
    return text.str();
  }
  DeliveryOptions options;
  std::string letters;
  Peer peer, other;
  Journal journal;
  std::mutex mutex;
  std::vector<std::string> reports;
  std::shared_ptr<Delivery> delivery;
};

TEST_F(DeliveryTest, EventsGoOutInOrder) {
  open();
  auto to = handler(peer);
  std::vector<std::string> want;
  for (int i = 0; i < 500; ++i) {
    want.push_back(std::to_string(i));
    to->handle(Event(want.back()));
  }
  EXPECT_EQ(peer.wait(500), want);
  EXPECT_EQ(settled(500).delivered, 500);
}

TEST_F(DeliveryTest, AHangingReceiverHoldsUpNobodyElse) {
  open();
  peer.hangs = true;
  std::vector<std::unique_ptr<AlertHandler>> stuck;
  for (int i = 0; i < 20; ++i) {
    stuck.push_back(handler(peer, "stuck" + std::to_string(i)));
    stuck.back()->handle(Event("never"));
  }
  auto good = handler(other, "good");
  good->handle(Event("a"));
  EXPECT_EQ(other.wait(1), std::vector<std::string>{"a"});
}

TEST_F(DeliveryTest, AFullQueueDropsCountsAndWritesDown) {
  options.bound = 2;
  open();
  peer.hangs = true;
  auto to = handler(peer);
  for (int i = 0; i < 10; ++i) to->handle(Event("e" + std::to_string(i)));
  // One may be under way, two wait.
  EXPECT_GE(count().dropped, 7);
  EXPECT_LE(count().queued, 2);
  EXPECT_NE(dead().find("\"cause\":\"its queue is full\",\"event\":{\"id\":\"e9\""), std::string::npos) << dead();
  std::lock_guard lock(mutex);
  EXPECT_EQ(reports.back(), "failed to deliver event \"e9\" to handler: its queue is full");
}

TEST_F(DeliveryTest, OneTryUnlessConfigured) {
  open();
  peer.refusals = 1;
  auto to = handler(peer);
  to->handle(Event("a"));
  to->handle(Event("b"));
  EXPECT_EQ(peer.wait(1), std::vector<std::string>{"b"});
  DeliveryCount now = settled(2);
  EXPECT_EQ(now.failed, 1);
  EXPECT_EQ(now.retried, 0);
  EXPECT_NE(dead().find("\"topic\":\"ops\",\"handler\":\"h\",\"cause\":\"failed to send: refused\",\"event\":{\"id\":\"a\""), std::string::npos);
  std::lock_guard lock(mutex);
  EXPECT_EQ(reports, std::vector<std::string>{"failed to send: refused"});
}

TEST_F(DeliveryTest, HarmlessTriesAreMadeAgainInOrder) {
  options.retries = 5;
  open();
  peer.refusals = 3;
  auto to = handler(peer);
  to->handle(Event("a"));
  to->handle(Event("b"));
  EXPECT_EQ(peer.wait(2), (std::vector<std::string>{"a", "b"}));
  DeliveryCount now = settled(2);
  EXPECT_EQ(now.retried, 3);
  EXPECT_EQ(now.failed, 0);
  EXPECT_EQ(dead(), "");
}

TEST_F(DeliveryTest, WhatAReceiverMayHaveTakenIsNotSentAgain) {
  options.retries = 5;
  open();
  peer.refusals = 1;
  peer.harmless = false;
  auto to = handler(peer);
  to->handle(Event("a"));
  EXPECT_EQ(settled(1).failed, 1);
  EXPECT_TRUE(peer.wait(0).empty());
}

TEST_F(DeliveryTest, AnEventIsKeptBeforeItIsSentAndStruckOutAfterwards) {
  open(&journal);
  peer.hangs = true;
  auto to = handler(peer);
  to->handle(Event("a"));
  EXPECT_EQ(journal.size(), 1u);
  peer.release();
  peer.wait(1);
  settled(1);
  for (int i = 0; i < 1000 && journal.size() > 0; ++i) std::this_thread::sleep_for(milliseconds(5));
  EXPECT_EQ(journal.size(), 0u);
  EXPECT_EQ(journal.awaited, 1u);
}

TEST_F(DeliveryTest, WhatWaitsAtTheEndGoesOutInTheNextProcess) {
  open(&journal);
  peer.hangs = true;
  {
    auto to = handler(peer);
    for (const char *id : {"a", "b", "c"}) to->handle(Event(id));
    Clock::time_point begin = Clock::now();
    delivery->close(milliseconds(20));
    EXPECT_LT(Clock::now() - begin, std::chrono::seconds(2));
  }
  ASSERT_EQ(journal.size(), 3u);
  auto left = journal.waiting;
  open(&journal);
  peer.hangs = false;
  for (const auto &[key, bytes] : left) {
    AlertEvent event;
    ASSERT_TRUE(LoadEvent(bytes, &event));
    delivery->restore(key.first, key.second, std::move(event));
  }
  auto to = handler(peer);
  delivery->give_up_unclaimed();
  to->handle(Event("d"));
  EXPECT_EQ(peer.wait(4), (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_EQ(dead(), "");
}

TEST_F(DeliveryTest, AHandlerInTheSamePlaceTakesOverWhatWaits) {
  open(&journal);
  peer.hangs = true;
  auto to = handler(peer, "h", "{\"url\":\"wrong\"}");
  for (const char *id : {"a", "b", "c"}) to->handle(Event(id));
  for (int i = 0; i < 1000 && count().queued > 2; ++i) std::this_thread::sleep_for(milliseconds(5));
  auto next = handler(other, "h", "{\"url\":\"right\"}");
  to.reset();
  EXPECT_EQ(other.wait(2), (std::vector<std::string>{"b", "c"}));
}

TEST_F(DeliveryTest, WhatWaitsForAHandlerThatIsTakenAwayIsWrittenDown) {
  open(&journal);
  peer.hangs = true;
  auto to = handler(peer);
  for (const char *id : {"a", "b"}) to->handle(Event(id));
  for (int i = 0; i < 1000 && count().queued > 1; ++i) std::this_thread::sleep_for(milliseconds(5));
  Clock::time_point begin = Clock::now();
  to.reset();
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(2));
  EXPECT_NE(dead().find("\"cause\":\"its handler was taken away\",\"event\":{\"id\":\"b\""), std::string::npos);
}

TEST_F(DeliveryTest, WhatNobodyClaimsIsWrittenDown) {
  open(&journal);
  delivery->restore(MakeRecipient("ops", "gone", "").key, 7, Event("a"));
  delivery->give_up_unclaimed();
  EXPECT_NE(dead().find("\"handler\":\"gone\",\"cause\":\"its handler is no more\""), std::string::npos);
}

TEST(EventArchiveTest, AnEventComesBackWhole) {
  AlertEvent event = Event("a", Level::Warning);
  event.details = "d";
  event.duration = 5;
  event.previous_level = Level::Critical;
  event.recoverable = false;
  event.name = "cpu";
  event.task_name = "t";
  event.group = "host=a";
  event.category = "c";
  event.tags = {{Intern("host"), "a"}};
  event.fields = {{Intern("s"), MakeString("text")}, {Intern("v"), MakeFloat(85.5)}};
  event.data.resize(1);
  event.data[0].name = "cpu";
  event.data[0].columns = {"time", "v"};
  event.data[0].values = {{MakeTime(9), MakeInt(3)}};
  std::string bytes = SaveEvent(event);
  AlertEvent back;
  ASSERT_TRUE(LoadEvent(bytes, &back));
  EXPECT_EQ(SaveEvent(back), bytes);
  EXPECT_EQ(back.message, "a is WARNING");
  EXPECT_EQ(back.previous_level, Level::Critical);
  EXPECT_FALSE(back.recoverable);
  EXPECT_EQ(StringOf(back.fields[0].value), "text");
  EXPECT_EQ(back.data[0].values[0][1].as.i, 3);
  AlertEvent cut;
  EXPECT_FALSE(LoadEvent(std::string_view(bytes).substr(0, bytes.size() - 3), &cut));
}

}  // namespace
}  // namespace tick
