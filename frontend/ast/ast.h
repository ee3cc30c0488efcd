// ast.h - the tree of a script, as written.
//
// In: frontend/parse. Out: check, format, printer. Keeps everything the formatter needs (comments, octal
// numbers, triple quotes, line breaks) and nothing the checker finds out. Owned by its Program. Positions
// follow language.md 2.3: `at` is the byte the reference implementation calls the node's position (a binary
// node's operator, a chain's operator token), `range` is all of it, for carets.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "frontend/support/source.h"
#include "grammar/tables.h"

namespace tick::ast {

enum class Dialect : uint8_t { Modern = 1, Dotted = 2 };  // 2: Kapacitor 0.2, `.` chains nodes

// Lines of `//` text; a blank-line marker separates joined comments (language.md 1.9).
struct Comment {
  struct Line {
    bool blank_marker = false;
    std::string text;  // without "//" and one space
  };
  std::vector<Line> lines;
};

enum class Kind : uint8_t {
  Number, Duration, Bool, String, Regex, Star, Reference, Identifier,
  Unary, Binary, Lambda, List, Call, Chain,
  VarDecl, TypeDecl, DbrpDecl, CommentStmt
};

struct Node {
  Kind kind;
  uint32_t at = 0;
  SourceRange range;
  std::optional<Comment> comment;
  explicit Node(Kind k) : kind(k) {}
  virtual ~Node() = default;
};
using NodePtr = std::unique_ptr<Node>;

template <class T>
const T *As(const Node *node) {
  return node && node->kind == T::kKind ? static_cast<const T *>(node) : nullptr;
}

#define TICK_AST(Name) \
  static constexpr Kind kKind = Kind::Name; \
  Name##Node() : Node(kKind) {}

struct NumberNode : Node { TICK_AST(Number) bool is_int = true; bool octal = false; int64_t int_value = 0; double float_value = 0; };
struct DurationNode : Node { TICK_AST(Duration) int64_t ns = 0; std::string text; };  // text: as written
struct BoolNode : Node { TICK_AST(Bool) bool value = false; };
struct StringNode : Node { TICK_AST(String) std::string value; bool triple = false; };
struct RegexNode : Node { TICK_AST(Regex) std::string raw; std::string pattern; };    // raw: between the slashes
struct StarNode : Node { TICK_AST(Star) };
struct ReferenceNode : Node { TICK_AST(Reference) std::string name; };
struct IdentifierNode : Node { TICK_AST(Identifier) std::string name; };
struct UnaryNode : Node { TICK_AST(Unary) bool negate = false; NodePtr operand; };    // negate: `-`, else `!`
struct BinaryNode : Node { TICK_AST(Binary) Operator op{}; NodePtr left, right; bool parens = false; bool multi_line = false; };
struct LambdaNode : Node { TICK_AST(Lambda) NodePtr body; };
struct ListNode : Node { TICK_AST(List) std::vector<NodePtr> items; };
// A call; what it is called on is the enclosing chain's left side, none for a global or lambda function.
struct CallNode : Node { TICK_AST(Call) std::string name; SourceRange name_range; std::vector<NodePtr> args; bool multi_line = false; };
// left OP right; right is a Call or an Identifier.
struct ChainNode : Node { TICK_AST(Chain) char op = '|'; NodePtr left, right; };      // op: '|', '.' or '@'
struct VarDeclNode : Node { TICK_AST(VarDecl) std::string name; SourceRange name_range; std::optional<Comment> name_comment; NodePtr value; };
struct TypeDeclNode : Node { TICK_AST(TypeDecl) std::string name, type; SourceRange name_range, type_range; std::optional<Comment> name_comment, type_comment; };
struct DbrpDeclNode : Node { TICK_AST(DbrpDecl) std::string database, retention_policy; };
struct CommentStmtNode : Node { TICK_AST(CommentStmt) };  // text in `comment`
#undef TICK_AST

// A chain as it reads: what it starts with and its links from left to right; of another node no links.
struct ChainView {
  const Node *first = nullptr;
  std::vector<const ChainNode *> links;
};
inline ChainView Unchain(const Node &node) {
  ChainView view{&node, {}};
  while (const ChainNode *link = As<ChainNode>(view.first)) {
    view.links.push_back(link);
    view.first = link->left.get();
  }
  std::reverse(view.links.begin(), view.links.end());
  return view;
}

struct Program {
  std::vector<NodePtr> statements;  // declarations, comment statements and expressions
  Dialect dialect = Dialect::Modern;
};

}  // namespace tick::ast
