// format.cpp - the canonical text of a script (language.md 7).
//
// In: a syntax tree with its comments and line breaks. Out: text that reads back to the same tree, with the
// indentation Kapacitor's formatter gives it; once formatted it stays as it is. Where the reference's output
// would not be read back as it was meant (a regex behind `lambda:`, a quote in a dbrp name), ours is.
#include "frontend/ast/format.h"

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
    if (!fresh) out_ += '\n';
    for (const ast::Comment::Line &line : comment.lines)
      out_ += line.blank_marker ? "\n" : indent + "//" + (line.text.empty() ? "" : " " + line.text) + "\n";
  }
  void name(const std::string &name, const std::optional<ast::Comment> &its_comment) {
    if (comments_ && its_comment) comment(*its_comment, "", false);
    out_ += name;
  }

  void binary(const ast::BinaryNode &node, std::string indent, bool fresh);
  void list(const ast::ListNode &node, const std::string &indent, bool fresh);
  void call(const ast::CallNode &node, const std::string &indent, bool fresh);
  void chain(const ast::ChainNode &node, const std::string &indent, bool fresh);
  void regex(const ast::RegexNode &node);
  bool behind_word() const;
  void token_behind_operator(const std::string &text);

  ast::Dialect dialect_;
  bool comments_;
  DottedNodes dotted_;
  std::string out_;
};

void Formatter::print(const ast::Node &node, const std::string &indent, bool fresh) {
  switch (node.kind) {
    case ast::Kind::Binary: return binary(static_cast<const ast::BinaryNode &>(node), indent, fresh);
    case ast::Kind::List: return list(static_cast<const ast::ListNode &>(node), indent, fresh);
    case ast::Kind::Call: return call(static_cast<const ast::CallNode &>(node), indent, fresh);
    case ast::Kind::Chain: return chain(static_cast<const ast::ChainNode &>(node), indent, fresh);
    case ast::Kind::CommentStmt:
      if (comments_ && node.comment) comment(*node.comment, indent, fresh);
      return;
    default: break;
  }
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
    case ast::Kind::Regex: regex(static_cast<const ast::RegexNode &>(node)); break;
    case ast::Kind::Star: token_behind_operator("*"); break;
    case ast::Kind::Reference: out_ += Quoted(static_cast<const ast::ReferenceNode &>(node).name, '"'); break;
    case ast::Kind::Identifier: out_ += static_cast<const ast::IdentifierNode &>(node).name; break;
    case ast::Kind::Unary: {
      const auto &unary = static_cast<const ast::UnaryNode &>(node);
      out_ += unary.negate ? '-' : '!';
      print(*unary.operand, indent, false);
      break;
    }
    case ast::Kind::Lambda:
      out_ += "lambda: ";
      print(*static_cast<const ast::LambdaNode &>(node).body, indent, false);
      break;
    case ast::Kind::VarDecl: {
      const auto &var = static_cast<const ast::VarDeclNode &>(node);
      out_ += "var ";
      name(var.name, var.name_comment);
      out_ += " = ";
      print(*var.value, indent, false);
      break;
    }
    case ast::Kind::TypeDecl: {
      const auto &var = static_cast<const ast::TypeDeclNode &>(node);
      out_ += "var ";
      name(var.name, var.name_comment);
      out_ += ' ';
      name(var.type, var.type_comment);
      break;
    }
    case ast::Kind::DbrpDecl: {
      const auto &dbrp = static_cast<const ast::DbrpDeclNode &>(node);
      out_ += "dbrp " + Quoted(dbrp.database, '"') + "." + Quoted(dbrp.retention_policy, '"');
      break;
    }
    default: break;
  }
}

void Formatter::binary(const ast::BinaryNode &node, std::string indent, bool fresh) {
  lead(node, indent, fresh);
  if (node.parens) {
    out_ += '(';
    indent += "    ";
  }
  print(*node.left, indent, false);
  out_ += " " + std::string(RowOf(node.op).spelling) + (node.multi_line ? "\n" : " ");
  print(*node.right, indent, node.multi_line);
  if (node.parens) out_ += ')';
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

// Behind `lambda:`, `AND` and `OR` the lexer reads `/` as division and `*` as multiplication.
bool Formatter::behind_word() const {
  size_t end = out_.find_last_not_of(" \n") + 1;
  std::string_view text = std::string_view(out_).substr(0, end);
  return text.ends_with("lambda:") || text.ends_with(" AND") || text.ends_with(" OR");
}

void Formatter::token_behind_operator(const std::string &text) { out_ += behind_word() ? "(" + text + ")" : text; }

void Formatter::regex(const ast::RegexNode &node) {
  // A line that begins with a slash would go on with the comment above it: a blank line ends the comment.
  size_t line_end = out_.find_last_not_of(" \n") + 1;
  size_t line_begin = line_end == 0 ? 0 : out_.rfind('\n', line_end - 1) + 1;
  bool behind_comment = line_end < out_.size() && out_[line_end] == '\n' &&
                        out_.find_first_not_of(' ', line_begin) == out_.find("//", line_begin);
  if (behind_comment && out_.find_last_of('\n') == line_end) out_.insert(line_end, "\n");
  token_behind_operator("/" + node.raw + "/");
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
