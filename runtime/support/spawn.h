// spawn.h - pipes, and programs that are started with their ends.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace tick {

// Both ends, closed with the object; a program that is started inherits neither.
struct Pipe {
  int read = -1, write = -1;
  Pipe() = default;
  Pipe(const Pipe &) = delete;
  ~Pipe() {
    shut(&read);
    shut(&write);
  }
  bool open();
  static void shut(int *end);
};

struct SpawnOptions {
  std::string program;                                  // found by PATH where it has no slash
  std::vector<std::string> arguments;                   // behind the program's name
  std::optional<std::vector<std::string>> environment;  // NAME=value; none: ours
  int in = 0, out = 1, error = 2;                       // what becomes its 0, 1 and 2
  std::vector<int> usual_signals;                       // that do again what they do unless somebody says otherwise
  bool own_group = false;                               // signals to our process group do not reach it
};
// Starts it, no signal blocked. errno of the attempt, 0 where it runs.
int Spawn(SpawnOptions options, pid_t *process);

}  // namespace tick
