// format.cpp - the canonical text of a script (language.md 7).
//
// In: a syntax tree with its comments and line breaks. Out: text that reads back to the same tree, with the
// indentation Kapacitor's formatter gives it; once formatted it stays as it is. Where the reference's output
// would not be read back as it was meant (a regex behind `lambda:`, a quote in a dbrp name), ours is.
#include "frontend/ast/format.h"

#include <cctype>
#include <charconv>
#include <cstdlib>

#include "frontend/ast/dotted_nodes.h"

namespace tick {
namespace {

// Shortest decimal digits that read back, without exponent, always with a point.
std::string FloatText(double value) {
  char buffer[32];
  char *end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  std::string text(buffer, end);
  size_t e = text.find('e');
  int exponent = std::atoi(text.c_str() + e + 1);
  std::string digits = text.substr(0, 1) + (e > 1 ? text.substr(2, e - 2) : "");
  int point = exponent + 1;  // digits before the point
  if (point <= 0) return "0." + std::string(static_cast<size_t>(-point), '0') + digits;
  size_t whole = static_cast<size_t>(point);
  if (whole >= digits.size()) return digits + std::string(whole - digits.size(), '0') + ".0";
  return digits.substr(0, whole) + "." + digits.substr(whole);
}

std::string NumberText(const ast::NumberNode &number) {
  if (!number.is_int) return FloatText(number.float_value);
  char buffer[32];
  char *end = std::to_chars(buffer, buffer + sizeof buffer, number.int_value, number.octal ? 8 : 10).ptr;
  return (number.octal ? "0" : "") + std::string(buffer, end);
}

std::string Quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (char c : text) {
    if (c == quote) out += '\\';
    out += c;
  }
  return out + quote;
}

class Formatter {
 public:
  explicit Formatter(ast::Dialect dialect, bool comments) : dialect_(dialect), comments_(comments) {}

  void program(const ast::Program &program) {
    for (size_t i = 0; i < program.statements.size(); ++i) {
      if (i > 0) out_ += '\n';
      print(*program.statements[i], "", true);
      out_ += '\n';
      dotted_.note(*program.statements[i]);
    }
  }
  // `fresh`: at the start of a line whose indentation is still to be written.
  void print(const ast::Node &node, const std::string &indent, bool fresh);
  std::string take() { return std::move(out_); }

 private:
  // Comment and indentation, before the node's own text; returns `fresh` for what follows on the same line.
  bool lead(const ast::Node &node, const std::string &indent, bool fresh) {
    if (comments_ && node.comment) {
      comment(*node.comment, indent, fresh);
      fresh = true;
    }
    if (fresh) out_ += indent;
    return fresh;
  }
  void comment(const ast::Comment &comment, const std::string &indent, bool fresh) {
    // No line of spaces: between two comments an empty one, elsewhere the comment takes the line itself.
    size_t line = out_.find_last_not_of(' ') + 1;
    bool blank = line == 0 || out_[line - 1] == '\n';
    if (!fresh && blank) out_.resize(line);
    if (!fresh && (!blank || (line > 0 && line == comment_end_))) out_ += '\n';
    for (const ast::Comment::Line &line : comment.lines)
      out_ += line.blank_marker ? "\n" : indent + "//" + (line.text.empty() ? "" : " " + line.text) + "\n";
    comment_end_ = out_.size();
  }
  void name(const std::string &name, const std::optional<ast::Comment> &its_comment) {
    if (comments_ && its_comment) comment(*its_comment, "", false);
    out_ += name;
  }

  void leaf(const ast::Node &node, const std::string &indent, bool fresh);
  void declaration(const ast::Node &node, const std::string &indent, bool fresh);
  void binary(const ast::BinaryNode &node, const std::string &indent, bool fresh);
  void binary_operator(const ast::BinaryNode &node);
  void list(const ast::ListNode &node, const std::string &indent, bool fresh);
  void call(const ast::CallNode &node, const std::string &indent, bool fresh);
  void chain(const ast::ChainNode &node, const std::string &indent, bool fresh);
  void fragile(const ast::Node &node);
  bool behind_operand() const;
  bool behind_comment() const {
    return comment_end_ > 0 && out_.find_first_not_of(' ', comment_end_) == std::string::npos;
  }

