// template.cpp - parsing, choosing escapers, running.
#include "runtime/alert/template/template.h"

#include <algorithm>

#include "runtime/alert/template/execute.h"
#include "runtime/alert/template/functions.h"
#include "runtime/alert/template/html.h"
#include "runtime/alert/template/parse.h"

namespace tick::tmpl {
namespace {

bool Reads(const Node *node, std::string_view field);

bool AnyReads(const std::vector<NodePtr> &nodes, std::string_view field) {
  for (const NodePtr &node : nodes)
    if (Reads(node.get(), field)) return true;
  return false;
}

bool Reads(const Node *node, std::string_view field) {
  if (!node) return false;
  switch (node->kind) {
    case NodeKind::Dot:
      return true;
    case NodeKind::Field:
      return node->path[0] == field;
    case NodeKind::Variable:
      if (node->path[0] == "$") return node->path.size() == 1 || node->path[1] == field;
      break;
    default:
      break;
  }
  return AnyReads(node->items, field) || Reads(node->pipe.get(), field) || Reads(node->body.get(), field) ||
         Reads(node->otherwise.get(), field) || Reads(node->base.get(), field);
}

// The first node that reads a top-level field which is not known. Inside with and range the dot is another value.
const Node *Unknown(const Node *node, std::span<const std::string_view> known) {
  if (!node) return nullptr;
  auto is_known = [&](const std::string &name) { return std::find(known.begin(), known.end(), name) != known.end(); };
  if (node->kind == NodeKind::Field && !is_known(node->path[0])) return node;
  if (node->kind == NodeKind::Variable && node->path[0] == "$" && node->path.size() > 1 && !is_known(node->path[1]))
    return node;
  for (const NodePtr &item : node->items)
    if (const Node *found = Unknown(item.get(), known)) return found;
  bool same_dot = node->kind != NodeKind::With && node->kind != NodeKind::Range;
  for (const NodePtr *part : {&node->pipe, same_dot ? &node->body : nullptr, &node->otherwise, &node->base})
    if (const Node *found = part ? Unknown(part->get(), known) : nullptr) return found;
  return nullptr;
}

}  // namespace

std::unique_ptr<Template> Template::Parse(std::string_view name, std::string_view text, Mode mode, std::string *error) {
  auto made = std::make_unique<Template>();
  if (!ParseTrees(name, text, mode == Mode::Text ? Builtins() : BuiltinsWithJson(), &made->trees_, error))
    return nullptr;
  if (mode == Mode::Html && !ChooseEscapers(&made->trees_, error)) return nullptr;
  made->root_ = made->trees_.find(name);
  return made;
}

bool Template::execute(const Datum &dot, std::string *out, std::string *error) const {
  return Execute(trees_, *root_, dot, out, error);
}

bool Template::reads(std::string_view field) const {
  for (const auto &[name, root] : trees_.roots)
    if (Reads(root.get(), field)) return true;
  return false;
}

bool Template::reads_unknown(std::span<const std::string_view> known, Place *place) const {
  const Node *node = Unknown(root_, known);
  if (node) *place = {node->path[node->kind == NodeKind::Variable], node->pos};
  return node != nullptr;
}

}  // namespace tick::tmpl
