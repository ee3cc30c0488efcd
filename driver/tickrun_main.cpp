// tickrun_main.cpp - runs a task that tickc compiled ahead of time. Links neither LLVM nor ANTLR.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "driver/run.h"
#include "driver/task_id.h"
#include "runtime/engine/so_loader.h"

namespace {

constexpr const char *kUsage =
    "usage: tickrun TASK.so [--points FILE] [--precision P] [--database DB] [--retention-policy RP]\n"
    "               [--block-rows N] [--zone ZONE] [--live] [--json]\n"
    "Runs a task compiled by `tickc SCRIPT -o TASK.so` over line protocol, from FILE or standard input ('-')\n"
    "as it comes, and prints what its alerts would write. With --live sinks act instead. ZONE is that of \"time\"\n"
    "in lambdas, such as Europe/Berlin; without it TZ's, or the machine's.\n";

// Fills the options; false where the command line does not hold, having said why.
bool Parse(int argc, char **argv, std::string *path, tick::RunOptions *options) {
  auto refuse = [](const std::string &why) {
    std::fprintf(stderr, "tickrun: %s\n%s", why.c_str(), kUsage);
    return false;
  };
  for (int i = 1; i < argc; ++i) {
    std::string arg = argv[i], value;
    if (arg == "--live") { options->live = true; continue; }
    if (arg == "--json") { options->json = true; continue; }
    if (arg.rfind("--", 0) != 0) {
      if (!path->empty()) return refuse("one task at a time: " + *path + " or " + arg);
      *path = arg;
      continue;
    }
    if (size_t equals = arg.find('='); equals != std::string::npos) {
      value = arg.substr(equals + 1);
      arg.resize(equals);
    } else if (i + 1 < argc) {
      value = argv[++i];
    } else {
      return refuse(arg + " wants a value");
    }
    if (arg == "--points") options->points = value;
    else if (arg == "--database") options->database = value;
    else if (arg == "--retention-policy") options->retention_policy = value;
    else if (arg == "--zone") options->zone = value;
    else if (arg == "--block-rows") options->block_rows = static_cast<uint32_t>(std::atoi(value.c_str()));
    else if (arg == "--precision") {
      if (!tick::ParsePrecision(value, &options->precision)) return refuse("unknown precision '" + value + "'");
    } else {
      return refuse("unknown option " + arg);
    }
  }
  if (path->empty()) return refuse("no task given");
  if (options->block_rows < 1 || options->block_rows > 65536) return refuse("--block-rows goes from 1 to 65536");
  return true;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc == 2 && (!std::strcmp(argv[1], "--help") || !std::strcmp(argv[1], "-h"))) {
    std::fputs(kUsage, stdout);
    return 0;
  }
  std::string path;
  tick::RunOptions options;
  if (!Parse(argc, argv, &path, &options)) return 1;
  tick::LoadResult loaded = tick::LoadSharedObject(path);
  if (!loaded.code) {
    std::fprintf(stderr, "tickrun: %s\n", loaded.error.c_str());
    return 1;
  }
  options.task_id = tick::TaskIdOf(path);
  return tick::RunTask(std::move(loaded.code), options);
}
