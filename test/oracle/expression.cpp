// expression.cpp - printing of the fuzzer's expressions and values.
#include "test/oracle/expression.h"

#include <bit>
#include <cmath>

#include "runtime/text/go_float.h"
#include "runtime/text/utf8.h"

namespace tick::oracle {
namespace {

std::string Quoted(const std::string &text, char quote) {
  std::string out(1, quote);
  for (char c : text) {
    if (c == quote) out += '\\';
    out += c;
  }
  return out + quote;
}

std::string Number(const Expression &e) {
  if (e.type == Type::Int) return std::to_string(e.i);
  std::string text = PlainFloat(e.f);
  return text.find('.') == std::string::npos ? text + ".0" : text;
}

std::string Literal(const Expression &e) {
  switch (e.type) {
    case Type::Bool:
      return e.i ? "TRUE" : "FALSE";
    case Type::String:
      return Quoted(e.text, '\'');
    case Type::Regex:
      return Quoted(e.text, '/');
    case Type::Duration:
      return e.i % 1000000000 == 0 ? std::to_string(e.i / 1000000000) + "s" : std::to_string(e.i / 1000) + "u";
    default:
      return Number(e);
  }
}

}  // namespace

std::string Print(const Expression &e) {
  switch (e.kind) {
    case Kind::Literal:
      return Literal(e);
    case Kind::Reference:
      return Quoted(e.text, '"');
    case Kind::Negate:
      return "-" + Print(e.operands[0]);
    case Kind::Not:
      return "!" + Print(e.operands[0]);
    case Kind::Binary:
      return "(" + Print(e.operands[0]) + " " + std::string(RowOf(e.op).spelling) + " " + Print(e.operands[1]) + ")";
    case Kind::Call: {
      std::string out = e.text + "(";
      for (size_t i = 0; i < e.operands.size(); ++i) out += (i ? ", " : "") + Print(e.operands[i]);
      return out + ")";
    }
  }
  return {};
}

size_t Size(const Expression &e) {
  size_t n = 1;
  for (const Expression &operand : e.operands) n += Size(operand);
  return n;
}

bool Same(const Datum &a, const Datum &b) {
  if (a.type != b.type) return false;
  if (a.type == Type::Float)
    return (std::isnan(a.f) && std::isnan(b.f)) || std::bit_cast<uint64_t>(a.f) == std::bit_cast<uint64_t>(b.f);
  return a.type == Type::String ? a.s == b.s : a.i == b.i;
}

std::string Show(const Datum &datum) {
  std::string value = datum.type == Type::Float    ? GoFloat(datum.f)
                      : datum.type == Type::String ? GoQuote(datum.s)
                                                   : std::to_string(datum.i);
  return std::string(TypeName(datum.type)) + " " + value;
}

}  // namespace tick::oracle
