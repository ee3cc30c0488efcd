// tokens.cpp - decodes a script and runs the lexer over it.
#include "frontend/parse/tokens.h"

#include <algorithm>

namespace tick {
namespace {

std::string_view Trim(std::string_view text) {
  auto space = [&](size_t i) {
    Rune rune = DecodeRune(text, i);
    return TickLexer::isSpace(rune.value) ? rune.length : 0;
  };
  while (!text.empty() && space(0)) text.remove_prefix(space(0));
  while (!text.empty()) {
    size_t last = text.size() - 1;
    while (last > 0 && (text[last] & 0xc0) == 0x80) --last;
    if (!space(last)) break;
    text = text.substr(0, last);
  }
  return text;
}

// The lines of one comment token, without their slashes.
void AddLines(std::string_view token, ast::Comment *comment) {
  for (size_t begin = 0; begin <= token.size();) {
    size_t end = std::min(token.find('\n', begin), token.size());
    std::string_view line = Trim(token.substr(begin, end - begin));
    begin = end + 1;
    if (line.empty()) continue;
    if (line.starts_with("//")) line.remove_prefix(2);
    if (line.starts_with(" ")) line.remove_prefix(1);
    comment->lines.push_back({false, std::string(line)});
  }
}

}  // namespace

Rune DecodeRune(std::string_view text, size_t offset) {
  constexpr Rune kInvalid{0xfffd, 1};
  unsigned char lead = static_cast<unsigned char>(text[offset]);
  if (lead < 0x80) return {lead, 1};
  uint32_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || offset + length > text.size()) return kInvalid;
  char32_t value = lead & (0xff >> (length + 1));
  for (uint32_t i = 1; i < length; ++i) {
    unsigned char next = static_cast<unsigned char>(text[offset + i]);
    if ((next & 0xc0) != 0x80) return kInvalid;
    value = value << 6 | (next & 0x3f);
  }
  bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  if (overlong || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return kInvalid;
  return {value, length};
}

Tokens::Runes::Runes(const std::string &text) {
  _data.reserve(text.size());
  offsets.reserve(text.size() + 1);
  for (size_t i = 0; i < text.size();) {
    Rune rune = DecodeRune(text, i);
    _data.push_back(rune.value);
    offsets.push_back(static_cast<uint32_t>(i));
    i += rune.length;
  }
  offsets.push_back(static_cast<uint32_t>(text.size()));
}

Tokens::Tokens(const Source &source, ast::Dialect dialect)
    : source_(source), dialect_(dialect), runes_(source.text), lexer_(&runes_), stream_(&lexer_) {
  lexer_.dotted = dialect == ast::Dialect::Dotted;
  lexer_.removeErrorListeners();
  stream_.fill();
  for (antlr4::Token *token : stream_.getTokens()) {
    if (token->getType() == antlr4::Token::EOF) {
      uint32_t end = runes_.offsets.back();
      places_.push_back({token->getType(), {end, end}});
    } else {
      places_.push_back(
          {token->getType(), {runes_.offsets[token->getStartIndex()], runes_.offsets[token->getStopIndex() + 1]}});
    }
  }
}

std::string_view Tokens::text(size_t i) const {
  SourceRange range = places_[i].range;
  return std::string_view(source_.text).substr(range.begin, range.end - range.begin);
}

size_t Tokens::before(size_t i) const {
  while (i-- > 0)
    if (!is_comment(i)) return i;
  return kNone;
}

size_t Tokens::after(size_t i) const {
  while (++i < size())
    if (!is_comment(i)) return i;
  return kNone;
}

bool Tokens::first_on_line(size_t i) const {
  size_t previous = before(i);
  if (previous == kNone) return true;
  uint32_t from = range(previous).end, to = range(i).begin;
  return std::string_view(source_.text).substr(from, to - from).find('\n') != std::string_view::npos;
}

std::optional<ast::Comment> Tokens::comment_before(size_t i) const {
  size_t first = i;
  while (first > 0 && is_comment(first - 1)) --first;
  if (first == i) return std::nullopt;
  ast::Comment comment;
  for (size_t k = first; k < i; ++k) {
    if (k > first) {
      std::string_view all = source_.text;
      std::string_view gap = all.substr(range(k - 1).end, range(k).begin - range(k - 1).end);
      // Two tokens of the modern lexer always have a blank line between them; 0.2 makes a token of each line.
      if (dialect_ == ast::Dialect::Modern || std::count(gap.begin(), gap.end(), '\n') > 1)
        comment.lines.push_back({true, ""});
    }
    AddLines(text(k), &comment);
  }
  return comment;
}

}  // namespace tick
