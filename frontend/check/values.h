// values.h - what an expression of a script can be worth while the script is evaluated.
//
// In: the tree. Out: arguments of nodes and properties. A value made from something that was reported already is
// Poison: whoever meets it goes on without a word, so each mistake is told once.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "frontend/ast/ast.h"
#include "frontend/ir/ir.h"

namespace tick::check {

enum class ValueKind : uint8_t {
  Poison,
  Nothing,  // a call without result
  Scalar,   // Bool, Int, Float, String, Duration, Regex
  Lambda,
  List,
  Star,
  Reference,  // "name" outside a lambda
  Object,     // a node, seen plainly or through one of its handlers
  Deferred,   // f(…) not called yet
  Dimension,  // time(length, offset)
  Reducer,    // 0.2: influxql.F(…)
  Library,    // 0.2: influxql
  Name        // 0.2: `var x = y` stores the name y
};

// A node of the pipeline, or one of its alert handlers: `|alert().slack()` is the alert through Slack.
struct Object {
  uint32_t node = 0;
  int32_t handler = -1;       // index into PipeNode::properties
  bool after_method = false;  // an alert on which a method property was called: Kapacitor names another Go type
};

struct Value {
  ValueKind kind = ValueKind::Poison;
  ir::Literal scalar;  // Scalar; Reference, Reducer and Name: the name in scalar.s
  std::shared_ptr<const ast::Node>
      lambda;                // Lambda: the expression, identifiers replaced; null where a template leaves it open
  std::vector<Value> items;  // List; Dimension: length and offset; Reducer: arguments
  Object object;
  const ast::CallNode *call = nullptr;  // Deferred
  bool open = false;                    // stands for a value that a template leaves to its tasks
  SourceRange range;

  bool poison() const { return kind == ValueKind::Poison; }
  bool is(Type type) const { return kind == ValueKind::Scalar && scalar.type == type; }
  bool is_string() const { return is(Type::String); }
};

Value MakeBool(bool value);
Value MakeInt(int64_t value);
Value MakeFloat(double value);
Value MakeString(std::string value);
Value MakeDuration(int64_t ns);
Value MakeRegex(std::string pattern);
Value MakeLambda(std::shared_ptr<const ast::Node> body);
Value MakeScalar(ir::Literal literal);
Value MakeObject(Object object);
Value MakeKind(ValueKind kind);

// The type in Kapacitor's sense: Invalid for nodes, calls, references, dimensions.
Type TypeOf(const Value &value);
// "an int", "a list": the value's kind in a sentence.
std::string Phrase(const Value &value);
std::string TypePhrase(Type type);
// The value as Go's %v prints it.
std::string GoText(const Value &value);

// The value of a literal node, or Poison where the node is none.
Value LiteralValue(const ast::Node &node);
// A literal node worth `value`, for a lambda's tree; null where lambdas cannot hold the value.
ast::NodePtr LiteralNode(const Value &value, SourceRange range);
// A copy without comments. With `place`, every node of the copy claims that range.
ast::NodePtr CloneExpr(const ast::Node &node, const SourceRange *place = nullptr);

}  // namespace tick::check
