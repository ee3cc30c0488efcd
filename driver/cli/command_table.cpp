// command_table.cpp - the commands of `kapacitor` with their usages.
#include "driver/cli/commands.h"

namespace tick::cli {

const std::vector<Command> &Commands() {
  static const std::vector<Command> commands = {
      {"record", "Record the result of a query or a snapshot of the current stream data.",
       "kapacitor record [batch|stream|query] [options]\n\n\tRecord the result of an InfluxDB query or a snapshot of the live data stream.\n\n"
       "\tPrints the recording ID on exit.\n\n\t$ kapacitor record stream -task mem_free -duration 1m\n"
       "\t$ kapacitor record batch -task cpu_idle -start <time> -stop <time>\n"
       "\t$ kapacitor record query -query 'SELECT …' -type stream",
       Record},
      {"define", "Create/update a task.",
       "kapacitor define <task ID> [options]\n\n\tCreate or update a task.\n\n\tAn option that is absent is left as it is. An enabled task is\n"
       "\treloaded, keeping its state, unless -no-reload is given.\n\n\t$ kapacitor define my_task -tick path/to/TICKscript -type stream -dbrp mydb.myrp\n"
       "\t$ kapacitor define my_task -so path/to/task.so -dbrp mydb.myrp\n"
       "\t$ kapacitor define -name my_task -type stream -tick path/to/TICKscript -dbrp mydb.myrp",
       Define},
      {"define-template", "Create/update a template.",
       "kapacitor define-template <template ID> [options]\n\n\tCreate or update a template. Tasks made from it follow.\n\n"
       "\t$ kapacitor define-template my_template -tick path/to/TICKscript -type stream",
       DefineTemplate},
      {"define-topic-handler", "Create/update an alert handler for a topic.",
       "kapacitor define-topic-handler <path to handler spec file>\n\n\tCreate or update a handler from a .yaml or .json file with\n"
       "\ttopic, id, kind, match and options.",
       DefineTopicHandler},
      {"replay", "Replay a recording to a task.",
       "kapacitor replay [options]\n\n\tReplay a recording to a task. Prints the replay ID.\n\n\t$ kapacitor replay -recording <ID> -task my_task", Replay},
      {"replay-live", "Replay data against a task without recording it.",
       "kapacitor replay-live [batch|query] [options]\n\n\tReplay data directly from InfluxDB to a task.", ReplayLive},
      {"watch", "Watch logs for a task.", "kapacitor watch <task ID> [<tag key>=<tag value> ...]\n\n\tFollow the log of a task.", Watch},
      {"logs", "Follow arbitrary Kapacitor logs.", "kapacitor logs [<tag key>=<tag value> ...]\n\n\tFollow the daemon's log.", Logs},
      {"enable", "Enable and start running a task with live data.",
       "kapacitor enable [task ID...]\n\n\tEnable and start a task. IDs may be globs: *_alert", Enable},
      {"disable", "Stop running a task.", "kapacitor disable [task ID...]\n\n\tDisable and stop a task. IDs may be globs.", Disable},
      {"reload", "Reload a running task with an updated task definition.",
       "kapacitor reload [task ID...]\n\n\tLet the stored definition run. Points are neither lost nor repeated, and nodes\n"
       "\tthat did not change keep their state. IDs may be globs.",
       Reload},
      {"delete", "Delete tasks, templates, recordings, replays, topics or topic-handlers.",
       "kapacitor delete (tasks|templates|recordings|replays|topics|topic-handlers) [ID or pattern]...\n\n"
       "\tAn enabled task is stopped first. Deleting a handler wants its topic first:\n\n\t$ kapacitor delete topic-handlers [topic] [ID or pattern]",
       Delete},
      {"list", "List information about tasks, templates, recordings, replays, topics, topic-handlers or service-tests.",
       "kapacitor list (tasks|templates|recordings|replays|topics|topic-handlers|service-tests) [ID or pattern]...\n\n"
       "\tWithout an ID or pattern all are listed.\n\n\t$ kapacitor list topic-handlers [topicID or pattern] [ID or pattern]",
       List},
      {"show", "Display detailed information about a task.", "kapacitor show [-replay] [task ID]\n\n\tShow details about a task.", Show},
      {"show-template", "Display detailed information about a template.", "kapacitor show-template [template ID]\n\n\tShow details about a template.", ShowTemplate},
      {"show-topic-handler", "Display detailed information about an alert handler for a topic.",
       "kapacitor show-topic-handler [topic ID] [handler ID]\n\n\tShow details about a topic's handler.", ShowTopicHandler},
      {"show-topic", "Display detailed information about an alert topic.", "kapacitor show-topic [topic ID]\n\n\tShow a topic, its handlers and events.", ShowTopic},
      {"backup", "Backup the Kapacitor database.", "kapacitor backup [path to file]\n\n\tWrite a copy of the daemon's database.", Backup},
      {"level", "Sets the logging level on the kapacitord server.", "kapacitor level (debug|info|error)\n\n\tSet the log level of the daemon.", SetLogLevel},
      {"stats", "Display various stats about Kapacitor.", "kapacitor stats <general|ingress>\n\n\tPrint statistics of the daemon.", Stats},
      {"version", "Displays the Kapacitor version info.", "kapacitor version\n\n\tPrint version info.", Version},
      {"vars", "Print debug vars in JSON format.", "kapacitor vars\n\n\tPrint debug vars in JSON format.", Vars},
      {"service-tests", "Test a service.", "kapacitor service-tests <service name or pattern>...\n\n\tRun a service test.", ServiceTests},
      {"flux", "", "kapacitor flux task [...]", Flux},
  };
  return commands;
}

const Command *FindCommand(std::string_view name) {
  for (const Command &command : Commands())
    if (command.name == name) return &command;
  return nullptr;
}

}  // namespace tick::cli
