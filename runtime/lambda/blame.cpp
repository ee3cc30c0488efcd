// blame.cpp - tries other types in place of each reference until the lambda has a value.
#include "runtime/lambda/blame.h"

#include <cstring>

#include "runtime/lambda/binding.h"

namespace tick {
namespace {

// A zero divisor, or a string that is no number, is no matter of types.
bool IsAboutTypes(std::string_view cause) {
  for (std::string_view word : {"mismatched type", " operator ", "missing", "Cannot call function", "unexpected type"})
    if (cause.find(word) != std::string_view::npos) return true;
  return false;
}

// Values that hardly any operator or function refuses.
Value Sample(Type type) {
  switch (type) {
    case Type::Bool: return MakeBool(true);
    case Type::Int: return MakeInt(1);
    case Type::Float: return MakeFloat(1);
    default: return MakeString("1");
  }
}

bool Evaluates(const Lambda &lambda, LambdaContext &context, const std::vector<Value> &refs, const void *state) {
  std::vector<int64_t> copy((lambda.state_size() + 7) / 8 + 1);
  if (state && lambda.state_size() > 0) std::memcpy(copy.data(), state, lambda.state_size());
  Value ignored;
  return lambda.run_values(context, refs.data(), copy.data(), &ignored) && TypeOf(ignored) != Type::Missing;
}

}  // namespace

Blame BlameFor(const Lambda &lambda, LambdaContext &context, const Frame &frame, uint32_t row, const void *state,
               std::string_view cause) {
  Blame blame;
  if (!IsAboutTypes(cause)) return blame;
  std::vector<Value> values(lambda.refs().size());
  for (size_t i = 0; i < values.size(); ++i)
    if (!ReferenceValue(frame, row, lambda.refs()[i], &values[i])) return blame;
  std::string message = context.message;
  for (size_t i = 0; i < values.size() && blame.field.empty(); ++i) {
    if (lambda.refs()[i] == TimeName()) continue;
    Value real = values[i];
    for (Type type : {Type::Bool, Type::Int, Type::Float, Type::String}) {
      if (type == TypeOf(real)) continue;
      values[i] = Sample(type);
      if (!Evaluates(lambda, context, values, state)) continue;
      blame.field = *lambda.refs()[i];
      blame.found = TypeName(TypeOf(real));
      blame.wanted += (blame.wanted.empty() ? "" : " or ") + std::string(TypeName(type));
    }
    values[i] = real;
  }
  context.message = std::move(message);
  return blame;
}

}  // namespace tick
