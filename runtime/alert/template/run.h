// run.h - one run of a template: walking its tree (execute.cpp) and evaluating its pipelines (evaluate.cpp).
//
// A failure names the node that was being looked at; it is thrown here and becomes an error text in Execute().
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/alert/template/datum.h"
#include "runtime/alert/template/functions.h"
#include "runtime/alert/template/node.h"
#include "runtime/support/arena.h"

namespace tick::tmpl {

constexpr int kMaxDepth = 1000;  // templates that call themselves; Go allows more, our stack does not

struct Failure {
  std::string text;
};
enum class Flow : uint8_t { Next, Break, Continue };

struct Variable {
  std::string_view name;
  Datum value;
};

// Memory of runs on this thread, kept for the next one.
struct Scratch {
  Arena arena;
  std::vector<Variable> variables;
  std::vector<Datum> args;
  std::string text;
};
extern thread_local Scratch scratch;

class Run {
 public:
  Run(const TreeSet &trees, std::string *out) : trees_(trees), name_(trees.name), out_(*out) {
    scratch.arena.reset();
    scratch.variables.clear();
    scratch.args.clear();
  }
  void start(const Node &root, const Datum &dot) {
    scratch.variables.push_back({"$", dot});
    walk(root, dot);
  }

 private:
  using Words = std::span<const NodePtr>;

  [[noreturn]] void fail(const std::string &text);
  void at(const Node &node) { node_ = &node; }

  Flow walk(const Node &node, const Datum &dot);
  Flow walk_branch(const Node &node, const Datum &dot);
  Flow walk_range(const Node &node, const Datum &dot);
  Flow range_body(const Node &node, const Datum &index, const Datum &element, bool *done);
  void walk_template(const Node &node, const Datum &dot);
  void print(const Node &node, const Datum &value);

  Datum pipe(const Node *node, const Datum &dot);
  Datum command(const Node &node, const Datum &dot, const Datum *last);
  Datum field_chain(const Node &node, std::span<const std::string> path, const Datum &dot, const Datum &receiver,
                    Words words, const Datum *last);
  Datum field(const Node &node, std::string_view name, const Datum &dot, Datum receiver, Words words,
              const Datum *last);
  Datum call(const Function &function, const Node &node, const Datum *receiver, const Datum &dot, Words words,
             const Datum *last);
  Datum short_circuit(bool stop_at, const Datum &dot, Words args, const Datum *last);
  Datum argument(const Node &node, Param param, const Datum &dot);
  Datum constant_argument(const Node &node, Param param);
  Datum checked(const Datum &value, Param param);
  Datum constant(const Node &node);
  Datum variable(const Node &node, const Datum &dot, Words words, const Datum *last);
  Datum chain(const Node &node, const Datum &dot, Words words, const Datum *last);
  void no_arguments(Words words, const Datum *last);
  Variable *find_variable(std::string_view name);

  const TreeSet &trees_;
  std::string_view name_;  // of the template being run
  std::string &out_;
  const Node *node_ = nullptr;
  int depth_ = 0;
};

}  // namespace tick::tmpl
