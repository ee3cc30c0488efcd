// read.h - graphs for tests, from the IR's text.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "frontend/ir/text.h"

namespace tick {

// The graph a text says; what was reported where it says none.
struct ReadResult {
  std::optional<ir::Graph> graph;
  std::string report;
};
inline ReadResult ReadText(const std::string &text) {
  Source source{"test.tir", text};
  Diagnostics diagnostics(source);
  ReadResult result{ir::Read(source, diagnostics), ""};
  for (const Diagnostic &diagnostic : diagnostics.all()) result.report += diagnostic.message + "\n";
  return result;
}
inline ir::Graph GraphOf(const std::string &text) {
  ReadResult result = ReadText(text);
  EXPECT_TRUE(result.graph) << result.report;
  return result.graph ? std::move(*result.graph) : ir::Graph{};
}

// `stream|from()|eval(LAMBDA).as('r')` around a lambda's section ("lambda @0 … { … }").
inline std::string EvalTask(const std::string &lambda, const std::string &header = "stream dialect 1 raw") {
  return "ir 1 task " + header + "\n" + lambda + R"(
node 0 "stream0" stream wants none provides stream parents [] {}
node 1 "from1" from wants stream provides stream parents [0] {}
node 2 "eval2" eval wants stream provides stream parents [1] { arg lambda @0 property as ("r") }
)";
}

}  // namespace tick
