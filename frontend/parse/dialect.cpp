// dialect.cpp - tells Kapacitor 0.2's scripts from today's by a few tokens in a row.
#include "frontend/parse/dialect.h"

#include <algorithm>

namespace tick {
namespace {

bool IsModernOnly(const Tokens &tokens, size_t i) {
  switch (tokens.kind(i)) {
    case TickLexer::PIPE:
    case TickLexer::AT:
    case TickLexer::DBRP:
    case TickLexer::LBRACKET:
      return true;
    case TickLexer::VAR: {  // `var name type`
      size_t name = tokens.after(i), next = tokens.after(name);
      return next != Tokens::kNone && tokens.kind(name) == TickLexer::IDENT && tokens.kind(next) == TickLexer::IDENT;
    }
    case TickLexer::LAMBDA: {  // `var name = lambda:`
      size_t previous = tokens.before(i);
      return previous != Tokens::kNone && tokens.kind(previous) == TickLexer::ASSIGN;
    }
    default:
      return false;
  }
}

}  // namespace

ast::Dialect DetectDialect(const Tokens &tokens) {
  std::vector<std::string_view> sources = {"stream", "batch"};
  auto is_source = [&](std::string_view name) {
    return std::find(sources.begin(), sources.end(), name) != sources.end();
  };
  bool dotted = false;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens.is_comment(i)) continue;
    if (IsModernOnly(tokens, i)) return ast::Dialect::Modern;
    if (tokens.kind(i) != TickLexer::IDENT || !is_source(tokens.text(i))) continue;
    size_t previous = tokens.before(i), next = tokens.after(i);
    if (next == Tokens::kNone) continue;
    if (previous != Tokens::kNone && tokens.kind(previous) == TickLexer::DOT) continue;
    if (tokens.kind(next) == TickLexer::DOT) {
      dotted = true;
    } else if (previous != Tokens::kNone && tokens.kind(previous) == TickLexer::ASSIGN) {
      size_t name = tokens.before(previous);  // `var s = stream` gives stream another name
      if (name != Tokens::kNone && tokens.kind(name) == TickLexer::IDENT) sources.push_back(tokens.text(name));
    }
  }
  return dotted ? ast::Dialect::Dotted : ast::Dialect::Modern;
}

}  // namespace tick
