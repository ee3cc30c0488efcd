// kapacitord_main.cpp - the daemon's program: sub-commands, flags, signals (daemon.md 2).
#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "driver/cli/flags.h"
#include "driver/code_source.h"
#include "runtime/daemon/daemon.h"
#include "runtime/net/http_client.h"
#include "runtime/text/go_time.h"

extern char **environ;

namespace tick {
namespace {

constexpr const char *kUsage =
    "Usage: kapacitord [[command] [arguments]]\n\nThe commands are:\n\n"
    "    config               display the default configuration\n"
    "    run                  run node with existing configuration\n"
    "    version              displays the Kapacitor version\n\n"
    "\"run\" is the default command.\n\nUse \"kapacitord help [command]\" for more information about a command.\n";

struct RunFlags {
  std::string config, hostname, pidfile, log_file, log_level, zone, cpuprofile, memprofile, disabled_handlers, blacklist;
  cli::Flags flags() {
    cli::Flags f;
    f.text("config", &config, "path of the configuration file").text("hostname", &hostname, "overrides hostname");
    f.text("pidfile", &pidfile, "write the process id to this file").text("log-file", &log_file, "overrides logging.file");
    f.text("log-level", &log_level, "overrides logging.level: DEBUG, INFO or ERROR");
    f.text("zone", &zone, "zone of \"time\" in lambdas and of cron schedules, such as Europe/Berlin; else TZ's or the machine's");
    f.text("cpuprofile", &cpuprofile, "accepted and not used").text("memprofile", &memprofile, "accepted and not used");
    f.text("disable-handlers", &disabled_handlers, "comma separated kinds of alert handlers that may not be used");
    f.text("blacklist-cidrs", &blacklist, "comma separated CIDRs that outgoing HTTP must not reach; private: all private ranges");
    return f;
  }
};

int Fail(const std::string &text) {
  std::fprintf(stderr, "%s\n", text.c_str());
  return 1;
}

bool HasContent(const std::string &path) {
  struct stat info;
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0;
}

std::string Home() { return std::getenv("HOME") ? std::getenv("HOME") : ""; }

// The file to read, or "" (daemon.md 2.3).
std::string ConfigPath(const std::string &flag) {
  if (!flag.empty()) return flag == "/dev/null" ? "" : flag;
  if (const char *path = std::getenv("KAPACITOR_CONFIG_PATH"); path && *path) return path;
  for (const std::string &path : {Home() + "/.kapacitor/kapacitor.conf", std::string("/etc/kapacitor/kapacitor.conf")})
    if (HasContent(path)) return path;
  return "";
}

// Without a file everything lives under the user's home.
void UseHome(Config *config) {
  const std::string base = Home() + "/.kapacitor";
  config->set("", "data_dir", base);
  config->set("replay", "dir", base + "/replay");
  config->set("task", "dir", base + "/tasks");
  config->set("storage", "boltdb", base + "/kapacitor.db");
  config->set("load", "dir", base + "/load");
}

std::string ReadConfig(const RunFlags &flags, const std::string &path, bool demo_first, Config *config) {
  if (path.empty() || demo_first) UseHome(config);
  if (!path.empty())
    if (std::string error = config->read_file(path); !error.empty()) return "parse config: " + error;
  if (std::string error = config->read_environment(environ); !error.empty()) return "apply env config: " + error;
  if (!flags.hostname.empty()) config->set("", "hostname", flags.hostname);
  if (!flags.log_file.empty()) config->set("logging", "file", flags.log_file);
  if (!flags.log_level.empty()) config->set("logging", "level", flags.log_level);
  return "";
}

std::string WritePidFile(const std::string &path) {
  if (path.empty()) return "";
  for (size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) ::mkdir(path.substr(0, at).c_str(), 0777);
  std::ofstream out(path);
  out << ::getpid();
  out.close();
  return out ? "" : "write pid file: write file: open " + path + ": cannot be written";
}

// Waits for signals until the daemon is to end. Blocked in all threads, so they arrive here.
void Serve(Daemon &daemon, Log &log, const sigset_t &signals) {
  for (;;) {
    int signal = 0;
    sigwait(&signals, &signal);
    if (signal == SIGHUP) {
      log.info("SIGHUP received, reloading tasks/templates/handlers directory...", {{"service", "run"}});
      daemon.reload();
      continue;
    }
    log.info(signal == SIGTERM ? "SIGTERM received, initializing clean shutdown..." : "signal received, initializing clean shutdown...",
             {{"service", "run"}});
    log.info("waiting for clean shutdown...", {{"service", "run"}});
    return;
  }
}

// Closes the daemon; a second signal or 30 s end the process at once.
void Close(Daemon &daemon, Log &log, const sigset_t &signals) {
  std::thread watch([&log, signals] {
    timespec limit{30, 0};
    int signal = sigtimedwait(&signals, nullptr, &limit);
    log.info(signal > 0 ? "second signal received, initializing hard shutdown" : "time limit reached, initializing hard shutdown",
             {{"service", "run"}});
    _exit(0);
  });
  watch.detach();
  daemon.close();
  log.info("server shutdown completed", {{"service", "run"}});
}

// Every idle client holds a descriptor: as many as this user may have.
void RaiseDescriptorLimit() {
  rlimit limit;
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

int Run(const RunFlags &flags) {
  RaiseDescriptorLimit();
  std::vector<Cidr> forbidden;
  if (std::string error = ParseCidrs(flags.blacklist, &forbidden); !error.empty()) return Fail("flag error: improper CIDRs: " + error);
  HttpClient::Forbid(std::move(forbidden));
  // Before any thread: the zone is the process's.
  if (!flags.zone.empty() && !Zone::SetLocal(flags.zone))
    return Fail("run: there is no zone '" + flags.zone + "': use a name such as Europe/Berlin, UTC or Local");
  sigset_t signals;
  sigemptyset(&signals);
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);

  std::puts("\n'########:'####::'######::'##:::'##:'########::'##:::'##:'##:::'##:'########:\n    tickc " TICK_VERSION
            ": Kapacitor's scripts and API, compiled\n");
  std::fflush(stdout);
  std::string path = ConfigPath(flags.config);
  std::fprintf(stderr, path.empty() ? "No configuration provided, using default settings\n" : "Using configuration at: %s\n", path.c_str());
  Config config;
  if (std::string error = ReadConfig(flags, path, false, &config); !error.empty()) return Fail("run: " + error);
  config.set("", "disable-handlers", flags.disabled_handlers);
  Log log;
  if (std::string error = log.open(config.text("logging", "file"), config.text("logging", "level")); !error.empty())
    return Fail("run: failed to open diagnostic service: " + error);
  for (const std::string &warning : config.warnings()) log.info("configuration", {{"service", "run"}, {"warning", warning}});
  log.info("kapacitor starting", {{"service", "run"}, {"version", TICK_KAPACITOR_VERSION}, {"branch", "unknown"}, {"commit", "unknown"}});
  auto refuse = [&](const std::string &text) {
    log.error("encountered error", {{"service", "run"}, {"err", text}});
    return Fail("run: " + text);
  };
  if (std::string error = WritePidFile(flags.pidfile); !error.empty()) return refuse(error);
  if (std::string error = config.validate(); !error.empty())
    return refuse("create server: invalid configuration: " + error +
                  ". To generate a valid configuration file run `kapacitord config > kapacitor.generated.conf`.");
  std::unique_ptr<CodeSource> code = MakeCodeSource();
  Daemon daemon(std::move(config), log, *code);
  if (std::string error = daemon.open(); !error.empty()) return refuse(error);
  log.info("listening for signals", {{"service", "run"}});
  Serve(daemon, log, signals);
  Close(daemon, log, signals);
  if (!flags.pidfile.empty()) ::unlink(flags.pidfile.c_str());
  std::fflush(nullptr);
  _exit(0);  // the watching thread must not outlive what it watches
}

int PrintConfig(const RunFlags &flags) {
  Config config;
  std::string path = ConfigPath(flags.config);
  if (!path.empty()) std::fprintf(stderr, "Merging with configuration at: %s\n", path.c_str());
  if (std::string error = ReadConfig(flags, path, true, &config); !error.empty()) return Fail("config: " + error);
  if (std::string error = config.validate(); !error.empty())
    return Fail("config: " + error + ". To generate a valid configuration file run `kapacitord config > kapacitor.generated.conf`.");
  std::printf("%s\n", config.toml().c_str());
  return 0;
}

int Main(std::vector<std::string> args) {
  std::string command = "run";
  if (!args.empty() && (args[0] == "-h" || args[0] == "-help" || args[0] == "--help")) args[0] = "help";
  if (!args.empty() && args[0][0] != '-') {
    command = args[0];
    args.erase(args.begin());
  }
  if (command == "help" && args.empty()) {
    std::fputs(kUsage, stdout);
    return 0;
  }
  bool help = command == "help";
  if (help) command = args[0], args.clear();
  if (command == "version" && !help) {
    std::printf("Kapacitor OSS %s (git: unknown unknown)\n", TICK_KAPACITOR_VERSION);
    return 0;
  }
  if (command != "run" && command != "config" && command != "version")
    return Fail("unknown command \"" + command + "\"\nRun 'kapacitord help' for usage\n");
  RunFlags flags;
  std::vector<std::string> rest;
  std::string error = flags.flags().parse(args, &rest, &help);
  if (help || !error.empty()) {
    if (!error.empty()) std::fprintf(stderr, "%s\n", error.c_str());
    std::fprintf(stderr, "Usage: kapacitord %s [flags]\n\n%s", command.c_str(), flags.flags().usage().c_str());
    return Fail(command + ": " + (help ? "flag: help requested" : error));
  }
  return command == "config" ? PrintConfig(flags) : Run(flags);
}

}  // namespace
}  // namespace tick

int main(int argc, char **argv) { return tick::Main(std::vector<std::string>(argv + 1, argv + argc)); }
