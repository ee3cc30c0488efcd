// level_rules.cpp - evaluation of level and reset conditions.
#include "runtime/alert/level_rules.h"

namespace tick {
namespace {

constexpr std::string_view kLevelError = "error evaluating expression for level";
constexpr std::string_view kResetError = "error evaluating reset expression for current level";
constexpr const char *kLevelNames[] = {"", "info", "warn", "crit"};
constexpr const char *kResetNames[] = {"", "infoReset", "warnReset", "critReset"};

const Lambda *LambdaOf(const tick_node &spec, Task &task, std::string_view name) {
  const Lambda *found = nullptr;
  for (uint32_t i = 0; i < spec.n_properties; ++i) {
    const tick_property &property = spec.properties[i];
    if (name == property.name && property.n_args > 0 && property.args[0].type == TICK_LAMBDA)
      found = &task.lambda(property.args[0].as.i);
  }
  return found;
}

}  // namespace

LevelRules::LevelRules(const tick_node &spec, Task &task, Errors &errors)
    : task_(task), errors_(errors), nested_(task.old_dialect()) {
  for (int l = 1; l < 4; ++l) {
    levels_[l].lambda = LambdaOf(spec, task, kLevelNames[l]);
    // A reset without its condition counts for nothing.
    if (levels_[l].lambda) resets_[l].lambda = LambdaOf(spec, task, kResetNames[l]);
  }
  each([](Condition &condition) { condition.state.assign((condition.lambda->state_size() + 7) / 8, 0); });
}

void LevelRules::begin(const Frame &frame) {
  frame_ = &frame;
  each([&](Condition &condition) {
    if (condition.lambda->stateful()) return;
    condition.result = condition.lambda->run(task_.context(), frame, nullptr);
    const Column &values = condition.result.values;
    bool plain = !condition.result.errors && !values.types && values.type == Type::Bool;
    condition.bools = plain ? values.bools : nullptr;
  });
}

inline bool LevelRules::holds(Condition &condition, uint32_t row, std::string_view message) {
  if (condition.bools) return condition.bools[row] != 0;
  bool failed = false;
  return holds_slowly(condition, row, message, &failed);
}

// A condition with state, or one that may fail on the row.
bool LevelRules::holds_slowly(Condition &condition, uint32_t row, std::string_view message, bool *failed) {
  const Lambda &lambda = *condition.lambda;
  std::string cause;
  if (lambda.stateful()) {
    Value value;
    if (lambda.run_row(task_.context(), *frame_, row, condition.state.data(), &value)) {
      if (TypeOf(value) == Type::Bool) return value.as.b;
      cause = lambda.not_boolean(TypeOf(value));
    } else {
      cause = task_.context().message;
    }
  } else if (!condition.result.failed(row)) {
    Type type = condition.result.values.type_at(row);
    if (type == Type::Bool) return condition.result.values.bools[row] != 0;
    cause = lambda.not_boolean(type);
  } else if (errors_.wants_cause()) {
    cause = lambda.message(task_.context(), *frame_, row, nullptr);
  }
  errors_.failed(message, cause, *frame_, row, lambda);
  *failed = true;
  return false;
}

Level LevelRules::level(uint32_t row, Level current) {
  if (nested_) return nested_level(row);
  int now = static_cast<int>(current);
  for (int l = 3; l >= (now > 1 ? now : 1); --l)
    if (levels_[l].lambda && holds(levels_[l], row, kLevelError)) return static_cast<Level>(l);
  if (Condition &reset = resets_[now]; reset.lambda) {
    bool failed = false;
    bool leaves = reset.bools ? reset.bools[row] != 0 : holds_slowly(reset, row, kResetError, &failed);
    if (!leaves && !failed) return current;
  }
  // The current level is asked again: a condition with state sees the row twice.
  for (int l = now; l >= 1; --l)
    if (levels_[l].lambda && holds(levels_[l], row, kLevelError)) return static_cast<Level>(l);
  return Level::Ok;
}

// Kapacitor 0.2: upwards, up to the first condition that does not hold.
Level LevelRules::nested_level(uint32_t row) {
  Level level = Level::Ok;
  for (int l = 1; l < 4; ++l) {
    if (!levels_[l].lambda) continue;
    if (!holds(levels_[l], row, kLevelError)) break;
    level = static_cast<Level>(l);
  }
  return level;
}

void LevelRules::adopt(const LevelRules &old) {
  auto take = [](Condition &to, const Condition &from) {
    // Nodes of equal identity have conditions of the same form.
    if (to.lambda && from.lambda && to.state.size() == from.state.size()) to.state = from.state;
  };
  for (int l = 1; l < 4; ++l) {
    take(levels_[l], old.levels_[l]);
    take(resets_[l], old.resets_[l]);
  }
}

}  // namespace tick
