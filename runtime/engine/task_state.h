// task_state.h - a task's whole state as bytes, to go on with after a restart.
//
// In: a task between two pushes. Out: bytes with a version and a sum; or the other way round, into a task that took no
// data yet. Nodes take what a node of equal identity, kind and layout saved, as in a reload; others begin anew.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine/task.h"

namespace tick {

// Of nodes of one kind, or ("") of all; "" where none of them remembers anything.
std::string SaveTaskState(Task &task, std::string_view kind = {});

struct RestoredState {
  std::string error;                 // the bytes are broken or of another version: nothing was taken
  std::vector<std::string> nodes;    // that go on where they were
};
RestoredState RestoreTaskState(Task &task, std::string_view bytes);

}  // namespace tick
