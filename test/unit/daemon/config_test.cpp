// config_test.cpp - the configuration from defaults, file and environment.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "runtime/daemon/config.h"

namespace tick {
namespace {

struct ConfigTest : testing::Test {
  ConfigTest() : path(testing::TempDir() + "kapacitor." + std::to_string(getpid()) + ".conf") {}
  ~ConfigTest() override { std::filesystem::remove(path); }
  std::string read(const std::string &text) {
    std::ofstream(path) << text;
    return config.read_file(path);
  }
  std::string environment(std::vector<std::string> entries) {
    std::vector<char *> pointers;
    for (std::string &entry : entries) pointers.push_back(entry.data());
    pointers.push_back(nullptr);
    return config.read_environment(pointers.data());
  }
  std::string path;
  Config config;
};

TEST_F(ConfigTest, DefaultsHold) {
  EXPECT_EQ(config.text("", "hostname"), "localhost");
  EXPECT_EQ(config.text("http", "bind-address"), ":9092");
  EXPECT_TRUE(config.flag("http", "log-enabled"));
  EXPECT_EQ(config.duration_ns("task", "keep-state"), 10'000'000'000);
  EXPECT_EQ(config.integer("alert", "topic-buffer-length"), 5000);
  EXPECT_EQ(config.elements("influxdb").size(), 1u);
}

TEST_F(ConfigTest, AFileLiesOverTheDefaults) {
  ASSERT_EQ(read("hostname = \"h\"\n[http]\n  bind-address = \"127.0.0.1:1\"\n[task]\n  keep-state = \"0s\"\n"), "");
  EXPECT_EQ(config.text("", "hostname"), "h");
  EXPECT_EQ(config.text("http", "bind-address"), "127.0.0.1:1");
  EXPECT_TRUE(config.flag("http", "log-enabled"));
  EXPECT_EQ(config.duration_ns("task", "keep-state"), 0);
  EXPECT_TRUE(config.warnings().empty());
}

TEST_F(ConfigTest, UnknownKeysAreNamedWithTheirLineAndIgnored) {
  ASSERT_EQ(read("hostname = \"h\"\n[http]\n  bind-adress = \"x\"\n[nonsense]\n  a = 1\n"), "");
  ASSERT_EQ(config.warnings().size(), 2u);
  EXPECT_EQ(config.warnings()[0], path + ":3: unknown key bind-adress in [http] is ignored");
  EXPECT_EQ(config.warnings()[1], path + ":4: unknown section or key nonsense is ignored");
  EXPECT_EQ(config.text("http", "bind-address"), ":9092");
}

TEST_F(ConfigTest, ValuesThatDoNotFitAreRefusedWithTheirLine) {
  EXPECT_EQ(read("[http]\n  log-enabled = \"yes\"\n"), path + ":2: log-enabled in [http] must be true or false");
  EXPECT_EQ(read("[task]\n\n  keep-state = \"soon\"\n"),
            path + ":3: keep-state in [task] must be a duration such as \"10s\" or \"1m30s\"");
  EXPECT_EQ(read("http = 5\n"), path + ":1: http must be a table: write [http] above its options");
}

TEST_F(ConfigTest, BrokenFilesAndMissingOnesAreNamed) {
  EXPECT_EQ(config.read_file("/nowhere/k.conf"), "open /nowhere/k.conf: no such file or directory");
  std::string error = read("[http]\n  bind-address = \n");
  EXPECT_EQ(error.rfind(path + ":2: ", 0), 0u) << error;
}

TEST_F(ConfigTest, TheEnvironmentLiesOverTheFile) {
  ASSERT_EQ(read("[http]\n  bind-address = \":1\"\n"), "");
  ASSERT_EQ(environment({"KAPACITOR_HTTP_BIND_ADDRESS=:2", "KAPACITOR_HOSTNAME=e", "KAPACITOR_HTTP_LOG_ENABLED=f",
                         "KAPACITOR_INFLUXDB_0_URLS_0=http://i:1", "KAPACITOR_TASK_KEEP_STATE=1m", "OTHER=1"}),
            "");
  EXPECT_EQ(config.text("http", "bind-address"), ":2");
  EXPECT_EQ(config.text("", "hostname"), "e");
  EXPECT_FALSE(config.flag("http", "log-enabled"));
  EXPECT_EQ(config.duration_ns("task", "keep-state"), 60'000'000'000);
  EXPECT_EQ(config.elements("influxdb")[0]["urls"][0], "http://i:1");
}

TEST_F(ConfigTest, VariablesThatDoNotFitAreRefused) {
  EXPECT_EQ(environment({"KAPACITOR_HTTP_LOG_ENABLED=perhaps"}),
            "failed to apply KAPACITOR_HTTP_LOG_ENABLED to its option using type bool and value 'perhaps'");
  EXPECT_NE(environment({"KAPACITOR_TASK_KEEP_STATE=soon"}), "");
}

TEST_F(ConfigTest, WhatIsPrintedReadsBackEqual) {
  config.set("", "hostname", "with \"quotes\" and \\");
  config.set("", "data_dir", "/tmp/data");
  config.set("http", "bind-address", "127.0.0.1:0");
  std::string printed = config.toml();
  ASSERT_EQ(read(printed), "");
  EXPECT_TRUE(config.warnings().empty());
  EXPECT_EQ(config.toml(), printed);
  Config fresh;
  ASSERT_EQ(fresh.read_file(path), "");
  EXPECT_EQ(fresh.toml(), printed);
}

TEST_F(ConfigTest, SeveralElementsReadBackEqual) {
  ASSERT_EQ(read("[[influxdb]]\n  name = \"a\"\n  default = true\n[[influxdb]]\n  name = \"b\"\n"), "");
  ASSERT_EQ(config.elements("influxdb").size(), 2u);
  std::string printed = config.toml();
  ASSERT_EQ(read(printed), "");
  EXPECT_EQ(config.toml(), printed);
}

}  // namespace
}  // namespace tick
