// alert_bench.cpp - descriptors, points and batches for tests of the alert node.
#include "alert_bench.h"

#include <cstdlib>
#include <new>

#include "runtime/alert/alert_state.h"
#include "runtime/alert/row.h"

namespace {
thread_local size_t allocated = 0;
}  // namespace

void *operator new(size_t size) {
  ++allocated;
  if (void *memory = std::malloc(size ? size : 1)) return memory;
  throw std::bad_alloc();
}
// All forms that this file's delete may get to free.
void *operator new(size_t size, const std::nothrow_t &) noexcept {
  ++allocated;
  return std::malloc(size ? size : 1);
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, size_t) noexcept { std::free(memory); }

namespace tick {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
const char *const kRefs[] = {"usage"};

bool Number(const Value &value, double *out) {
  *out = TypeOf(value) == Type::Int ? static_cast<double>(value.as.i) : value.as.f;
  return TypeOf(value) == Type::Int || TypeOf(value) == Type::Float;
}

template <Compare kHow>
int32_t Body(tick_context *context, const tick_value *refs, const tick_payload *literals, const tick_site *, void *,
             tick_value *out) {
  double value = 0;
  if (kHow == Compare::Fails) return context->fail("no such value");
  if (kHow == Compare::NotBool) {
    *out = MakeInt(1);
    return 0;
  }
  if (kHow != Compare::Always && !Number(refs[0], &value))
    return context->fail("reference value \"usage\" is missing value");
  bool holds = kHow == Compare::Always || (kHow == Compare::Greater ? value > literals[0].f : value < literals[0].f);
  *out = MakeBool(holds);
  return 0;
}

tick_tagged BodyOf(Compare how) {
  switch (how) {
    case Compare::Greater:
      return Body<Compare::Greater>;
    case Compare::Less:
      return Body<Compare::Less>;
    case Compare::Always:
      return Body<Compare::Always>;
    case Compare::Fails:
      return Body<Compare::Fails>;
    default:
      return Body<Compare::NotBool>;
  }
}

// A descriptor and everything it points at.
class BenchCode final : public Code {
 public:
  BenchCode(std::vector<tick_property> properties, const std::vector<Condition> &conditions, uint8_t dialect)
      : properties_(std::move(properties)), literals_(conditions.size()) {
    for (size_t i = 0; i < conditions.size(); ++i) {
      literals_[i] = MakeFloat(conditions[i].number);
      tick_lambda lambda{};
      lambda.text = "\"usage\" > x";
      lambda.refs = kRefs;
      lambda.n_refs = 1;
      lambda.literals = &literals_[i];
      lambda.n_literals = 1;
      lambdas_.push_back(lambda);
      tagged_.push_back(BodyOf(conditions[i].how));
      kernels_.push_back(nullptr);
    }
    nodes_[0] = Node("stream", "stream0");
    nodes_[0].children = &one_;
    nodes_[0].n_children = 1;
    nodes_[1] = Node("alert", "alert1");
    nodes_[1].parents = &zero_;
    nodes_[1].n_parents = 1;
    nodes_[1].properties = properties_.data();
    nodes_[1].n_properties = static_cast<uint32_t>(properties_.size());
    nodes_[1].state_offset = 8;
    nodes_[1].state_size = sizeof(AlertState);
    code_ = {1, kernels_.data(), tagged_.data()};
    task_.magic = TICK_ABI_MAGIC;
    task_.abi_version = TICK_ABI_VERSION;
    task_.size = sizeof task_;
    task_.type = TICK_EDGE_STREAM;
    task_.dialect = dialect;
    task_.nodes = nodes_;
    task_.n_nodes = 2;
    task_.walk = walk_;
    task_.lambdas = lambdas_.data();
    task_.n_lambdas = static_cast<uint32_t>(lambdas_.size());
    task_.codes = &code_;
    task_.n_codes = 1;
    task_.domain_sizes = &domain_size_;
    task_.n_domains = 1;
    task_.script = "";
    task_.dot = "";
  }
  const tick_task &task() const override { return task_; }

