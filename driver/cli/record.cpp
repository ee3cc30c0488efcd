// record.cpp - record, replay and replay-live, in both command lines (daemon.md 5.7, 5.8, 6.1).
#include <chrono>
#include <cstdio>
#include <thread>

#include "driver/cli/commands.h"
#include "driver/cli/progress.h"
#include "runtime/text/go_duration.h"
#include "runtime/text/go_time.h"

namespace tick::cli {
namespace {

int64_t Now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

struct RecordFlags {
  std::string task, duration, start, stop, past, query, type, cluster, id, name, recording, replay_id;
  bool no_wait = false, real_clock = false, rec_time = false, fast = false, no_handlers = false;

  Flags flags() {
    Flags f;
    f.text("task", &task, "The task ID.").text("name", &name, "The task's name, as Kapacitor 0.2 takes it.");
    f.text("duration", &duration, "How long to record a stream.").text("start", &start, "The start time, RFC 3339.");
    f.text("stop", &stop, "The stop time, RFC 3339 (default now).").text("past", &past, "Set start time via 'now - past'.");
    f.text("query", &query, "The query to record.").text("type", &type, "The type of the recording (stream|batch).");
    f.text("cluster", &cluster, "The configured InfluxDB cluster to query.");
    f.text("recording-id", &id, "The ID to give to the recording. If not set a random ID is chosen.");
    f.boolean("no-wait", &no_wait, "Do not wait for it to finish.");
    return f;
  }
  Flags replay_flags() {
    Flags f = flags();
    f.text("recording", &recording, "The recording ID.").text("id", &id, "The recording ID, as Kapacitor 0.2 takes it.");
    f.text("replay-id", &replay_id, "The ID to give to this replay. If not set a random ID is chosen.");
    f.boolean("real-clock", &real_clock, "Replay the data in real time. If not set replay data as fast as possible.");
    f.boolean("rec-time", &rec_time, "Use the times saved in the recording instead of present times.");
    f.boolean("no-handlers", &no_handlers, "Do not call alert handlers.");
    f.boolean("fast", &fast, "Replay as fast as possible, as Kapacitor 0.2 takes it.");
    return f;
  }
};

Outcome UsageAndFail(std::string_view command, const std::string &text) {
  std::fprintf(stderr, "Usage: %s\n", std::string(FindCommand(command)->usage).c_str());
  return Fail(text);
}

// start and stop of a batch recording from the flags; an error text or "".
std::string Times(const RecordFlags &flags, Json *body) {
  int64_t stop = Now(), start = 0, past = 0;
  auto time_error = [](const std::string &text) {
    return "parsing time \"" + text + "\" as \"2006-01-02T15:04:05.999999999Z07:00\": cannot parse \"" + text + "\" as \"2006\"";
  };
  if (!flags.start.empty() && !flags.past.empty()) return "cannot set both start and past flags.";
  if (flags.start.empty() && flags.past.empty()) return "must set one of start or past flags.";
  if (!flags.stop.empty() && !ParseRfc3339(flags.stop, &stop)) return time_error(flags.stop);
  if (!flags.start.empty() && !ParseRfc3339(flags.start, &start)) return time_error(flags.start);
  if (!flags.past.empty() && !ParseDuration(flags.past, &past)) return "invalid duration";
  if (!flags.past.empty()) start = stop - past;
  (*body)["start"] = Rfc3339(start);
  (*body)["stop"] = Rfc3339(stop);
  return "";
}

// Starts it and, unless told not to, waits for its end and prints its id.
Outcome StartAndWait(Session &session, const std::string &path, const Json &body, bool no_wait, const char *what) {
  Reply reply = session.client.call("POST", std::string(kApi) + path, body);
  if (reply.status != 201) return Fail(reply.error);
  if (no_wait) return {};
  const std::string link = reply.json["link"].value("href", "");
  {
    Progress progress(std::string(what) + " " + reply.json.value("id", ""));
    while (reply.json.value("status", "") == "running") {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      reply = session.client.call("GET", link);
      if (reply.status != 200 && reply.status != 202) return Fail(reply.error);
      if (reply.status == 200) break;
      double share = reply.json.value("progress", 0.0);  // of recordings nobody knows it
      progress.tell(share > 0 ? share : -1, reply.json.value("points", uint64_t{0}));
    }
  }
  std::printf("%s\n", reply.json.value("id", "").c_str());
  if (reply.json.value("status", "") != "failed") return {};
  std::string error = reply.json.value("error", "");
  return Fail(error.empty() ? std::string(what) + " failed: unknown reason" : error);
}

// 0.2: starts a recording, waits for it, prints its id.
Outcome RecordOld(Session &session, const std::string &kind, const RecordFlags &flags) {
  if (!flags.start.empty() && !flags.past.empty()) return Fail("cannot set both start and past flags.");
  std::string query = "/record?type=" + kind + "&name=" + Escape(flags.name.empty() ? flags.task : flags.name) + "&duration=" +
                      Escape(flags.duration) + "&start=" + Escape(flags.start) + "&stop=" + Escape(flags.stop) + "&past=" +
                      Escape(flags.past) + "&query=" + Escape(flags.query) + "&ttype=" + Escape(flags.type);
  Reply reply = session.client.call("POST", kOldApi + query);
  if (!reply.error.empty() && !reply.json.contains("RecordingID")) return Fail(reply.error);
  std::string id = reply.json.value("RecordingID", "");
  Reply done = session.client.call("GET", std::string(kOldApi) + "/record?id=" + Escape(id));
  if (done.json.is_object() && !done.json.value("Error", "").empty()) return Fail(done.json.value("Error", ""));
  std::printf("%s\n", id.c_str());
  return {};
}

Outcome ReplayOld(Session &session, const RecordFlags &flags) {
  std::string query = "/replay?name=" + Escape(flags.name) + "&id=" + Escape(flags.id) +
                      "&rec-time=" + (flags.rec_time ? "true" : "false") + (flags.fast ? "&clock=fast" : "");
  Reply reply = session.client.call("POST", kOldApi + query);
  return reply.error.empty() ? Outcome{} : Fail(reply.error);
}

void ReplayOptions(const RecordFlags &flags, Json *body) {
  (*body)["id"] = flags.replay_id;
  (*body)["clock"] = flags.real_clock ? "real" : "fast";
  (*body)["recording-time"] = flags.rec_time;
  if (flags.no_handlers) (*body)["handlers"] = false;
}

}  // namespace

Outcome Record(Session &session, const Args &args) {
  if (args.empty()) {
    std::fprintf(stderr, "Usage: %s\n", std::string(FindCommand("record")->usage).c_str());
    return {2, ""};
  }
  const std::string &kind = args[0];
  if (kind != "stream" && kind != "batch" && kind != "query")
    return Fail("Unknown record type \"" + kind + "\", expected " + (session.old ? "'stream' or 'query'" : "'stream', 'batch' or 'query'"));
  RecordFlags flags;
  Args rest;
  Outcome out;
  if (!ReadFlags("record", flags.flags(), {args.begin() + 1, args.end()}, &rest, &out)) return out;
  if (!flags.name.empty()) session.old = true;
  if (session.old) return RecordOld(session, kind, flags);
  Json body = {{"id", flags.id}};
  if (kind == "query") {
    if (flags.query.empty() || flags.type.empty()) return UsageAndFail("record", "both query and type are required");
    body["query"] = flags.query;
    body["type"] = flags.type;
    if (!flags.cluster.empty()) body["cluster"] = flags.cluster;
    return StartAndWait(session, "/recordings/query", body, flags.no_wait, "recording");
  }
  body["task"] = flags.task;
  if (kind == "batch") {
    if (flags.task.empty()) return UsageAndFail("record", "task is required");
    if (std::string error = Times(flags, &body); !error.empty()) return UsageAndFail("record", error);
    return StartAndWait(session, "/recordings/batch", body, flags.no_wait, "recording");
  }
  int64_t duration = 0;
  if (flags.task.empty() || flags.duration.empty()) return UsageAndFail("record", "both task and duration are required");
  if (!ParseDuration(flags.duration, &duration)) return Fail("invalid duration");
  body["stop"] = Rfc3339(Now() + duration);
  return StartAndWait(session, "/recordings/stream", body, flags.no_wait, "recording");
}

Outcome Replay(Session &session, const Args &args) {
  RecordFlags flags;
  Args rest;
  Outcome out;
  if (!ReadFlags("replay", flags.replay_flags(), args, &rest, &out)) return out;
  if (!flags.name.empty() || !flags.id.empty()) session.old = true;
  if (session.old) return ReplayOld(session, flags);
  if (flags.recording.empty()) return UsageAndFail("replay", "must pass recording ID");
  if (flags.task.empty()) return UsageAndFail("replay", "must pass task ID");
  Json body = {{"task", flags.task}, {"recording", flags.recording}};
  ReplayOptions(flags, &body);
  return StartAndWait(session, "/replays", body, flags.no_wait, "replay");
}

Outcome ReplayLive(Session &session, const Args &args) {
  if (args.empty()) {
    std::fprintf(stderr, "Usage: %s\n", std::string(FindCommand("replay-live")->usage).c_str());
    return {2, ""};
  }
  if (args[0] != "batch" && args[0] != "query")
    return Fail("Unknown replay-live type \"" + args[0] + "\", expected 'batch' or 'query'");
  RecordFlags flags;
  Args rest;
  Outcome out;
  if (!ReadFlags("replay-live", flags.replay_flags(), {args.begin() + 1, args.end()}, &rest, &out)) return out;
  Json body = {{"task", flags.task}};
  ReplayOptions(flags, &body);
  if (args[0] == "query") {
    if (flags.query.empty() || flags.task.empty()) return UsageAndFail("replay-live", "both query and task are required");
    body["query"] = flags.query;
    if (!flags.cluster.empty()) body["cluster"] = flags.cluster;
    return StartAndWait(session, "/replays/query", body, flags.no_wait, "replay");
  }
  if (flags.task.empty()) return UsageAndFail("replay-live", "task is required");
  if (std::string error = Times(flags, &body); !error.empty()) return UsageAndFail("replay-live", error);
  return StartAndWait(session, "/replays/batch", body, flags.no_wait, "replay");
}

}  // namespace tick::cli
