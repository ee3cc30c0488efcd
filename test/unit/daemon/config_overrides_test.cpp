// config_overrides_test.cpp - changes of the configuration: checked, taken by the services, stored, undone.
#include "runtime/daemon/config_overrides.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace tick {
namespace {

struct ConfigOverridesTest : testing::Test {
  ConfigOverridesTest() : folder(testing::TempDir() + "overrides." + std::to_string(getpid())) {
    std::filesystem::create_directories(folder);
    EXPECT_EQ(Store::Open(folder + "/k.db", &store), "");
    file.set_elements("influxdb", {influx("main")});
    overrides = std::make_unique<ConfigOverrides>(file, *store);
  }
  ~ConfigOverridesTest() override {
    store.reset();
    std::filesystem::remove_all(folder);
  }
  static Json influx(const char *name) {
    Json element = Json::parse(FindSection("influxdb")->defaults);
    element["name"] = name;
    element["enabled"] = false;
    return element;
  }
  std::string change(const char *section, const char *element, Json set, std::vector<std::string> restore = {}) {
    ConfigChange wanted{section, element, std::move(set), std::move(restore), Json::object(), {}};
    return overrides->change(wanted).text;
  }
  std::string add(const char *section, Json element) {
    ConfigChange wanted{section, "", Json::object(), {}, std::move(element), {}};
    return overrides->change(wanted).text;
  }
  Json element(const char *section, const char *key) {
    auto elements = overrides->section(section);
    return elements && elements->count(key) ? elements->at(key) : Json(nullptr);
  }
  std::string folder;
  Log log;
  std::unique_ptr<Store> store;
  Config file;
  std::unique_ptr<ConfigOverrides> overrides;
};

TEST_F(ConfigOverridesTest, AnOptionIsSetAndGivenBack) {
  EXPECT_EQ(change("smtp", "", {{"host", "mail"}, {"port", "2525"}, {"idle-timeout", "1m"}, {"to", {"a@b"}}}), "");
  Json smtp = element("smtp", "");
  EXPECT_EQ(smtp["host"], "mail");
  EXPECT_EQ(smtp["port"], 2525);
  EXPECT_EQ(smtp["idle-timeout"], "1m0s");
  EXPECT_EQ(smtp["to"], Json({"a@b"}));
  EXPECT_EQ(change("smtp", "", Json::object(), {"host", "port"}), "");
  EXPECT_EQ(element("smtp", "")["host"], "localhost");
  EXPECT_EQ(element("smtp", "")["port"], 25);
}

TEST_F(ConfigOverridesTest, OverridesOutliveTheProcess) {
  EXPECT_EQ(change("smtp", "", {{"host", "mail"}}), "");
  EXPECT_EQ(add("influxdb", {{"name", "second"}, {"urls", {"http://h:1"}}}), "");
  ConfigOverrides again(file, *store);
  Config config = file;
  again.load(&config, log);
  EXPECT_EQ(config.text("smtp", "host"), "mail");
  ASSERT_EQ(config.elements("influxdb").size(), 2u);
  EXPECT_EQ(config.elements("influxdb")[1]["name"], "second");
  EXPECT_EQ(again.section("influxdb")->size(), 2u);
}

TEST_F(ConfigOverridesTest, MistakesAreWordedAsKapacitorWordsThem) {
  struct {
    const char *section, *element;
    Json set;
    const char *want;
  } const cases[] = {
      {"smtp", "", {{"nope", 1}, {"foo", 1}}, "failed to override configuration smtp/: unknown options [foo nope] in section smtp"},
      {"none", "", {{"a", 1}}, "failed to override configuration none/: unknown options [a] in section none"},
      {"influxdb", "x", {{"enabled", true}}, "failed to override configuration influxdb/x: unknown options [enabled] in section influxdb"},
      {"smtp", "", {{"port", "x"}}, "failed to override configuration smtp/: cannot set option port: cannot convert string \"x\" into int"},
      {"smtp", "", {{"port", true}}, "failed to override configuration smtp/: cannot set option port: cannot convert bool into int"},
      {"smtp", "", {{"host", false}}, "failed to override configuration smtp/: cannot set option host: wrong kind bool, expected value of kind string: false"},
      {"smtp", "", {{"to", "a@b"}}, "failed to override configuration smtp/: cannot set option to: wrong kind string, expected value of kind slice: a@b"},
      {"smtp", "", {{"enabled", true}}, "failed to override configuration smtp/: failed validation: must provide a 'from' address"},
      {"influxdb", "main", {{"name", "y"}}, "failed to override configuration influxdb/main: cannot override element key name"},
  };
  for (const auto &each : cases) EXPECT_EQ(change(each.section, each.element, each.set), each.want);
  EXPECT_EQ(add("smtp", {{"host", "h"}}), "failed to apply update: section \"smtp\" is not a list, cannot add new element");
  EXPECT_EQ(add("influxdb", {{"enabled", true}}), "failed to apply update: missing key \"name\" in \"add\" map");
  EXPECT_EQ(add("influxdb", {{"name", 5}}), "failed to apply update: expected \"name\" key to be a string, got float64");
  EXPECT_EQ(store->list("override").size(), 0u);
}

TEST_F(ConfigOverridesTest, WhatTheServiceRefusesChangesNothing) {
  std::vector<std::string> told;
  overrides->on_change("smtp", [&](std::string_view, const std::vector<Json> &elements) {
    told.push_back(elements[0].value("host", ""));
    return told.back() == "bad" ? "no such host" : "";
  });
  EXPECT_EQ(change("smtp", "", {{"host", "good"}}), "");
  EXPECT_EQ(change("smtp", "", {{"host", "bad"}}), "failed to update configuration smtp/: no such host");
  EXPECT_EQ(element("smtp", "")["host"], "good");
  EXPECT_EQ(told, (std::vector<std::string>{"good", "bad", "good"}));
}

TEST_F(ConfigOverridesTest, AddedElementsAreRemovedFilesAreNot) {
  EXPECT_EQ(add("influxdb", {{"name", "second"}}), "");
  EXPECT_EQ(overrides->section("influxdb")->size(), 2u);
  ConfigChange remove{"influxdb", "", Json::object(), {}, Json::object(), {"second", "main"}};
  EXPECT_EQ(overrides->change(remove).text, "");
  EXPECT_EQ(overrides->section("influxdb")->size(), 1u);
  EXPECT_FALSE(element("influxdb", "main").is_null());
}

}  // namespace
}  // namespace tick
