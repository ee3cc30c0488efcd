// select.cpp - parses SELECT statements, printing as it goes.
#include "runtime/influx/select.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "runtime/influx/influxql_lexer.h"

namespace tick {
namespace {

using enum QlToken;

std::string Upper(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  return upper;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return lower;
}

// Plain decimal with a point, as InfluxQL tells floats from integers.
std::string NumberText(const std::string &written) {
  double value = 0;
  std::from_chars(written.data(), written.data() + written.size(), value);
  char digits[400];
  std::string out(digits, std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed).ptr);
  return out.find('.') == std::string::npos ? out + ".0" : out;
}

std::string RegexText(const std::string &pattern) {
  std::string out = "/";
  for (char c : pattern) {
    if (c == '/') out += '\\';
    out += c;
  }
  return out + "/";
}

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) { next(); }

  // All statements of the text; the first one that is a SELECT goes to `out`.
  std::string run(Select *out) {
    size_t statements = 0;
    for (;;) {
      while (token() == Semicolon) next();
      if (token() == End) break;
      if (!is("SELECT")) return other_statement();
      *out = {};
      select(out);
      if (!error_.empty()) return error_;
      ++statements;
      if (token() != Semicolon && token() != End) {
        fail(";, EOF");
        return error_;
      }
    }
    if (statements == 1) return "";
    return "query must be a single select statement, got " + std::to_string(statements) + " statements";
  }

 private:
  QlToken token() const { return current_.token; }
  void next() { current_ = lexer_.scan(current_.end); }
  bool is(std::string_view keyword) const { return token() == Word && Upper(current_.text) == keyword; }
  bool take(std::string_view keyword) {
    if (!is(keyword)) return false;
    next();
    return true;
  }
  bool take(QlToken wanted) {
    if (token() != wanted) return false;
    next();
    return true;
  }
  void fail(std::string_view expected) {
    if (!error_.empty()) return;
    std::string found = token() == End                                  ? "EOF"
                        : IsQlKeyword(current_.text) && token() == Word ? Upper(current_.text)
                                                                        : current_.text;
    if (token() == BadText) {
      error_ = "bad string at " + lexer_.place(current_.at);
      return;
    }
    error_ = "found " + found + ", expected " + std::string(expected) + " at " + lexer_.place(current_.at);
  }
  void want(QlToken wanted, std::string_view name) {
    if (!take(wanted)) fail(name);
  }
  void want(std::string_view keyword) {
    if (!take(keyword)) fail(keyword);
  }

  std::string other_statement() {
    for (std::string_view known :
         {"SHOW", "CREATE", "DROP", "DELETE", "EXPLAIN", "GRANT", "REVOKE", "ALTER", "SET", "KILL"})
      if (is(known)) return "query is not a select statement \"" + Upper(current_.text) + "\"";
    fail("SELECT, DELETE, SHOW, CREATE, DROP, EXPLAIN, GRANT, REVOKE, ALTER, SET, KILL");
    return error_;
  }

  // A name: a quoted word or one that is no keyword.
  std::string name() {
    if (token() == QuotedWord || (token() == Word && !IsQlKeyword(current_.text))) {
      std::string text = current_.text;
      next();
      return text;
    }
    fail("identifier");
    return "";
  }
  bool at_name() const { return token() == QuotedWord || (token() == Word && !IsQlKeyword(current_.text)); }

  template <class F>
  std::string list(F &&item) {
    std::string out = item();
    while (error_.empty() && take(Comma)) out += ", " + item();
    return out;
  }

  void select(Select *out) {
    if (++depth_ > kDeepest) return fail("fewer nested queries");
    want("SELECT");
    out->fields = list([&] { return field(); });
    if (error_.empty() && take("INTO")) out->target = source().text;
    want("FROM");
    do {
      if (error_.empty()) out->sources.push_back(source());
    } while (error_.empty() && take(Comma));
    if (error_.empty() && take("WHERE")) out->condition = expression();
    if (error_.empty() && take("GROUP")) {
      want("BY");
      if (error_.empty()) out->dimensions = list([&] { return expression(); });
    }
    if (error_.empty() && is("FILL")) out->fill = fill();
    if (error_.empty()) out->tail = tail();
    --depth_;
  }

  std::string field() {
    std::string out = expression();
    if (error_.empty() && take("AS")) out += " AS " + QlIdent(name());
    return out;
  }

  SelectSource source() {
    SelectSource source;
    if (take(Open)) {
      Select inner;
      select(&inner);
      want(Close, ")");
      source.subquery = true;
      source.text = "(" + PrintSelect(inner) + ")";
      return source;
    }
    // db.rp.name, db..name, rp.name, name; the last part may be a regex.
    std::vector<std::string> parts;
    for (;;) {
      if (token() == Divide) {
        source.regex = true;
        parts.push_back(regex());
        break;
      }
      parts.push_back(token() == Dot && !parts.empty() ? "" : name());
      if (!error_.empty() || parts.size() == 3 || !take(Dot)) break;
    }
    if (parts.size() == 3) source.database = parts[0];
    if (parts.size() >= 2) source.retention_policy = parts[parts.size() - 2];
    source.measurement = parts.back();
    if (!source.database.empty()) source.text = QlIdent(source.database) + ".";
    if (!source.retention_policy.empty()) source.text += QlIdent(source.retention_policy);
    if (parts.size() > 1) source.text += ".";
    source.text += source.regex ? source.measurement : QlIdent(source.measurement);
    return source;
  }

  std::string regex() {
    QlLexeme found = lexer_.scan_regex(current_.at);
    if (found.token != Regex) {
      fail("regex");
      return "";
    }
    current_ = found;
    next();
    return RegexText(found.text);
  }

  static std::string_view operator_text(QlToken token) {
    switch (token) {
      case Plus:
        return "+";
      case Minus:
        return "-";
      case Times:
        return "*";
      case Divide:
        return "/";
      case Modulo:
        return "%";
      case BitAnd:
        return "&";
      case BitOr:
        return "|";
      case BitXor:
        return "^";
      case Equal:
        return "=";
      case NotEqual:
        return "!=";
      case Matches:
        return "=~";
      case NotMatches:
        return "!~";
      case Less:
        return "<";
      case LessEqual:
        return "<=";
      case Greater:
        return ">";
      case GreaterEqual:
        return ">=";
      default:
        return "";
    }
  }

  std::string expression() {
    if (++depth_ > kDeepest) fail("fewer parentheses");
    std::string out = operand();
    while (error_.empty()) {
      std::string op(is("AND") ? "AND" : is("OR") ? "OR" : operator_text(token()));
      if (op.empty()) break;
      bool pattern = token() == Matches || token() == NotMatches;
      next();
      out += " " + op + " " + (pattern ? regex() : operand());
    }
    --depth_;
    return out;
  }

  std::string operand() {
    if (!error_.empty()) return "";
    switch (token()) {
      case Open: {
        next();
        std::string inner = expression();
        want(Close, ")");
        return "(" + inner + ")";
      }
      case Plus:
        next();
        return operand();
      case Minus: {
        next();
        bool literal = token() == Integer || token() == Number || token() == Duration;
        return (literal ? "-" : "-1 * ") + operand();
      }
      case Times: {
        next();
        std::string out = "*";
        if (take(DoubleColon)) {
          out += "::" + Lower(current_.text);
          next();
        }
        return out;
      }
      case Divide:
        return regex();
      case Text:
        return literal(QlText(current_.text));
      case Integer:
        return literal(std::to_string(current_.integer));
      case Number:
        return literal(NumberText(current_.text));
      case Duration:
        return literal(QlDuration(current_.integer));
      case Parameter:
        return literal(current_.text);
      default:
        break;
    }
    if (is("TRUE") || is("FALSE")) return literal(Lower(current_.text));
    if (is("DISTINCT")) {
      next();
      return token() == Open ? call("distinct") : "DISTINCT " + QlIdent(name());
    }
    if (!at_name()) {
      fail("identifier, string, number, bool");
      return "";
    }
    std::string called = current_.token == Word ? Lower(current_.text) : "";
    std::string variable = name();
    if (token() == Open && !called.empty()) return call(called);
    return reference(std::move(variable));
  }

  std::string literal(std::string text) {
    next();
    return text;
  }

  std::string call(const std::string &function) {
    next();
    std::string out = function + "(";
    if (token() != Close) out += list([&] { return expression(); });
    want(Close, ")");
    return out + ")";
  }

  // a.b.c is one name; a type may follow.
  std::string reference(std::string variable) {
    while (error_.empty() && take(Dot)) variable += "." + name();
    std::string out = QlIdent(variable);
    if (take(DoubleColon)) {
      out += "::" + Lower(current_.text);
      next();
    }
    return out;
  }

  std::string fill() {
    next();
    want(Open, "(");
    std::string option;
    if (token() == Word) {
      option = Lower(current_.text);
      if (option != "null" && option != "none" && option != "previous" && option != "linear")
        fail("null, none, previous, linear or a number");
      if (option == "null") option.clear();
      next();
    } else {
      option = operand();
    }
    want(Close, ")");
    return option;
  }

  std::string tail() {
    std::string out;
    if (take("ORDER")) {
      want("BY");
      out += " ORDER BY " + list([&] { return sort_field(); });
    }
    for (std::string_view keyword : {"LIMIT", "OFFSET", "SLIMIT", "SOFFSET"}) {
      if (!error_.empty() || !take(keyword)) continue;
      if (token() != Integer)
        fail("integer");
      else if (current_.integer > 0)
        out += " " + std::string(keyword) + " " + std::to_string(current_.integer);
      if (error_.empty()) next();
    }
    if (error_.empty() && take("TZ")) {
      want(Open, "(");
      if (token() != Text) fail("string");
      out += " TZ(" + QlText(current_.text) + ")";
      if (error_.empty()) next();
      want(Close, ")");
    }
    return out;
  }

  std::string sort_field() {
    std::string out;
    if (!is("ASC") && !is("DESC")) out = name() + " ";
    bool down = is("DESC");
    if (!take("DESC")) take("ASC");
    return out + (down ? "DESC" : "ASC");
  }

  static constexpr int kDeepest = 200;
  QlLexer lexer_;
  QlLexeme current_;
  std::string error_;
  int depth_ = 0;
};

}  // namespace

SelectResult ParseSelect(std::string_view text) {
  SelectResult result;
  result.error = Parser(text).run(&result.select);
  return result;
}

std::string PrintSelect(const Select &select) {
  std::string out = "SELECT " + select.fields;
  if (!select.target.empty()) out += " INTO " + select.target;
  for (size_t i = 0; i < select.sources.size(); ++i) out += (i ? ", " : " FROM ") + select.sources[i].text;
  if (!select.condition.empty()) out += " WHERE " + select.condition;
  if (!select.dimensions.empty()) out += " GROUP BY " + select.dimensions;
  if (!select.fill.empty()) out += " fill(" + select.fill + ")";
  return out + select.tail;
}

}  // namespace tick
