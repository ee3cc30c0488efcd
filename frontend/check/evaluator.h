// evaluator.h - runs a script's statements and builds its pipeline (language.md 3, and 6.3 for 0.2).
//
// In: the tree. Out: nodes in a Pipeline, the script's variables and dbrps. A mistake is reported where it is found
// and the evaluation goes on with a Poison value or a node marked faulty, so that one run tells all of them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "frontend/check/pipeline.h"
#include "frontend/check/scope.h"
#include "frontend/check/vars_json.h"

namespace tick::check {

class Evaluator {
 public:
  Evaluator(Context &context, Pipeline &pipeline) : context_(context), pipeline_(pipeline) {}

  void run(const ast::Program &program);

  // Variables that have a type, by name; with values as the script gives them, not as they were overridden.
  struct Declared {
    Type type;
    Value value;
    bool has_value;
    std::string description;
  };
  const std::map<std::string, Declared> &declared() const { return declared_; }
  const std::vector<ir::Dbrp> &dbrps() const { return dbrps_; }
  bool batch() const { return batch_; }

 private:
  // What is being called, for messages.
  struct Callee {
    std::string written;  // as in the script
    SourceRange name;     // where
    Object object;        // on what
    const Params *params;
    bool field;  // a field takes one value, a method parameters
  };
  struct Arguments {
    std::vector<Value> values;
    bool ok = true;     // false: something was reported
    bool open = false;  // a list that a template leaves open was spread
  };

  // --- eval_program.cpp
  void find_source(const ast::Program &program);
  void statement(const ast::Node &node);
  void declare_var(const ast::VarDeclNode &node);
  void declare_type(const ast::TypeDeclNode &node);
  void record(const std::string &name, Type type, const Value &value, bool has_value, const ast::Node &declaration);
  // The value given from outside instead of `otherwise`, checked against `type`.
  Value given_or(const std::string &name, SourceRange name_range, Type type, Value otherwise);
  static Value open_value(Type type);

  // --- eval_expr.cpp
  Value evaluate(const ast::Node &node);
  Value lookup(const ast::IdentifierNode &node);
  Value undefined(const ast::IdentifierNode &node, bool in_lambda);
  Value unary(const ast::UnaryNode &node);
  Value binary(const ast::Node &node);
  Value list(const ast::ListNode &node);
  Value lambda(const ast::Node &node, const ast::Node &body);
  // A copy with every identifier replaced by its value; null having reported. `open`: one of them was open.
  ast::NodePtr substitute(const ast::Node &node, bool *open = nullptr);
  // Runs a call that stands alone: the only function is `time`.
  Value force(Value value);

  // --- chain.cpp
  Value chain(const ast::ChainNode &node);
  Value read_property(const Value &left, const ast::IdentifierNode &name, uint32_t at);
  Value call_member(const Value &left, char op, const ast::CallNode &call);
  Value no_member(const Object &object, char op, const ast::CallNode &call);
  void suggest_member(Diagnostic &diagnostic, const Object &object, char op, const ast::CallNode &call);
  std::vector<std::string_view> property_names(const Object &object) const;
  std::vector<std::string_view> chain_names(const Object &object) const;
  void evaluate_ignored(const ast::CallNode &call);

  // --- members.cpp
  struct Member {
    const PropertyRow *property = nullptr;  // of the node or of its handler
    const HandlerRow *handler = nullptr;    // a handler method of an alert
    bool of_handler = false;                // property belongs to the handler at hand
    explicit operator bool() const { return property || handler; }
  };
  Member find_member(const Object &object, const std::string &name) const;
  Value set_member(const Object &object, const Member &member, const ast::CallNode &call);
  Value add_node(const Object &object, const NodeRow &row, const ast::CallNode &call);
  Value add_stats(const Object &object, const NodeRow &row, SourceRange name, Value interval);
  Value add_deadman(const Object &object, SourceRange name, Arguments arguments);
  void not_built(std::string what, std::string_view name, SourceRange range);

  // --- arguments.cpp
  Arguments arguments(const Callee &callee, const ast::CallNode &call);
  Value argument(const Callee &callee, const ast::Node &node, const Param *param);
  bool count_arguments(const Callee &callee, const ast::CallNode &call, size_t n);
  bool fits(const Param &param, const Value &value) const;
  void mismatch(const Callee &callee, const Param &param, const Value &value);
  std::string call_prefix(const Callee &callee) const;
  void bare_lambda(Value *value) const;

  // --- udf.cpp
  const UdfSpec *find_udf(std::string_view name) const;
  Value add_udf(const Object &object, const UdfSpec &udf, const ast::CallNode &call);
  // Sets an option of the function; false: it has none of that name.
  bool set_option(const Object &object, const ast::CallNode &call);

  // --- dotted.cpp: 0.2
  void dotted_statement(const ast::Node &node);
  Value dotted_operator(const ast::Node &node);
  Value dotted_member(const Value &left, const ast::CallNode &call);
  Value dotted_no_member(const Value &left, const ast::CallNode &call);
  Value add_map_reduce(const Object &object, const ast::CallNode &call);

  Context &context_;
  Pipeline &pipeline_;
  Scope scope_;
  std::map<std::string, GivenVar> given_;
  std::map<std::string, Declared> declared_;
  std::vector<ir::Dbrp> dbrps_;
  std::set<std::string> told_;  // undefined names that were reported
  bool batch_ = false;
};

}  // namespace tick::check
