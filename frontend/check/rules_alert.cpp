// rules_alert.cpp - rules of the alert node and of its handlers.
#include "frontend/check/rules.h"

namespace tick::check {
namespace {

std::string ModeText(int64_t mode) {
  std::string text = "-";
  for (int bit = 8; bit >= 0; --bit) text += (mode >> bit) & 1 ? "rwx"[(8 - bit) % 3] : '-';
  return text;
}

bool SameHeader(std::string name, std::string_view lower) {
  for (char &c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return name == lower;
}

void CheckLog(RuleScope &scope, const PropertyCall &log) {
  const std::string &path = log.args[0].scalar.s;
  std::string prefix = scope.context.dotted() ? "alert " : "failed to create log alert handler: ";
  if (!path.starts_with('/'))
    scope.fail(log.args[0].range, "the path of a log must be absolute, '" + path + "' is not",
               prefix + "log path must be absolute: " + path + " is not absolute", DiagId::HandlerRule);
  for (const PropertyCall &property : log.properties) {
    if (property.name != "mode" || (property.args[0].scalar.i & 0200)) continue;
    std::string mode = ModeText(property.args[0].scalar.i);
    scope
        .fail(property.args[0].range, "with mode " + mode + " the log could not be written",
              prefix + "invalid file mode " + mode + ", must be user writable", DiagId::HandlerRule)
        .hint = "modes are octal and begin with 0: `0644`";
  }
}

void CheckPost(RuleScope &scope, const PropertyCall &post) {
  bool url = !post.args.empty() && !post.args[0].scalar.s.empty(), endpoint = false;
  for (const PropertyCall &property : post.properties) {
    endpoint |= property.name == "endpoint" && !property.args[0].scalar.s.empty();
    if (property.name == "header" && SameHeader(property.args[0].scalar.s, "authenticate"))
      scope.fail(property.args[0].range, "the header 'authenticate' cannot be set",
                 "invalid post: cannot set 'authenticate' header", DiagId::HandlerRule);
  }
  if (post.args.size() > 1)
    scope.fail(post.args[1].range, "`post` takes one URL",
               "invalid post: post expects 0 or 1 arguments, got " + std::to_string(post.args.size()),
               DiagId::HandlerRule);
  if (!url && !endpoint)
    scope
        .fail(post.range, "`post` needs a URL or an endpoint", "Either URL or endpoint must be non-empty",
              DiagId::HandlerRule)
        .hint = "write `.post('http://…')`, or `.post().endpoint('name')`";
}

void CheckSnmpTrap(RuleScope &scope, const PropertyCall &trap) {
  const std::string &oid = trap.args[0].scalar.s;
  std::string prefix = "invalid SNMP trap \"" + oid + "\": ";
  if (oid.empty())
    return (void)scope.fail(trap.args[0].range, "an SNMP trap needs an OID", prefix + "you must supply a trap Oid",
                            DiagId::HandlerRule);
  for (const PropertyCall &data : trap.properties) {
    const std::string &type = data.args[1].scalar.s;
    if (type.size() == 1 && std::string("cinst").find(type) != std::string::npos) continue;
    scope.fail(data.args[1].range, "'" + type + "' is no type of SNMP data: c, i, n, s or t",
               prefix + "unsupported data type \"" + type + "\" for data entry \"" + data.args[0].scalar.s + "\"",
               DiagId::HandlerRule);
  }
}

}  // namespace

void CheckAlert(RuleScope &scope) {
  for (const PropertyCall &call : scope.node.properties) {
    if (call.name == "flapping" && !call.handler)
      for (const Value &threshold : call.args)
        if (threshold.scalar.f > 1) {
          scope.fail(threshold.range, "flapping thresholds are parts of one, between 0 and 1",
                     "alert flap thresholds are percentages and should be between 0 and 1");
          break;
        }
    if (!call.handler) continue;
    switch (call.handler->id) {
      case HandlerId::LogHandler:
        CheckLog(scope, call);
        break;
      case HandlerId::PostHandler:
        CheckPost(scope, call);
        break;
      case HandlerId::SnmpTrapHandler:
        CheckSnmpTrap(scope, call);
        break;
      default:
        break;
    }
  }
}

}  // namespace tick::check
