// daemon.h - the daemon as a whole: opens its parts in order, serves, closes them in reverse.
//
// In: a configuration and a source of code (a compiler, or one that refuses). Everything it owns lives until
// close(); errors of opening are one text each, in Kapacitor's words where it has some (daemon.md 2.5).
#pragma once

#include <memory>
#include <string>

#include "runtime/daemon/config.h"
#include "runtime/daemon/log.h"
#include "runtime/engine/code.h"

namespace tick {

class Daemon {
 public:
  Daemon(Config config, Log &log, CodeSource &code);
  ~Daemon();
  // "" or what kept it from starting; nothing is left running then.
  std::string open();
  // Stops taking requests, lets what was accepted go through the tasks, stops them, closes the store.
  void close();
  // SIGHUP: reads the load directory again.
  void reload();
  uint16_t port() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tick
