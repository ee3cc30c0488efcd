// config_test.cpp - [udf.functions.NAME]: what is read, and what is refused in Kapacitor's words.
#include <gtest/gtest.h>

#include "runtime/daemon/udf_config.h"

namespace tick {
namespace {

std::string Error(const char *json) {
  std::vector<UdfConfig> functions;
  return ReadUdfConfig(Json::parse(json), &functions);
}

TEST(UdfConfig, IsReadWhole) {
  std::vector<UdfConfig> functions;
  Json udf = Json::parse(R"({"functions": {
      "a": {"prog": "/bin/a", "args": ["-u", "x"], "env": {"K": "v"}, "timeout": "2s", "restart": "on-failure", "restart-delay": "5ms"},
      "b": {"socket": "/run/b.sock", "timeout": "1m0s"},
      "c": {"prog": "c", "env": ["K=v=w"], "restart": "on-failure", "max-restarts": 2}}})");
  ASSERT_EQ(ReadUdfConfig(udf, &functions), "");
  ASSERT_EQ(functions.size(), 3u);
  EXPECT_EQ(functions[0].arguments, (std::vector<std::string>{"-u", "x"}));
  EXPECT_EQ(functions[0].environment.at("K"), "v");
  EXPECT_EQ(functions[0].timeout_ns, 2'000'000'000);
  EXPECT_EQ(functions[0].restarts, 5);
  EXPECT_EQ(functions[0].restart_delay_ns, 5'000'000);
  EXPECT_EQ(functions[1].socket, "/run/b.sock");
  EXPECT_EQ(functions[1].restarts, 0);
  EXPECT_EQ(functions[2].environment.at("K"), "v=w");
  EXPECT_EQ(functions[2].timeout_ns, 10'000'000'000);
  EXPECT_EQ(functions[2].restarts, 2);
}

TEST(UdfConfig, NothingIsNoMistake) {
  EXPECT_EQ(Error("null"), "");
  EXPECT_EQ(Error(R"({"functions": {}})"), "");
}

TEST(UdfConfig, MistakesAreTold) {
  EXPECT_EQ(Error(R"({"functions": {"f": {"prog": "x", "timeout": "100us"}}})"), "udf: UDF f: timeout is too small: 100\u00b5s");
  EXPECT_EQ(Error(R"({"functions": {"f": {"prog": "x", "socket": "y"}}})"), "udf: UDF f: both socket and process config provided");
  EXPECT_EQ(Error(R"({"functions": {"f": {"timeout": "1s"}}})"), "udf: UDF f: must set either prog or socket");
  EXPECT_EQ(Error(R"({"functions": {"f": {"prog": "x", "timeout": "soon"}}})"), "udf: UDF f: timeout must be a duration such as \"10s\"");
  EXPECT_EQ(Error(R"({"functions": {"f": {"prog": "x", "restart": "always"}}})"), "udf: UDF f: restart must be \"never\" or \"on-failure\"");
}

}  // namespace
}  // namespace tick
