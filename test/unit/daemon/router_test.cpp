// router_test.cpp - which handler a path finds, and what every answer carries.
#include <gtest/gtest.h>

#include "runtime/daemon/http.h"

namespace tick {
namespace {

Request Ask(const std::string &method, const std::string &target) {
  Request request;
  request.method = method;
  request.body = std::make_shared<const std::string>();
  ParseTarget(target, &request);
  return request;
}

Handler Says(const std::string &text) {
  return [text](const Request &) {
    Response response;
    response.body = text;
    return response;
  };
}

const std::string *Header(const Response &response, const std::string &name) {
  for (const auto &[key, value] : response.headers)
    if (key == name) return &value;
  return nullptr;
}

struct RouterTest : testing::Test {
  RouterTest() : router("9.9") {
    router.add("GET", "/kapacitor/v1/tasks", Says("list"));
    router.add("GET", "/kapacitor/v1/tasks/", Says("one"));
    router.add("GET", "/kapacitor/v1/tasks/special/", Says("special"));
    router.add("POST", "/write", Says("written"));
    router.add("GET", "/api/v1/tasks", Says("old"));
    router.add("GET", "/throws", [](const Request &) -> Response { throw std::runtime_error("secret"); });
  }
  Router router;
};

TEST_F(RouterTest, LongestPatternWins) {
  EXPECT_EQ(router.route(Ask("GET", "/kapacitor/v1/tasks")).body, "list");
  EXPECT_EQ(router.route(Ask("GET", "/kapacitor/v1/tasks?limit=1")).body, "list");
  EXPECT_EQ(router.route(Ask("GET", "/kapacitor/v1/tasks/a")).body, "one");
  EXPECT_EQ(router.route(Ask("GET", "/kapacitor/v1/tasks/a/b")).body, "one");
  EXPECT_EQ(router.route(Ask("GET", "/kapacitor/v1/tasks/special/b")).body, "special");
}

TEST_F(RouterTest, APatternWithoutASlashTakesOnlyItself) {
  EXPECT_EQ(router.route(Ask("POST", "/write?db=a")).body, "written");
  EXPECT_EQ(router.route(Ask("POST", "/write/x")).status, 404);
  EXPECT_EQ(router.route(Ask("GET", "/write")).status, 404);
}

TEST_F(RouterTest, PreviewPathsReachToday) {
  EXPECT_EQ(router.route(Ask("GET", "/kapacitor/v1preview/tasks/a")).body, "one");
}

TEST_F(RouterTest, NothingFoundIsAnErrorObject) {
  Response today = router.route(Ask("GET", "/nothing")), old = router.route(Ask("GET", "/api/v1/nothing"));
  EXPECT_EQ(today.status, 404);
  EXPECT_EQ(today.body, "{\n    \"error\": \"Not Found\",\n    \"message\": \"Not Found\"\n}");
  EXPECT_EQ(old.status, 404);
  EXPECT_EQ(old.body, "{\n    \"Error\": \"Not Found\"\n}");
}

TEST_F(RouterTest, UncleanPathsAreRedirectedWithTheirQuery) {
  Response response = router.route(Ask("GET", "/kapacitor//v1/../v1/tasks/?a=b"));
  EXPECT_EQ(response.status, 301);
  ASSERT_TRUE(Header(response, "Location"));
  EXPECT_EQ(*Header(response, "Location"), "/kapacitor/v1/tasks/?a=b");
}

TEST_F(RouterTest, AnswersCarryVersionAndId) {
  Response response = router.route(Ask("GET", "/kapacitor/v1/tasks"));
  ASSERT_TRUE(Header(response, "X-Kapacitor-Version"));
  EXPECT_EQ(*Header(response, "X-Kapacitor-Version"), "9.9");
  ASSERT_TRUE(Header(response, "Request-Id"));
  EXPECT_EQ(Header(response, "Request-Id")->size(), 36u);
  EXPECT_FALSE(Header(response, "Access-Control-Allow-Origin"));
}

TEST_F(RouterTest, AnOriginIsEchoed) {
  Request request = Ask("GET", "/kapacitor/v1/tasks");
  request.headers.emplace_back("origin", "http://chronograf");
  Response response = router.route(request);
  ASSERT_TRUE(Header(response, "Access-Control-Allow-Origin"));
  EXPECT_EQ(*Header(response, "Access-Control-Allow-Origin"), "http://chronograf");
}

TEST_F(RouterTest, AHandlersExceptionStaysInside) {
  Response response = router.route(Ask("GET", "/throws"));
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
}

TEST(TargetTest, DecodesPathAndQuery) {
  Request request;
  ParseTarget("/a%20b+c?x=1+2&y=%3D&&flag&x=3", &request);
  EXPECT_EQ(request.path, "/a b+c");
  EXPECT_EQ(request.parameter("x"), "1 2");
  EXPECT_EQ(request.parameters("x"), (std::vector<std::string>{"1 2", "3"}));
  EXPECT_EQ(request.parameter("y"), "=");
  EXPECT_TRUE(request.has_parameter("flag"));
  EXPECT_FALSE(request.has_parameter("other"));
}

TEST(TargetTest, BrokenEscapesStayAsTheyAre) {
  EXPECT_EQ(PercentDecode("100%", false), "100%");
  EXPECT_EQ(PercentDecode("%zz%4", false), "%zz%4");
}

TEST(TargetTest, PasswordsAreRedacted) {
  Request request;
  ParseTarget("/write?u=me&p=secret&db=x", &request);
  EXPECT_EQ(RedactedTarget(request), "/write?u=me&p=%5BREDACTED%5D&db=x");
}

TEST(TargetTest, CleansPaths) {
  EXPECT_EQ(CleanPath(""), "/");
  EXPECT_EQ(CleanPath("/a//b/./c/../d"), "/a/b/d");
  EXPECT_EQ(CleanPath("/../../a/"), "/a/");
}

}  // namespace
}  // namespace tick
