// script_corpus_test.cpp - every script of the tree, and fixed mutations of them: no crash, and formatting keeps meaning.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "test/fuzz/script_target.h"

namespace tick {
namespace {

std::vector<std::string> Corpus() {
  std::vector<std::filesystem::path> paths;
  for (const char *folder : {"/examples", "/test/lit"})
    for (const auto &entry : std::filesystem::recursive_directory_iterator(std::string(TICK_SOURCE_DIR) + folder))
      if (entry.path().extension() == ".tick") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> scripts;
  for (const auto &path : paths) {
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    scripts.push_back(text.str());
  }
  return scripts;
}

// Without comment lines, so that the comparison of meanings applies.
std::string WithoutComments(const std::string &script) {
  std::stringstream in(script);
  std::string out;
  for (std::string line; std::getline(in, line);)
    if (size_t at = line.find_first_not_of(" \t"); at == std::string::npos || line.compare(at, 2, "//") != 0)
      out += line + "\n";
  return out;
}

TEST(ScriptCorpus, FormattingKeepsTheIr) {
  std::vector<std::string> corpus = Corpus();
  ASSERT_GT(corpus.size(), 200u);
  size_t compiled = 0;
  for (const std::string &script : corpus) {
    std::string formatted;
    compiled += !fuzz::Shape(script, DialectChoice::Automatic, &formatted).empty();
    EXPECT_EQ(fuzz::Script(WithoutComments(script)), "");
  }
  EXPECT_GT(compiled, corpus.size() / 2);
}

// Bytes dropped, doubled, exchanged and taken from other scripts.
TEST(ScriptCorpus, MutationsNeitherCrashNorChangeMeaning) {
  std::vector<std::string> corpus = Corpus();
  std::mt19937 random(20);
  auto below = [&](size_t n) { return n ? random() % n : 0; };
  for (int round = 0; round < 1500; ++round) {
    std::string script = WithoutComments(corpus[below(corpus.size())]);
    for (size_t edits = 1 + below(4); edits-- > 0;) {
      size_t at = below(script.size());
      const std::string &other = corpus[below(corpus.size())];
      switch (below(4)) {
        case 0: script.erase(at, 1 + below(8)); break;
        case 1: script.insert(at, script.substr(below(script.size()), below(20))); break;
        case 2: script.insert(at, other.substr(below(other.size()), below(30))); break;
        default:
          if (at < script.size()) script[at] = "()|.@'\"/=<>-+*%,[]0 \n\\\xff"[below(24)];
      }
    }
    ASSERT_EQ(fuzz::Script(script), "") << "round " << round;
  }
}

}  // namespace
}  // namespace tick
