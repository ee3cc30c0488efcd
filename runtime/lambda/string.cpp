// string.cpp - the string functions of lambdas: Go's strings package, over bytes unless a rune is spoken of.
#include <string>
#include <string_view>

#include "runtime/abi/symbols.h"
#include "runtime/lambda/string_out.h"
#include "runtime/text/utf8.h"

using tick::DecodeLastRune;
using tick::DecodeRune;
using tick::Give;
using tick::Keep;
using tick::Rune;
using tick::View;

namespace {

int64_t Offset(size_t found) { return found == std::string_view::npos ? -1 : static_cast<int64_t>(found); }

// Whether a rune is one of `set`'s; an invalid byte on either side counts as U+FFFD.
bool HasRune(std::string_view set, char32_t rune) {
  if (rune < 0x80) return set.find(static_cast<char>(rune)) != std::string_view::npos;
  while (!set.empty()) {
    Rune member = DecodeRune(set);
    if (member.value == rune) return true;
    set.remove_prefix(member.width);
  }
  return false;
}

int64_t IndexAny(std::string_view text, std::string_view set) {
  for (size_t i = 0; i < text.size() && !set.empty();) {
    Rune rune = DecodeRune(text.substr(i));
    if (HasRune(set, rune.value)) return static_cast<int64_t>(i);
    i += rune.width;
  }
  return -1;
}

int64_t LastIndexAny(std::string_view text, std::string_view set) {
  for (size_t end = text.size(); end > 0 && !set.empty();) {
    Rune rune = DecodeLastRune(text.substr(0, end));
    end -= rune.width;
    if (HasRune(set, rune.value)) return static_cast<int64_t>(end);
  }
  return -1;
}

int64_t Count(std::string_view text, std::string_view part) {
  if (part.empty()) return static_cast<int64_t>(tick::CountRunes(text)) + 1;
  int64_t n = 0;
  for (size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

std::string_view TrimLeft(std::string_view text, std::string_view set) {
  while (!text.empty() && !set.empty()) {
    Rune rune = DecodeRune(text);
    if (!HasRune(set, rune.value)) break;
    text.remove_prefix(rune.width);
  }
  return text;
}

std::string_view TrimRight(std::string_view text, std::string_view set) {
  while (!text.empty() && !set.empty()) {
    Rune rune = DecodeLastRune(text);
    if (!HasRune(set, rune.value)) break;
    text.remove_suffix(rune.width);
  }
  return text;
}

// Appends `text` with its first n (all if n < 0) occurrences of `old` replaced; an empty `old` stands before each rune
// and at the end.
void Replace(std::string &out, std::string_view text, std::string_view old, std::string_view with, int64_t n) {
  if (old == with) n = 0;
  bool first = true;
  size_t start = 0;
  for (; n != 0; --n) {
    size_t at = start;
    if (!old.empty())
      at = text.find(old, start);
    else if (!first)
      at = start == text.size() ? std::string_view::npos : start + DecodeRune(text.substr(start)).width;
    if (at == std::string_view::npos) break;
    first = false;
    out.append(text, start, at - start).append(with);
    start = at + old.size();
  }
  out.append(text, start);
}

}  // namespace

extern "C" {

uint8_t tick_fn_strContains_ss(tick_context *, const tick_string *s, const tick_string *part) {
  return View(*s).find(View(*part)) != std::string_view::npos;
}
uint8_t tick_fn_strContainsAny_ss(tick_context *, const tick_string *s, const tick_string *set) {
  return IndexAny(View(*s), View(*set)) >= 0;
}
int64_t tick_fn_strCount_ss(tick_context *, const tick_string *s, const tick_string *part) {
  return Count(View(*s), View(*part));
}
uint8_t tick_fn_strHasPrefix_ss(tick_context *, const tick_string *s, const tick_string *prefix) {
  return View(*s).starts_with(View(*prefix));
}
uint8_t tick_fn_strHasSuffix_ss(tick_context *, const tick_string *s, const tick_string *suffix) {
  return View(*s).ends_with(View(*suffix));
}
int64_t tick_fn_strIndex_ss(tick_context *, const tick_string *s, const tick_string *part) {
  return Offset(View(*s).find(View(*part)));
}
int64_t tick_fn_strLastIndex_ss(tick_context *, const tick_string *s, const tick_string *part) {
  return Offset(View(*s).rfind(View(*part)));
}
int64_t tick_fn_strIndexAny_ss(tick_context *, const tick_string *s, const tick_string *set) {
  return IndexAny(View(*s), View(*set));
}
int64_t tick_fn_strLastIndexAny_ss(tick_context *, const tick_string *s, const tick_string *set) {
  return LastIndexAny(View(*s), View(*set));
}
int64_t tick_fn_strLength_s(tick_context *, const tick_string *s) { return static_cast<int64_t>(s->size); }

void tick_fn_strReplace_sssi(tick_context *context, const tick_string *s, const tick_string *old,
                             const tick_string *with, int64_t n, tick_string *out) {
  std::string &text = tick::Scratch();
  Replace(text, View(*s), View(*old), View(*with), n);
  Keep(context, text, out);
}

void tick_fn_strToLower_s(tick_context *context, const tick_string *s, tick_string *out) {
  std::string &text = tick::Scratch();
  tick::AppendLower(text, View(*s));
  Keep(context, text, out);
}
void tick_fn_strToUpper_s(tick_context *context, const tick_string *s, tick_string *out) {
  std::string &text = tick::Scratch();
  tick::AppendUpper(text, View(*s));
  Keep(context, text, out);
}

void tick_fn_strTrim_ss(tick_context *, const tick_string *s, const tick_string *set, tick_string *out) {
  Give(TrimRight(TrimLeft(View(*s), View(*set)), View(*set)), out);
}
void tick_fn_strTrimLeft_ss(tick_context *, const tick_string *s, const tick_string *set, tick_string *out) {
  Give(TrimLeft(View(*s), View(*set)), out);
}
void tick_fn_strTrimRight_ss(tick_context *, const tick_string *s, const tick_string *set, tick_string *out) {
  Give(TrimRight(View(*s), View(*set)), out);
}
void tick_fn_strTrimPrefix_ss(tick_context *, const tick_string *s, const tick_string *prefix, tick_string *out) {
  std::string_view text = View(*s);
  Give(text.starts_with(View(*prefix)) ? text.substr(prefix->size) : text, out);
}
void tick_fn_strTrimSuffix_ss(tick_context *, const tick_string *s, const tick_string *suffix, tick_string *out) {
  std::string_view text = View(*s);
  Give(text.ends_with(View(*suffix)) ? text.substr(0, text.size() - suffix->size) : text, out);
}
void tick_fn_strTrimSpace_s(tick_context *, const tick_string *s, tick_string *out) {
  Give(tick::TrimSpace(View(*s)), out);
}

// stop must be less than the length, so the last byte is out of reach: Kapacitor's rule, kept.
int32_t tick_fn_strSubstring_sii(tick_context *context, const tick_string *s, int64_t start, int64_t stop,
                                 tick_string *out) {
  for (int64_t index : {start, stop})
    if (index < 0) return context->fail("found negative index for strSubstring: " + std::to_string(index));
  if (static_cast<uint64_t>(stop) >= s->size)
    return context->fail("stop index too large for string in strSubstring: " + std::to_string(stop));
  if (start > stop)
    return context->fail("runtime error: slice bounds out of range [" + std::to_string(start) + ":" +
                         std::to_string(stop) + "]");
  Give(View(*s).substr(static_cast<size_t>(start), static_cast<size_t>(stop - start)), out);
  return 0;
}

void tick_str_concat(tick_context *context, const tick_string *a, const tick_string *b, tick_string *out) {
  char *data = static_cast<char *>(context->arena->allocate(a->size + b->size + 1, 1));
  View(*a).copy(data, a->size);
  View(*b).copy(data + a->size, b->size);
  *out = {data, a->size + b->size};
}

int32_t tick_str_compare(const tick_string *a, const tick_string *b) { return View(*a).compare(View(*b)); }
}
