// define.cpp - define, define-template, and 0.2's define.
#include "driver/cli/commands.h"
#include "runtime/text/base64.h"

namespace tick::cli {
namespace {

struct DefineFlags {
  std::string tick, type, template_id, vars, file, name, so;
  std::vector<std::string> dbrps;
  bool no_reload = false;

  Flags flags() {
    Flags f;
    f.text("tick", &tick, "Path to the TICKscript.")
        .text("type", &type, "The task type (stream|batch).")
        .text("template", &template_id, "Optional template ID.")
        .text("vars", &vars, "Optional path to a JSON vars file.")
        .text("file", &file, "Optional path to a YAML or JSON template task file.")
        .text("name", &name, "The task's name, as Kapacitor 0.2 takes it.")
        .list("dbrp", &dbrps, "A database and retention policy pair of the form \"db\".\"rp\" where the quotes are optional. The flag can be specified multiple times.")
        .text("so", &so, "Path to a task compiled by tickc, in place of a TICKscript.")
        .boolean("no-reload", &no_reload, "Do not reload the task even if it is enabled.");
    return f;
  }
};

// The parts of a task body that the flags name; an error text in the words of daemon.md 5.2.
std::string BodyOf(const DefineFlags &flags, const std::string &id, Json *body) {
  if (!flags.file.empty()) return TaskFileBody(flags.file, id, body);
  if (!flags.template_id.empty()) (*body)["template-id"] = flags.template_id;
  if (flags.type == "stream" || flags.type == "batch") (*body)["type"] = flags.type;
  if (!flags.tick.empty()) {
    std::string script;
    if (std::string error = ReadFile(flags.tick, &script); !error.empty()) return error;
    (*body)["script"] = script;
  }
  if (!flags.so.empty()) {
    std::string bytes;
    if (std::string error = ReadFile(flags.so, &bytes); !error.empty()) return error;
    (*body)["so"] = Base64Encode(bytes);
  }
  if (!flags.vars.empty()) {
    std::string text;
    if (std::string error = ReadFile(flags.vars, &text); !error.empty()) return "failed to open file " + flags.vars + ": " + error;
    Json vars = Json::parse(text, nullptr, false);
    if (!vars.is_object()) return "invalid JSON in file " + flags.vars + ": it must hold an object of variables";
    (*body)["vars"] = vars.contains("vars") && vars["vars"].is_object() && !vars["vars"].contains("type") ? vars["vars"] : vars;
  }
  return "";
}

// "" or the flag error of the first -dbrp that does not hold.
std::string DbrpsOf(const std::vector<std::string> &texts, Json *list) {
  for (const std::string &text : texts) {
    Json dbrp;
    std::string error = ParseDbrp(text, &dbrp);
    if (!error.empty()) return "invalid value \"" + text + "\" for flag -dbrp: " + error;
    list->push_back(dbrp);
  }
  return "";
}

Outcome DefineOld(Session &session, DefineFlags &flags, const Json &dbrps) {
  std::string script;
  if (!flags.tick.empty())
    if (std::string error = ReadFile(flags.tick, &script); !error.empty()) return {3, error};
  std::string path = std::string(kOldApi) + "/task?name=" + Escape(flags.name) + "&type=" + Escape(flags.type);
  if (!dbrps.empty()) path += "&dbrps=" + Escape(dbrps.dump());
  Reply reply = session.client.send("POST", path, script);
  return reply.error.empty() ? Outcome{} : Fail(reply.error);
}

// Creates the task disabled, or changes the parts given and reloads it if it runs.
Outcome DefineToday(Session &session, const std::string &id, bool no_reload, Json body) {
  const std::string all = std::string(kApi) + "/tasks", one = all + "/" + Escape(id, true);
  Reply stored = session.client.call("GET", one);
  if (!stored.error.empty() || stored.status != 200) {
    body["id"] = id;
    body["status"] = "disabled";
    Reply made = session.client.call("POST", all, body);
    return made.error.empty() ? Outcome{} : Fail(made.error);
  }
  Reply changed = session.client.call("PATCH", one, body.empty() ? Json::object() : body);
  if (!changed.error.empty()) return Fail(changed.error);
  if (no_reload || stored.json.value("status", "") != "enabled") return {};
  return ReloadTask(session, id);
}

}  // namespace

Outcome Define(Session &session, const Args &args) {
  DefineFlags flags;
  Args rest, flag_args = args;
  std::string id;
  if (!args.empty() && args[0][0] != '-') {
    id = args[0];
    flag_args.erase(flag_args.begin());
  }
  Outcome out;
  if (!ReadFlags("define", flags.flags(), flag_args, &rest, &out)) return out;
  if (id.empty() && flags.name.empty()) return Misuse("define", "Must provide a task ID.");
  if (id.empty() && !flags.so.empty()) id = flags.name;  // 0.2's API takes no compiled tasks
  Json dbrps = Json::array(), body = Json::object();
  if (std::string error = DbrpsOf(flags.dbrps, &dbrps); !error.empty()) return Misuse("define", error);
  if (id.empty()) {
    session.old = true;
    return DefineOld(session, flags, dbrps);
  }
  if (!dbrps.empty()) body["dbrps"] = dbrps;
  if (std::string error = BodyOf(flags, id, &body); !error.empty()) return Fail(error);
  return DefineToday(session, id, flags.no_reload, body);
}

Outcome DefineTemplate(Session &session, const Args &args) {
  if (args.empty() || args[0][0] == '-') return Misuse("define-template", "Must provide a template ID.");
  std::string tick, type;
  Flags flags;
  flags.text("tick", &tick, "Path to the TICKscript.").text("type", &type, "The template type (stream|batch).");
  Args rest;
  Outcome out;
  if (!ReadFlags("define-template", flags, {args.begin() + 1, args.end()}, &rest, &out)) return out;
  Json body = Json::object();
  if (!type.empty()) body["type"] = type;
  if (!tick.empty()) {
    std::string script;
    if (std::string error = ReadFile(tick, &script); !error.empty()) return Fail(error);
    body["script"] = script;
  }
  const std::string all = std::string(kApi) + "/templates", one = all + "/" + Escape(args[0], true);
  bool exists = session.client.call("GET", one).status == 200;
  if (!exists) body["id"] = args[0];
  Reply reply = session.client.call(exists ? "PATCH" : "POST", exists ? one : all, body);
  return reply.error.empty() ? Outcome{} : Fail(reply.error);
}

}  // namespace tick::cli
