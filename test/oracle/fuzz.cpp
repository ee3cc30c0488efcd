// fuzz.cpp - compiles expressions by the dozen, runs them as kernels and as tagged bodies, compares.
#include "test/oracle/fuzz.h"

#include <algorithm>
#include <numeric>

#include "test/oracle/generator.h"
#include "test/oracle/oracle.h"

namespace tick::oracle {
namespace {

constexpr size_t kBatch = 24;  // expressions a script
constexpr size_t kPoints = 24;

Value ToValue(const Datum &d) {
  switch (d.type) {
    case Type::Bool:
      return MakeBool(d.i != 0);
    case Type::Float:
      return MakeFloat(d.f);
    case Type::String:
      return MakeString(d.s);
    default:
      return Value{{.i = d.i}, static_cast<uint8_t>(d.type)};
  }
}

Datum ToDatum(const Value &value) {
  Datum d{TypeOf(value), value.as.i, 0, {}};
  if (d.type == Type::Bool) d.i = value.as.b;
  if (d.type == Type::Float) d = {Type::Float, 0, value.as.f, {}};
  if (d.type == Type::String) d = {Type::String, 0, 0, std::string(StringOf(value))};
  return d;
}

// Points as the runtime has them: one block, every point its own series because of its tag.
struct Rows {
  RowBlock block;
  std::vector<uint32_t> numbers;
  Frame frame;

  explicit Rows(const std::vector<Point> &points) {
    const Origin *origin = InternOrigin("db", "rp");
    for (const Point &point : points) {
      Fields fields;
      for (const auto &[name, datum] : point)
        if (name != "t1" && name != "time") fields.push_back({Intern(name), ToValue(datum)});
      Tags tags;
      if (auto it = point.find("t1"); it != point.end()) tags.push_back({Intern("t1"), it->second.s});
      block.add(InternSeries(origin, Intern("m"), std::move(tags)), point.at("time").i, fields);
    }
    frame.block = &block;
    frame.times = block.times.data();
    frame.series = block.series.data();
  }
  void select(std::vector<uint32_t> rows) {
    numbers = std::move(rows);
    frame.rows = numbers;
  }
};

struct Context : tick_context {
  Arena memory;
  Context() {
    arena = &memory;
    now = [](void *) -> int64_t { return 0; };
  }
};

std::string Show(const std::optional<Datum> &value) { return value ? oracle::Show(*value) : "error"; }

std::string Show(const Point &point) {
  std::string out;
  for (const auto &[name, datum] : point) out += "\n    " + name + " = " + oracle::Show(datum);
  return out;
}

bool Equal(const std::optional<Datum> &a, const std::optional<Datum> &b) {
  return a && b ? Same(*a, *b) : a.has_value() == b.has_value();
}

std::vector<std::optional<Datum>> Expected(const Expression &expression, const std::vector<Point> &points,
                                           const Rows &rows, bool old) {
  Context context;
  Evaluator evaluator(context, old);
  std::vector<std::optional<Datum>> out;
  for (uint32_t row : rows.numbers) out.push_back(evaluator.evaluate(expression, points[row]));
  return out;
}

std::optional<Datum> Result(const Value &value) {
  return value.type == TICK_MISSING ? std::nullopt : std::optional(ToDatum(value));
}

std::vector<std::optional<Datum>> RunFrame(const Lambda &lambda, const Rows &rows) {
  Context context;
  std::vector<int64_t> state(lambda.state_size() / 8 + 1);
  std::vector<void *> states(rows.block.size(), state.data());
  LambdaResult result = lambda.run(context, rows.frame, states.data());
  std::vector<std::optional<Datum>> out;
  for (uint32_t row : rows.numbers) out.push_back(result.failed(row) ? std::nullopt : Result(result.values.at(row)));
  return out;
}

std::vector<std::optional<Datum>> RunRows(const Lambda &lambda, const Rows &rows) {
  Context context;
  std::vector<int64_t> state(lambda.state_size() / 8 + 1);
  std::vector<std::optional<Datum>> out;
  for (uint32_t row : rows.numbers) {
    Value value = MakeMissing();
    bool done = lambda.run_row(context, rows.frame, row, state.data(), &value);
    out.push_back(done ? Result(value) : std::nullopt);
  }
  return out;
}

// A compiler of one dialect.
struct Compiler {
  explicit Compiler(bool old) : old(old), jit({.dialect = old ? DialectChoice::Dotted : DialectChoice::Modern}) {}
  bool old;
  JitSource jit;
};

CodeResult Compile(Compiler &compiler, const std::vector<Expression> &expressions) {
  CodeRequest request;
  request.script = ScriptOf(expressions, compiler.old);
  request.name = "fuzz";
  return compiler.jit.compile(request);
}

// The difference of one expression alone, compiled by itself.
std::optional<std::string> DiffersAlone(Compiler &compiler, const Expression &expression,
                                        const std::vector<Point> &points) {
  CodeResult result = Compile(compiler, {expression});
  if (!result.code) return "does not compile: " + result.error;
  return Differs(*result.code, 0, expression, points);
}

// Whether the value is a regex: no result of a lambda, so not to be looked at alone.
bool IsRegex(const Expression &e) {
  return e.kind == Kind::Call ? e.text == "if" && IsRegex(e.operands[1])
                              : e.kind == Kind::Literal && e.type == Type::Regex;
}

// The smallest sub-expression that differs as well, over as few points.
std::string Minimise(Compiler &compiler, Expression expression, std::vector<Point> points) {
  std::string why = *DiffersAlone(compiler, expression, points);
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (const Expression &operand : expression.operands) {
      if (IsRegex(operand)) continue;
      std::optional<std::string> also = DiffersAlone(compiler, operand, points);
      if (!also) continue;
      Expression next = operand;
      expression = std::move(next);
      why = *also;
      smaller = true;
      break;
    }
  }
  for (size_t i = points.size(); i-- > 0 && points.size() > 1;) {
    std::vector<Point> fewer = points;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (std::optional<std::string> also = DiffersAlone(compiler, expression, fewer)) {
      points = std::move(fewer);
      why = *also;
    }
  }
  return Print(expression) + "\n  " + why;
}

}  // namespace

