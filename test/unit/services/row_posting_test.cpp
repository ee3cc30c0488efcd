// row_posting_test.cpp - what httpPost nodes send, and how they learn of its end.
#include "runtime/services/row_posting.h"

#include <chrono>
#include <thread>

#include "runtime/engine/waker.h"
#include "test/unit/services/bench.h"

namespace tick {
namespace {

class RowPostingTest : public ServiceBench {
 protected:
  std::shared_ptr<RowPoster> poster(RowPostSpec spec) {
    std::string error;
    spec.waker = waker_;
    std::shared_ptr<RowPoster> made = posting_.poster(spec, &error);
    EXPECT_NE(made, nullptr) << error;
    return made;
  }
  static RowPostEnd End(RowPoster &poster) {
    while (!poster.pending() && poster.wait()) {
    }
    std::vector<RowPostEnd> ends = poster.take();
    EXPECT_EQ(ends.size(), 1u);
    return ends.empty() ? RowPostEnd{} : ends[0];
  }
  static Row OneRow() { return Event().data[0]; }

  RowPosting posting_{set_};
  std::shared_ptr<Waker> waker_ = std::make_shared<Waker>();
};

TEST_F(RowPostingTest, ARowGoesOutAsASeries) {
  auto out = poster({.url = receiver_.url("/{{ .Name }}?host={{ .Tags.host }}"), .headers = {{"X-One", "1"}}});
  std::atomic<int> woken{0};
  waker_->connect([&] { ++woken; });
  EXPECT_TRUE(out->post(OneRow()));
  EXPECT_EQ(End(*out).status, 200);
  Received got = sent();
  EXPECT_EQ(got.target, "/cpu?host=a");
  EXPECT_EQ(got.headers["x-one"], "1");
  EXPECT_EQ(got.headers["content-type"], "application/json");
  EXPECT_EQ(got.body, std::string(kEventData) + "\n");
  // The end is there before the task is told of it.
  for (int i = 0; i < 1000 && woken == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  waker_->connect(nullptr);
  EXPECT_EQ(woken, 1);
}

TEST_F(RowPostingTest, AnEndpointHasItsTemplateHeadersAndLogin) {
  configure("post", R"({"endpoint":"e","url":"@/e","headers":{"X-A":"1"},"basic-auth":{"username":"me","password":"secret"},
                        "row-template":"{{ .Name }},{{ index .Tags \"host\" }}{{ range .Values }} {{ index . \"value\" }} {{ index . \"time\" }}{{ end }}"})");
  auto out = poster({.endpoint = "e"});
  out->post(OneRow());
  EXPECT_EQ(End(*out).message, "");
  Received got = sent();
  EXPECT_EQ(got.body, "cpu,a 85.5 2015-12-13 09:46:50 +0000 UTC");
  EXPECT_EQ(got.headers["x-a"], "1");
  EXPECT_EQ(got.headers["authorization"], "Basic bWU6c2VjcmV0");
  EXPECT_EQ(got.headers.count("content-type"), 0u);
  std::string error;
  EXPECT_EQ(posting_.poster({.endpoint = "nosuch"}, &error), nullptr);
  EXPECT_EQ(error, "endpoint 'nosuch' does not exist");
}

TEST_F(RowPostingTest, FailuresAreToldWithTheirStatus) {
  receiver_.answer(503, "busy");
  auto out = poster({.url = receiver_.url(), .capture_response = true});
  out->post(OneRow());
  RowPostEnd end = End(*out);
  EXPECT_EQ(end.status, 503);
  EXPECT_EQ(end.message, "POST returned non 2xx status code");
  EXPECT_EQ(end.cause, "503: busy");
  auto dead = poster({.url = "http://127.0.0.1:1/x"});
  dead->post(OneRow());
  end = End(*dead);
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(end.message, "failed to POST data");
}

TEST_F(RowPostingTest, APosterThatGoesAwayDoesNotWaitForAReceiver) {
  receiver_.answer(-1);
  auto start = std::chrono::steady_clock::now();
  {
    RowPosting posting(set_);
    std::string error;
    auto out = posting.poster({.url = receiver_.url()}, &error);
    out->post(OneRow());
    receiver_.take(0);
    auto before = std::chrono::steady_clock::now();
    out.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(5));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST_F(RowPostingTest, TooManyRowsAreRefused) {
  receiver_.answer(-1);
  auto out = poster({.url = receiver_.url()});
  int taken = 0;
  while (taken < 100'000 && out->post(OneRow())) ++taken;
  EXPECT_GE(taken, 1000);
  EXPECT_LT(taken, 100'000);
}

}  // namespace
}  // namespace tick