 private:
  static tick_node Node(const char *kind, const char *name) {
    tick_node node{};
    node.kind = kind;
    node.name = name;
    node.wants = node.provides = TICK_EDGE_STREAM;
    return node;
  }
  std::vector<tick_property> properties_;
  std::vector<Value> literals_;
  std::vector<tick_lambda> lambdas_;
  std::vector<tick_tagged> tagged_;
  std::vector<const tick_kernel_entry *> kernels_;
  tick_node nodes_[2];
  uint32_t zero_ = 0, one_ = 1, walk_[2] = {0, 1};
  uint32_t domain_size_ = 8 + sizeof(AlertState);
  tick_code code_{};
  tick_task task_{};
};

class Recorder final : public AlertHandler {
 public:
  explicit Recorder(RecordingServices &services) : services_(services) {}
  void handle(const AlertEvent &event) override { services_.events.push_back(event); }
  void flush() override { ++services_.flushes; }

 private:
  RecordingServices &services_;
};

tick_node ProbeSpec() {
  tick_node spec{};
  spec.kind = "probe";
  spec.name = "probe2";
  return spec;
}
const tick_node kProbeSpec = ProbeSpec();

class Probe final : public Node {
 public:
  Probe(Task &task, std::vector<std::string> *passed) : Node(kProbeSpec, task), passed_(*passed) {}
  void points(const Frame &frame, unsigned) override {
    for (uint32_t row : frame.rows) AppendRow(&passed_.emplace_back(), frame, row, NonFinite::Null);
  }
  void batch(const Batch &batch, unsigned) override { AppendRow(&passed_.emplace_back(), batch, NonFinite::Null); }

 private:
  std::vector<std::string> &passed_;
};

const Series *SeriesOf(const std::string &host) {
  return InternSeries(InternOrigin("db", "rp"), Intern("cpu"), {{Intern("dc"), "dc0"}, {Intern("host"), host}});
}

}  // namespace

std::unique_ptr<AlertHandler> RecordingServices::alert_handler(std::string_view, std::string_view,
                                                               const tick_property &, std::string *error) {
  *error = refuse;
  return refuse.empty() ? std::make_unique<Recorder>(*this) : nullptr;
}

bool RecordingServices::remembered(std::string_view topic, std::string_view id, Level *level, int64_t *time) {
  std::optional<EventState> state = topics.state(topic, id);
  if (!state) return false;
  *level = state->level;
  *time = state->time;
  return true;
}

tick_property &AlertBench::add(std::string property) {
  tick_property made{};
  made.name = keep(std::move(property));
  return properties_.emplace_back(made);
}

const tick_arg *AlertBench::args(std::vector<tick_arg> list) { return kept_args_.emplace_back(std::move(list)).data(); }

tick_arg AlertBench::string_arg(std::string text) {
  tick_arg arg{};
  arg.type = TICK_STRING;
  size_t size = text.size();
  arg.as.s = {keep(std::move(text)), size};
  return arg;
}

AlertBench &AlertBench::condition(std::string property, Condition condition) {
  tick_arg arg{};
  arg.type = TICK_LAMBDA;
  arg.as.i = static_cast<int64_t>(conditions_.size());
  conditions_.push_back(condition);
  tick_property &made = add(std::move(property));
  made.args = args({arg});
  made.n_args = 1;
  return *this;
}

AlertBench &AlertBench::text(std::string property, std::string value) {
  tick_property &made = add(std::move(property));
  made.args = args({string_arg(std::move(value))});
  made.n_args = 1;
  return *this;
}

AlertBench &AlertBench::number(std::string property, int64_t value) {
  tick_arg arg{};
  arg.type = TICK_INT;
  arg.as.i = value;
  tick_property &made = add(std::move(property));
  made.args = args({arg});
  made.n_args = 1;
  return *this;
}