std::string ScriptOf(const std::vector<Expression> &expressions, bool old) {
  std::string lambdas, names;
  for (size_t i = 0; i < expressions.size(); ++i) {
    lambdas += (i ? ", " : "") + ("lambda: " + Print(expressions[i]));
    names += (i ? ", 'r" : "'r") + std::to_string(i) + "'";
  }
  if (old) return "stream.from().measurement('m').eval(" + lambdas + ").as(" + names + ").httpOut('x')";
  return "stream|from().measurement('m')|eval(" + lambdas + ").as(" + names + ")|log()";
}

std::optional<std::string> Differs(const Code &code, size_t lambda, const Expression &expression,
                                   const std::vector<Point> &points) {
  std::string error;
  Lambda compiled(code.task().lambdas[lambda], code.best(), lambda, &error);
  if (!error.empty()) return "does not load: " + error;
  Rows rows(points);
  std::vector<uint32_t> all(points.size()), some;
  std::iota(all.begin(), all.end(), 0);
  for (uint32_t row : all)
    if (row % 7 != 3 || points.size() == 1) some.push_back(row);
  for (const std::vector<uint32_t> &selection : {all, some}) {
    rows.select(selection);
    std::vector<std::optional<Datum>> want = Expected(expression, points, rows, code.task().dialect == 2),
                                      frame = RunFrame(compiled, rows),
                                      tagged = RunRows(compiled, rows);
    for (size_t i = 0; i < selection.size(); ++i) {
      if (Equal(want[i], frame[i]) && Equal(want[i], tagged[i])) continue;
      return "want " + Show(want[i]) + ", frame " + Show(frame[i]) + ", tagged " + Show(tagged[i]) + " at row " +
             std::to_string(selection[i]) + " of " + std::to_string(selection.size()) + Show(points[selection[i]]);
    }
  }
  return std::nullopt;
}

std::string Fuzz(uint64_t seed, size_t count, bool old) {
  Compiler compiler(old);
  for (size_t done = 0; done < count; done += kBatch) {
    uint64_t batch_seed = seed + done / kBatch;
    Generator generator(batch_seed, old);
    std::vector<Expression> expressions;
    for (size_t i = 0; i < std::min(kBatch, count - done); ++i) expressions.push_back(generator.expression());
    std::vector<Point> points;
    for (size_t i = 0; i < kPoints; ++i) points.push_back(generator.point(batch_seed % 2 == 0));
    CodeResult result = Compile(compiler, expressions);
    for (size_t i = 0; i < expressions.size(); ++i) {
      std::optional<std::string> why =
          result.code ? Differs(*result.code, i, expressions[i], points) : DiffersAlone(compiler, expressions[i], points);
      if (why)
        return "seed " + std::to_string(batch_seed) + ", expression " + std::to_string(i) + ":\n  " +
               Print(expressions[i]) + "\nsmallest:\n  " + Minimise(compiler, expressions[i], points);
    }
    if (!result.code) return "seed " + std::to_string(batch_seed) + ": together they do not compile: " + result.error;
  }
  return "";
}

}  // namespace tick::oracle
