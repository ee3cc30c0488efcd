// store_test.cpp - what is written is there again; files that are not ours are refused and left as they are.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "runtime/daemon/store.h"

namespace tick {
namespace {

namespace fs = std::filesystem;

struct StoreTest : testing::Test {
  StoreTest() : folder(testing::TempDir() + "store." + std::to_string(getpid())), path(folder + "/k.db") {
    fs::create_directories(folder);
  }
  ~StoreTest() override { fs::remove_all(folder); }
  std::unique_ptr<Store> open() {
    std::unique_ptr<Store> store;
    EXPECT_EQ(Store::Open(path, &store), "");
    return store;
  }
  std::string refusal() {
    std::unique_ptr<Store> store;
    std::string error = Store::Open(path, &store);
    EXPECT_FALSE(store);
    return error;
  }
  void run_sql(const char *sql) {
    sqlite3 *db = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(db, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(db);
  }
  std::string bytes() {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }
  std::string folder, path;
};

TEST_F(StoreTest, KeepsObjectsOverReopening) {
  {
    std::unique_ptr<Store> store = open();
    EXPECT_EQ(store->put("task", "b", "two"), "");
    EXPECT_EQ(store->put("task", "a", "one"), "");
    EXPECT_EQ(store->put("task", "a", std::string("o\0e", 3)), "");
    EXPECT_EQ(store->put("template", "c", "three"), "");
    EXPECT_EQ(store->put("task", "gone", ""), "");
    EXPECT_EQ(store->erase("task", "gone"), "");
  }
  std::unique_ptr<Store> store = open();
  std::vector<std::pair<std::string, std::string>> want = {{"a", std::string("o\0e", 3)}, {"b", "two"}};
  EXPECT_EQ(store->list("task"), want);
  EXPECT_EQ(store->get("template", "c"), "three");
  EXPECT_EQ(store->get("task", "gone"), std::nullopt);
}

TEST_F(StoreTest, ATransactionIsAllOrNothing) {
  std::unique_ptr<Store> store = open();
  EXPECT_EQ(store->transaction([&] {
    store->put("task", "a", "1");
    return std::string("no");
  }),
            "no");
  EXPECT_EQ(store->get("task", "a"), std::nullopt);
  EXPECT_EQ(store->transaction([&] { return store->transaction([&] { return store->put("task", "a", "2"); }); }), "");
  EXPECT_EQ(store->get("task", "a"), "2");
}

TEST_F(StoreTest, KeepsTopicStates) {
  open()->put_topic_state({"t", "id", "message", "details", 3, 5, 7});
  std::vector<Store::TopicState> states;
  EXPECT_EQ(open()->load_topic_states([&](Store::TopicState state) { states.push_back(state); }), "");
  ASSERT_EQ(states.size(), 1u);
  EXPECT_EQ(states[0].topic + states[0].id + states[0].message, "tidmessage");
  EXPECT_EQ(open()->topic_details("t", "id"), "details");
  EXPECT_EQ(states[0].level, 3);
  EXPECT_EQ(states[0].time, 5);
  EXPECT_EQ(states[0].duration, 7);
}

TEST_F(StoreTest, KeepsWhatWaitsForHandlers) {
  std::unique_ptr<Store> store = open();
  for (uint64_t number : {7, 5, 6}) EXPECT_EQ(store->put_delivery("h", number, "event " + std::to_string(number)), "");
  EXPECT_EQ(store->put_delivery("g", 1, std::string("\0x", 2)), "");
  EXPECT_EQ(store->erase_deliveries("h", 5), "");
  std::vector<std::string> found;
  EXPECT_EQ(store->load_deliveries([&](const std::string &key, uint64_t number, const std::string &event) {
    found.push_back(key + std::to_string(number) + event);
  }),
            "");
  EXPECT_EQ(found, (std::vector<std::string>{std::string("g1\0x", 4), "h6event 6", "h7event 7"}));
}

TEST_F(StoreTest, ABackupIsAStoreOfItsOwn) {
  open()->put("task", "a", "1");
  std::string copy = folder + "/copy.db";
  EXPECT_EQ(open()->backup(copy), "");
  path = copy;
  EXPECT_EQ(open()->get("task", "a"), "1");
}

TEST_F(StoreTest, ANewerSchemaIsRefused) {
  open()->put("task", "a", "1");
  run_sql("PRAGMA user_version=99");
  EXPECT_EQ(refusal(), path + " was written by a newer version; use that version, or another file in [storage]");
  run_sql("PRAGMA user_version=1");
  EXPECT_EQ(open()->get("task", "a"), "1");
}

TEST_F(StoreTest, AnotherProgramsDatabaseIsLeftAsItIs) {
  run_sql("CREATE TABLE theirs(x); INSERT INTO theirs VALUES(1)");
  std::string before = bytes();
  EXPECT_EQ(refusal(), path + " is another program's database; name another file in [storage], it is left as it is");
  EXPECT_EQ(bytes(), before);
}

TEST_F(StoreTest, ABrokenFileIsLeftAsItIs) {
  std::string junk(20'000, 'x');
  std::ofstream(path, std::ios::binary) << junk;
  std::string error = refusal();
  EXPECT_NE(error.find(path), std::string::npos) << error;
  EXPECT_NE(error.find("restore a backup"), std::string::npos) << error;
  EXPECT_EQ(bytes(), junk);
}

TEST_F(StoreTest, AMissingFolderIsNamed) {
  path = folder + "/missing/k.db";
  EXPECT_NE(refusal().find(path), std::string::npos);
}

}  // namespace
}  // namespace tick
