// level_rules.h - the conditions of an alert's levels, and the level of a point (nodes-alert.md 2, 10).
//
// Conditions without state are evaluated for a whole frame at once; those with state row by row, as far as the
// algorithm asks for them. Their state is one for all groups of the node.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "runtime/engine/state_archive.h"
#include "runtime/engine/services.h"
#include "runtime/engine/task.h"

namespace tick {

class LevelRules {
 public:
  // Reports the failure of a condition on a row.
  class Errors {
   public:
    virtual ~Errors() = default;
    virtual bool wants_cause() const = 0;
    virtual void failed(std::string_view message, std::string_view cause, const Frame &frame, uint32_t row,
                        const Lambda &lambda) = 0;
  };

  LevelRules(const tick_node &spec, Task &task, Errors &errors);

  // Evaluates what can be evaluated at once; level() may be asked for the frame's rows then, in order.
  void begin(const Frame &frame);
  // The level of a row whose group is at `current`.
  Level level(uint32_t row, Level current);

  // Takes over the state of conditions that are the same.
  void adopt(const LevelRules &old);
  void exchange(StateArchive &archive) {
    each([&](Condition &condition) { archive.bytes(condition.state.data(), condition.state.size() * sizeof(uint64_t)); });
  }

 private:
  struct Condition {
    const Lambda *lambda = nullptr;
    std::vector<uint64_t> state;
    LambdaResult result;
    const uint8_t *bools = nullptr;  // where no row of the frame fails
  };
  bool holds(Condition &condition, uint32_t row, std::string_view message);
  bool holds_slowly(Condition &condition, uint32_t row, std::string_view message, bool *failed);
  Level nested_level(uint32_t row);
  template <class F>
  void each(F &&f) {
    for (Condition *set : {levels_, resets_})
      for (int l = 1; l < 4; ++l)
        if (set[l].lambda) f(set[l]);
  }

  Task &task_;
  Errors &errors_;
  bool nested_;
  Condition levels_[4], resets_[4];  // by Level; [0] is not used
  const Frame *frame_ = nullptr;
};

}  // namespace tick