AlertBench &AlertBench::flag(std::string property) {
  add(std::move(property));
  return *this;
}

AlertBench &AlertBench::flapping(double low, double high) {
  tick_arg a{}, b{};
  a.type = b.type = TICK_FLOAT;
  a.as.f = low;
  b.as.f = high;
  tick_property &made = add("flapping");
  made.args = args({a, b});
  made.n_args = 2;
  return *this;
}

AlertBench &AlertBench::inhibit(std::string category, std::vector<std::string> tags) {
  std::vector<tick_arg> list{string_arg(std::move(category))};
  for (std::string &tag : tags) list.push_back(string_arg(std::move(tag)));
  tick_property &made = add("inhibit");
  made.n_args = static_cast<uint32_t>(list.size());
  made.args = args(std::move(list));
  return *this;
}

AlertBench &AlertBench::log() { return text("log", "/tmp/x"); }

AlertBench &AlertBench::old_dialect() {
  dialect_ = 2;
  return *this;
}

std::string AlertBench::make() {
  auto code = std::make_shared<BenchCode>(properties_, conditions_, dialect_);
  TaskResult result = Task::Make("t", std::move(code), services);
  if (!result.task) return result.error;
  task = std::move(result.task);
  probe_ = std::make_unique<Probe>(*task, &passed);
  node().link(probe_.get(), 0);
  return "";
}

void AlertBench::point(int64_t time, double usage, const std::string &host) {
  RowBlock block;
  const Series *series = SeriesOf(host);
  block.add(series, time, {{Intern("usage"), MakeFloat(usage)}});
  Group *group = task->groups(0).find(Intern("cpu"), false, {{Intern("host"), host}});
  uint32_t row = 0;
  node().points(Frame{&block, {&row, 1}, block.times.data(), block.series.data(), &group, nullptr}, 0);
}

void AlertBench::series(const std::vector<double> &values) {
  for (size_t i = 0; i < values.size(); ++i) point(static_cast<int64_t>(i) * kSecond, values[i]);
}

size_t AlertBench::allocations(uint32_t n, double usage) {
  RowBlock block;
  std::vector<uint32_t> rows;
  for (uint32_t i = 0; i < n; ++i) {
    block.add(SeriesOf("a"), i * kSecond, {{Intern("usage"), MakeFloat(usage)}});
    rows.push_back(i);
  }
  std::vector<Group *> groups(n, task->groups(0).find(Intern("cpu"), false, {{Intern("host"), "a"}}));
  Frame frame{&block, rows, block.times.data(), block.series.data(), groups.data(), nullptr};
  for (int i = 0; i < 2; ++i) {
    node().points(frame, 0);
    task->arena().reset();
  }
  size_t before = allocated;
  node().points(frame, 0);
  return allocated - before;
}

void AlertBench::batch(int64_t tmax, const std::vector<double> &values) {
  RowBlock block;
  std::vector<uint32_t> rows;
  for (size_t i = 0; i < values.size(); ++i) {
    block.add(SeriesOf("a"), tmax - static_cast<int64_t>(values.size() - i) * kSecond,
              {{Intern("usage"), MakeFloat(values[i])}});
    rows.push_back(static_cast<uint32_t>(i));
  }
  Group *group = task->groups(0).find(Intern("cpu"), false, {{Intern("host"), "a"}});
  std::vector<Group *> groups(values.size(), group);
  node().batch(Batch{Intern("cpu"), group, tmax,
                     Frame{&block, rows, block.times.data(), block.series.data(), groups.data(), nullptr}},
               0);
}

std::string AlertBench::levels() const {
  std::string out;
  for (const AlertEvent &event : services.events) out += (out.empty() ? "" : " ") + std::string(LevelName(event.level));
  return out;
}

std::string AlertBench::positions() const {
  std::string out;
  for (const AlertEvent &event : services.events)
    out += (out.empty() ? "" : " ") + std::to_string(event.time / kSecond);
  return out;
}

}  // namespace tick
