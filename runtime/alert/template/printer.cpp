// printer.cpp - verbs, flags, width and precision; what does not fit a verb is printed with Go's words for it.
#include "runtime/alert/template/printer.h"

#include <cmath>
#include <cstdio>

#include "runtime/alert/template/time_format.h"
#include "runtime/text/go_duration.h"
#include "runtime/text/go_float.h"
#include "runtime/text/utf8.h"

namespace tick::tmpl {
namespace {

std::string TextOf(const Datum &datum) {
  switch (datum.kind) {
    case Kind::Time:
      return TimeText(datum.i, datum.local);
    case Kind::Duration:
      return GoDuration(datum.i);
    default:
      return EnumName(datum);
  }
}

}  // namespace

void Printer::pad(std::string_view text) {
  int runes = format_.width > 0 ? static_cast<int>(CountRunes(text)) : 0;
  int fill = format_.width - runes;
  if (fill <= 0) {
    out_ += text;
    return;
  }
  if (format_.minus) {
    out_ += text;
    out_.append(static_cast<size_t>(fill), ' ');
  } else {
    out_.append(static_cast<size_t>(fill), format_.zero ? '0' : ' ');
    out_ += text;
  }
}

// Zeros go between the sign and the digits.
void Printer::pad_number(std::string text) {
  int fill = format_.width - static_cast<int>(text.size());
  if (format_.zero && !format_.minus && fill > 0) {
    size_t at = !text.empty() && (text[0] == '-' || text[0] == '+' || text[0] == ' ') ? 1 : 0;
    text.insert(at, static_cast<size_t>(fill), '0');
  }
  pad(text);
}

void Printer::digits(uint64_t size, bool negative, int base, bool upper) {
  std::string text;
  const char *names = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  do {
    text.insert(text.begin(), names[size % static_cast<unsigned>(base)]);
    size /= static_cast<unsigned>(base);
  } while (size);
  if (format_.precision >= 0) {
    if (format_.precision == 0 && text == "0") {
      pad("");
      return;
    }
    while (static_cast<int>(text.size()) < format_.precision) text.insert(text.begin(), '0');
  }
  if (format_.sharp) {
    if (base == 16) text = (upper ? "0X" : "0x") + text;
    if (base == 8 && text[0] != '0') text = "0" + text;
    if (base == 2) text = "0b" + text;
  }
  if (negative)
    text = "-" + text;
  else if (format_.plus)
    text = "+" + text;
  else if (format_.space)
    text = " " + text;
  if (format_.precision >= 0)
    pad(text);
  else
    pad_number(std::move(text));
}

void Printer::integer(int64_t value, char32_t verb, const Datum &datum) {
  bool negative = value < 0;
  uint64_t size = negative ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  switch (verb) {
    case 'v':
    case 'd':
      return digits(size, negative, 10, false);
    case 'b':
      return digits(size, negative, 2, false);
    case 'o':
      return digits(size, negative, 8, false);
    case 'O': {
      std::string text = negative ? "-0o" : "0o";
      char buffer[32];
      std::snprintf(buffer, sizeof buffer, "%llo", static_cast<unsigned long long>(size));
      return pad(text + buffer);
    }
    case 'x':
      return digits(size, negative, 16, false);
    case 'X':
      return digits(size, negative, 16, true);
    case 'c': {
      std::string text;
      AppendRune(text, value < 0 || value > 0x10FFFF ? kRuneError : static_cast<char32_t>(value));
      return pad(text);
    }
    case 'q':
      return pad(GoQuoteRune(value < 0 || value > 0x10FFFF ? kRuneError : static_cast<char32_t>(value)));
    case 'U': {
      char buffer[32];
      std::snprintf(buffer, sizeof buffer, "U+%04llX", static_cast<unsigned long long>(size));
      return pad(buffer);
    }
    default:
      bad_verb(datum, verb);
  }
}

void Printer::real(double value, char32_t verb, const Datum &datum) {
  char form;
  int precision = format_.precision;
  switch (verb) {
    case 'v':
      form = 'g';
      break;
    case 'g':
    case 'G':
      form = static_cast<char>(verb);
      break;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
      form = verb == 'F' ? 'f' : static_cast<char>(verb);
      if (precision < 0) precision = 6;
      break;
    default:
      return bad_verb(datum, verb);
  }
  std::string text;
  AppendFloat(text, value, form, precision);
  if (!std::isfinite(value)) {
    if (text[0] == '+' && !format_.plus) text.erase(0, 1);
    if (format_.space && !format_.plus && text[0] != '-') text = " " + text;
    // "+Inf" keeps its sign; padding is never zeros.
    if (std::isinf(value) && value > 0 && text[0] != '+') text = format_.space ? text : "+" + text;
    Format blank = format_;
    blank.zero = false;
    Printer(out_, blank).pad(text);
    return;
  }
  if (text[0] != '-' && format_.plus)
    text = "+" + text;
  else if (text[0] != '-' && format_.space)
    text = " " + text;
  pad_number(std::move(text));
}

void Printer::hex(std::string_view text, bool upper) {
  const char *names = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  if (format_.precision >= 0) text = text.substr(0, static_cast<size_t>(format_.precision));
  std::string hex;
  for (size_t i = 0; i < text.size(); ++i) {
    if (format_.space && i) hex += ' ';
    if (format_.sharp && (i == 0 || format_.space)) hex += upper ? "0X" : "0x";
    unsigned char c = static_cast<unsigned char>(text[i]);
    hex += names[c >> 4];
    hex += names[c & 15];
  }
  pad(hex);
}

void Printer::string(std::string_view text, char32_t verb, const Datum &datum) {
  if (verb == 'x' || verb == 'X') return hex(text, verb == 'X');
  if (verb != 'v' && verb != 's' && verb != 'q') return bad_verb(datum, verb);
  if (format_.precision >= 0) {
    size_t bytes = 0;
    for (int i = 0; i < format_.precision && bytes < text.size(); ++i) bytes += DecodeRune(text.substr(bytes)).width;
    text = text.substr(0, bytes);
  }
  if (verb == 'q') {
    bool raw = format_.sharp && text.find('`') == text.npos;
    for (char c : text) raw = raw && (c == '\t' || static_cast<unsigned char>(c) >= 0x20);
    return pad(raw ? "`" + std::string(text) + "`" : GoQuote(text));
  }
  pad(text);
}

void Printer::map(const MapSource &map, char32_t verb) {
  out_ += "map[";
  for (size_t i = 0; i < map.size(); ++i) {
    if (i) out_ += ' ';
    print(Datum::String(map.key(i)), verb, true);
    out_ += ':';
    print(map.value(i), verb, true);
  }
  out_ += ']';
}

void Printer::list(const ListSource &list, char32_t verb) {
  out_ += '[';
  for (size_t i = 0; i < list.size(); ++i) {
    if (i) out_ += ' ';
    print(list.value(i), verb, true);
  }
  out_ += ']';
}

void Printer::object(const Datum &datum, char32_t verb) {
  out_ += '{';
  bool more = false;
  for (const StructField &field : datum.type->fields) {
    if (more) out_ += ' ';
    more = true;
    if (format_.plus_v) out_.append(field.name).append(":");
    print(field.get(datum.object), verb, true);
  }
  out_ += '}';
}

void Printer::bad_verb(const Datum &datum, char32_t verb) {
  out_ += "%!";
  AppendRune(out_, verb);
  out_ += '(';
  if (datum.none()) {
    out_ += "<nil>";
  } else {
    out_ += GoType(datum);
    out_ += '=';
    // The flags given for the verb count here too.
    print(datum, 'v');
  }
  out_ += ')';
}

void Printer::print(const Datum &datum, char32_t verb, bool nested) {
  if (verb == 'T' && !nested) return pad(GoType(datum));
  switch (datum.kind) {
    case Kind::None:
      if (nested) {
        out_ += "<nil>";
        return;
      }
      return verb == 'v' ? pad("<nil>") : bad_verb(datum, verb);
    case Kind::Bool:
      return verb == 'v' || verb == 't' ? pad(datum.b ? "true" : "false") : bad_verb(datum, verb);
    case Kind::Float:
      return real(datum.f, verb, datum);
    case Kind::String:
      return string(datum.text(), verb, datum);
    case Kind::Map:
      return map(*datum.map, verb);
    case Kind::List:
      return list(*datum.list, verb);
    case Kind::Struct:
      return object(datum, verb);
    case Kind::Time:
    case Kind::Duration:
    case Kind::Enum:
      if (verb == 'v' || verb == 's' || verb == 'q' || verb == 'x' || verb == 'X')
        return string(TextOf(datum), verb, datum);
      if (datum.kind == Kind::Time) return bad_verb(datum, verb);
      return integer(datum.i, verb, datum);
    default:
      return integer(datum.i, verb, datum);
  }
}

}  // namespace tick::tmpl