  ast::Dialect dialect_;
  bool comments_;
  DottedNodes dotted_;
  std::string out_;
  size_t comment_end_ = 0;  // bytes written when the last comment was complete
  size_t fragile_begin_ = 0, fragile_end_ = 0;  // the last regex or star without parentheses
};

// Dispatches only, so that a deep expression costs little stack.
void Formatter::print(const ast::Node &node, const std::string &indent, bool fresh) {
  switch (node.kind) {
    case ast::Kind::Binary: return binary(static_cast<const ast::BinaryNode &>(node), indent, fresh);
    case ast::Kind::List: return list(static_cast<const ast::ListNode &>(node), indent, fresh);
    case ast::Kind::Call: return call(static_cast<const ast::CallNode &>(node), indent, fresh);
    case ast::Kind::Chain: return chain(static_cast<const ast::ChainNode &>(node), indent, fresh);
    case ast::Kind::CommentStmt:
      if (comments_ && node.comment) comment(*node.comment, indent, fresh);
      return;
    case ast::Kind::Unary:
      lead(node, indent, fresh);
      out_ += static_cast<const ast::UnaryNode &>(node).negate ? '-' : '!';
      return print(*static_cast<const ast::UnaryNode &>(node).operand, indent, false);
    case ast::Kind::Lambda:
      lead(node, indent, fresh);
      out_ += "lambda: ";
      return print(*static_cast<const ast::LambdaNode &>(node).body, indent, false);
    case ast::Kind::VarDecl:
    case ast::Kind::TypeDecl:
    case ast::Kind::DbrpDecl: return declaration(node, indent, fresh);
    default: return leaf(node, indent, fresh);
  }
}

void Formatter::leaf(const ast::Node &node, const std::string &indent, bool fresh) {
  lead(node, indent, fresh);
  switch (node.kind) {
    case ast::Kind::Number: out_ += NumberText(static_cast<const ast::NumberNode &>(node)); break;
    case ast::Kind::Duration: out_ += static_cast<const ast::DurationNode &>(node).text; break;
    case ast::Kind::Bool: out_ += static_cast<const ast::BoolNode &>(node).value ? "TRUE" : "FALSE"; break;
    case ast::Kind::String: {
      const auto &string = static_cast<const ast::StringNode &>(node);
      out_ += string.triple ? "'''" + string.value + "'''" : Quoted(string.value, '\'');
      break;
    }
    case ast::Kind::Reference: out_ += Quoted(static_cast<const ast::ReferenceNode &>(node).name, '"'); break;
    case ast::Kind::Identifier: out_ += static_cast<const ast::IdentifierNode &>(node).name; break;
    default: fragile(node); break;
  }
}

void Formatter::declaration(const ast::Node &node, const std::string &indent, bool fresh) {
  lead(node, indent, fresh);
  if (const auto *var = ast::As<ast::VarDeclNode>(&node)) {
    out_ += "var ";
    name(var->name, var->name_comment);
    out_ += " = ";
    print(*var->value, indent, false);
  } else if (const auto *type = ast::As<ast::TypeDeclNode>(&node)) {
    out_ += "var ";
    name(type->name, type->name_comment);
    out_ += ' ';
    name(type->type, type->type_comment);
  } else if (const auto *dbrp = ast::As<ast::DbrpDeclNode>(&node)) {
    out_ += "dbrp " + Quoted(dbrp->database, '"') + "." + Quoted(dbrp->retention_policy, '"');
  }
}

void Formatter::binary(const ast::BinaryNode &node, const std::string &indent, bool fresh) {
  lead(node, indent, fresh);
  const std::string inner = node.parens ? indent + "    " : indent;
  if (node.parens) out_ += '(';
  print(*node.left, inner, false);
  binary_operator(node);
  print(*node.right, inner, node.multi_line);
  if (node.parens) out_ += ')';
}

void Formatter::binary_operator(const ast::BinaryNode &node) {
  // Where no operator can follow, words and the sign still can.
  bool word_or_sign = node.op == Operator::And || node.op == Operator::Or || node.op == Operator::Minus;
  if (out_.size() == fragile_end_ && !word_or_sign) {
    out_.insert(fragile_begin_, "(");
    out_ += ')';
  }
  out_ += ' ';
  out_ += RowOf(node.op).spelling;
  out_ += node.multi_line ? '\n' : ' ';
}

void Formatter::list(const ast::ListNode &node, const std::string &indent, bool fresh) {
  fresh = lead(node, indent, fresh);
  out_ += '[';
  for (size_t i = 0; i < node.items.size(); ++i) {
    if (i > 0) out_ += ", ";
    print(*node.items[i], indent, fresh);
  }
  out_ += ']';
}

void Formatter::call(const ast::CallNode &node, const std::string &indent, bool fresh) {
  lead(node, indent, fresh);
  out_ += node.name + "(";
  std::string inner = indent + "    ";
  for (size_t i = 0; i < node.args.size(); ++i) {
    if (i > 0) out_ += node.multi_line ? "," : ", ";
    if (node.multi_line) out_ += '\n';
    print(*node.args[i], inner, node.multi_line);
  }
  if (node.multi_line) out_ += "\n" + indent;
  out_ += ')';
}

void Formatter::chain(const ast::ChainNode &node, const std::string &indent, bool fresh) {
  const auto [first, links] = ast::Unchain(node);
  print(*first, indent, fresh);
  const auto *object = ast::As<ast::IdentifierNode>(first);
  bool dotted = dialect_ == ast::Dialect::Dotted;
  bool inline_links = dotted && object && object->name == "influxql";
  std::string kind = dotted ? dotted_.kind_of(*first) : "";
  for (const ast::ChainNode *step : links) {
    const ast::ChainNode &link = *step;
    bool deeper = link.op == '.' && !(dotted && DottedNodes::is_node(kind, *link.right));
    kind = DottedNodes::behind(kind, *link.right);
    std::string inner = indent + (deeper ? "        " : "    ");
    if (!inline_links || (comments_ && link.comment)) {
      out_ += '\n';
      if (comments_ && link.comment) comment(*link.comment, inner, true);
      out_ += inner;
    }
    out_ += link.op;
    print(*link.right, inner, false);
  }
}

// Whether the lexer, having read what is written so far, takes a slash for division and a star for multiplication:
// behind names, words, literals and `)`.
bool Formatter::behind_operand() const {
  size_t last = out_.find_last_not_of(" \n");
  if (last == std::string::npos) return false;
  unsigned char c = static_cast<unsigned char>(out_[last]);
  return std::isalnum(c) || c >= 0x80 || c == '_' || c == '\'' || c == '"' || c == ')' || c == ':';
}

// Regexes and stars are read as such only in some places and take no operator behind them; otherwise they need
// parentheses, which the tree does not keep.
void Formatter::fragile(const ast::Node &node) {
  const auto *regex = ast::As<ast::RegexNode>(&node);
  // A line that begins with a slash would go on with the comment above it; a blank line ends the comment.
  bool fresh_state = behind_comment();
  if (regex && fresh_state) out_.insert(comment_end_, "\n");
  std::string text = regex ? "/" + regex->raw + "/" : "*";
  if (!fresh_state && behind_operand()) {
    out_ += "(" + text + ")";
    return;
  }
  fragile_begin_ = out_.size();
  out_ += text;
  fragile_end_ = out_.size();
}

}  // namespace

std::string Format(const ast::Program &program) {
  Formatter formatter(program.dialect, true);
  formatter.program(program);
  return formatter.take();
}

std::string FormatExpr(const ast::Node &expr) {
  Formatter formatter(ast::Dialect::Modern, false);
  formatter.print(expr, "", false);
  return formatter.take();
}

}  // namespace tick
