// stage.h - reading a node's arguments and properties, and what its kind means to the passes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "frontend/ir/ir.h"

namespace tick::ir {

enum class FieldRule : uint8_t {
  Source,
  Pass,
  Replace,
  Select,
  Reduce,
  Eval,
  Default,
  Delete,
  Sideload,
  Autoscale,
  Everything
};
enum class GroupRule : uint8_t { Same, New, Tags };
enum class LambdaState : uint8_t { None, Group, Node };

struct KindRow {
  std::string_view kind;
  FieldRule fields;
  GroupRule groups;
  LambdaState lambdas;
  std::string_view keeps;
};
// A kind nobody knows reads everything and begins groups anew: it is a UDF.
const KindRow &RowOfKind(std::string_view kind);
bool IsKnownKind(std::string_view kind);

// The last call of a property, which wins, or null.
const Property *FindProperty(const Stage &stage, std::string_view name);
// All strings of the arguments in order, those of lists too.
std::vector<std::string> Strings(const std::vector<Arg> &args);
// The first string of a property's last call, or `otherwise`.
std::string StringOf(const Stage &stage, std::string_view property, std::string_view otherwise);
int64_t NumberOf(const Stage &stage, std::string_view property, int64_t otherwise);  // ints and durations

// A lambda of a node and what it is to it: "" for an argument, else the property's name.
struct LambdaUse {
  uint32_t lambda = 0;
  std::string_view property;
  uint32_t position = 0;  // among the lambdas of the arguments
};
std::vector<LambdaUse> LambdasOf(const Stage &stage);

// Where the state of the node's lambdas lies. Kapacitor 0.2 keeps it a group in `where` alone.
LambdaState LambdaStateOf(const Graph &graph, const Stage &stage);
// Whether the groups of its output are others than those of its (first) input.
bool BeginsGroups(const Stage &stage);

}  // namespace tick::ir
