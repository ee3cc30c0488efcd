// text_reader.cpp - what the reader of the IR's text says of a token that does not fit.
#include "frontend/ir/text_reader.h"

namespace tick::ir {
namespace {

std::string Describe(const Token &token) {
  switch (token.kind) {
    case TokenKind::End: return "the end";
    case TokenKind::Bad: return token.text;
    case TokenKind::String: return "a string";
    case TokenKind::Int: case TokenKind::Float: case TokenKind::Hex: return "a number";
    case TokenKind::Duration: return "a duration";
    case TokenKind::Value: return "`%" + std::to_string(token.bits) + "`";
    case TokenKind::LambdaId: return "`@" + std::to_string(token.bits) + "`";
    default: return "`" + token.text + "`";
  }
}

}  // namespace

bool TextReader::expected(std::string_view what) {
  diagnostics_.report(DiagId::IrSyntax, token_.range, {Describe(token_), std::string(what)});
  return false;
}

}  // namespace tick::ir
