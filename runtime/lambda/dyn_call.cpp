// dyn_call.cpp - function calls with tagged arguments: overload, messages, call (language.md 5.1).
#include <algorithm>
#include <string>
#include <vector>

#include "runtime/abi/symbols.h"
#include "runtime/lambda/call_table.h"
#include "runtime/lambda/dyn_message.h"
#include "runtime/lambda/lambda.h"
#include "runtime/text/utf8.h"

namespace tick {

bool IsPanic(const tick_context *context) { return context->message.starts_with("runtime error: "); }

int32_t Prefix(tick_context *context, const char *text) {
  if (!IsPanic(context)) context->message.insert(0, text);
  return 1;
}

namespace {

std::string_view ArgumentText(const tick_site *site, size_t i) {
  return site->texts && site->texts[i] ? site->texts[i] : "";
}

// `"x"` or `"x", "y"`: the arguments that are missing.
int32_t FailMissing(tick_context *context, const tick_site *site, const Type *types, size_t n) {
  std::vector<std::string> scope;
  for (uint32_t i = 0; i < site->n_scope; ++i) scope.push_back("\"" + std::string(site->scope[i]) + "\"");
  std::string names;
  size_t count = 0;
  for (size_t i = 0; i < n; ++i) {
    if (types[i] != Type::Missing) continue;
    std::string text(ArgumentText(site, i));
    names += (count++ ? ", " : "") + text;
    auto it = std::find(scope.begin(), scope.end(), text);
    if (it != scope.end()) scope.erase(it);
  }
  std::sort(scope.begin(), scope.end());
  std::string in_scope;
  for (const std::string &name : scope) in_scope += (in_scope.empty() ? "" : ", ") + name;
  return context->fail("Cannot call function \"" + std::string(site->name) + "\" " +
                       (count == 1 ? "argument " + names + " is" : "arguments " + names + " are") +
                       " missing, values in scope are [" + in_scope + "]");
}

std::string Signature(const FunctionRow &row) {
  std::string out = "(";
  for (size_t i = 0; i < row.n_params; ++i) out += (i ? "," : "") + std::string(TypeName(row.params[i]));
  return out + ")";
}

int32_t FailSignature(tick_context *context, const tick_site *site, std::span<const Overload> overloads,
                      const Type *types, size_t n) {
  if (std::find(types, types + n, Type::Missing) != types + n) return FailMissing(context, site, types, n);
  std::string args, list;
  for (size_t i = 0; i < n; ++i)
    args += (i ? "," : "") + std::string(ArgumentText(site, i)) + ": " + std::string(TypeName(types[i]));
  std::vector<std::string> signatures;
  for (const Overload &overload : overloads) signatures.push_back(Signature(*overload.row));
  std::sort(signatures.begin(), signatures.end());
  for (const std::string &signature : signatures) list += (list.empty() ? "" : ", ") + signature;
  return context->fail("Cannot call function \"" + std::string(site->name) + "\" with args (" + args +
                       "), available signatures are [" + list + "].");
}

// isPresent() of a reference the point does not have: the one call a missing argument may go into.
bool AsksForMissing(const tick_site *site, const Type *types, size_t n) {
  return n == 1 && types[0] == Type::Missing && std::string_view(site->name) == "isPresent";
}

// The overload for these types, or null with the message set.
const Overload *Resolve(tick_context *context, const tick_site *site, const Type *types, size_t n) {
  std::span<const Overload> overloads = OverloadsOf(site->name);
  const Overload *found = overloads.empty() ? nullptr : FindOverload(overloads, types, n);
  if (found) return found;
  if (overloads.empty())
    context->fail("undefined function: " + GoQuote(site->name));
  else
    FailSignature(context, site, overloads, types, n);
  return nullptr;
}

// Types of at most kMaxParams arguments. More are a panic of the reference implementation, but an unknown function is
// found out first.
bool TakeTypes(tick_context *context, const tick_site *site, size_t n) {
  if (n <= kMaxParams) return true;
  if (OverloadsOf(site->name).empty())
    context->fail("undefined function: " + GoQuote(site->name));
  else
    context->fail("runtime error: index out of range [4] with length 4");
  return false;
}

}  // namespace
}  // namespace tick

using tick::Type;

extern "C" {

int32_t tick_dyn_call_type(tick_context *context, const tick_site *site, const uint8_t *types, uint32_t n,
                           uint8_t *out) {
  if (!tick::TakeTypes(context, site, n)) return 1;
  Type taken[tick::kMaxParams];
  for (uint32_t i = 0; i < n; ++i) taken[i] = static_cast<Type>(types[i]);
  if (tick::AsksForMissing(site, taken, n)) {
    *out = TICK_BOOL;
    return 0;
  }
  const tick::Overload *overload = tick::Resolve(context, site, taken, n);
  if (!overload) return 1;
  *out = static_cast<uint8_t>(overload->row->result);
  return 0;
}

int32_t tick_dyn_call(tick_context *context, const tick_site *site, const tick_value *args, uint32_t n, void *state,
                      tick_value *out) {
  if (!tick::TakeTypes(context, site, n)) return 1;
  Type types[tick::kMaxParams];
  for (uint32_t i = 0; i < n; ++i) types[i] = tick::TypeOf(args[i]);
  if (tick::AsksForMissing(site, types, n)) {
    *out = tick::MakeBool(false);
    return 0;
  }
  const tick::Overload *overload = tick::Resolve(context, site, types, n);
  if (!overload) return 1;
  if (overload->call(context, state, args, out) == 0) return 0;
  return tick::Prefix(context, ("error calling " + tick::GoQuote(site->name) + ": ").c_str());
}

void tick_dyn_argument(tick_context *context, uint32_t n) {
  tick::Prefix(context, ("Failed to handle " + std::to_string(n) + " argument: ").c_str());
}
}
