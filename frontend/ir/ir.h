// ir.h - the typed form of a task between the checker and LLVM.
//
// In: a checked script (frontend/check). Out: codegen, explain, dot, and the textual form (docs/ir.md) that
// reads back equal. Two stages: *raw* as the checker builds it; *canonical* after frontend/passes: constants
// folded, variants of each lambda typed with explicit conversions, fields read downstream known, state laid
// out. verify.h says what each stage promises.
//
// Numeric semantics, once for all stages (facts lambda/arith, lambda/compare, lambda/convert): ints wrap,
// `/` truncates, `%` has the dividend's sign, a zero divisor is an error of the row; floats are IEEE and
// never an error; int against float compares as double; float to int or duration truncates, out of range or
// NaN gives the smallest int; a missing operand is an error of the row unless AND/OR has already decided.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "frontend/support/source.h"
#include "grammar/tables.h"

namespace tick::ir {

// --- lambdas ---------------------------------------------------------------------------------------

// A value of the script's text: parameter of the code, never part of it.
struct Literal {
  Type type = Type::Int;      // Bool, Int, Float, String, Duration, Regex
  int64_t i = 0;              // Int, Duration, Bool
  double f = 0;
  std::string s;              // String, Regex (the pattern)
  bool operator==(const Literal &) const = default;
};

enum class ExprOp : uint8_t { Ref, Literal, Negate, Not, Binary, Call };

// A node of a lambda's untyped tree. Operands come before their user in Lambda::body; the last is the root.
struct Expr {
  ExprOp op = ExprOp::Literal;
  Operator binary{};                // Binary
  uint32_t index = 0;               // Ref: into refs; Literal: into literals
  std::string function;             // Call
  std::vector<uint32_t> operands;   // indexes into body
  uint32_t nested = 0;              // state scope: 0 the lambda's own; >0 a lambda var used inside, with its own function state
  SourceRange range;
};

enum class InstOp : uint8_t {
  Ref,        // index: into refs; of type Missing only as isPresent's operand, which is then FALSE
  Literal,    // index: into literals
  ToFloat,    // int to double, for mixed comparisons
  Negate, Not,
  Binary,     // binary: the overload of operators.def for the operands' types; never AND, OR
  And, Or,    // right operand evaluated only where the left does not decide; in dialect 2 always
  Call,       // function: index into kFunctions; state: offset of its state in the lambda's state, if stateful
  Fail        // a value that is always an error where it is evaluated (its type does not check, or it is missing)
};

// An instruction of a typed variant. A tree: each is used once, operands first, the last is the result.
struct Inst {
  InstOp op = InstOp::Literal;
  Type type = Type::Int;
  Operator binary{};
  uint32_t index = 0;
  uint32_t function = 0;
  uint32_t state = 0;
  std::vector<uint32_t> operands;
  bool may_fail = false;            // itself, not its operands
};

// One body: the lambda for these types of its references.
struct Variant {
  std::vector<Type> types;          // one a reference
  Type result = Type::Bool;
  std::vector<Inst> insts;
  bool may_fail = false;
};

struct Lambda {
  std::string text;                 // canonical text without "lambda: "
  std::vector<std::string> refs;    // in order of first use
  std::vector<Literal> literals;
  std::vector<Expr> body;
  std::vector<Variant> variants;    // canonical stage; each type checks; at most kMaxVariants
  uint32_t state_size = 0;          // bytes of stateful functions a group; canonical stage
  bool stateful = false, volatile_ = false, costly = false;
  SourceRange range;
};
inline constexpr size_t kMaxVariants = 16;

// Offset of a stateful function's state in its lambda's state: functions in order of first use within each
// scope, scopes in order; two calls of one function in one scope share (language.md 4.8).
uint32_t StateOffset(const Lambda &lambda, uint32_t expr);

// --- the graph ---------------------------------------------------------------------------------------

enum class Edge : uint8_t { None, Stream, Batch };

struct Arg {
  Type type = Type::Int;            // Bool Int Float String Duration Regex Lambda List Star Reference
  Literal literal;                  // the scalar ones; Reference: name in literal.s
  uint32_t lambda = 0;              // Lambda: into Graph::lambdas
  std::vector<Arg> items;           // List
  SourceRange range;
};

struct Property {
  std::string name;                 // as nodes.def spells it
  std::vector<Arg> args;
  std::vector<Property> properties; // of a handler
  SourceRange range;                // of the name
};

// A pipeline node ("stage" where the word node is taken by trees).
struct Stage {
  std::string kind;                 // method: "from", "window"; "stream"/"batch" for the source
  std::string name;                 // "window2"
  Edge wants = Edge::Stream, provides = Edge::Stream;  // resolved: never "any"
  std::vector<Arg> args;            // non-node arguments
  std::vector<Property> properties;
  std::vector<uint32_t> parents, children;
  SourceRange range;                // of the method's name
  // canonical stage
  std::vector<std::string> needs;   // fields read downstream of its output, sorted
  bool needs_all = false;
  uint64_t identity = 0;
  uint32_t domain = 0, state_offset = 0, state_size = 0;
};

struct Dbrp {
  std::string database, retention_policy;
  bool operator==(const Dbrp &) const = default;
};

struct Var {
  std::string name, description;
  Arg value;                        // the default; of type `type`, or absent
  Type type = Type::Int;
  bool has_value = true;
  std::string lambda_text;          // canonical text where the type is Lambda
};

struct MeasurementFields {
  std::string measurement;          // "" any
  std::vector<std::string> fields;  // sorted
};

struct Graph {
  bool batch = false;
  uint8_t dialect = 1;              // 2: Kapacitor 0.2
  bool canonical = false;
  std::vector<Dbrp> dbrps;
  std::vector<Stage> stages;        // parents before children
  std::vector<uint32_t> walk;       // nodes.md 1.9
  std::vector<Lambda> lambdas;
  std::vector<Var> vars;            // sorted by name
  std::string script;
  // canonical stage
  std::vector<MeasurementFields> reads;
  std::vector<uint32_t> domain_sizes;
};

// Hash of everything but literal values, names in messages and ranges: equal hashes share machine code.
uint64_t CodeHash(const Graph &graph);

}  // namespace tick::ir
