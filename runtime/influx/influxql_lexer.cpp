// influxql_lexer.cpp - InfluxQL's tokens, and how its printer writes names, texts and durations.
#include "runtime/influx/influxql_lexer.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace tick {
namespace {

constexpr std::string_view kKeywords[] = {
    "ALL",           "ALTER",        "ANALYZE",     "AND",          "ANY",         "AS",       "ASC",
    "BEGIN",         "BY",           "CARDINALITY", "CONTINUOUS",   "CREATE",      "DATABASE", "DATABASES",
    "DEFAULT",       "DELETE",       "DESC",        "DESTINATIONS", "DIAGNOSTICS", "DISTINCT", "DROP",
    "DURATION",      "END",          "EVERY",       "EXACT",        "EXPLAIN",     "FALSE",    "FIELD",
    "FOR",           "FROM",         "GRANT",       "GRANTS",       "GROUP",       "GROUPS",   "IN",
    "INF",           "INSERT",       "INTO",        "KEY",          "KEYS",        "KILL",     "LIMIT",
    "MEASUREMENT",   "MEASUREMENTS", "NAME",        "OFFSET",       "ON",          "OR",       "ORDER",
    "PASSWORD",      "POLICIES",     "POLICY",      "PRIVILEGES",   "QUERIES",     "QUERY",    "READ",
    "REPLICATION",   "RESAMPLE",     "RETENTION",   "REVOKE",       "SELECT",      "SERIES",   "SET",
    "SHARD",         "SHARDS",       "SHOW",        "SLIMIT",       "SOFFSET",     "STATS",    "SUBSCRIPTION",
    "SUBSCRIPTIONS", "TAG",          "TO",          "TRUE",         "USER",        "USERS",    "VALUES",
    "VERBOSE",       "WHERE",        "WITH",        "WRITE"};
static_assert(std::is_sorted(std::begin(kKeywords), std::end(kKeywords)));

struct Unit {
  std::string_view name;
  int64_t ns;
};
// Longer names before their prefixes.
constexpr Unit kUnits[] = {{"ns", 1},
                           {"u", 1'000},
                           {"µ", 1'000},
                           {"ms", 1'000'000},
                           {"s", 1'000'000'000},
                           {"m", 60'000'000'000},
                           {"h", 3'600'000'000'000},
                           {"d", 86'400'000'000'000},
                           {"w", 604'800'000'000'000}};

bool IsWordStart(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80); }
bool IsWordPart(char c) { return IsWordStart(c) || std::isdigit(static_cast<unsigned char>(c)); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

QlLexeme Simple(QlToken token, std::string_view text, size_t at) {
  return {token, std::string(text), 0, at, at + text.size()};
}

}  // namespace

bool IsQlKeyword(std::string_view word) {
  std::string upper(word);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  return std::binary_search(std::begin(kKeywords), std::end(kKeywords), upper);
}

size_t QlLexer::skip_blanks(size_t at) const {
  for (;;) {
    while (at < text_.size() && (text_[at] == ' ' || text_[at] == '\t' || text_[at] == '\n' || text_[at] == '\r')) ++at;
    if (text_.substr(at, 2) == "--") {
      at = std::min(text_.find('\n', at), text_.size());
    } else if (text_.substr(at, 2) == "/*") {
      size_t end = text_.find("*/", at + 2);
      at = end == std::string_view::npos ? text_.size() : end + 2;
    } else {
      return at;
    }
  }
}

QlLexeme QlLexer::quoted(size_t at, char quote) const {
  QlLexeme lexeme{quote == '"' ? QlToken::QuotedWord : QlToken::Text, "", 0, at, at + 1};
  for (size_t i = at + 1; i < text_.size(); ++i) {
    char c = text_[i];
    if (c == quote) {
      lexeme.end = i + 1;
      return lexeme;
    }
    if (c == '\n') break;
    if (c == '\\') {
      char escaped = get(i + 1);
      if (escaped == 'n')
        lexeme.text += '\n';
      else if (escaped == '\\' || escaped == '"' || escaped == '\'')
        lexeme.text += escaped;
      else
        break;
      ++i;
      continue;
    }
    lexeme.text += c;
  }
  lexeme.token = QlToken::BadText;
  lexeme.end = text_.size();
  return lexeme;
}

QlLexeme QlLexer::number(size_t at) const {
  QlLexeme lexeme{QlToken::Integer, "", 0, at, at};
  size_t i = at;
  while (IsDigit(get(i))) ++i;
  if (get(i) == '.' && IsDigit(get(i + 1))) {
    lexeme.token = QlToken::Number;
    for (++i; IsDigit(get(i));) ++i;
  } else if (IsWordStart(get(i))) {
    // Durations may have several parts: 1h30m.
    int64_t total = 0;
    for (size_t from = at; IsDigit(get(from));) {
      int64_t count = 0;
      auto parsed = std::from_chars(text_.data() + from, text_.data() + text_.size(), count);
      size_t unit_at = static_cast<size_t>(parsed.ptr - text_.data());
      size_t unit_end = unit_at;
      while (IsWordStart(get(unit_end))) ++unit_end;
      const Unit *unit = std::find_if(std::begin(kUnits), std::end(kUnits), [&](const Unit &known) {
        return known.name == text_.substr(unit_at, unit_end - unit_at);
      });
      int64_t part = 0;
      if (parsed.ec != std::errc() || unit == std::end(kUnits) || __builtin_mul_overflow(count, unit->ns, &part) ||
          __builtin_add_overflow(total, part, &total)) {
        lexeme.token = QlToken::Illegal;
        i = std::max(unit_end, unit_at + 1);
        break;
      }
      lexeme.token = QlToken::Duration;
      i = from = unit_end;
    }
    lexeme.integer = total;
  }
  lexeme.end = i;
  lexeme.text = text_.substr(at, i - at);
  if (lexeme.token == QlToken::Integer &&
      std::from_chars(text_.data() + at, text_.data() + i, lexeme.integer).ec != std::errc())
    lexeme.token = QlToken::Number;
  return lexeme;
}

QlLexeme QlLexer::scan(size_t at) const {
  at = skip_blanks(at);
  if (at >= text_.size()) return Simple(QlToken::End, "", text_.size());
  char c = text_[at], next = get(at + 1);
  if (IsWordStart(c)) {
    size_t end = at;
    while (end < text_.size() && IsWordPart(text_[end])) ++end;
    return Simple(QlToken::Word, text_.substr(at, end - at), at);
  }
  if (IsDigit(c)) return number(at);
  switch (c) {
    case '"':
    case '\'':
      return quoted(at, c);
    case '+':
      return Simple(QlToken::Plus, "+", at);
    case '-':
      return Simple(QlToken::Minus, "-", at);
    case '*':
      return Simple(QlToken::Times, "*", at);
    case '/':
      return Simple(QlToken::Divide, "/", at);
    case '%':
      return Simple(QlToken::Modulo, "%", at);
    case '&':
      return Simple(QlToken::BitAnd, "&", at);
    case '|':
      return Simple(QlToken::BitOr, "|", at);
    case '^':
      return Simple(QlToken::BitXor, "^", at);
    case '=':
      return next == '~' ? Simple(QlToken::Matches, "=~", at) : Simple(QlToken::Equal, "=", at);
    case '!':
      if (next == '=') return Simple(QlToken::NotEqual, "!=", at);
      if (next == '~') return Simple(QlToken::NotMatches, "!~", at);
      break;
    case '<':
      if (next == '>') return {QlToken::NotEqual, "!=", 0, at, at + 2};
      return next == '=' ? Simple(QlToken::LessEqual, "<=", at) : Simple(QlToken::Less, "<", at);
    case '>':
      return next == '=' ? Simple(QlToken::GreaterEqual, ">=", at) : Simple(QlToken::Greater, ">", at);
    case '(':
      return Simple(QlToken::Open, "(", at);
    case ')':
      return Simple(QlToken::Close, ")", at);
    case ',':
      return Simple(QlToken::Comma, ",", at);
    case ';':
      return Simple(QlToken::Semicolon, ";", at);
    case ':':
      return next == ':' ? Simple(QlToken::DoubleColon, "::", at) : Simple(QlToken::Colon, ":", at);
    case '.':
      return Simple(QlToken::Dot, ".", at);
    case '$': {
      QlLexeme name = scan(at + 1);
      return {QlToken::Parameter, "$" + name.text, 0, at, name.end};
    }
    default:
      break;
  }
  return Simple(QlToken::Illegal, text_.substr(at, 1), at);
}

QlLexeme QlLexer::scan_regex(size_t at) const {
  at = skip_blanks(at);
  if (get(at) != '/') return Simple(QlToken::Illegal, "", at);
  QlLexeme lexeme{QlToken::Regex, "", 0, at, at};
  for (size_t i = at + 1; i < text_.size() && text_[i] != '\n'; ++i) {
    if (text_[i] == '/') {
      lexeme.end = i + 1;
      return lexeme;
    }
    if (text_[i] == '\\' && get(i + 1) == '/') ++i;
    lexeme.text += text_[i];
  }
  lexeme.token = QlToken::Illegal;
  lexeme.end = text_.size();
  return lexeme;
}

std::string QlLexer::place(size_t at) const {
  std::string_view before = text_.substr(0, at);
  size_t line = static_cast<size_t>(std::count(before.begin(), before.end(), '\n'));
  size_t begin = before.rfind('\n');
  size_t column = begin == std::string_view::npos ? at : at - begin - 1;
  return "line " + std::to_string(line + 1) + ", char " + std::to_string(column + 1);
}

namespace {
std::string Quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == quote) out += '\\';
    out += c;
  }
  return out + quote;
}
}  // namespace

std::string QlIdent(std::string_view name) {
  bool plain = !name.empty() && !IsDigit(name[0]) && !IsQlKeyword(name) &&
               std::all_of(name.begin(), name.end(), [](char c) { return !(c & 0x80) && IsWordPart(c); });
  return plain ? std::string(name) : Quoted(name, '"');
}

std::string QlText(std::string_view text) { return Quoted(text, '\''); }

std::string QlDuration(int64_t ns) {
  if (ns == 0) return "0s";
  static constexpr Unit kPrinted[] = {{"w", 604'800'000'000'000},
                                      {"d", 86'400'000'000'000},
                                      {"h", 3'600'000'000'000},
                                      {"m", 60'000'000'000},
                                      {"s", 1'000'000'000},
                                      {"ms", 1'000'000},
                                      {"u", 1'000},
                                      {"ns", 1}};
  for (const Unit &unit : kPrinted)
    if (ns % unit.ns == 0) return std::to_string(ns / unit.ns) + std::string(unit.name);
  return "";
}

}  // namespace tick
