// parse_words.cpp - pipelines: declarations, commands, operands, terms.
#include "runtime/alert/template/literal.h"
#include "runtime/alert/template/parser.h"
#include "runtime/text/utf8.h"

namespace tick::tmpl {

NodePtr Parser::pipeline(std::string_view context, Token end) {
  if (++nesting_ > kMaxNesting) fail("too deeply nested");
  NodePtr pipe = make(NodeKind::Pipe, peek_word().pos);
  declarations(pipe.get(), context);
  for (;;) {
    Item item = next_word();
    if (item.token == end) {
      check_pipeline(*pipe, context);
      --nesting_;
      return pipe;
    }
    switch (item.token) {
      case Token::Bool:
      case Token::CharConstant:
      case Token::Dot:
      case Token::Field:
      case Token::Identifier:
      case Token::Number:
      case Token::Nil:
      case Token::RawString:
      case Token::String:
      case Token::Variable:
      case Token::LeftParen:
        back();
        pipe->items.push_back(command());
        break;
      default:
        unexpected(item, context);
    }
  }
}

// `$x :=`, `$x =`, in a range also `$i, $x :=`, or nothing of that.
void Parser::declarations(Node *pipe, std::string_view context) {
  for (;;) {
    if (peek_word().token != Token::Variable) return;
    Item var = next();
    Item after = peek();
    const Item following = peek_word();
    bool declares = following.token == Token::Declare || following.token == Token::Assign;
    bool comma = following.token == Token::Char && following.text == ",";
    if (!declares && !comma) {
      if (after.token == Token::Space)
        back3(std::move(var), std::move(after));
      else
        back2(std::move(var));
      return;
    }
    next_word();
    NodePtr node = make(NodeKind::Variable, var.pos);
    node->path.push_back(var.text);
    pipe->declared.push_back(std::move(node));
    vars_.push_back(var.text);
    if (declares) {
      pipe->assigns = following.token == Token::Assign;
      return;
    }
    if (context != "range" || pipe->declared.size() >= 2) fail("too many declarations in " + std::string(context));
    Token token = peek_word().token;
    if (token != Token::Variable && token != Token::RightDelim && token != Token::RightParen)
      fail("range can only initialize variables");
  }
}

void Parser::check_pipeline(const Node &pipe, std::string_view context) {
  if (pipe.items.empty()) fail("missing value for " + std::string(context));
  for (size_t i = 1; i < pipe.items.size(); ++i) {
    switch (pipe.items[i]->items[0]->kind) {
      case NodeKind::Bool:
      case NodeKind::Dot:
      case NodeKind::Nil:
      case NodeKind::Number:
      case NodeKind::String:
        fail("non executable command in pipeline stage " + std::to_string(i + 1));
      default:
        break;
    }
  }
}

// Words up to a pipe, which is taken, or a closing delimiter, which is left.
NodePtr Parser::command() {
  NodePtr node = make(NodeKind::Command, peek_word().pos);
  for (;;) {
    peek_word();
    if (NodePtr word = operand()) node->items.push_back(std::move(word));
    Item item = next();
    if (item.token == Token::Space) continue;
    if (item.token == Token::RightDelim || item.token == Token::RightParen)
      back();
    else if (item.token != Token::Pipe)
      unexpected(item, "operand");
    break;
  }
  if (node->items.empty()) fail("empty command");
  return node;
}

// A term and the fields chained to it.
NodePtr Parser::operand() {
  NodePtr node = term();
  if (!node || peek().token != Token::Field) return node;
  uint32_t pos = peek().pos;
  std::vector<std::string> fields;
  while (peek().token == Token::Field) fields.push_back(next().text.substr(1));
  switch (node->kind) {
    case NodeKind::Field:
    case NodeKind::Variable:
      node->pos = pos;
      for (std::string &field : fields) node->path.push_back(std::move(field));
      return node;
    case NodeKind::Bool:
    case NodeKind::String:
    case NodeKind::Number:
    case NodeKind::Nil:
    case NodeKind::Dot:
      fail("unexpected . after term " + GoQuote(node->describe()));
    default:
      break;
  }
  NodePtr chain = make(NodeKind::Chain, pos);
  chain->base = std::move(node);
  chain->path = std::move(fields);
  return chain;
}

NodePtr Parser::term() {
  Item item = next_word();
  NodePtr node;
  switch (item.token) {
    case Token::Identifier:
      node = make(NodeKind::Identifier, item.pos);
      node->text = item.text;
      for (const Function *function : functions_)
        if (function->name == item.text) node->function = function;
      if (!node->function) fail("function " + GoQuote(item.text) + " not defined");
      return node;
    case Token::Dot:
      return make(NodeKind::Dot, item.pos);
    case Token::Nil:
      return make(NodeKind::Nil, item.pos);
    case Token::Variable:
      return variable(item);
    case Token::Field:
      node = make(NodeKind::Field, item.pos);
      node->path.push_back(item.text.substr(1));
      return node;
    case Token::Bool:
      node = make(NodeKind::Bool, item.pos);
      node->truth = item.text == "true";
      return node;
    case Token::CharConstant:
    case Token::Number: {
      node = make(NodeKind::Number, item.pos);
      node->text = item.text;
      std::string error;
      if (!ParseNumber(item.text, &node->number, &error)) fail(error);
      return node;
    }
    case Token::LeftParen:
      return pipeline("parenthesized pipeline", Token::RightParen);
    case Token::String:
    case Token::RawString:
      node = make(NodeKind::String, item.pos);
      node->text = item.text;
      if (!Unquote(item.text, &node->value)) fail("invalid syntax");
      return node;
    default:
      break;
  }
  back();
  return nullptr;
}

NodePtr Parser::variable(const Item &item) {
  for (const std::string &name : vars_)
    if (name == item.text) {
      NodePtr node = make(NodeKind::Variable, item.pos);
      node->path.push_back(item.text);
      return node;
    }
  fail("undefined variable " + GoQuote(item.text));
}

}  // namespace tick::tmpl
