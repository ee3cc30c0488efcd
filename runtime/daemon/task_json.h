// task_json.h - tasks as the API shows them.
#pragma once

#include "runtime/daemon/tasks.h"

namespace tick {

enum class DotView : uint8_t { Attributes, Labels };

struct TaskView {
  DotView dot = DotView::Attributes;
  bool raw_script = false;
};

// Today's object, keys in the order of http-api.md 5.1.
Json TaskJson(const TaskRecord &task, const TaskSnapshot &run, CodeSource &code, const TaskView &view);
// {"task-stats": …, "node-stats": …}; {} for a task that does not run.
Json StatsJson(const TaskSnapshot &run);
// The whole "digraph ID {…}" of a running or resting task, today's (language.md 8) and 0.2's form.
std::string TaskDot(const TaskRecord &task, const TaskSnapshot &run, DotView view);
std::string OldTaskDot(const TaskRecord &task, const TaskSnapshot &run);

}  // namespace tick
