// rules_join.cpp - rules of the nodes that name their inputs: join and combine.
#include <set>

#include "frontend/check/rules.h"

namespace tick::check {
namespace {

// One prefix an input, different, without the delimiter.
void CheckPrefixes(RuleScope &scope, const std::string &method, const std::string &inputs, size_t wanted, bool tab) {
  std::vector<Value> names = scope.list("as");
  if (names.empty()) {
    scope
        .fail(scope.node.range, method + " needs a prefix for each of its " + std::to_string(wanted) + " inputs",
              "a call to " + method + ".as() is required to specify the output stream prefixes.")
        .hint = "add `.as('a', 'b')`";
    return;
  }
  if (names.size() != wanted)
    return (void)scope.fail(
        scope.range("as"),
        "`as` has " + std::to_string(names.size()) + " prefixes for " + std::to_string(wanted) + " inputs",
        "number of prefixes specified by " + method + ".as() must match the number of " + inputs);
  std::string delimiter = scope.string("delimiter", ".");
  std::set<std::string> seen;
  for (const Value &value : names) {
    const std::string &name = value.scalar.s;
    if (name.empty())
      return (void)scope.fail(value.range, "a prefix cannot be empty",
                              "must provide a prefix name for the " + method + " node, see .as() property method");
    if (!delimiter.empty() && name.find(delimiter) != std::string::npos) {
      std::string kapacitor = "cannot use name " + name + " as field prefix, it contains the delimiter ";
      if (tab)
        kapacitor += "\"" + delimiter + "\"\t";
      else
        kapacitor += "character " + delimiter;
      if (scope.context.dotted())
        kapacitor = "cannot use name " + name + " as field prefix, it contains a '.' character";
      return (void)scope.fail(value.range, "the prefix '" + name + "' contains the delimiter '" + delimiter + "'",
                              std::move(kapacitor));
    }
    if (!seen.insert(name).second)
      return (void)scope.fail(value.range, "the prefix '" + name + "' is taken",
                              "cannot use the same prefix name see .as() property method");
  }
}

}  // namespace

void CheckJoin(RuleScope &scope) {
  CheckPrefixes(scope, "join", "joined streams", scope.node.parents.size(), true);
  CheckFill(scope, {"none", "null"});
}

void CheckCombine(RuleScope &scope) {
  CheckPrefixes(scope, "combine", "combine expressions", scope.node.args.size(), false);
}

}  // namespace tick::check
