// lambda.cpp - kernels of lambdas that users write, against clang's loops of the same meaning.
//
// Blocks of 1024 rows in cache. Prints ns a row of both, their ratio, and what the JIT needs from graph to callable
// code; all in CPU time of the best of many rounds, since other programs may run. Regexes are measured beside RE2 called
// straight. Exit status 1 where arithmetic or a comparison takes more than 1.2 times its loop, or a result differs.
#include <re2/re2.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>

#include "bench/lambda_loops.h"
#include "driver/compile.h"
#include "runtime/lambda/lambda.h"

namespace tick {
namespace {

constexpr uint32_t kRows = 1024;
constexpr double kMost = 1.2;

double CpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// ns a row of the fastest round of each; rounds take turns, so that what disturbs one disturbs the other.
std::pair<double, double> Measure(const std::function<void()> &ours, const std::function<void()> &theirs) {
  double begin = CpuSeconds();
  theirs();
  int times = std::max(1, static_cast<int>(0.0003 / std::max(CpuSeconds() - begin, 1e-7)));
  double best[2] = {1e9, 1e9};
  for (int round = 0; round < 200; ++round) {
    const std::function<void()> &block = round % 2 ? theirs : ours;
    begin = CpuSeconds();
    for (int i = 0; i < times; ++i) block();
    best[round % 2] = std::min(best[round % 2], (CpuSeconds() - begin) / times);
  }
  return {best[0] / kRows * 1e9, best[1] / kRows * 1e9};
}

// Both sides' columns begin at a cache line: which of two columns straddles lines would else decide.
template <class T>
struct OnLine {
  using value_type = T;
  OnLine() = default;
  template <class U>
  OnLine(const OnLine<U> &) {}
  T *allocate(size_t n) { return static_cast<T *>(std::aligned_alloc(64, (n * sizeof(T) + 63) / 64 * 64)); }
  void deallocate(T *at, size_t) { std::free(at); }
  bool operator==(const OnLine &) const = default;
};
template <class T>
using Buffer = std::vector<T, OnLine<T>>;

enum class Side { Strict, Loop, Re2 };  // clang's loop within kMost; clang's loop; RE2
struct Row {
  const char *lambda;
  const char *columns;  // one a reference in order of first use: f float, i int, h host names, p paths
  Side side;
  Loop loop;
  LoopArgs literals;
  const char *regex = nullptr;
};

const Row kRowsOfTable[] = {
    {"\"value\" > 30.0", "f", Side::Strict, loop_greater, {.f = {30}}},
    {"\"value\" > 30", "f", Side::Strict, loop_greater_int, {.i = {30}}},
    {"\"value\" > 30", "i", Side::Strict, loop_int_greater_int, {.i = {30}}},
    {"\"value\" < 10.0 OR \"value\" > 50.0", "f", Side::Strict, loop_outside, {.f = {10, 50}}},
    {"\"status\" >= 500 AND \"status\" < 600", "i", Side::Strict, loop_between_int, {.i = {500, 600}}},
    {"\"a\" * 2.0 + \"b\" > 0.5 AND \"c\" < 10.0", "fff", Side::Strict, loop_mixed, {.f = {2, 0.5, 10}}},
    {"100.0 - \"usage_idle\"", "f", Side::Strict, loop_rest, {.f = {100}}},
    {"\"used\" / \"total\" * 100.0", "ff", Side::Strict, loop_percent, {.f = {100}}},
    {"float(\"used\") / float(\"total\") > 0.9", "ii", Side::Strict, loop_int_ratio, {.f = {0.9}}},
    {"abs(\"a\" - \"b\") > 5.0", "ff", Side::Strict, loop_distance, {.f = {5}}},
    {"sqrt(\"a\" * \"a\" + \"b\" * \"b\")", "ff", Side::Strict, loop_hypotenuse, {}},
    {"\"seq\" % 10 == 0", "i", Side::Strict, loop_every_tenth, {.i = {10, 0}}},
    {"if(\"value\" > 30.0, 1, 0)", "f", Side::Loop, loop_flag, {.f = {30}, .i = {1, 0}}},
    {"if(\"value\" > 30.0, \"value\", 30.0)", "f", Side::Loop, loop_at_least, {.f = {30}}},
    {"isPresent(\"value\") AND \"value\" > 30.0", "f", Side::Loop, loop_greater, {.f = {30}}},
    {"\"host\" == 'web01'", "h", Side::Loop, loop_equal_text, {.s = {"web01", 5}}},
    {"\"usage_idle\" < 10.0 AND \"cpu\" == 'web01'", "fh", Side::Loop, loop_less_and_text, {.f = {10}, .s = {"web01", 5}}},
    {"strHasPrefix(\"host\", 'web')", "h", Side::Loop, loop_prefix, {.s = {"web", 3}}},
    {"strContains(\"path\", '/api/')", "p", Side::Loop, loop_contains, {.s = {"/api/", 5}}},
    {"strLength(\"host\") > 4", "h", Side::Loop, loop_length, {.i = {4}}},
    {"\"host\" =~ /^web\\d+$/", "h", Side::Re2, nullptr, {}, "^web\\d+$"},
    {"\"path\" =~ /(error|warn)/", "p", Side::Re2, nullptr, {}, "(error|warn)"},
    {"sigma(\"value\") > 2.0", "f", Side::Loop, loop_sigma, {.f = {2}}},
    {"spread(\"value\") > 40.0", "f", Side::Loop, loop_spread, {.f = {40}}},
};

// One column of each kind, the second and third of a kind shifted.
struct Columns {
  Buffer<double> floats[3];
  Buffer<int64_t> ints[3];
  std::vector<std::string> texts;
  Buffer<tick_string> hosts, paths;

