// evaluate.cpp - values of pipelines, commands and their words.
#include <algorithm>

#include "runtime/alert/template/run.h"
#include "runtime/text/utf8.h"

namespace tick::tmpl {

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
    case NodeKind::Chain:
      return chain(first, dot, words, last);
    case NodeKind::Identifier:
      at(first);
      return call(*first.function, node, nullptr, dot, words, last);
    case NodeKind::Pipe:
      no_arguments(words, last);
      return pipe(&first, dot);
    case NodeKind::Variable:
      return variable(first, dot, words, last);
    default:
      break;
  }
  at(first);
  no_arguments(words, last);
  switch (first.kind) {
    case NodeKind::Bool:
      return Datum::Bool(first.truth);
    case NodeKind::Dot:
      return dot;
    case NodeKind::Nil:
      fail("nil is not a command");
    case NodeKind::Number:
      return constant(first);
    case NodeKind::String:
      return Datum::String(first.value);
    default:
      fail("can't evaluate command " + GoQuote(first.describe()));
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
    case NodeKind::Dot:
      return checked(dot, param);
    case NodeKind::Nil:
      if (param == Param::Any || param == Param::Value) return {};
      fail("cannot assign nil to " + std::string(ParamName(param)));
    case NodeKind::Field:
      return checked(field_chain(node, node.path, dot, dot, {}, nullptr), param);
    case NodeKind::Variable:
      return checked(variable(node, dot, {}, nullptr), param);
    case NodeKind::Pipe:
      return checked(pipe(&node, dot), param);
    case NodeKind::Identifier:
      return checked(call(*node.function, node, nullptr, dot, {}, nullptr), param);
    case NodeKind::Chain:
      return checked(chain(node, dot, {}, nullptr), param);
    default:
      return constant_argument(node, param);
  }
}

Datum Run::constant_argument(const Node &node, Param param) {
  switch (param) {
    case Param::Any:
    case Param::Value:
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
    case Param::Int:
    case Param::Int64:
    case Param::Duration:
      if (node.kind == NodeKind::Number && node.number.is_int)
        return param == Param::Int     ? Datum::Int(node.number.i)
               : param == Param::Int64 ? Datum::Int64(node.number.i)
                                       : Datum::Duration(node.number.i);
      fail("expected integer; found " + node.describe());
    case Param::Time:
      fail("can't handle " + node.describe() + " for arg of type time.Time");
  }
  return {};
}

}  // namespace tick::tmpl
