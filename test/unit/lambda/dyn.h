// dyn.h - calls and operators on tagged values, for tests: what the compiler would emit for one of them.
#pragma once

#include <string>
#include <vector>

#include "runtime/abi/symbols.h"
#include "runtime/lambda/lambda.h"
#include "runtime/text/go_float.h"

namespace tick {

// A context with memory of its own.
struct TestContext : tick_context {
  Arena memory;
  TestContext() {
    arena = &memory;
    now = [](void *) -> int64_t { return 1450338550123456789; };
  }
};

struct Operand {
  Value value;
  const char *name = nullptr;  // of a reference
  const char *text = "";       // as "Cannot call function" prints it
  Operand(int i) : value(MakeInt(i)) {}
  Operand(int64_t i) : value(MakeInt(i)) {}
  Operand(double f) : value(MakeFloat(f)) {}
  Operand(bool b) : value(MakeBool(b)) {}
  Operand(const char *s) : value(MakeString(s)) {}
  Operand(std::string_view s) : value(MakeString(s)) {}
  Operand(Value v, const char *reference = nullptr, const char *printed = "")
      : value(v), name(reference), text(printed) {}
};
inline Operand Missing(const char *name, const char *text = "") { return {MakeMissing(), name, text}; }
inline Operand Ref(Operand operand, const char *name, const char *text) { return {operand.value, name, text}; }

inline std::string Text(const Value &value) {
  switch (TypeOf(value)) {
    case Type::Bool:
      return value.as.b ? "true" : "false";
    case Type::Float:
      return PlainFloat(value.as.f);
    case Type::String:
      return std::string(StringOf(value));
    default:
      return std::to_string(value.as.i);
  }
}

struct Site {
  std::vector<const char *> names, texts;
  std::vector<const char *> scope;
  tick_site site{};
  Site(const char *name, uint8_t op, const std::vector<Operand> &operands) {
    for (const Operand &operand : operands) {
      names.push_back(operand.name);
      texts.push_back(operand.text);
      if (operand.name) scope.push_back(operand.name);
    }
    site = {name,         op,           static_cast<uint8_t>(operands.size()), names.data(),
            texts.data(), scope.data(), static_cast<uint32_t>(scope.size())};
  }
};

// The value's text, or "! " and the message.
inline std::string Result(tick_context &context, int32_t failed, const Value &out) {
  return failed ? "! " + context.message : Text(out);
}
inline std::string Call(const char *name, std::vector<Operand> operands, void *state = nullptr, bool old = false) {
  static TestContext context;
  Site site(name, 0, operands);
  std::vector<Value> args;
  for (const Operand &operand : operands) args.push_back(operand.value);
  Value out = MakeMissing();
  auto call = old ? tick_dyn02_call : tick_dyn_call;
  int32_t failed = call(&context, &site.site, args.data(), static_cast<uint32_t>(args.size()), state, &out);
  return Result(context, failed, out);
}
inline std::string CallOld(const char *name, std::vector<Operand> operands, void *state = nullptr) {
  return Call(name, std::move(operands), state, true);
}
inline std::string Binary(Operand a, Operator op, Operand b, bool old = false) {
  static TestContext context;
  Site site("", static_cast<uint8_t>(op), {a, b});
  Value out = MakeMissing();
  int32_t failed = (old ? tick_dyn02_binary : tick_dyn_binary)(&context, &site.site, &a.value, &b.value, &out);
  return Result(context, failed, out);
}
inline std::string BinaryOld(Operand a, Operator op, Operand b) { return Binary(a, op, b, true); }
inline std::string Unary(bool negate, Operand a, bool old = false) {
  static TestContext context;
  Site site("", negate ? 0 : 1, {a});
  Value out = MakeMissing();
  int32_t failed = (old ? tick_dyn02_unary : tick_dyn_unary)(&context, &site.site, &a.value, &out);
  return Result(context, failed, out);
}

}  // namespace tick
