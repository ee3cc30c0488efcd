// parser.h - the parser of templates: structure in parse.cpp, pipelines and their words in parse_words.cpp.
//
// The first mistake ends the parse: it is thrown as a ParseError and becomes an error text in ParseTrees().
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/alert/template/functions.h"
#include "runtime/alert/template/node.h"
#include "runtime/alert/template/token.h"

namespace tick::tmpl {

constexpr int kMaxNesting = 500;  // what the stack bears

struct ParseError {
  std::string text;
};

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

}  // namespace tick::tmpl
