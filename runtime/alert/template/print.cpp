// print.cpp - printing of values: alone, in a row, by a format.
#include "runtime/alert/template/print.h"

#include "runtime/alert/template/printer.h"
#include "runtime/text/go_float.h"
#include "runtime/text/utf8.h"

namespace tick::tmpl {
namespace {

// Reads a format from left to right, taking arguments as verbs ask for them.
class Formatter {
 public:
  Formatter(std::string &out, std::string_view text, std::span<const Datum> args)
      : out_(out), text_(text), args_(args) {}
  void run();

 private:
  bool flags(Format *format);
  int number();
  bool index();
  // `*`: the argument is the number; a message where it is no int.
  void star(int *value, std::string_view bad);
  void verb(Format format);
  void extra();

  std::string &out_;
  std::string_view text_;
  std::span<const Datum> args_;
  size_t at_ = 0, arg_ = 0;
  bool reordered_ = false, good_index_ = true;
};

bool Formatter::flags(Format *format) {
  for (; at_ < text_.size(); ++at_) {
    switch (text_[at_]) {
      case '#':
        format->sharp = true;
        break;
      case '0':
        format->zero = !format->minus;
        break;
      case '+':
        format->plus = true;
        break;
      case '-':
        format->minus = true;
        format->zero = false;
        break;
      case ' ':
        format->space = true;
        break;
      default:
        return true;
    }
  }
  return false;
}

int Formatter::number() {
  if (at_ >= text_.size() || text_[at_] < '0' || text_[at_] > '9') return -1;
  int value = 0;
  for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_)
    if (value < 1000000) value = value * 10 + (text_[at_] - '0');
  return value;
}

// `[3]`: which argument comes next, from 1.
bool Formatter::index() {
  if (at_ >= text_.size() || text_[at_] != '[') return false;
  reordered_ = true;
  size_t close = text_.find(']', at_);
  if (close == text_.npos) {
    good_index_ = false;
    ++at_;
    return false;
  }
  ++at_;
  int value = number();
  bool ok = at_ == close && value >= 1 && static_cast<size_t>(value) <= args_.size();
  at_ = close + 1;
  if (ok) arg_ = static_cast<size_t>(value - 1);
  good_index_ = ok;
  return ok;
}

void Formatter::star(int *value, std::string_view bad) {
  ++at_;
  if (arg_ < args_.size() && args_[arg_].kind == Kind::Int && std::abs(args_[arg_].i) <= 1000000)
    *value = static_cast<int>(args_[arg_].i);
  else
    out_ += bad;
  ++arg_;
}

void Formatter::verb(Format format) {
  if (at_ >= text_.size()) {
    out_ += "%!(NOVERB)";
    return;
  }
  Rune rune = DecodeRune(text_.substr(at_));
  at_ += rune.width;
  if (rune.value == '%') {
    out_ += '%';
    return;
  }
  if (!good_index_ || arg_ >= args_.size()) {
    out_ += "%!";
    AppendRune(out_, rune.value);
    out_ += good_index_ ? "(MISSING)" : "(BADINDEX)";
    return;
  }
  if (rune.value == 'v' && format.plus) {
    format.plus_v = true;
    format.plus = false;
  }
  Printer(out_, format).print(args_[arg_++], rune.value);
}

void Formatter::extra() {
  if (reordered_ || arg_ >= args_.size()) return;
  out_ += "%!(EXTRA ";
  for (size_t i = arg_; i < args_.size(); ++i) {
    if (i > arg_) out_ += ", ";
    out_ += GoType(args_[i]);
    if (args_[i].none()) continue;
    out_ += '=';
    Print(out_, args_[i]);
  }
  out_ += ')';
}

void Formatter::run() {
  while (at_ < text_.size()) {
    size_t percent = text_.find('%', at_);
    if (percent == text_.npos) percent = text_.size();
    out_ += text_.substr(at_, percent - at_);
    at_ = percent;
    if (at_ >= text_.size()) break;
    ++at_;
    good_index_ = true;
    Format format;
    flags(&format);
    index();
    if (at_ < text_.size() && text_[at_] == '*') {
      star(&format.width, "%!(BADWIDTH)");
      if (format.width < 0) {
        format.width = -format.width;
        format.minus = true;
        format.zero = false;
      }
    } else {
      format.width = number();
    }
    if (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      index();
      if (at_ < text_.size() && text_[at_] == '*') {
        star(&format.precision, "%!(BADPREC)");
      } else {
        format.precision = number();
        if (format.precision < 0) format.precision = 0;
      }
    }
    index();
    verb(format);
  }
  extra();
}

}  // namespace

void Print(std::string &out, const Datum &datum) {
  switch (datum.kind) {
    case Kind::String:
      out += datum.text();
      return;
    case Kind::Float:
      AppendFloat(out, datum.f, 'g', -1);
      return;
    default:
      Printer(out, Format{}).print(datum, 'v');
  }
}

void PrintAll(std::string &out, std::span<const Datum> args) {
  for (size_t i = 0; i < args.size(); ++i) {
    if (i && args[i].kind != Kind::String && args[i - 1].kind != Kind::String) out += ' ';
    Print(out, args[i]);
  }
}

void PrintLine(std::string &out, std::span<const Datum> args) {
  for (size_t i = 0; i < args.size(); ++i) {
    if (i) out += ' ';
    Print(out, args[i]);
  }
  out += '\n';
}

void PrintFormat(std::string &out, std::string_view format, std::span<const Datum> args) {
  Formatter(out, format, args).run();
}

}  // namespace tick::tmpl