  Columns() {
    texts.reserve(2 * kRows);
    for (uint32_t i = 0; i < kRows; ++i) {
      for (uint32_t k = 0; k < 3; ++k) {
        floats[k].push_back((i * (k + 7) + k) % 61 + 0.25);
        ints[k].push_back((i * (k + 7)) % 701 + 1);
      }
      texts.push_back((i % 3 ? "web" : "db") + std::to_string(i % 20 + 10));
      if (i % 5 == 0) texts.back() = "web01";
      hosts.push_back({texts.back().data(), texts.back().size()});
      texts.push_back(std::string(i % 4 ? "/static/" : "/v2/api/") + "items/" + std::to_string(i) +
                      (i % 7 ? "" : "/error"));
      paths.push_back({texts.back().data(), texts.back().size()});
    }
  }
  const void *at(char kind, size_t position) const {
    return kind == 'f'   ? static_cast<const void *>(floats[position].data())
           : kind == 'i' ? static_cast<const void *>(ints[position].data())
           : kind == 'h' ? static_cast<const void *>(hosts.data())
                         : static_cast<const void *>(paths.data());
  }
};

uint8_t TypeOfColumn(char kind) { return kind == 'f' ? TICK_FLOAT : kind == 'i' ? TICK_INT : TICK_STRING; }

std::optional<ir::Graph> GraphOf(const std::string &lambda) {
  Source source{"bench", "stream\n    |from()\n    |eval(lambda: " + lambda + ")\n        .as('r')\n"};
  Diagnostics diagnostics(source);
  return CompileToIr(source, {}, diagnostics);
}

const tick_kernel_entry *KernelFor(const Code &code, std::string_view columns) {
  const tick_lambda &lambda = code.task().lambdas[0];
  for (uint32_t k = 0; k < lambda.n_kernels; ++k) {
    const tick_kernel_entry &entry = code.best().kernels[0][k];
    bool same = lambda.n_refs == columns.size();
    for (uint32_t i = 0; same && i < lambda.n_refs; ++i) same = entry.types[i] == TypeOfColumn(columns[i]);
    if (same) return &entry;
  }
  return nullptr;
}

// Milliseconds from graph to code: the middle of some, in a process that has compiled before.
double CompileMs(const ir::Graph &graph) {
  std::vector<double> times;
  for (int i = 0; i < 11; ++i) {
    Jit jit;  // a new one finds nothing that was compiled before
    std::string error;
    double begin = CpuSeconds();
    jit.compile(graph, &error);
    times.push_back((CpuSeconds() - begin) * 1e3);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

// A bar ends a cell of the table.
std::string Cell(std::string_view text) {
  std::string out;
  for (char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

bool Run(const Row &row, const Columns &data) {
  std::optional<ir::Graph> graph = GraphOf(row.lambda);
  std::string error;
  std::shared_ptr<const Code> code = graph ? Jit({.hot_rows = 0}).compile(*graph, &error) : nullptr;
  const tick_kernel_entry *kernel = code ? KernelFor(*code, row.columns) : nullptr;
  if (!kernel) {
    std::fprintf(stderr, "bench: %s does not compile to a kernel: %s\n", row.lambda, error.c_str());
    return false;
  }
  Lambda lambda(code->task().lambdas[0], code->best(), 0, &error);
  std::vector<const void *> addresses;
  for (size_t i = 0; row.columns[i]; ++i) addresses.push_back(data.at(row.columns[i], i));
  std::vector<uint64_t> state(lambda.state_size() / 8 + 1);
  std::vector<void *> states(kRows, state.data());
  size_t width = kernel->result == TICK_BOOL ? 1 : 8;
  Buffer<uint64_t> out(kRows), want(kRows);
  Buffer<uint8_t> errors(kRows);
  LambdaContext context;
  Arena arena;
  context.arena = &arena;
  tick_kernel_args args = {.columns = addresses.data(), .literals = lambda.literals(), .rows = nullptr, .n = kRows,
                           .states = states.data(), .out = out.data(), .errors = errors.data(), .context = &context};
  LoopArgs loop = row.literals;
  loop.columns = addresses.data();
  loop.n = kRows;
  loop.out = want.data();
  std::unique_ptr<RE2> regex = row.regex ? std::make_unique<RE2>(row.regex) : nullptr;
  std::function<void()> other = [&] { row.loop(&loop); };
  if (regex)
    other = [&] {
      const auto *texts = static_cast<const tick_string *>(addresses[0]);
      auto *matches = reinterpret_cast<uint8_t *>(want.data());
      for (uint32_t i = 0; i < kRows; ++i)
        matches[i] = RE2::PartialMatch(re2::StringPiece(texts[i].data, texts[i].size), *regex);
    };
  kernel->run(&args);
  other();
  if (std::memcmp(out.data(), want.data(), kRows * width) != 0) {
    std::fprintf(stderr, "bench: %s gives another result than its loop\n", row.lambda);
    return false;
  }
  auto [ours, theirs] = Measure([&] { kernel->run(&args); }, other);
  bool good = row.side != Side::Strict || ours <= theirs * kMost;
  std::printf("| `%s` | %s | %.3f | %.3f%s | %.2f%s | %.1f |\n", Cell(row.lambda).c_str(), row.columns, ours, theirs, regex ? " (RE2)" : "",
              ours / theirs, good ? "" : " (!)", CompileMs(*graph));
  std::fflush(stdout);
  return good;
}

int Main() {
  Columns data;
  std::printf("| lambda | columns | ns a row | clang -O3 | ratio | JIT, ms |\n|---|---|--:|--:|--:|--:|\n");
  bool good = true;
  for (const Row &row : kRowsOfTable) good &= Run(row, data);
  return good ? 0 : 1;
}

}  // namespace
}  // namespace tick

int main() { return tick::Main(); }
