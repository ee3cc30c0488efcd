// so_loader_test.cpp - which files are refused, and what is said.
#include <elf.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "lambda_builder.h"
#include "runner.h"
#include "runtime/abi/so_note.h"
#include "runtime/engine/so_loader.h"

namespace tick::test {
namespace {

class SoLoader : public testing::Test {
 protected:
  void SetUp() override {
    ir::Graph graph = MakeGraph({MakeLambda(Bin(Ref("value"), Operator::Greater, Float(30)), {{Type::Float}})});
    EmitResult emitted = Emit(graph, EmitKind::SharedObject, {{1}});
    ASSERT_EQ(emitted.error, "");
    good_ = emitted.bytes;
    path_ = testing::TempDir() + "/so_loader_" + std::to_string(::getpid()) + ".so";
  }
  void TearDown() override { ::unlink(path_.c_str()); }

  LoadResult load(const std::string &bytes) {
    std::ofstream(path_, std::ios::binary) << bytes;
    return LoadSharedObject(path_);
  }
  // The sentence about the file, its path left out.
  std::string refusal(const std::string &bytes) {
    LoadResult result = load(bytes);
    EXPECT_FALSE(result.code);
    EXPECT_EQ(result.error.compare(0, path_.size() + 1, path_ + " "), 0) << result.error;
    return result.error.size() > path_.size() ? result.error.substr(path_.size() + 1) : "";
  }
  // The good file with its note changed.
  std::string with_note(void (*change)(SoNote &)) {
    std::string bytes = good_;
    SoNote note;
    size_t at = bytes.find(std::string("\5\0\0\0\14\0\0\0\1\0\0\0TICK", 16));
    EXPECT_NE(at, std::string::npos);
    std::memcpy(&note, bytes.data() + at, sizeof note);
    change(note);
    std::memcpy(bytes.data() + at, &note, sizeof note);
    return bytes;
  }

  std::string good_, path_;
};

TEST_F(SoLoader, RunsWhatItLoads) {
  LoadResult result = load(good_);
  ASSERT_EQ(result.error, "");
  ASSERT_TRUE(result.code);
  EXPECT_EQ(Show(Runner(result.code).kernel({{MakeFloat(31)}}, false)[0]), "true");
}

TEST_F(SoLoader, FileMayBeOverwrittenWhileItsCodeRuns) {
  LoadResult result = load(good_);
  ASSERT_TRUE(result.code) << result.error;
  std::ofstream(path_, std::ios::binary) << std::string(good_.size(), '\xcc');
  EXPECT_EQ(Show(Runner(result.code).kernel({{MakeFloat(31)}}, true)[0]), "true");
}

TEST_F(SoLoader, ManyGenerationsOfOnePathLiveSideBySide) {
  std::vector<std::shared_ptr<const Code>> codes;
  for (int i = 0; i < 20; ++i) {
    double limit = i;
    ir::Graph graph = MakeGraph({MakeLambda(Bin(Ref("value"), Operator::Greater, Float(limit)), {{Type::Float}})});
    LoadResult result = load(Emit(graph, EmitKind::SharedObject, {{1}}).bytes);
    ASSERT_TRUE(result.code) << result.error;
    codes.push_back(result.code);
    if (i % 3 == 0) codes[static_cast<size_t>(i) / 2].reset();
  }
  for (size_t i = 0; i < codes.size(); ++i) {
    if (!codes[i]) continue;
    EXPECT_EQ(codes[i]->task().lambdas[0].literals[0].as.f, static_cast<double>(i));
  }
}

TEST_F(SoLoader, EveryTruncationIsRefused) {
  for (size_t size = 1; size < good_.size(); size += 1 + size / 16) {
    std::string message = refusal(good_.substr(0, size));
    if (size < SELFMAG) continue;
    EXPECT_NE(message.find("copy or compile it again"), std::string::npos) << size << message;
  }
  EXPECT_EQ(refusal(good_.substr(0, good_.size() - 1)), "is truncated: copy or compile it again");
  EXPECT_EQ(refusal(""), "is empty: copy or compile it again");
}

TEST_F(SoLoader, WhatIsNoTaskIsRefused) {
  const std::string no_task = "is no compiled task: make one with `tickc SCRIPT.tick -o TASK.so`";
  EXPECT_EQ(refusal("stream\n    |from()\n"), no_task);
  std::ifstream libc("/lib/x86_64-linux-gnu/libc.so.6", std::ios::binary);
  ASSERT_TRUE(libc);
  EXPECT_EQ(refusal(std::string(std::istreambuf_iterator<char>(libc), {})), no_task);
  std::ifstream self("/proc/self/exe", std::ios::binary);
  EXPECT_EQ(refusal(std::string(std::istreambuf_iterator<char>(self), {})), no_task);
}

TEST_F(SoLoader, OtherMachinesAreRefused) {
  std::string bytes = good_;
  bytes[offsetof(Elf64_Ehdr, e_machine)] = static_cast<char>(EM_AARCH64);
  EXPECT_EQ(refusal(bytes),
            "is code for another kind of machine, this one is x86-64: compile it with the tickc of this machine");
}

TEST_F(SoLoader, OtherAbisAreRefused) {
  EXPECT_EQ(refusal(with_note([](SoNote &note) { note.abi_version = 7; })),
            "was compiled for task ABI 7, this program takes 1: "
            "compile it again with the tickc that belongs to this program");
}

TEST_F(SoLoader, CodeForABetterCpuIsRefused) {
  EXPECT_EQ(refusal(with_note([](SoNote &note) { note.lowest_level = 9; })),
            "needs a CPU of level x86-64-v9, this one is x86-64-v" + std::to_string(CpuLevel()) +
                ": compile it with --march=portable");
}

TEST_F(SoLoader, SymbolsThisProgramLacksAreNamed) {
  std::string bytes = good_;
  for (size_t at = 0; (at = bytes.find("tick_dyn_binary", at)) != std::string::npos; ++at)
    bytes.replace(at, 15, "tick_dyn_bimary");
  std::string message = refusal(bytes);
  EXPECT_NE(message.find("tick_dyn_bimary"), std::string::npos) << message;
  EXPECT_NE(message.find("compile it again"), std::string::npos) << message;
}

TEST_F(SoLoader, MissingFilesSayWhy) {
  EXPECT_EQ(LoadSharedObject("/nonexistent/task.so").error,
            "cannot read /nonexistent/task.so: No such file or directory");
  EXPECT_EQ(LoadSharedObject(testing::TempDir()).error.compare(0, 11, "cannot read"), 0);
}

TEST(Levels, Names) {
  EXPECT_EQ(LevelsOf("portable"), (std::vector<uint32_t>{1, 3}));
  EXPECT_EQ(LevelsOf("native"), std::vector<uint32_t>{CpuLevel()});
  EXPECT_EQ(LevelsOf("x86-64-v2"), std::vector<uint32_t>{2});
  EXPECT_TRUE(LevelsOf("arm64").empty());
}

TEST(Levels, TheBestThatRunsIsTaken) {
  ir::Graph graph = MakeGraph({MakeLambda(Bin(Ref("value"), Operator::Greater, Float(30)), {{Type::Float}})});
  std::shared_ptr<const Code> code = LoadEmitted(graph, {1, 2, 3, 4});
  ASSERT_TRUE(code);
  EXPECT_EQ(code->task().n_codes, 4u);
  EXPECT_EQ(code->best().level, CpuLevel());
}

}  // namespace
}  // namespace tick::test
