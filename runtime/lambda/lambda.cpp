// lambda.cpp - a task's lambda made ready to run, and its evaluation one row at a time.
//
// In: the compiled lambda of a descriptor. Out: values, or the message of a failed evaluation. Frames of many
// rows go through lambda_run.cpp.
#include "runtime/lambda/lambda.h"

#include <re2/re2.h>

#include <cstring>

#include "runtime/lambda/binding.h"

tick_context::tick_context() = default;

namespace tick {

Lambda::Lambda(const tick_lambda &spec, const tick_code &code, size_t index, std::string *error) : spec_(spec) {
  spec_.kernels = code.kernels ? code.kernels[index] : nullptr;
  if (!spec_.kernels) spec_.n_kernels = 0;
  spec_.tagged = code.tagged[index];
  for (uint32_t i = 0; i < spec_.n_refs; ++i) refs_.push_back(Intern(spec_.refs[i]));
  for (uint32_t i = 0; i < spec_.n_literals; ++i) {
    literals_.push_back(spec_.literals[i].as);
    if (spec_.literals[i].type != TICK_REGEX) continue;
    std::string_view pattern = View(spec_.literals[i].as.s);
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(64 << 20);
    auto regex = std::make_shared<RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
    if (!regex->ok() && error) *error = "regex /" + std::string(pattern) + "/: " + regex->error();
    literals_.back().regex = regex.get();
    regexes_.push_back(std::move(regex));
  }
}

Lambda::~Lambda() = default;

bool Lambda::tags_only(const Frame &frame) const {
  if (spec_.flags & (TICK_LAMBDA_STATEFUL | TICK_LAMBDA_VOLATILE)) return false;
  for (Name name : refs_)
    if (name == TimeName() || !frame.column(name).absent()) return false;
  return true;
}

bool Lambda::run_values(LambdaContext &context, const Value *refs, void *state, Value *out) const {
  return spec_.tagged(&context, refs, literals_.data(), spec_.sites, state, out) == 0;
}

bool Lambda::run_row(LambdaContext &context, const Frame &frame, uint32_t row, void *state, Value *out) const {
  Value few[8];
  std::vector<Value> many;
  Value *values = few;
  if (refs_.size() > std::size(few)) {
    many.resize(refs_.size());
    values = many.data();
  }
  for (size_t i = 0; i < refs_.size(); ++i) {
    if (!ReferenceValue(frame, row, refs_[i], &values[i])) {
      context.fail("cannot have field and tags with same name \"" + *refs_[i] + "\"");
      return false;
    }
  }
  return run_values(context, values, state, out);
}

std::string Lambda::message(LambdaContext &context, const Frame &frame, uint32_t row, const void *state) const {
  std::vector<int64_t> copy((spec_.state_size + 7) / 8);
  if (state && spec_.state_size > 0) std::memcpy(copy.data(), state, spec_.state_size);
  Value ignored;
  if (run_row(context, frame, row, copy.data(), &ignored)) return "evaluation failed";
  return context.message;
}

namespace {

// Whether the text's outermost operator is arithmetic: canonical text has blanks around binary operators, and
// arithmetic is outermost exactly where no comparison or logic stands outside of parentheses.
bool IsArithmetic(std::string_view text) {
  bool math = false;
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\'' || c == '"') {
      for (++i; i < text.size() && text[i] != c; ++i)
        if (text[i] == '\\') ++i;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')') {
      --depth;
    } else if (c == ' ' && depth == 0 && i + 2 < text.size() && text[i + 2] == ' ' &&
               std::strchr("+-*/%", text[i + 1])) {
      math = true;
    }
  }
  return math;
}

}  // namespace

std::string Lambda::not_boolean(Type got) const {
  // Only a lambda that is a lone reference gives a missing value.
  if (got == Type::Missing && !refs_.empty()) return "reference \"" + *refs_[0] + "\" is missing value";
  if (!IsArithmetic(spec_.text))
    return "TypeGuard: expression returned unexpected type " + std::string(TypeName(got)) + ", expected boolean";
  bool number = got == Type::Int || got == Type::Float;
  return "expression returned unexpected type " + std::string(number ? GoTypeName(got) : "<nil>");
}

}  // namespace tick
