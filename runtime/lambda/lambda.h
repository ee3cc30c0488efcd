// lambda.h - runs a task's compiled lambdas over frames.
//
// In: a frame's rows and, for stateful lambdas, the state of each row's group. Out: a column of results and
// a byte a row that says which rows failed. Picks the kernel for the types the rows have, once a frame;
// rows that differ, lack a field or have types without a kernel go through the lambda's tagged body one by
// one. A name is a field of the row, else a tag of its series, else missing; both is an error of the row
// (language.md 4.1). "time" is the row's time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/abi/tick_abi.h"
#include "runtime/data/block.h"

// The context behind the ABI's opaque struct.
struct tick_context {
  tick::Arena *arena = nullptr;   // for strings that live as long as the push
  int64_t (*now)(void *) = nullptr;
  void *now_arg = nullptr;
  std::string message;            // of the last failure
  tick_context();
  // Sets the message; returns 1 so that a function can `return context->fail(...)`.
  int32_t fail(std::string_view text) {
    message.assign(text);
    return 1;
  }
};

namespace tick {

using LambdaContext = tick_context;

struct LambdaResult {
  Column values;                    // by row number, defined where errors is 0
  const uint8_t *errors = nullptr;  // by row number; null: no row failed
  bool failed(uint32_t row) const { return errors && errors[row]; }
};

class Lambda {
 public:
  // Compiles the regexes of its literals; `error` is set where one does not compile.
  Lambda(const tick_lambda &spec, const tick_code &code, size_t index, std::string *error);
  ~Lambda();

  const tick_lambda &spec() const { return spec_; }
  bool stateful() const { return (spec_.flags & TICK_LAMBDA_STATEFUL) != 0; }
  size_t state_size() const { return spec_.state_size; }
  const std::vector<Name> &refs() const { return refs_; }
  // As kernels take them: regexes compiled.
  const tick_payload *literals() const { return literals_.data(); }
  // Whether every reference is a tag or nothing for every row of the series, given a block without such fields:
  // then the result is the series' and can be kept.
  bool tags_only(const Frame &frame) const;

  // Evaluates all rows of the frame. states: by row number, this lambda's state of the row's group (null if
  // stateless). Memory of the result: the context's arena. Does not set messages; see message().
  LambdaResult run(LambdaContext &context, const Frame &frame, void *const *states) const;
  // Evaluates one row; false: context.message says why.
  bool run_row(LambdaContext &context, const Frame &frame, uint32_t row, void *state, Value *out) const;
  // Evaluates given values of refs(), in order.
  bool run_values(LambdaContext &context, const Value *refs, void *state, Value *out) const;
  // The error text of a row that failed in run(): evaluates it again, on a copy of the state.
  std::string message(LambdaContext &context, const Frame &frame, uint32_t row, const void *state) const;
  // Kapacitor's error where a result that must be boolean is not ("TypeGuard: …", language.md 4.4).
  std::string not_boolean(Type got) const;

 private:
  struct Bound;
  tick_lambda spec_;
  std::vector<Name> refs_;
  std::vector<tick_payload> literals_;
  std::vector<std::shared_ptr<void>> regexes_;
};

}  // namespace tick
