// compile.cpp - what it takes from a script's text to code that can be called, in a process that has compiled before.
//
// In: scripts. Out: a line each with the median and the slowest of fifty compilations, in milliseconds. A number in
// the text changes each time, so that nothing is answered from what was compiled before.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "driver/compile.h"

namespace {

constexpr int kRounds = 50;

double CompileMs(tick::JitSource &jit, const std::string &script, const std::string &id) {
  auto begin = std::chrono::steady_clock::now();
  tick::CodeRequest request;
  request.name = id;
  request.script = script;
  tick::CodeResult result = jit.compile(request);
  std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
  if (!result.code) std::fprintf(stderr, "%s does not compile\n", id.c_str());
  return taken.count();
}

}  // namespace

int main(int count, char **paths) {
  tick::JitSource jit;
  for (int i = 1; i < count; ++i) {
    std::ifstream file(paths[i]);
    std::stringstream text;
    text << file.rdbuf();
    CompileMs(jit, text.str(), "warm");
    std::vector<double> times;
    for (int round = 0; round < kRounds; ++round)
      times.push_back(CompileMs(jit, "var round = " + std::to_string(round) + "\n" + text.str(), "task" + std::to_string(round)));
    std::sort(times.begin(), times.end());
    std::printf("%-40s median %6.2f ms, slowest %6.2f ms\n", paths[i], times[kRounds / 2], times.back());
  }
}
