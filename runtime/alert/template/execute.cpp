// execute.cpp - walks a template's tree.
//
// What evaluates to what, and how it fails, follows Go's text/template/exec.
#include "runtime/alert/template/execute.h"

#include <algorithm>
#include <utility>

#include "runtime/alert/template/html.h"
#include "runtime/alert/template/print.h"
#include "runtime/alert/template/run.h"
#include "runtime/text/utf8.h"

namespace tick::tmpl {

thread_local Scratch scratch;

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
    case NodeKind::Text:
      out_ += node.text;
      return Flow::Next;
    case NodeKind::Action: {
      Datum value = pipe(node.pipe.get(), dot);
      if (node.pipe->declared.empty()) print(node, value);
      return Flow::Next;
    }
    case NodeKind::If:
    case NodeKind::With:
      return walk_branch(node, dot);
    case NodeKind::Range:
      return walk_range(node, dot);
    case NodeKind::Template:
      walk_template(node, dot);
      return Flow::Next;
    case NodeKind::Break:
      return Flow::Break;
    case NodeKind::Continue:
      return Flow::Continue;
    default:
      fail("unknown node: " + node.describe());
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
    case Kind::None:
      break;
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
