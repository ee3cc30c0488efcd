// lambda.cpp - kernels of lambdas against clang's loops of the same meaning, over blocks of 1024 rows in cache.
//
// Prints ns a row of both and their ratio; what the JIT needs from graph to callable code; both in CPU time of
// the best of many rounds, since other programs may run. Exit status 1 where a ratio is above 1.2.
#include <time.h>

#include <algorithm>
#include <cstdio>

#include "driver/compile.h"

extern "C" void loop_threshold(const double *value, uint8_t *out, uint32_t n, double limit);
extern "C" void loop_mixed(const double *a, const double *b, const double *c, uint8_t *out, uint32_t n, double factor,
                           double low, double high);

namespace tick {
namespace {

constexpr uint32_t kRows = 1024;

double CpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// ns a row of the fastest round.
template <class F>
double Measure(F &&block) {
  double best = 1e9;
  for (int round = 0; round < 200; ++round) {
    double begin = CpuSeconds();
    for (int i = 0; i < 500; ++i) block();
    best = std::min(best, CpuSeconds() - begin);
  }
  return best / 500 / kRows * 1e9;
}

std::optional<ir::Graph> GraphOf(const std::string &lambda) {
  Source source{"bench", "stream\n    |from()\n    |where(lambda: " + lambda + ")\n"};
  Diagnostics diagnostics(source);
  return CompileToIr(source, {}, diagnostics);
}

// The first lambda's kernel for floats alone.
tick_kernel FloatKernel(const Code &code) {
  const tick_lambda &lambda = code.task().lambdas[0];
  for (uint32_t k = 0; k < lambda.n_kernels; ++k) {
    const tick_kernel_entry &entry = code.best().kernels[0][k];
    if (std::all_of(entry.types, entry.types + lambda.n_refs, [](uint8_t type) { return type == TICK_FLOAT; }))
      return entry.run;
  }
  return nullptr;
}

bool Compare(const char *text, const std::vector<std::vector<double>> &columns, auto loop) {
  std::optional<ir::Graph> graph = GraphOf(text);
  std::string error;
  std::shared_ptr<const Code> code = graph ? Jit({.hot_rows = 0}).compile(*graph, &error) : nullptr;
  tick_kernel kernel = code ? FloatKernel(*code) : nullptr;
  if (!kernel) {
    std::fprintf(stderr, "bench: %s does not compile to a kernel: %s\n", text, error.c_str());
    return false;
  }
  std::vector<const void *> addresses;
  for (const std::vector<double> &column : columns) addresses.push_back(column.data());
  std::vector<tick_payload> literals;
  for (uint32_t i = 0; i < code->task().lambdas[0].n_literals; ++i)
    literals.push_back(code->task().lambdas[0].literals[i].as);
  std::vector<uint8_t> out(kRows), want(kRows);
  tick_kernel_args args = {.columns = addresses.data(), .literals = literals.data(), .n = kRows, .out = out.data()};
  kernel(&args);
  loop(want.data());
  if (out != want) {
    std::fprintf(stderr, "bench: %s gives another result than the loop\n", text);
    return false;
  }
  double ours = Measure([&] { kernel(&args); }), clang = Measure([&] { loop(out.data()); });
  std::printf("%-44s %6.3f ns/row   clang -O3 %6.3f   ratio %.2f\n", text, ours, clang, ours / clang);
  return ours <= clang * 1.2;
}

void MeasureJit(const char *text) {
  std::optional<ir::Graph> graph = GraphOf(text);
  Jit jit;
  std::string error;
  std::vector<double> times;
  for (int i = 0; i < 21; ++i) {
    double begin = CpuSeconds();
    std::shared_ptr<const Code> code = jit.compile(*graph, &error);
    times.push_back((CpuSeconds() - begin) * 1e3);
  }
  std::printf("%-44s JIT %.2f ms, the first time %.2f ms\n", text,
              (std::sort(times.begin() + 1, times.end()), times[11]), times[0]);
}

int Main() {
  std::vector<double> a(kRows), b(kRows), c(kRows);
  for (uint32_t i = 0; i < kRows; ++i) {
    a[i] = i % 61;
    b[i] = static_cast<double>(i % 7) - 3;
    c[i] = i % 13;
  }
  const char *threshold = "\"value\" > 30.0", *mixed = "\"a\" * 2.0 + \"b\" > 0.5 AND \"c\" < 10.0";
  bool good = Compare(threshold, {a}, [&](uint8_t *out) { loop_threshold(a.data(), out, kRows, 30.0); });
  good &= Compare(mixed, {a, b, c},
                  [&](uint8_t *out) { loop_mixed(a.data(), b.data(), c.data(), out, kRows, 2.0, 0.5, 10.0); });
  MeasureJit(threshold);
  MeasureJit(mixed);
  return good ? 0 : 1;
}

}  // namespace
}  // namespace tick

int main() { return tick::Main(); }
