// parse.cpp - recursive descent over a template's tokens.
//
// The grammar, its order of complaints and their words are those of Go's text/template/parse. The first
// mistake ends the parse: it is thrown inside this file and becomes the error text at its edge.
#include "runtime/alert/template/parse.h"

#include <utility>

#include "runtime/alert/template/functions.h"
#include "runtime/alert/template/literal.h"
#include "runtime/alert/template/token.h"
#include "runtime/text/utf8.h"

namespace tick::tmpl {
namespace {

constexpr int kMaxNesting = 500;  // what the stack bears

struct ParseError {
  std::string text;
};

// True where a tree has nothing but blanks: such a tree may be defined again.
bool IsEmpty(const Node *node) {
  if (!node) return true;
  if (node->kind == NodeKind::Text) return TrimSpace(node->text).empty();
  if (node->kind != NodeKind::List) return false;
  for (const NodePtr &item : node->items)
    if (!IsEmpty(item.get())) return false;
  return true;
}

class Parser {
 public:
  Parser(Scanner &scanner, std::span<const Function *const> functions, TreeSet *trees)
      : scanner_(scanner), functions_(functions), trees_(trees) {}
  void parse();

 private:
  // --- tokens: up to three are looked at ahead
  Item next();
  void back() { ++ahead_; }
  void back2(Item one);
  void back3(Item two, Item one);
  const Item &peek();
  Item next_word();
  const Item &peek_word();
  Item expect(Token token, std::string_view context);
  [[noreturn]] void fail(const std::string &text);
  [[noreturn]] void unexpected(const Item &item, std::string_view context);

  // --- structure
  NodePtr make(NodeKind kind, uint32_t pos) {
    auto node = std::make_unique<Node>();
    node->kind = kind;
    node->pos = pos;
    return node;
  }
  void add(const std::string &name, NodePtr root);
  void parse_definition();
  NodePtr item_list(NodePtr *end);
  NodePtr text_or_action();
  NodePtr action();
  NodePtr leave_loop(const Item &item, NodeKind kind);
  NodePtr pipeline(std::string_view context, Token end);
  void declarations(Node *pipe, std::string_view context);
  void check_pipeline(const Node &pipe, std::string_view context);
  NodePtr branch(NodeKind kind, const Item &keyword);
  NodePtr else_control();
  NodePtr block_control();
  NodePtr template_control();
  std::string template_name(const Item &item, std::string_view context);
  NodePtr command();
  NodePtr operand();
  NodePtr term();
  NodePtr variable(const Item &item);

  Scanner &scanner_;
  std::span<const Function *const> functions_;
  TreeSet *trees_;
  Item items_[3];
  int ahead_ = 0;
  uint32_t action_line_ = 0;
  int loops_ = 0;
  int nesting_ = 0;  // of branches and parentheses
  std::vector<std::string> vars_{"$"};
};

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
    case Token::Block: return block_control();
    case Token::Break: return leave_loop(item, NodeKind::Break);
    case Token::Continue: return leave_loop(item, NodeKind::Continue);
    case Token::Else: return else_control();
    case Token::EndKeyword: return make(NodeKind::End, expect(Token::RightDelim, "end").pos);
    case Token::If: return branch(NodeKind::If, item);
    case Token::Range: return branch(NodeKind::Range, item);
    case Token::With: return branch(NodeKind::With, item);
    case Token::Template: return template_control();
    default: break;
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
      case Token::Bool: case Token::CharConstant: case Token::Dot: case Token::Field: case Token::Identifier:
      case Token::Number: case Token::Nil: case Token::RawString: case Token::String: case Token::Variable:
      case Token::LeftParen:
        back();
        pipe->items.push_back(command());
        break;
      default: unexpected(item, context);
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
      case NodeKind::Bool: case NodeKind::Dot: case NodeKind::Nil: case NodeKind::Number: case NodeKind::String:
        fail("non executable command in pipeline stage " + std::to_string(i + 1));
      default: break;
    }
  }
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
    case NodeKind::Field: case NodeKind::Variable:
      node->pos = pos;
      for (std::string &field : fields) node->path.push_back(std::move(field));
      return node;
    case NodeKind::Bool: case NodeKind::String: case NodeKind::Number: case NodeKind::Nil: case NodeKind::Dot:
      fail("unexpected . after term " + GoQuote(node->describe()));
    default: break;
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
    case Token::Dot: return make(NodeKind::Dot, item.pos);
    case Token::Nil: return make(NodeKind::Nil, item.pos);
    case Token::Variable: return variable(item);
    case Token::Field:
      node = make(NodeKind::Field, item.pos);
      node->path.push_back(item.text.substr(1));
      return node;
    case Token::Bool:
      node = make(NodeKind::Bool, item.pos);
      node->truth = item.text == "true";
      return node;
    case Token::CharConstant: case Token::Number: {
      node = make(NodeKind::Number, item.pos);
      node->text = item.text;
      std::string error;
      if (!ParseNumber(item.text, &node->number, &error)) fail(error);
      return node;
    }
    case Token::LeftParen: return pipeline("parenthesized pipeline", Token::RightParen);
    case Token::String: case Token::RawString:
      node = make(NodeKind::String, item.pos);
      node->text = item.text;
      if (!Unquote(item.text, &node->value)) fail("invalid syntax");
      return node;
    default: break;
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

}  // namespace

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
