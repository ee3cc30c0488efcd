// node.h - the tree of a parsed template.
//
// One struct for all kinds: which members count is said beside them. Nodes keep their place in the text, so
// that a failure can be shown as Go shows it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tick::tmpl {

struct Function;
struct Node;
using NodePtr = std::unique_ptr<Node>;

enum class NodeKind : uint8_t {
  List,    // items
  Text,    // text
  Action,  // pipe, escapers
  If,
  With,
  Range,     // pipe, body, otherwise
  Template,  // text: its name; pipe or none
  Break,
  Continue,
  Pipe,        // declared, assigns, items: commands
  Command,     // items: words
  Identifier,  // text, function
  Field,
  Variable,  // path (the variable's name first)
  Chain,     // base, path
  Dot,
  Nil,
  Bool,    // truth
  Number,  // text, number
  String,  // text as written, value
  End,
  Else  // while parsing only
};

// A constant under every type that holds it, as Go's ideal constants.
struct Number {
  bool is_int = false, is_float = false;
  int64_t i = 0;
  double f = 0;
  bool overflows = false;  // fits only an unsigned integer
};

// How the value of an action is made safe for the place it stands in (html.h).
enum class Escaper : uint8_t;

struct Node {
  NodeKind kind;
  uint32_t pos = 0;
  std::string text;
  std::string value;
  std::vector<std::string> path;
  std::vector<NodePtr> items;
  std::vector<NodePtr> declared;
  bool assigns = false;
  bool truth = false;
  Number number;
  const Function *function = nullptr;
  NodePtr pipe, body, otherwise;
  NodePtr base;
  std::vector<Escaper> escapers;

  // As written, normalized: what Go prints between < and >.
  std::string describe() const;
};

// The templates of one text by name: itself and those it defines.
struct TreeSet {
  std::string name;  // of the text
  std::string text;
  std::map<std::string, NodePtr, std::less<>> roots;
  const Node *find(std::string_view root) const {
    auto at = roots.find(root);
    return at == roots.end() ? nullptr : at->second.get();
  }
};

}  // namespace tick::tmpl
