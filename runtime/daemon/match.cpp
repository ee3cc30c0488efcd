// match.cpp - compiles and evaluates match expressions.
#include "runtime/daemon/match.h"

#include <cctype>

namespace tick {
namespace {

// What a call stands for is read from references with this before their name.
constexpr std::string_view kMark = "\x01";
constexpr std::string_view kCalls[] = {"level", "changed", "name", "taskName", "duration"};
constexpr const char *kLevels = "var OK = 0\nvar INFO = 1\nvar WARNING = 2\nvar CRITICAL = 3\n";

// Copies a quoted piece of the expression as it is; `at` is behind it afterwards.
void CopyQuoted(std::string_view text, size_t *at, std::string *out) {
  char quote = text[*at];
  *out += text[(*at)++];
  while (*at < text.size()) {
    char c = text[(*at)++];
    *out += c;
    if (c == '\\' && *at < text.size()) *out += text[(*at)++];
    else if (c == quote) return;
  }
}

// `level()` becomes `"\x01level"`.
std::string WithReferences(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    if (text[at] == '"' || text[at] == '\'') {
      CopyQuoted(text, &at, &out);
      continue;
    }
    bool starts = std::isalpha(static_cast<unsigned char>(text[at])) && (at == 0 || !std::isalnum(static_cast<unsigned char>(text[at - 1])));
    bool replaced = false;
    for (std::string_view call : kCalls) {
      if (!starts || text.substr(at, call.size()) != call || text.substr(at + call.size(), 2) != "()") continue;
      out += "\"" + std::string(kMark) + std::string(call) + "\"";
      at += call.size() + 2;
      replaced = true;
      break;
    }
    if (!replaced) out += text[at++];
  }
  return out;
}

}  // namespace

Match::Match(std::shared_ptr<const Code> code, std::string *error)
    : code_(std::move(code)), lambda_(code_->task().lambdas[0], code_->best(), 0, error) {
  context_.arena = &arena_;
}

std::unique_ptr<Match> Match::Make(const std::string &expression, CodeSource &code, std::string *error) {
  std::string lambda = WithReferences(expression);
  // Parsed alone first, so that positions in the message are the expression's.
  *error = code.parse_error("var match = lambda: (" + lambda + "\n)");
  if (!error->empty()) return nullptr;
  CodeResult result = code.compile({std::string(kLevels) + "stream|from()|where(lambda: " + lambda + "\n)|log()", "match", "", false});
  if (!result.code || result.code->task().n_lambdas != 1) {
    *error = result.error.empty() ? "it must be one expression" : result.error;
    return nullptr;
  }
  std::unique_ptr<Match> match(new Match(std::move(result.code), error));
  return error->empty() ? std::move(match) : nullptr;
}

Value Match::value_of(Name name, const AlertEvent &event) const {
  if (name->rfind(kMark, 0) != 0) {
    if (const Value *field = FindField(event.fields, name)) return *field;
    if (const std::string *tag = FindTag(event.tags, name)) return MakeString(*tag);
    return MakeMissing();
  }
  std::string_view call = std::string_view(*name).substr(kMark.size());
  if (call == "level") return MakeInt(static_cast<int64_t>(event.level));
  if (call == "changed") return MakeBool(event.level != event.previous_level);
  if (call == "name") return MakeString(event.name);
  if (call == "taskName") return MakeString(event.task_name);
  return MakeDuration(event.duration);
}

bool Match::accepts(const AlertEvent &event, std::string *error) {
  std::lock_guard lock(mutex_);
  arena_.reset();
  std::vector<Value> values;
  for (Name name : lambda_.refs()) values.push_back(value_of(name, event));
  std::vector<char> state(lambda_.state_size(), 0);
  Value out;
  if (!lambda_.run_values(context_, values.data(), state.data(), &out)) {
    *error = context_.message;
    return false;
  }
  return TypeOf(out) == Type::Bool && out.as.b;
}

}  // namespace tick
