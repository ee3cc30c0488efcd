// match.h - the `match` expression of a topic handler: which events it is told of.
//
// In: an expression over an event's tags and fields, level(), changed(), name(), taskName(), duration() and the
// words OK, INFO, WARNING, CRITICAL. It is compiled by the compiler that compiles scripts: the calls become
// references that no tag or field can have.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "runtime/engine/code.h"
#include "runtime/engine/services.h"
#include "runtime/lambda/lambda.h"

namespace tick {

class Match {
 public:
  // Null: `error` says why the expression does not hold.
  static std::unique_ptr<Match> Make(const std::string &expression, CodeSource &code, std::string *error);
  // Whether the event matches; an evaluation that fails is no match, and `*error` says why. Thread-safe.
  bool accepts(const AlertEvent &event, std::string *error);

 private:
  Match(std::shared_ptr<const Code> code, std::string *error);
  Value value_of(Name name, const AlertEvent &event) const;
  std::shared_ptr<const Code> code_;
  Lambda lambda_;
  std::mutex mutex_;
  Arena arena_;
  LambdaContext context_;
};

}  // namespace tick
