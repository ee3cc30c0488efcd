// runner.cpp - columns out of rows, kernels called as the runtime calls them.
#include "runner.h"

#include <unistd.h>

#include <cmath>
#include <cstring>
#include <fstream>

#include "runtime/engine/so_loader.h"

namespace tick::test {
namespace {

size_t ElementSize(Type type) { return type == Type::Bool ? 1 : type == Type::String ? 16 : 8; }

void Put(Type type, std::byte *to, const Value &value) { std::memcpy(to, &value.as, ElementSize(type)); }

Value Get(Type type, const std::byte *from) {
  Value value = MakeMissing();
  value.as.s = {nullptr, 0};
  std::memcpy(&value.as, from, ElementSize(type));
  value.type = static_cast<uint8_t>(type);
  return value;
}

Outcome Own(const Value &value) {
  Outcome outcome{value, ""};
  if (TypeOf(value) == Type::String) outcome.text = StringOf(value);
  return outcome;
}

std::vector<std::string> Show(const std::vector<Outcome> &outcomes) {
  std::vector<std::string> texts;
  for (const Outcome &outcome : outcomes) texts.push_back(test::Show(outcome));
  return texts;
}

}  // namespace

std::string Show(const Outcome &outcome) {
  if (!outcome.value) return "failed";
  const Value &value = *outcome.value;
  switch (TypeOf(value)) {
    case Type::Bool: return value.as.b ? "true" : "false";
    case Type::Int: return std::to_string(value.as.i);
    case Type::Float: {
      // Bits, but for NaN: which one is of no interest.
      char text[64];
      std::snprintf(text, sizeof text, "%a", value.as.f);
      return std::isnan(value.as.f) ? "nan" : text;
    }
    case Type::String: return "'" + outcome.text + "'";
    case Type::Duration: return std::to_string(value.as.i) + "ns";
    case Type::Missing: return "missing";
    default: return std::string(TypeName(TypeOf(value))) + " " + std::to_string(value.as.i);
  }
}

Runner::Runner(std::shared_ptr<const Code> code, const tick_code &level, size_t lambda)
    : code_(code), lambda_(code->task().lambdas[lambda], level, lambda, nullptr) {
  context_.arena = &arena_;
  context_.now = [](void *) { return int64_t{1450338550123456789}; };
}

std::vector<Outcome> Runner::kernel(const Rows &rows, bool selected) {
  const tick_lambda &spec = lambda_.spec();
  size_t n = rows.size();
  const tick_kernel_entry *entry = nullptr;
  for (uint32_t k = 0; k < spec.n_kernels && !entry; ++k) {
    bool fits = true;
    for (uint32_t i = 0; i < spec.n_refs; ++i) fits &= spec.kernels[k].types[i] == rows[0][i].type;
    if (fits) entry = &spec.kernels[k];
  }
  if (!entry) ADD_FAILURE() << "no kernel for these types";
  if (!entry) return {};
  std::vector<std::vector<std::byte>> columns(spec.n_refs);
  std::vector<const void *> addresses;
  for (uint32_t i = 0; i < spec.n_refs; ++i) {
    auto type = static_cast<Type>(entry->types[i]);
    columns[i].resize(n * ElementSize(type));
    for (size_t r = 0; r < n; ++r) Put(type, columns[i].data() + r * ElementSize(type), rows[r][i]);
    addresses.push_back(columns[i].data());
  }
  std::vector<int64_t> state(spec.state_size / 8 + 1);
  std::vector<void *> states(n, state.data());
  auto result = static_cast<Type>(entry->result);
  std::vector<std::byte> out(n * ElementSize(result), std::byte{0x5a});
  std::vector<uint8_t> errors(n, entry->may_fail ? 0x5a : 0);
  uint32_t failed = 0;
  auto run = [&](const uint32_t *selection, uint32_t count) {
    tick_kernel_args args = {addresses.data(), lambda_.literals(), selection, count, states.data(), out.data(), errors.data(),
                             &context_};
    failed += entry->run(&args);
  };
  if (!selected) {
    run(nullptr, static_cast<uint32_t>(n));
  } else if (spec.state_size > 0) {
    std::vector<uint32_t> all;
    for (uint32_t r = 0; r < n; ++r) all.push_back(r);
    run(all.data(), static_cast<uint32_t>(n));
  } else {
    for (uint32_t odd : {1u, 0u}) {
      std::vector<uint32_t> some;
      for (uint32_t r = odd; r < n; r += 2) some.push_back(r);
      run(some.data(), static_cast<uint32_t>(some.size()));
    }
  }
  std::vector<Outcome> outcomes;
  uint32_t counted = 0;
  for (size_t r = 0; r < n; ++r) {
    EXPECT_LE(errors[r], 1) << "row " << r << " was not written";
    counted += errors[r];
    Value value = Get(result, out.data() + r * ElementSize(result));
    if (errors[r]) {
      EXPECT_EQ(value.as.i, 0) << "a failed row holds zero";
    }
    outcomes.push_back(errors[r] ? Outcome{} : Own(value));
  }
  EXPECT_EQ(failed, counted);
  return outcomes;
}

std::vector<Outcome> Runner::tagged(const Rows &rows) {
  std::vector<int64_t> state(lambda_.spec().state_size / 8 + 1);
  std::vector<Outcome> outcomes;
  for (const std::vector<Value> &row : rows) {
    Value out = MakeMissing();
    if (lambda_.run_values(context_, row.data(), state.data(), &out)) {
      outcomes.push_back(Own(out));
    } else {
      outcomes.push_back({std::nullopt, context_.message});
    }
  }
  return outcomes;
}

std::shared_ptr<const Code> LoadEmitted(const ir::Graph &graph, std::vector<uint32_t> levels) {
  EmitResult emitted = Emit(graph, EmitKind::SharedObject, {std::move(levels)});
  EXPECT_EQ(emitted.error, "");
  std::string path = testing::TempDir() + "/codegen_" + std::to_string(::getpid()) + ".so";
  std::ofstream(path, std::ios::binary) << emitted.bytes;
  LoadResult loaded = LoadSharedObject(path);
  EXPECT_EQ(loaded.error, "");
  ::unlink(path.c_str());
  return loaded.code;
}

std::vector<std::string> RunAll(const ir::Graph &graph, const Rows &rows) {
  std::string error;
  std::vector<std::string> want;
  for (uint32_t hot_rows : {32768u, 0u}) {
    std::shared_ptr<const Code> code = Jit({hot_rows}).compile(graph, &error);
    EXPECT_EQ(error, "");
    if (!code) return {};
    std::vector<std::string> dense = Show(Runner(code).kernel(rows, false));
    if (want.empty()) want = dense;
    EXPECT_EQ(dense, want) << "hot_rows " << hot_rows;
    EXPECT_EQ(Show(Runner(code).kernel(rows, true)), want) << "selected, hot_rows " << hot_rows;
    EXPECT_EQ(Show(Runner(code).tagged(rows)), want) << "tagged, hot_rows " << hot_rows;
  }
  std::vector<uint32_t> levels;
  for (uint32_t level = 1; level <= CpuLevel(); ++level) levels.push_back(level);
  std::shared_ptr<const Code> shared = LoadEmitted(graph, levels);
  if (!shared) return {};
  for (uint32_t i = 0; i < shared->task().n_codes; ++i) {
    const tick_code &level = shared->task().codes[i];
    EXPECT_EQ(Show(Runner(shared, level).kernel(rows, false)), want) << "shared object, level " << level.level;
    EXPECT_EQ(Show(Runner(shared, level).kernel(rows, true)), want) << "shared object, level " << level.level;
    EXPECT_EQ(Show(Runner(shared, level).tagged(rows)), want) << "shared object, tagged";
  }
  return want;
}

}  // namespace tick::test
