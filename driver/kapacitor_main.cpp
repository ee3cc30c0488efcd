// kapacitor_main.cpp - the command line: finds the daemon, the dialect and the command (daemon.md 5.1, 6.1).
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "driver/cli/command.h"

namespace tick::cli {
namespace {

void PrintUsage() {
  std::fputs("\nUsage: kapacitor [options] [command] [args]\n\nCommands:\n\n", stderr);
  for (const Command &command : Commands())
    if (!command.summary.empty()) std::fprintf(stderr, "\t%s  %s\n", Pad(command.name, 20).c_str(), std::string(command.summary).c_str());
  std::fputs("\thelp                  Prints help for a command.\n\nOptions:\n\n"
             "  -skipVerify\n    \tDisable SSL verification (note, this is insecure). Defaults to the KAPACITOR_UNSAFE_SSL environment variable or false if not set.\n"
             "  -url string\n    \tThe URL http(s)://host:port of the kapacitord server. Defaults to the KAPACITOR_URL environment variable or http://localhost:9092 if not set.\n\n"
             "unix:///path as URL asks over a Unix socket.\n"
             "KAPACITOR_DIALECT=0.2 prints the tables of Kapacitor 0.2; without it they follow the API that tasks were last defined by.\n",
             stderr);
}

int Help(const Args &args) {
  if (args.size() == 1) {
    if (const Command *command = FindCommand(args[0])) {
      std::fprintf(stderr, "Usage: %s\n", std::string(command->usage).c_str());
      return 0;
    }
    std::fprintf(stderr, "Unknown command %s\n", args[0].c_str());
    return 1;
  }
  std::fputs("Usage: kapacitor help [command]\n", stderr);
  PrintUsage();
  return 1;
}

// Whether tables and texts are 0.2's: as KAPACITOR_DIALECT says, else as the daemon's tasks were last defined.
bool OldDialect(Client &client, const std::string &command) {
  if (const char *dialect = std::getenv("KAPACITOR_DIALECT")) return std::string(dialect) == "0.2";
  for (const char *both : {"enable", "disable", "list", "show", "delete", "level", "record", "replay"})
    if (command == both) {
      for (const auto &[name, value] : client.call("HEAD", std::string(kOldApi) + "/ping").headers)
        if (name == "x-kapacitor-dialect") return value == "0.2";
    }
  return false;
}

bool IsTrue(const std::string &word, bool *value) {
  for (const char *yes : {"1", "t", "T", "TRUE", "true", "True"})
    if (word == yes) return *value = true;
  for (const char *no : {"0", "f", "F", "FALSE", "false", "False"})
    if (word == no) return !(*value = false);
  return false;
}

int Main(const Args &args) {
  std::string url;
  bool skip_verify = false, help = false;
  if (const char *unsafe = std::getenv("KAPACITOR_UNSAFE_SSL"); unsafe && *unsafe && !IsTrue(unsafe, &skip_verify)) {
    std::fprintf(stderr, "strconv.ParseBool: parsing \"%s\": invalid syntax\n", unsafe);
    return 1;
  }
  Flags flags;
  flags.text("url", &url, "").boolean("skipVerify", &skip_verify, "");
  Args rest;
  std::string error = flags.parse(args, &rest, &help);
  if (help || !error.empty()) {
    if (!error.empty()) std::fprintf(stderr, "%s\n", error.c_str());
    PrintUsage();
    return help ? 0 : 2;
  }
  if (rest.empty()) {
    std::fputs("Error: Must pass a command.\n", stderr);
    PrintUsage();
    return 1;
  }
  std::string name = rest[0];
  rest.erase(rest.begin());
  if (name == "help") return Help(rest);
  const Command *command = FindCommand(name);
  if (!command) {
    std::fprintf(stderr, "Unknown command %s\n", name.c_str());
    PrintUsage();
    return 1;
  }
  if (url.empty()) url = std::getenv("KAPACITOR_URL") ? std::getenv("KAPACITOR_URL") : "";
  if (url.empty()) url = "http://localhost:9092";
  std::unique_ptr<Client> client;
  if (std::string problem = Client::Make(url, skip_verify, &client); !problem.empty()) {
    std::fprintf(stderr, "%s\n", problem.c_str());
    return 4;
  }
  Session session{*client, OldDialect(*client, name)};
  Outcome out = command->run(session, rest);
  if (!out.error.empty()) std::fprintf(stderr, session.old ? "%s\n" : "Error: %s\n", out.error.c_str());
  return out.status;
}

}  // namespace
}  // namespace tick::cli

int main(int argc, char **argv) { return tick::cli::Main(tick::cli::Args(argv + 1, argv + argc)); }
