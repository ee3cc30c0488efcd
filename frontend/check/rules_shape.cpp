// rules_shape.cpp - rules of the nodes that select, group, window and change points.
#include <algorithm>

#include "frontend/check/rules.h"

namespace tick::check {
namespace {

// Tags to group by: strings, or * alone. Queries take time(…) and durations too, once.
void CheckDimensions(RuleScope &scope, const std::vector<Value> &dimensions, bool query) {
  bool star = false;
  int times = 0;
  for (const Value &value : dimensions) {
    if (value.kind == ValueKind::Star)
      star = true;
    else if (value.is_string() && value.scalar.s.empty() && !query)
      return (void)scope.fail(value.range, "a dimension cannot be the empty string",
                              "dimensions cannot not be the empty string", DiagId::Dimensions);
    else if (query && (value.kind == ValueKind::Dimension || value.is(Type::Duration))) {
      if (++times == 2)
        return (void)scope.fail(value.range, "groupBy can have only one time dimension",
                                "groupBy cannot have more than one time dimension", DiagId::Dimensions);
    } else if (query && value.kind == ValueKind::List) {
      CheckDimensions(scope, value.items, true);
    } else if (!value.is_string()) {
      std::string go = GoType(scope.context, scope.pipeline, value);
      Diagnostic &diagnostic = scope.fail(value.range, "a dimension is the name of a tag, not " + Phrase(value),
                                          query ? "invalid dimension type:" + go + ", must be string or time.Duration"
                                                : "invalid dimension object of type " + go,
                                          DiagId::Dimensions);
      if (value.kind == ValueKind::Reference) Suggest(diagnostic, "'" + value.scalar.s + "'", value.range);
      if (value.kind == ValueKind::Dimension)
        diagnostic.hint = "points of a stream are put into intervals by `|window()`";
      return;
    }
  }
  if (star && dimensions.size() > 1 && !query && !scope.context.dotted()) {
    SourceRange at{dimensions.front().range.begin, dimensions.back().range.end};
    scope.fail(at, "`*` groups by all tags already, so it stands alone",
               "cannot group by both '*' and named dimensions.", DiagId::Dimensions);
  }
}

}  // namespace

void CheckFrom(RuleScope &scope) { CheckDimensions(scope, scope.list("groupBy"), false); }

void CheckGroupBy(RuleScope &scope) {
  CheckDimensions(scope, scope.node.args, false);
  bool star = std::any_of(scope.node.args.begin(), scope.node.args.end(),
                          [](const Value &v) { return v.kind == ValueKind::Star; });
  if (scope.has("exclude") && !star)
    scope.fail(scope.range("exclude"), "`exclude` leaves tags out of `groupBy(*)`; here the tags are named already",
               "exclude requires '*'");
}

void CheckQuery(RuleScope &scope) {
  bool every = scope.number("every") != 0, cron = !scope.string("cron").empty();
  if (every && cron)
    return (void)scope.fail(scope.range("cron"), "a query has a schedule by `every` or by `cron`, not by both",
                            "must not set both 'every' and 'cron' properties");
  if (scope.number("every") < 0)
    return (void)scope.fail(scope.range("every"), "`every` cannot be negative",
                            "'every' duration must must non-negative");
  CheckDimensions(scope, scope.list("groupBy"), true);
  CheckFill(scope, scope.context.dotted()
                       ? std::initializer_list<std::string_view>{"null", "none", "previous"}
                       : std::initializer_list<std::string_view>{"null", "none", "previous", "linear"});
}

void CheckEval(RuleScope &scope) {
  std::vector<Value> names = scope.list("as");
  size_t expressions = scope.node.args.size();
  if (names.size() != expressions) {
    std::string n = std::to_string(names.size()), m = std::to_string(expressions);
    Diagnostic &diagnostic = scope.fail(
        scope.range("as"),
        "eval has " + m + (expressions == 1 ? " expression" : " expressions") + " and " + n +
            (names.size() == 1 ? " name" : " names") + " for them",
        "must specify same number of expressions and .as() names: got " + n + " as names, and " + m + " expressions.");
    if (names.empty()) diagnostic.hint = "name the results: `.as('name')`";
    return;
  }
  for (const Value &tag : scope.list("tags")) {
    bool known =
        std::any_of(names.begin(), names.end(), [&](const Value &name) { return name.scalar.s == tag.scalar.s; });
    if (known) continue;
    scope.fail(tag.range, "'" + tag.scalar.s + "' is none of the names in `.as()`, so it cannot become a tag",
               "invalid tag name \"" + tag.scalar.s + "\", name is not present is .as() names");
  }
}

void CheckWindow(RuleScope &scope) {
  int64_t period = scope.number("period"), count = scope.number("periodCount");
  if (period != 0 && count != 0)
    return (void)scope.fail(scope.range("periodCount"),
                            "a window goes by time (`period`) or by count (`periodCount`), not by both",
                            "cannot specify both period and periodCount");
  if (count != 0 && scope.has("align"))
    return (void)scope.fail(scope.range("align"), "only windows by time can be aligned",
                            "can only align windows based off time, not count");
  if (count != 0 && scope.number("everyCount") <= 0)
    return (void)scope.fail(scope.range("everyCount"), "a window by count needs `everyCount`, greater than zero",
                            "everyCount must be greater than zero");
  if (period == 0 && count == 0)
    scope
        .fail(scope.node.range, "a window needs a length",
              "window node must have either a non zero period or non zero period count")
        .hint = "add `.period(10s).every(10s)`, or `.periodCount(10).everyCount(10)`";
}

void CheckSample(RuleScope &scope) {
  if (!scope.node.args.empty() && scope.node.args[0].scalar.i == 0)
    scope.fail(scope.node.args[0].range, "a sample keeps one of n points, so n is greater than zero",
               "invalid sample rate: must be positive integer or duration");
}

void CheckShift(RuleScope &scope) {
  if (!scope.node.args.empty() && scope.node.args[0].scalar.i == 0)
    scope.fail(scope.node.args[0].range, "a shift by zero moves nothing",
               "invalid shift value: must be non zero duration");
}

void CheckDefault(RuleScope &scope) {
  for (const PropertyCall &call : scope.node.properties) {
    if (call.name != "field") continue;
    const Value &value = call.args[1];
    if (value.is(Type::Float) || value.is(Type::Int) || value.is_string() || value.is(Type::Bool)) continue;
    scope.fail(value.range, "a field is a float, int, string or boolean, not " + Phrase(value),
               "unsupported type " + GoType(scope.context, scope.pipeline, value) + " for field \"" +
                   call.args[0].scalar.s + "\", field default values must be float,int,string or bool");
  }
}

void CheckStats(RuleScope &scope) {
  if (!scope.node.args.empty() && scope.node.args[0].scalar.i <= 0)
    scope.fail(scope.node.args[0].range, "the interval must be greater than zero",
               "stats node must have positive interval");
}

void CheckBarrier(RuleScope &scope) {
  int64_t idle = scope.number("idle"), period = scope.number("period");
  if (idle != 0 && period != 0)
    return (void)scope.fail(scope.range("period"), "a barrier comes after `idle` or every `period`, not both",
                            "cannot specify both idle and period");
  if (period == 0 && idle <= 0) {
    Diagnostic &diagnostic =
        scope.fail(scope.range("idle"), "`idle` must be greater than zero", "idle must be greater than zero");
    if (!scope.has("idle")) diagnostic.hint = "add `.idle(10s)` or `.period(10s)`";
    return;
  }
  if (idle == 0 && period < 0)
    scope.fail(scope.range("period"), "`period` must be greater than zero", "period must be greater than zero");
}

void CheckFill(RuleScope &scope, std::initializer_list<std::string_view> words) {
  for (const Value &value : scope.list("fill")) {
    if (value.is(Type::Int) || value.is(Type::Float)) continue;
    if (value.is_string() && std::find(words.begin(), words.end(), value.scalar.s) != words.end()) continue;
    std::string all;
    for (std::string_view word : words) all += "'" + std::string(word) + "', ";
    Diagnostic &diagnostic =
        scope.fail(value.range, "`fill` takes " + all + "or a number", "unexpected fill option " + GoText(value));
    if (value.is_string()) {
      std::string_view near = NearName(value.scalar.s, std::vector<std::string_view>(words));
      if (!near.empty()) Suggest(diagnostic, "'" + std::string(near) + "'", value.range);
    }
  }
}

}  // namespace tick::check
