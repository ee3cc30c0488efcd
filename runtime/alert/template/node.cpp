// node.cpp - nodes as text.
#include "runtime/alert/template/node.h"

namespace tick::tmpl {
namespace {

std::string Join(const std::vector<std::string> &path, bool leading_dot) {
  std::string out;
  for (size_t i = 0; i < path.size(); ++i) {
    if (i || leading_dot) out += '.';
    out += path[i];
  }
  return out;
}

std::string DescribePipe(const Node &node) {
  std::string out;
  for (size_t i = 0; i < node.declared.size(); ++i) out += (i ? ", " : "") + node.declared[i]->describe();
  if (!node.declared.empty()) out += " := ";
  for (size_t i = 0; i < node.items.size(); ++i) out += (i ? " | " : "") + node.items[i]->describe();
  return out;
}

std::string Parenthesized(const Node &node) {
  return node.kind == NodeKind::Pipe ? "(" + node.describe() + ")" : node.describe();
}

std::string DescribeBranch(const char *keyword, const Node &node) {
  std::string out = std::string("{{") + keyword + " " + node.pipe->describe() + "}}" + node.body->describe();
  if (node.otherwise) out += "{{else}}" + node.otherwise->describe();
  return out + "{{end}}";
}

}  // namespace

std::string Node::describe() const {
  std::string out;
  switch (kind) {
    case NodeKind::List:
      for (const NodePtr &item : items) out += item->describe();
      return out;
    case NodeKind::Text:
    case NodeKind::Identifier:
    case NodeKind::Number:
    case NodeKind::String:
      return text;
    case NodeKind::Action:
      return "{{" + pipe->describe() + "}}";
    case NodeKind::If:
      return DescribeBranch("if", *this);
    case NodeKind::With:
      return DescribeBranch("with", *this);
    case NodeKind::Range:
      return DescribeBranch("range", *this);
    case NodeKind::Template:
      return "{{template " + value + (pipe ? " " + pipe->describe() : "") + "}}";
    case NodeKind::Break:
      return "{{break}}";
    case NodeKind::Continue:
      return "{{continue}}";
    case NodeKind::Pipe:
      return DescribePipe(*this);
    case NodeKind::Command:
      for (size_t i = 0; i < items.size(); ++i) out += (i ? " " : "") + Parenthesized(*items[i]);
      return out;
    case NodeKind::Field:
      return Join(path, true);
    case NodeKind::Variable:
      return Join(path, false);
    case NodeKind::Chain:
      return Parenthesized(*base) + Join(path, true);
    case NodeKind::Dot:
      return ".";
    case NodeKind::Nil:
      return "nil";
    case NodeKind::Bool:
      return truth ? "true" : "false";
    case NodeKind::End:
      return "{{end}}";
    case NodeKind::Else:
      return "{{else}}";
  }
  return out;
}

}  // namespace tick::tmpl
