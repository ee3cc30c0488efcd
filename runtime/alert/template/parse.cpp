// parse.cpp - recursive descent over a template's tokens: text, actions, branches, definitions.
//
// The grammar, its order of complaints and their words are those of Go's text/template/parse.
#include "runtime/alert/template/parse.h"

#include <utility>

#include "runtime/alert/template/literal.h"
#include "runtime/alert/template/parser.h"
#include "runtime/text/utf8.h"

namespace tick::tmpl {
namespace {

// True where a tree has nothing but blanks: such a tree may be defined again.
bool IsEmpty(const Node *node) {
  if (!node) return true;
  if (node->kind == NodeKind::Text) return TrimSpace(node->text).empty();
  if (node->kind != NodeKind::List) return false;
  for (const NodePtr &item : node->items)
    if (!IsEmpty(item.get())) return false;
  return true;
}

}  // namespace

Item Parser::next() {
  if (ahead_ > 0)
    --ahead_;
  else
    items_[0] = scanner_.next();
  return items_[ahead_];
}

void Parser::back2(Item one) {
  items_[1] = std::move(one);
  ahead_ = 2;
}

void Parser::back3(Item two, Item one) {
  items_[1] = std::move(one);
  items_[2] = std::move(two);
  ahead_ = 3;
}

const Item &Parser::peek() {
  if (ahead_ > 0) return items_[ahead_ - 1];
  ahead_ = 1;
  items_[0] = scanner_.next();
  return items_[0];
}

Item Parser::next_word() {
  for (;;) {
    Item item = next();
    if (item.token != Token::Space) return item;
  }
}

const Item &Parser::peek_word() {
  next_word();
  back();
  return items_[ahead_ - 1];
}

void Parser::fail(const std::string &text) {
  throw ParseError{"template: " + trees_->name + ":" + std::to_string(items_[0].line) + ": " + text};
}

void Parser::unexpected(const Item &item, std::string_view context) {
  if (item.token == Token::Error) {
    std::string extra;
    if (action_line_ != 0 && action_line_ != item.line) {
      extra = " in action started at " + trees_->name + ":" + std::to_string(action_line_);
      if (item.text.ends_with(" action")) extra = extra.substr(10);  // not "action in action"
    }
    fail(item.text + extra);
  }
  fail("unexpected " + Describe(item) + " in " + std::string(context));
}

Item Parser::expect(Token token, std::string_view context) {
  Item item = next_word();
  if (item.token != token) unexpected(item, context);
  return item;
}

void Parser::parse() {
  NodePtr root = make(NodeKind::List, peek().pos);
  while (peek().token != Token::End) {
    if (peek().token == Token::LeftDelim) {
      Item delim = next();
      if (next_word().token == Token::Define) {
        parse_definition();
        continue;
      }
      back2(delim);
    }
    NodePtr node = text_or_action();
    if (node->kind == NodeKind::End || node->kind == NodeKind::Else) fail("unexpected " + node->describe());
    root->items.push_back(std::move(node));
  }
  add(trees_->name, std::move(root));
}

void Parser::add(const std::string &name, NodePtr root) {
  NodePtr &at = trees_->roots[name];
  if (!at || IsEmpty(at.get())) {
    at = std::move(root);
    return;
  }
  if (!IsEmpty(root.get())) fail("template: multiple definition of template " + GoQuote(name));
}

// {{define "name"}} … {{end}}, its keyword taken. A definition sees no variables of the text around it.
void Parser::parse_definition() {
  std::vector<std::string> vars{"$"};
  std::swap(vars, vars_);
  int loops = std::exchange(loops_, 0);
  std::string name = template_name(next_word(), "define clause");
  expect(Token::RightDelim, "define clause");
  NodePtr end;
  NodePtr body = item_list(&end);
  if (end->kind != NodeKind::End) fail("unexpected " + end->describe() + " in define clause");
  add(name, std::move(body));
  std::swap(vars, vars_);
  loops_ = loops;
}

// Up to {{end}} or {{else}}, which is handed out in `end`.
NodePtr Parser::item_list(NodePtr *end) {
  NodePtr list = make(NodeKind::List, peek_word().pos);
  while (peek_word().token != Token::End) {
    NodePtr node = text_or_action();
    if (node->kind == NodeKind::End || node->kind == NodeKind::Else) {
      *end = std::move(node);
      return list;
    }
    list->items.push_back(std::move(node));
  }
  fail("unexpected EOF");
}

NodePtr Parser::text_or_action() {
  Item item = next_word();
  if (item.token == Token::Text) {
    NodePtr node = make(NodeKind::Text, item.pos);
    node->text = item.text;
    return node;
  }
  if (item.token != Token::LeftDelim) unexpected(item, "input");
  action_line_ = item.line;
  NodePtr node = action();
  action_line_ = 0;
  return node;
}

NodePtr Parser::action() {
  Item item = next_word();
  switch (item.token) {
    case Token::Block:
      return block_control();
    case Token::Break:
      return leave_loop(item, NodeKind::Break);
    case Token::Continue:
      return leave_loop(item, NodeKind::Continue);
    case Token::Else:
      return else_control();
    case Token::EndKeyword:
      return make(NodeKind::End, expect(Token::RightDelim, "end").pos);
    case Token::If:
      return branch(NodeKind::If, item);
    case Token::Range:
      return branch(NodeKind::Range, item);
    case Token::With:
      return branch(NodeKind::With, item);
    case Token::Template:
      return template_control();
    default:
      break;
  }
  back();
  NodePtr node = make(NodeKind::Action, peek().pos);
  node->pipe = pipeline("command", Token::RightDelim);
  return node;
}

NodePtr Parser::leave_loop(const Item &item, NodeKind kind) {
  NodePtr node = make(kind, item.pos);
  Item after = next_word();
  if (after.token != Token::RightDelim) unexpected(after, node->describe());
  if (loops_ == 0) fail(node->describe() + " outside {{range}}");
  return node;
}

// if, with, range: the keyword was taken.
NodePtr Parser::branch(NodeKind kind, const Item &keyword) {
  size_t vars = vars_.size();
  bool range = kind == NodeKind::Range;
  if (++nesting_ > kMaxNesting) fail("too deeply nested");
  NodePtr pipe = pipeline(keyword.text, Token::RightDelim);
  NodePtr node = make(kind, pipe->pos);
  node->pipe = std::move(pipe);
  NodePtr end;
  loops_ += range;
  node->body = item_list(&end);
  loops_ -= range;
  if (end->kind == NodeKind::Else) {
    if (kind == NodeKind::If && peek().token == Token::If) {
      Item inner = next();
      node->otherwise = make(NodeKind::List, end->pos);
      node->otherwise->items.push_back(branch(NodeKind::If, inner));  // one {{end}} closes both
    } else {
      node->otherwise = item_list(&end);
      if (end->kind != NodeKind::End) fail("expected end; found " + end->describe());
    }
  }
  vars_.resize(vars);
  --nesting_;
  return node;
}

NodePtr Parser::else_control() {
  const Item &following = peek_word();
  if (following.token == Token::If) return make(NodeKind::Else, following.pos);
  return make(NodeKind::Else, expect(Token::RightDelim, "else").pos);
}

// {{block "name" pipeline}} … {{end}}: a definition and its use.
NodePtr Parser::block_control() {
  Item item = next_word();
  NodePtr node = make(NodeKind::Template, item.pos);
  node->text = template_name(item, "block clause");
  node->value = GoQuote(node->text);
  node->pipe = pipeline("block clause", Token::RightDelim);
  std::vector<std::string> vars{"$"};
  std::swap(vars, vars_);
  int loops = std::exchange(loops_, 0);
  NodePtr end;
  NodePtr body = item_list(&end);
  if (end->kind != NodeKind::End) fail("unexpected " + end->describe() + " in block clause");
  add(node->text, std::move(body));
  std::swap(vars, vars_);
  loops_ = loops;
  return node;
}

NodePtr Parser::template_control() {
  Item item = next_word();
  NodePtr node = make(NodeKind::Template, item.pos);
  node->text = template_name(item, "template clause");
  node->value = GoQuote(node->text);
  if (next_word().token != Token::RightDelim) {
    back();
    node->pipe = pipeline("template clause", Token::RightDelim);
  }
  return node;
}

std::string Parser::template_name(const Item &item, std::string_view context) {
  if (item.token != Token::String && item.token != Token::RawString) unexpected(item, context);
  std::string name;
  if (!Unquote(item.text, &name)) fail("invalid syntax");
  return name;
}

bool ParseTrees(std::string_view name, std::string_view text, std::span<const Function *const> functions,
                TreeSet *trees, std::string *error) {
  trees->name = name;
  trees->text = text;
  Scanner scanner(trees->text);
  try {
    Parser(scanner, functions, trees).parse();
    return true;
  } catch (ParseError &failure) {
    *error = std::move(failure.text);
    return false;
  }
}

}  // namespace tick::tmpl
