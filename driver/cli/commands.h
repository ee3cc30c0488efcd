// commands.h - the commands, one function each; command_table.cpp lists them.
#pragma once

#include "driver/cli/command.h"

namespace tick::cli {

Outcome Define(Session &, const Args &);              // define.cpp
Outcome DefineTemplate(Session &, const Args &);
Outcome DefineTopicHandler(Session &, const Args &);  // topics.cpp
Outcome ShowTopicHandler(Session &, const Args &);
Outcome ShowTopic(Session &, const Args &);
Outcome Enable(Session &, const Args &);              // change.cpp
Outcome Disable(Session &, const Args &);
Outcome Reload(Session &, const Args &);
Outcome Delete(Session &, const Args &);
Outcome List(Session &, const Args &);                // list.cpp
Outcome Show(Session &, const Args &);                // show.cpp
Outcome ShowTemplate(Session &, const Args &);
Outcome Record(Session &, const Args &);              // record.cpp
Outcome Replay(Session &, const Args &);
Outcome ReplayLive(Session &, const Args &);
Outcome SetLogLevel(Session &, const Args &);         // misc.cpp
Outcome Stats(Session &, const Args &);
Outcome Version(Session &, const Args &);
Outcome Vars(Session &, const Args &);
Outcome ServiceTests(Session &, const Args &);
Outcome Backup(Session &, const Args &);
Outcome Watch(Session &, const Args &);
Outcome Logs(Session &, const Args &);
Outcome Flux(Session &, const Args &);

// Swaps the stored definition in, printing which nodes kept their state where standard output is a terminal.
Outcome ReloadTask(Session &session, const std::string &id);
// The body of a task file (.yaml, .yml, .json) with id, template-id, dbrps, vars (spec_file.cpp).
std::string TaskFileBody(const std::string &path, const std::string &id, Json *body);
// A YAML or JSON file as JSON; `what` names it in errors ("handler", "task vars").
std::string ReadSpecFile(const std::string &path, const std::string &what, Json *value);

}  // namespace tick::cli
