// command.h - a command of `kapacitor` and what it works with.
//
// A command takes its arguments and prints results to standard output. It returns an exit status: 0 done,
// 2 an argument is missing or a flag is wrong (message and usage were printed), 3 it failed (Outcome::error
// says how). Both command lines are here: today's, and 0.2's where a form of it is used (daemon.md 5, 6).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "driver/cli/client.h"
#include "driver/cli/flags.h"

namespace tick::cli {

using Args = std::vector<std::string>;

struct Outcome {
  int status = 0;
  std::string error;  // printed on standard error; with "Error: " before it in today's forms
};

struct Session {
  Client &client;
  bool old = false;   // 0.2's tables and texts (dialect.h)
};

struct Command {
  std::string_view name;
  std::string_view summary;  // of the general usage; "" hides it
  std::string_view usage;    // what `help NAME` prints
  Outcome (*run)(Session &session, const Args &args);
};
const std::vector<Command> &Commands();
const Command *FindCommand(std::string_view name);

// A missing argument: message, then the command's usage.
Outcome Misuse(std::string_view command, const std::string &message);
inline Outcome Fail(const std::string &text) { return {3, text}; }

// Reads flags; false where the command line was wrong or asked for help (`out` is set then).
bool ReadFlags(std::string_view command, const Flags &flags, const Args &args, Args *rest, Outcome *out);

// Left-aligned to a width in characters; longer text is not cut.
std::string Pad(std::string_view text, size_t width);
std::string PadLeft(std::string_view text, size_t width);
// ["db"."rp" "db2"."rp2"]
std::string DbrpList(const Json &dbrps);
// Decimal units as list recordings prints them: "1.9 kB".
std::string SizeText(uint64_t bytes);
// RFC 3339 to "02 Jan 06 15:04 MST" in this machine's zone, or (keep_zone) the text's own.
std::string DateText(const std::string &rfc3339, bool keep_zone);
// "db"."rp", db.rp → {"db", "rp"}; an error text of daemon.md 5.2 or "".
std::string ParseDbrp(const std::string &text, Json *dbrp);
// A whole file; an error text in Go's words.
std::string ReadFile(const std::string &path, std::string *text);

// Pages of a list: `key` of every answer, all items, in the server's order. `query` may filter and name fields.
Outcome ListAll(Session &session, const std::string &path, const std::string &key, const std::string &pattern,
                const std::vector<std::string> &fields, Json *items);

inline constexpr const char *kApi = "/kapacitor/v1";
inline constexpr const char *kOldApi = "/api/v1";

}  // namespace tick::cli
