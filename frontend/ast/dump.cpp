// dump.cpp - the syntax tree as indented text, for --emit=ast.
//
// One node a line: kind, what it holds, `@` its position and in brackets its range, both in bytes from 0. The links
// of a chain stand below each other; comments are quoted behind the node that prints them.
#include "frontend/ast/format.h"

namespace tick {
namespace {

std::string Escaped(std::string_view text) {
  std::string out;
  for (char c : text) out += c == '\n' ? std::string("\\n") : std::string(1, c);
  return out;
}

class Dumper {
 public:
  void node(const ast::Node &node, size_t depth);
  std::string out;

 private:
  void line(const ast::Node &node, size_t depth, const std::string &text) {
    out += std::string(depth * 2, ' ') + text + " @" + std::to_string(node.at) + " [" +
           std::to_string(node.range.begin) + "," + std::to_string(node.range.end) + ")";
    if (node.comment) comment(*node.comment, "comment");
    out += '\n';
  }
  void comment(const ast::Comment &comment, std::string_view label) {
    out += " " + std::string(label) + "=\"";
    for (size_t i = 0; i < comment.lines.size(); ++i)
      out += (i > 0 ? "\\n" : "") + Escaped(comment.lines[i].text);
    out += '"';
  }
  void chain(const ast::ChainNode &node, size_t depth);
  void leaf(const ast::Node &node, size_t depth);
};

void Dumper::chain(const ast::ChainNode &node, size_t depth) {
  const auto [first, links] = ast::Unchain(node);
  out += std::string(depth * 2, ' ') + "Chain [" + std::to_string(node.range.begin) + "," +
         std::to_string(node.range.end) + ")\n";
  this->node(*first, depth + 1);
  for (const ast::ChainNode *link : links) {
    line(*link, depth + 1, std::string("Link ") + link->op);
    this->node(*link->right, depth + 2);
  }
}

void Dumper::leaf(const ast::Node &node, size_t depth) {
  switch (node.kind) {
    case ast::Kind::Number: {
      const auto &number = static_cast<const ast::NumberNode &>(node);
      return line(node, depth, std::string(number.is_int ? "Int " : "Float ") + FormatExpr(node));
    }
    case ast::Kind::Duration: {
      const auto &duration = static_cast<const ast::DurationNode &>(node);
      return line(node, depth, "Duration " + duration.text + " ns=" + std::to_string(duration.ns));
    }
    case ast::Kind::Bool: return line(node, depth, "Bool " + FormatExpr(node));
    case ast::Kind::String: {
      const auto &string = static_cast<const ast::StringNode &>(node);
      return line(node, depth, (string.triple ? "TripleString '" : "String '") + Escaped(string.value) + "'");
    }
    case ast::Kind::Regex: return line(node, depth, "Regex " + Escaped(static_cast<const ast::RegexNode &>(node).pattern));
    case ast::Kind::Star: return line(node, depth, "Star");
    case ast::Kind::Reference:
      return line(node, depth, "Reference \"" + Escaped(static_cast<const ast::ReferenceNode &>(node).name) + "\"");
    case ast::Kind::Identifier:
      return line(node, depth, "Identifier " + static_cast<const ast::IdentifierNode &>(node).name);
    case ast::Kind::TypeDecl: {
      const auto &var = static_cast<const ast::TypeDeclNode &>(node);
      return line(node, depth, "TypeDecl " + var.name + " " + var.type);
    }
    case ast::Kind::DbrpDecl: {
      const auto &dbrp = static_cast<const ast::DbrpDeclNode &>(node);
      return line(node, depth, "Dbrp \"" + dbrp.database + "\".\"" + dbrp.retention_policy + "\"");
    }
    default: return line(node, depth, "Comment");
  }
}

void Dumper::node(const ast::Node &node, size_t depth) {
  switch (node.kind) {
    case ast::Kind::Unary: {
      const auto &unary = static_cast<const ast::UnaryNode &>(node);
      line(node, depth, unary.negate ? "Unary -" : "Unary !");
      return this->node(*unary.operand, depth + 1);
    }
    case ast::Kind::Binary: {
      const auto &binary = static_cast<const ast::BinaryNode &>(node);
      line(node, depth, "Binary " + std::string(RowOf(binary.op).spelling) + (binary.parens ? " parens" : "") +
                            (binary.multi_line ? " multi-line" : ""));
      this->node(*binary.left, depth + 1);
      return this->node(*binary.right, depth + 1);
    }
    case ast::Kind::Lambda:
      line(node, depth, "Lambda");
      return this->node(*static_cast<const ast::LambdaNode &>(node).body, depth + 1);
    case ast::Kind::List:
      line(node, depth, "List");
      for (const ast::NodePtr &item : static_cast<const ast::ListNode &>(node).items) this->node(*item, depth + 1);
      return;
    case ast::Kind::Call: {
      const auto &call = static_cast<const ast::CallNode &>(node);
      line(node, depth, "Call " + call.name + (call.multi_line ? " multi-line" : ""));
      for (const ast::NodePtr &arg : call.args) this->node(*arg, depth + 1);
      return;
    }
    case ast::Kind::Chain: return chain(static_cast<const ast::ChainNode &>(node), depth);
    case ast::Kind::VarDecl: {
      const auto &var = static_cast<const ast::VarDeclNode &>(node);
      line(node, depth, "Var " + var.name);
      return this->node(*var.value, depth + 1);
    }
    default: return leaf(node, depth);
  }
}

}  // namespace

std::string DumpAst(const ast::Program &program) {
  Dumper dumper;
  dumper.out = program.dialect == ast::Dialect::Modern ? "Program\n" : "Program dialect 0.2\n";
  for (const ast::NodePtr &statement : program.statements) dumper.node(*statement, 1);
  return std::move(dumper.out);
}

}  // namespace tick
