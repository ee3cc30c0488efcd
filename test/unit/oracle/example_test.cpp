// example_test.cpp - every example of functions.def gives what the table says.
#include <gtest/gtest.h>

#include "driver/compile.h"
#include "driver/listings.h"
#include "runtime/lambda/lambda.h"
#include "runtime/text/go_float.h"

#include <fstream>
#include <sstream>

namespace tick {
namespace {

constexpr int64_t kTime = 1450338550123456789;  // the manual's point: 2015-12-17T07:49:10.123456789Z

// As string() prints it, durations as nanoseconds.
std::string Text(const Value &value) {
  switch (TypeOf(value)) {
    case Type::Bool: return value.as.b ? "true" : "false";
    case Type::Float: return PlainFloat(value.as.f);
    case Type::String: return std::string(StringOf(value));
    default: return std::to_string(value.as.i);
  }
}

std::string Evaluate(JitSource &jit, std::string_view expression) {
  CodeRequest request;
  request.script = "stream|from()|eval(lambda: " + std::string(expression) + ").as('r')|log()";
  request.name = "example";
  CodeResult result = jit.compile(request);
  if (!result.code) return "does not compile: " + result.error;
  std::string error;
  Lambda lambda(result.code->task().lambdas[0], result.code->best(), 0, &error);
  if (!error.empty()) return error;
  Arena arena;
  tick_context context;
  context.arena = &arena;
  context.now = [](void *) { return kTime; };
  std::vector<Value> refs(lambda.refs().size(), MakeTime(kTime));
  std::vector<int64_t> state(lambda.state_size() / 8 + 1);
  Value value = MakeMissing();
  if (!lambda.run_values(context, refs.data(), state.data(), &value)) return "! " + context.message;
  return Text(value);
}

TEST(Examples, GiveWhatTheTableSays) {
  JitSource jit;
  for (const FunctionRow &row : kFunctions) EXPECT_EQ(Evaluate(jit, row.example), row.want) << row.example;
}

TEST(Examples, AreOfTheirFunction) {
  for (const FunctionRow &row : kFunctions)
    EXPECT_NE(row.example.find(std::string(row.name) + "("), std::string_view::npos) << row.example;
}

TEST(FunctionsPage, IsCurrent) {
  std::ifstream file(TICK_SOURCE_DIR "/docs/functions.md");
  std::stringstream committed;
  committed << file.rdbuf();
  EXPECT_TRUE(committed.str() == FunctionsMarkdown()) << "not current; run: tickc --list-functions > docs/functions.md";
}

}  // namespace
}  // namespace tick
