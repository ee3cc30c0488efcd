// line_breaks.cpp - makes the formatter's line breaks final, from the leaves up.
#include "frontend/parse/line_breaks.h"

namespace tick {
namespace {

// Whether the formatted text has a newline before the node's position, and from there on. The breaks before the
// links of a chain are not counted: they never make a call break its arguments.
struct Breaks {
  bool before = false, from = false;
  bool any() const { return before || from; }
};

Breaks Settle(ast::Node *node);

bool HasNewline(const std::string &text) { return text.find('\n') != std::string::npos; }

Breaks SettleBinary(ast::BinaryNode *node) {
  Breaks left = Settle(node->left.get()), right = Settle(node->right.get());
  node->multi_line = node->multi_line || left.from || right.before;
  return {left.any(), node->multi_line || right.any()};
}

Breaks SettleCall(ast::CallNode *node) {
  bool inside = false;
  for (size_t i = 0; i < node->args.size(); ++i) {
    Breaks arg = Settle(node->args[i].get());
    bool last = i + 1 == node->args.size();
    node->multi_line = node->multi_line || (last ? arg.before : arg.any());
    inside = inside || arg.any();
  }
  return {false, node->multi_line || inside};
}

Breaks SettleChain(ast::ChainNode *node) {
  std::vector<ast::ChainNode *> links;
  ast::Node *first = node;
  while (first->kind == ast::Kind::Chain) {
    links.push_back(static_cast<ast::ChainNode *>(first));
    first = links.back()->left.get();
  }
  bool before = Settle(first).any(), last = false;
  for (size_t i = links.size(); i-- > 0;) {
    before = before || last || links[i]->comment;
    last = Settle(links[i]->right.get()).any();
  }
  return {before, last};
}

Breaks SettleText(ast::Node *node) {
  switch (node->kind) {
    case ast::Kind::Binary: return SettleBinary(static_cast<ast::BinaryNode *>(node));
    case ast::Kind::Call: return SettleCall(static_cast<ast::CallNode *>(node));
    case ast::Kind::Unary: return {false, Settle(static_cast<ast::UnaryNode *>(node)->operand.get()).any()};
    case ast::Kind::Lambda: return {false, Settle(static_cast<ast::LambdaNode *>(node)->body.get()).any()};
    case ast::Kind::VarDecl: return {false, Settle(static_cast<ast::VarDeclNode *>(node)->value.get()).any()};
    case ast::Kind::String: return {false, HasNewline(static_cast<ast::StringNode *>(node)->value)};
    case ast::Kind::Reference: return {false, HasNewline(static_cast<ast::ReferenceNode *>(node)->name)};
    case ast::Kind::Regex: return {false, HasNewline(static_cast<ast::RegexNode *>(node)->raw)};
    case ast::Kind::List: {
      bool inside = false;
      for (ast::NodePtr &item : static_cast<ast::ListNode *>(node)->items) inside = Settle(item.get()).any() || inside;
      return {false, inside};
    }
    default: return {};
  }
}

Breaks Settle(ast::Node *node) {
  if (node->kind == ast::Kind::Chain) return SettleChain(static_cast<ast::ChainNode *>(node));
  Breaks breaks = SettleText(node);
  breaks.before = breaks.before || node->comment;
  return breaks;
}

}  // namespace

void SettleLineBreaks(ast::Node *statement) { Settle(statement); }

}  // namespace tick
