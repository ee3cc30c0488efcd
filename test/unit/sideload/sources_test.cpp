// sources_test.cpp - directories and answers as tables, and what a reload keeps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "runtime/sideload/sources.h"

namespace tick {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Sources : testing::Test {
  Sources() : folder(fs::temp_directory_path() / ("sideload_test_" + std::to_string(::getpid()))) { fs::create_directories(folder / "host"); }
  ~Sources() override { fs::remove_all(folder); }
  void put(const std::string &path, const std::string &text) { std::ofstream(folder / path) << text; }
  std::shared_ptr<SideloadSource> open(const std::string &name) { return sources.open(name, &error); }
  fs::path folder;
  std::string error, answer = R"({"a":{"x":1}})", refusal;
  SideloadSources sources{[this](const std::string &, std::string *body) {
    *body = answer;
    return refusal;
  }};
};

TEST_F(Sources, FilesOfAllKindsUnderTheDirectory) {
  put("one.json", R"({"i": 3, "f": 2.5, "s": "x", "b": true, "none": null, "list": [1]})");
  put("host/a.yml", "limit: 80\nname: \"90\"\nratio: 0.5\n");
  put("host/b.yaml", "");
  put("readme.txt", "no table");
  auto source = open("file://" + folder.string() + "/");
  ASSERT_TRUE(source) << error;
  const SideloadTables &tables = *source->tables();
  ASSERT_EQ(tables.size(), 3u);
  const SideloadTable &one = tables.at("one.json"), &a = tables.at("host/a.yml");
  EXPECT_EQ(one.at("i").i, 3);
  EXPECT_EQ(one.at("f").f, 2.5);
  EXPECT_EQ(one.at("s").s, "x");
  EXPECT_TRUE(one.at("b").b);
  EXPECT_EQ(one.at("none").type, Type::Missing);
  EXPECT_EQ(one.at("list").type, Type::Missing);
  EXPECT_EQ(a.at("limit").type, Type::Int);
  EXPECT_EQ(a.at("name").type, Type::String);
  EXPECT_EQ(a.at("ratio").type, Type::Float);
}

TEST_F(Sources, AReloadKeepsWhatVanishedOrBroke) {
  put("gone.json", R"({"x": 1})");
  put("broken.yml", "x: 2");
  put("fine.yml", "x: 3");
  auto source = open("file://" + folder.string());
  ASSERT_TRUE(source) << error;
  uint64_t before = source->version();
  fs::remove(folder / "gone.json");
  put("broken.yml", "x: [2");
  put("fine.yml", "x: 4");
  EXPECT_THAT(sources.reload(), ElementsAre(HasSubstr("broken.yml: yaml: line"), HasSubstr("gone.json is no longer there; its last content stays")));
  EXPECT_NE(source->version(), before);
  const SideloadTables &tables = *source->tables();
  EXPECT_EQ(tables.at("gone.json").at("x").i, 1);
  EXPECT_EQ(tables.at("broken.yml").at("x").i, 2);
  EXPECT_EQ(tables.at("fine.yml").at("x").i, 4);
  fs::remove_all(folder);
  EXPECT_THAT(sources.reload(), ElementsAre(HasSubstr("is not there; the last content stays")));
  EXPECT_EQ(source->tables()->at("fine.yml").at("x").i, 4);
}

TEST_F(Sources, AnswersAreObjectsOfObjects) {
  auto source = open("http://127.0.0.1/limits");
  ASSERT_TRUE(source) << error;
  EXPECT_EQ(source->tables()->at("a").at("x").i, 1);
  EXPECT_EQ(open("http://127.0.0.1/limits"), source);
  answer = R"({"a": 1})";
  EXPECT_THAT(sources.reload(), ElementsAre(HasSubstr("key \"a\" is no object; the last content stays")));
  refusal = "connection refused";
  EXPECT_THAT(sources.reload(), ElementsAre(HasSubstr("connection refused")));
  EXPECT_EQ(source->tables()->at("a").at("x").i, 1);
}

TEST_F(Sources, WhatCannotBeASourceIsRefused) {
  EXPECT_FALSE(open("file://relative"));
  EXPECT_EQ(error, "sideload source path must be absolute \"relative\"");
  EXPECT_FALSE(open("ftp://x/y"));
  EXPECT_THAT(error, HasSubstr("unsupported source scheme \"ftp\""));
  EXPECT_FALSE(open("file:///nowhere/at/all"));
  EXPECT_THAT(error, HasSubstr("/nowhere/at/all is not there"));
  put("bad.json", "{");
  EXPECT_FALSE(open("file://" + folder.string()));
  EXPECT_THAT(error, HasSubstr("bad.json"));
}

}  // namespace
}  // namespace tick
