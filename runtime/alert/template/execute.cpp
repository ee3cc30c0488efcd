// execute.cpp - walks a template's tree.
//
// What evaluates to what, and how it fails, follows Go's text/template/exec. A failure names the node that was
// being looked at; it is thrown inside this file and becomes the error text at its edge.
#include "runtime/alert/template/execute.h"

#include <algorithm>
#include <utility>

#include "runtime/alert/template/functions.h"
#include "runtime/alert/template/html.h"
#include "runtime/alert/template/print.h"
#include "runtime/support/arena.h"
#include "runtime/text/utf8.h"

namespace tick::tmpl {
namespace {

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
thread_local Scratch scratch;

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

void Run::fail(const std::string &text) {
  size_t pos = std::min<size_t>(node_->pos, trees_.text.size());
  std::string_view before = std::string_view(trees_.text).substr(0, pos);
  size_t newline = before.rfind('\n');
  size_t column = newline == before.npos ? pos : pos - newline - 1;
  auto line = 1 + std::count(before.begin(), before.end(), '\n');
  throw Failure{"template: " + trees_.name + ":" + std::to_string(line) + ":" + std::to_string(column) +
                ": executing " + GoQuote(name_) + " at <" + node_->describe() + ">: " + text};
}

Flow Run::walk(const Node &node, const Datum &dot) {
  at(node);
  switch (node.kind) {
    case NodeKind::List:
      for (const NodePtr &item : node.items)
        if (Flow flow = walk(*item, dot); flow != Flow::Next) return flow;
      return Flow::Next;
    case NodeKind::Text: out_ += node.text; return Flow::Next;
    case NodeKind::Action: {
      Datum value = pipe(node.pipe.get(), dot);
      if (node.pipe->declared.empty()) print(node, value);
      return Flow::Next;
    }
    case NodeKind::If: case NodeKind::With: return walk_branch(node, dot);
    case NodeKind::Range: return walk_range(node, dot);
    case NodeKind::Template: walk_template(node, dot); return Flow::Next;
    case NodeKind::Break: return Flow::Break;
    case NodeKind::Continue: return Flow::Continue;
    default: fail("unknown node: " + node.describe());
  }
}

Flow Run::walk_branch(const Node &node, const Datum &dot) {
  size_t mark = scratch.variables.size();
  Datum value = pipe(node.pipe.get(), dot);
  Flow flow = Flow::Next;
  if (Truth(value))
    flow = walk(*node.body, node.kind == NodeKind::With ? value : dot);
  else if (node.otherwise)
    flow = walk(*node.otherwise, dot);
  scratch.variables.resize(mark);
  return flow;
}

// One turn of a range. The loop's variables are the last ones declared before its body.
Flow Run::range_body(const Node &node, const Datum &index, const Datum &element, bool *done) {
  size_t mark = scratch.variables.size();
  size_t declared = node.pipe->declared.size();
  if (declared > 0) scratch.variables[mark - 1].value = element;
  if (declared > 1) scratch.variables[mark - 2].value = index;
  Flow flow = walk(*node.body, element);
  scratch.variables.resize(mark);
  *done = flow == Flow::Break;
  return Flow::Next;
}

Flow Run::walk_range(const Node &node, const Datum &dot) {
  size_t mark = scratch.variables.size();
  Datum value = pipe(node.pipe.get(), dot);
  bool done = false, any = false;
  switch (value.kind) {
    case Kind::List:
      for (size_t i = 0; i < value.list->size() && !done; ++i, any = true)
        range_body(node, Datum::Int(static_cast<int64_t>(i)), value.list->value(i), &done);
      break;
    case Kind::Map:
      for (size_t i = 0; i < value.map->size() && !done; ++i, any = true) {
        Datum element = value.map->value(i);
        element.boxed = !value.map->of_strings();
        range_body(node, Datum::String(value.map->key(i)), element, &done);
      }
      break;
    case Kind::None: break;
    default: {
      std::string text;
      Print(text, value);
      fail("range can't iterate over " + text);
    }
  }
  Flow flow = !any && node.otherwise ? walk(*node.otherwise, dot) : Flow::Next;
  scratch.variables.resize(mark);
  return flow;
}

void Run::walk_template(const Node &node, const Datum &dot) {
  const Node *root = trees_.find(node.text);
  if (!root) fail("template " + GoQuote(node.text) + " not defined");
  if (depth_ == kMaxDepth) fail("exceeded maximum template depth (" + std::to_string(kMaxDepth) + ")");
  Datum value = pipe(node.pipe.get(), dot);
  // A template sees its own variables only.
  std::vector<Variable> outer = std::move(scratch.variables);
  scratch.variables = {{"$", value}};
  std::string_view name = std::exchange(name_, node.text);
  ++depth_;
  walk(*root, value);
  --depth_;
  name_ = name;
  scratch.variables = std::move(outer);
}

void Run::print(const Node &node, const Datum &value) {
  at(node);
  if (!node.escapers.empty()) return AppendEscaped(out_, value, node.escapers);
  if (value.none())
    out_ += "<no value>";
  else
    Print(out_, value);
}

Variable *Run::find_variable(std::string_view name) {
  for (size_t i = scratch.variables.size(); i-- > 0;)
    if (scratch.variables[i].name == name) return &scratch.variables[i];
  fail("undefined variable: " + std::string(name));
}

Datum Run::pipe(const Node *node, const Datum &dot) {
  if (!node) return {};
  at(*node);
  Datum value;
  bool first = true;
  for (const NodePtr &item : node->items) {
    value = command(*item, dot, first ? nullptr : &value);
    value.boxed = false;
    first = false;
  }
  for (const NodePtr &variable : node->declared) {
    if (node->assigns)
      find_variable(variable->path[0])->value = value;
    else
      scratch.variables.push_back({variable->path[0], value});
  }
  return value;
}

void Run::no_arguments(Words words, const Datum *last) {
  if (words.size() > 1 || last) fail("can't give argument to non-function " + words[0]->describe());
}

Datum Run::command(const Node &node, const Datum &dot, const Datum *last) {
  const Node &first = *node.items[0];
  Words words = node.items;
  switch (first.kind) {
    case NodeKind::Field:
      at(first);
      return field_chain(first, first.path, dot, dot, words, last);
    case NodeKind::Chain: return chain(first, dot, words, last);
    case NodeKind::Identifier:
      at(first);
      return call(*first.function, node, nullptr, dot, words, last);
    case NodeKind::Pipe:
      no_arguments(words, last);
      return pipe(&first, dot);
    case NodeKind::Variable: return variable(first, dot, words, last);
    default: break;
  }
  at(first);
  no_arguments(words, last);
  switch (first.kind) {
    case NodeKind::Bool: return Datum::Bool(first.truth);
    case NodeKind::Dot: return dot;
    case NodeKind::Nil: fail("nil is not a command");
    case NodeKind::Number: return constant(first);
    case NodeKind::String: return Datum::String(first.value);
    default: fail("can't evaluate command " + GoQuote(first.describe()));
  }
}

// A number without a wanted type: its spelling decides between int and float64.
Datum Run::constant(const Node &node) {
  at(node);
  const Number &number = node.number;
  std::string_view text = node.text;
  bool hex = text.size() > 2 && text[0] == '0' && (text[1] | 0x20) == 'x' && text.find_first_of("pP") == text.npos;
  if (number.is_float && !hex && text[0] != '\'' && text.find_first_of(".eEpP") != text.npos)
    return Datum::Float(number.f);
  if (number.is_int) return Datum::Int(number.i);
  fail(node.text + " overflows int");
}

Datum Run::chain(const Node &node, const Datum &dot, Words words, const Datum *last) {
  at(node);
  if (node.base->kind == NodeKind::Nil) fail("indirection through explicit nil in " + node.describe());
  Datum base = argument(*node.base, Param::Any, dot);
  return field_chain(node, node.path, dot, base, words, last);
}

Datum Run::variable(const Node &node, const Datum &dot, Words words, const Datum *last) {
  at(node);
  Datum value = find_variable(node.path[0])->value;
  if (node.path.size() == 1) {
    if (!words.empty()) no_arguments(words, last);
    return value;
  }
  return field_chain(node, std::span(node.path).subspan(1), dot, value, words, last);
}

// .A.B.C: only the last may be a method with arguments.
Datum Run::field_chain(const Node &node, std::span<const std::string> path, const Datum &dot, const Datum &receiver,
                       Words words, const Datum *last) {
  Datum value = receiver;
  for (size_t i = 0; i + 1 < path.size(); ++i) value = field(node, path[i], dot, value, {}, nullptr);
  return field(node, path.back(), dot, value, words, last);
}

Datum Run::field(const Node &node, std::string_view name, const Datum &dot, Datum receiver, Words words,
                 const Datum *last) {
  if (receiver.none()) return {};
  if (const Function *method = FindMethod(receiver, name)) return call(*method, node, &receiver, dot, words, last);
  bool has_args = words.size() > 1 || last;
  if (receiver.kind == Kind::Struct) {
    const void *object = receiver.object;
    if (const StructField *found = FindStructField(*receiver.type, name, &object)) {
      if (has_args) fail(std::string(name) + " has arguments but cannot be invoked as function");
      return found->get(object);
    }
  }
  if (receiver.kind == Kind::Map) {
    if (has_args) fail(std::string(name) + " is not a method but has arguments");
    Datum found;
    if (receiver.map->find(name, &found)) found.boxed = !receiver.map->of_strings();
    return found;
  }
  std::string type = receiver.boxed ? "interface {}" : GoType(receiver);
  fail("can't evaluate field " + std::string(name) + " in type " + type);
}

// `receiver`: the method's own value. The words begin with the function's name or the method's path.
Datum Run::call(const Function &function, const Node &node, const Datum *receiver, const Datum &dot, Words words,
                const Datum *last) {
  Words args = words.empty() ? words : words.subspan(1);
  std::string name(function.name);
  size_t given = args.size() + (last ? 1 : 0);
  size_t fixed = function.variadic ? function.n_params - 1u : function.n_params;
  if (function.variadic ? given < fixed : given != fixed)
    fail("wrong number of args for " + name + ": want " + (function.variadic ? "at least " : "") +
         std::to_string(fixed) + " got " + std::to_string(function.variadic ? args.size() : given));
  if (!function.body) return short_circuit(function.name == "or", dot, args, last);

  size_t base = scratch.args.size();
  if (receiver) scratch.args.push_back(*receiver);
  auto param = [&](size_t i) { return function.params[std::min<size_t>(i, function.n_params - 1u)]; };
  for (size_t i = 0; i < args.size(); ++i) {
    Datum value = argument(*args[i], param(i), dot);
    scratch.args.push_back(value);
  }
  if (last) scratch.args.push_back(checked(*last, param(given - 1)));
  Call frame{std::span(scratch.args).subspan(base), scratch.arena, {}};
  Datum result = function.body(frame);
  scratch.args.resize(base);
  if (!frame.error.empty()) {
    at(node);
    fail("error calling " + name + ": " + frame.error);
  }
  return result;
}

// and, or: evaluate up to the argument that decides, and give that one.
Datum Run::short_circuit(bool stop_at, const Datum &dot, Words args, const Datum *last) {
  Datum value;
  for (const NodePtr &arg : args) {
    value = argument(*arg, Param::Value, dot);
    if (Truth(value) == stop_at) return value;
  }
  return last ? checked(*last, Param::Value) : value;
}

// The value as the parameter's type, or a failure.
Datum Run::checked(const Datum &value, Param param) {
  if (param == Param::Any || param == Param::Value) return value;
  if (value.none()) fail("invalid value; expected " + std::string(ParamName(param)));
  if (GoType(value) != ParamName(param))
    fail("wrong type for value; expected " + std::string(ParamName(param)) + "; got " + GoType(value));
  return value;
}

Datum Run::argument(const Node &node, Param param, const Datum &dot) {
  at(node);
  switch (node.kind) {
    case NodeKind::Dot: return checked(dot, param);
    case NodeKind::Nil:
      if (param == Param::Any || param == Param::Value) return {};
      fail("cannot assign nil to " + std::string(ParamName(param)));
    case NodeKind::Field: return checked(field_chain(node, node.path, dot, dot, {}, nullptr), param);
    case NodeKind::Variable: return checked(variable(node, dot, {}, nullptr), param);
    case NodeKind::Pipe: return checked(pipe(&node, dot), param);
    case NodeKind::Identifier: return checked(call(*node.function, node, nullptr, dot, {}, nullptr), param);
    case NodeKind::Chain: return checked(chain(node, dot, {}, nullptr), param);
    default: return constant_argument(node, param);
  }
}

Datum Run::constant_argument(const Node &node, Param param) {
  switch (param) {
    case Param::Any: case Param::Value:
      if (node.kind == NodeKind::Bool) return Datum::Bool(node.truth);
      if (node.kind == NodeKind::String) return Datum::String(node.value);
      return constant(node);
    case Param::String:
      if (node.kind == NodeKind::String) return Datum::String(node.value);
      fail("expected string; found " + node.describe());
    case Param::Bool:
      if (node.kind == NodeKind::Bool) return Datum::Bool(node.truth);
      fail("expected bool; found " + node.describe());
    case Param::Float:
      if (node.kind == NodeKind::Number && node.number.is_float) return Datum::Float(node.number.f);
      fail("expected float; found " + node.describe());
    case Param::Int: case Param::Int64: case Param::Duration:
      if (node.kind == NodeKind::Number && node.number.is_int)
        return param == Param::Int ? Datum::Int(node.number.i)
               : param == Param::Int64 ? Datum::Int64(node.number.i)
                                       : Datum::Duration(node.number.i);
      fail("expected integer; found " + node.describe());
    case Param::Time: fail("can't handle " + node.describe() + " for arg of type time.Time");
  }
  return {};
}

}  // namespace

bool Execute(const TreeSet &trees, const Node &root, const Datum &dot, std::string *out, std::string *error) {
  try {
    Run(trees, out).start(root, dot);
    return true;
  } catch (Failure &failure) {
    *error = std::move(failure.text);
    return false;
  }
}

}  // namespace tick::tmpl
