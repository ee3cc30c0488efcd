// fixture.cpp - descriptors from calls, points from lines.
#include "test/unit/nodes/fixture.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "runtime/nodes/state_size.h"
#include "runtime/text/go_float.h"
#include "runtime/text/go_time.h"

namespace tick::test {
namespace {

int64_t Nanoseconds(double seconds) { return static_cast<int64_t>(seconds * 1e9); }

bool BeginsGroups(const std::string &kind, const std::vector<Call> &properties) {
  for (const char *one : {"stream", "batch", "from", "query", "groupBy", "flatten", "combine", "trickle", "join",
                          "union", "stats"})
    if (kind == one) return true;
  if (kind[0] == '@' || kind.ends_with("Autoscale")) return true;
  if (kind != "eval" && kind != "default" && kind != "delete" && kind != "sideload") return false;
  return std::any_of(properties.begin(), properties.end(), [](const Call &call) { return call.name.starts_with("tag"); });
}

Value ParseValue(const std::string &text, std::list<std::string> &strings) {
  if (text == "t" || text == "f") return MakeBool(text == "t");
  if (text[0] == '"') return MakeString(strings.emplace_back(text.substr(1, text.size() - 2)));
  if (text.back() == 'i') return MakeInt(std::stoll(text));
  return MakeFloat(std::stod(text));
}

struct Point {
  const Series *series;
  int64_t time;
  Fields fields;
};

Point ParseLine(const std::string &line, std::list<std::string> &strings) {
  std::istringstream in(line);
  std::string key, fields, part;
  double time = 0;
  in >> key >> fields >> time;
  std::istringstream keys(key), values(fields);
  std::getline(keys, part, ',');
  Name name = Intern(part);
  Tags tags;
  while (std::getline(keys, part, ','))
    tags.push_back({Intern(part.substr(0, part.find('='))), part.substr(part.find('=') + 1)});
  std::sort(tags.begin(), tags.end(), [](const Tag &a, const Tag &b) { return NameLess(a.key, b.key); });
  Point point{InternSeries(InternOrigin("d", "r"), name, tags), Nanoseconds(time), {}};
  while (std::getline(values, part, ','))
    SetField(point.fields, Intern(part.substr(0, part.find('='))), ParseValue(part.substr(part.find('=') + 1), strings));
  return point;
}

std::vector<Point> ParseLines(std::string_view lines, std::list<std::string> &strings) {
  std::vector<Point> points;
  std::istringstream in{std::string(lines)};
  for (std::string line; std::getline(in, line);)
    if (size_t at = line.find_first_not_of(' '); at != std::string::npos)
      points.push_back(ParseLine(line.substr(at), strings));
  return points;
}

Tags GroupTags(const Series &series, const std::vector<std::string> &names) {
  Tags tags;
  for (const std::string &name : names) {
    const std::string *value = FindTag(series.tags, Intern(name));
    tags.push_back({Intern(name), value ? *value : ""});
  }
  return tags;
}

std::string SecondsText(const std::string &rfc3339) {
  int64_t ns;
  if (!ParseRfc3339(rfc3339, &ns)) return rfc3339;
  std::ostringstream out;
  out << static_cast<double>(ns) / 1e9;
  return out.str();
}

}  // namespace

Arg Seconds(double s) {
  Arg arg(0);
  arg.value = MakeDuration(Nanoseconds(s));
  arg.type = TICK_DURATION;
  return arg;
}

Arg Lambda(std::vector<std::string> refs, tick_tagged run, uint32_t state_size) {
  Arg arg(0);
  arg.type = TICK_LAMBDA;
  arg.lambda = run;
  arg.refs = std::move(refs);
  arg.state_size = state_size;
  return arg;
}

// --- what the task says --------------------------------------------------------------------------------

void Recorder::log(const LogRecord &record) {
  auto field = [&](std::string_view key) -> std::string {
    for (const auto &[name, value] : record.fields)
      if (name == key) return value;
    return "";
  };
  if (record.level == "error") {
    errors.push_back(std::string(record.message) + (record.cause.empty() ? "" : ": ") + std::string(record.cause));
    return;
  }
  std::string line = field("name");
  for (const auto &[key, value] : record.fields)
    if (key.starts_with("tag_")) line += (line.empty() ? "" : " ") + std::string(key.substr(4)) + "=" + value;
  for (const auto &[key, value] : record.fields)
    if (key.starts_with("field_")) line += (line.empty() ? "" : " ") + std::string(key.substr(6)) + "=" + value;
  std::vector<std::string> &lines = out[std::string(record.node)];
  if (record.message == "begin batch") lines.push_back("[" + line + " tmax=" + SecondsText(field("time")) + "]");
  else if (record.message != "end batch") lines.push_back(line + " @" + SecondsText(field("time")));
}

void Recorder::loopback(const Series &series, int64_t time, const Fields &fields) {
  std::string line = series.origin->database + "." + series.origin->retention_policy + " " + SeriesKey(series);
  for (const Field &field : fields) {
    const Value &value = field.value;
    line += " " + *field.name + "=";
    if (TypeOf(value) == Type::String) line += StringOf(value);
    else line += TypeOf(value) == Type::Float ? PlainFloat(value.as.f) : std::to_string(value.as.i) + "i";
  }
  written_back.push_back(line + " @" + PlainFloat(static_cast<double>(time) / 1e9));
}

// --- descriptors ---------------------------------------------------------------------------------------

struct NodeSpec {
  std::string kind, name;
  std::vector<uint32_t> parents, children;
  std::vector<Arg> args;
  std::vector<Call> properties;
  std::vector<std::string> needs;
  bool needs_all = true;
};

struct Pipeline::Memory : Code {
  std::vector<NodeSpec> nodes;
  std::list<std::vector<tick_arg>> args;
  std::list<std::vector<tick_property>> properties;
  std::list<std::vector<const char *>> texts;
  std::vector<tick_node> specs;
  std::vector<tick_lambda> lambdas;
  std::vector<tick_tagged> tagged;
  std::vector<const tick_kernel_entry *> kernels;
  std::vector<uint32_t> walk, domain_sizes;
  tick_code code{};
  tick_task spec{};
  std::list<std::string> strings;

  const tick_task &task() const override { return spec; }
  tick_arg *build(const std::vector<Arg> &from);
  void build_node(uint32_t index);
  void build();
};

tick_arg *Pipeline::Memory::build(const std::vector<Arg> &from) {
  std::vector<tick_arg> built;
  for (const Arg &arg : from) {
    tick_arg one{};
    one.type = arg.type;
    one.as = arg.value.as;
    if (arg.type == TICK_STRING) one.as.s = {arg.text.data(), arg.text.size()};
    if (arg.type == TICK_LAMBDA) {
      one.as.i = static_cast<int64_t>(lambdas.size());
      tick_lambda lambda{};
      lambda.text = "test";
      auto &refs = texts.emplace_back();
      for (const std::string &ref : arg.refs) refs.push_back(ref.c_str());
      lambda.refs = refs.data();
      lambda.n_refs = static_cast<uint32_t>(refs.size());
      lambda.state_size = arg.state_size;
      lambda.flags = arg.state_size ? TICK_LAMBDA_STATEFUL : 0;
      lambdas.push_back(lambda);
      tagged.push_back(arg.lambda);
      kernels.push_back(nullptr);
    }
    built.push_back(one);
  }
  return args.emplace_back(std::move(built)).data();
}

void Pipeline::Memory::build_node(uint32_t index) {
  NodeSpec &node = nodes[index];
  tick_node &spec = specs[index];
  spec.kind = node.kind.c_str();
  spec.name = node.name.c_str();
  size_t first_lambda = lambdas.size();
  spec.args = build(node.args);
  spec.n_args = static_cast<uint32_t>(node.args.size());
  uint32_t lambda_state = 0;
  for (size_t i = first_lambda; i < lambdas.size(); ++i) lambda_state += lambdas[i].state_size;
  auto &calls = properties.emplace_back();
  for (const Call &call : node.properties) {
    tick_property one{};
    one.name = call.name.c_str();
    one.args = build(call.args);
    one.n_args = static_cast<uint32_t>(call.args.size());
    calls.push_back(one);
  }
  spec.properties = calls.data();
  spec.n_properties = static_cast<uint32_t>(calls.size());
  spec.parents = node.parents.data();
  spec.n_parents = static_cast<uint32_t>(node.parents.size());
  spec.children = node.children.data();
  spec.n_children = static_cast<uint32_t>(node.children.size());
  auto &needs = texts.emplace_back();
  for (const std::string &need : node.needs) needs.push_back(need.c_str());
  spec.needs = needs.data();
  spec.n_needs = static_cast<uint32_t>(needs.size());
  spec.needs_all = node.needs_all;
  spec.identity = index + 1;
  // Groups and state, as frontend/passes/layout.cpp lays them out.
  auto flags = static_cast<uint32_t>((nodes.size() + 7) / 8 * 8);
  if (BeginsGroups(node.kind, node.properties)) {
    spec.domain = static_cast<uint32_t>(domain_sizes.size());
    domain_sizes.push_back(flags);
  } else {
    spec.domain = specs[node.parents[0]].domain;
  }
  spec.state_size = static_cast<uint32_t>(StateSizeOf(node.kind)) + lambda_state;
  spec.state_offset = spec.state_size ? domain_sizes[spec.domain] : 0;
  domain_sizes[spec.domain] += spec.state_size;
  bool batches = node.kind == "batch" || node.kind == "query" || node.kind == "window";
  uint8_t in = TICK_EDGE_NONE;
  if (!node.parents.empty()) in = specs[node.parents[0]].provides;
  spec.wants = in;
  for (const char *kind : {"distinct", "top", "bottom", "holtWinters"}) batches |= node.kind == kind;
  bool reduces = StateSizeOf("count") == StateSizeOf(node.kind) && node.kind != "derivative";
  for (const char *kind : {"combine", "trickle", "k8sAutoscale", "swarmAutoscale", "ec2Autoscale"}) reduces |= node.kind == kind;
  spec.provides = in;
  if (reduces || node.parents.empty()) spec.provides = TICK_EDGE_STREAM;
  if (batches) spec.provides = TICK_EDGE_BATCH;
  walk.push_back(index);
}

void Pipeline::Memory::build() {
  specs.resize(nodes.size());
  for (uint32_t i = 0; i < nodes.size(); ++i)
    for (uint32_t parent : nodes[i].parents) nodes[parent].children.push_back(i);
  for (uint32_t i = 0; i < nodes.size(); ++i) build_node(i);
  code.level = 1;
  code.kernels = kernels.data();
  code.tagged = tagged.data();
  for (size_t i = 0; i < lambdas.size(); ++i) lambdas[i].tagged = tagged[i];
  spec.magic = TICK_ABI_MAGIC;
  spec.abi_version = TICK_ABI_VERSION;
  spec.size = sizeof spec;
  spec.nodes = specs.data();
  spec.n_nodes = static_cast<uint32_t>(specs.size());
  spec.walk = walk.data();
  spec.lambdas = lambdas.data();
  spec.n_lambdas = static_cast<uint32_t>(lambdas.size());
  spec.codes = &code;
  spec.n_codes = 1;
  spec.domain_sizes = domain_sizes.data();
  spec.n_domains = static_cast<uint32_t>(domain_sizes.size());
}

// --- running -------------------------------------------------------------------------------------------

// dialect: "" today's, "0.2"; "batch": the source is a batch source.
Pipeline::Pipeline(std::string dialect) : memory_(std::make_unique<Memory>()) {
  memory_->spec.dialect = dialect == "0.2" ? 2 : 1;
  bool batch = dialect == "batch";
  memory_->spec.type = batch ? TICK_EDGE_BATCH : TICK_EDGE_STREAM;
  memory_->nodes.push_back({batch ? "batch" : "stream", batch ? "batch0" : "stream0", {}, {}, {}, {}, {}});
}
Pipeline::~Pipeline() { task.reset(); }

uint32_t Pipeline::add(std::string kind, std::vector<uint32_t> parents, std::vector<Arg> args, std::vector<Call> properties) {
  auto index = static_cast<uint32_t>(memory_->nodes.size());
  memory_->nodes.push_back({kind, kind + std::to_string(index), std::move(parents), {}, std::move(args), std::move(properties), {}});
  return index;
}

uint32_t Pipeline::from(std::vector<std::string> tags, std::string measurement) {
  std::vector<Call> properties;
  if (!measurement.empty()) properties.push_back({"measurement", {measurement.c_str()}});
  if (!tags.empty()) {
    Call group{"groupBy", {}};
    for (const std::string &tag : tags) group.args.push_back(tag == "*" ? Arg() : Arg(tag.c_str()));
    properties.push_back(group);
  }
  return add("from", {0}, {}, properties);
}

void Pipeline::needs(uint32_t node, std::vector<std::string> fields) {
  memory_->nodes[node].needs = std::move(fields);
  memory_->nodes[node].needs_all = false;
}

std::string Pipeline::start() {
  memory_->build();
  TaskResult made = Task::Make("test", std::shared_ptr<const Code>(memory_.get(), [](const Code *) {}), services);
  task = std::move(made.task);
  return made.error;
}

std::vector<std::string> Pipeline::reload(Pipeline &old) {
  memory_->build();
  TaskResult made = Task::Prepare("test", std::shared_ptr<const Code>(memory_.get(), [](const Code *) {}), services);
  task = std::move(made.task);
  old.task->stop();
  services.now_ns = old.services.now_ns;
  task->start();  // before it takes over, as the engine has it
  std::vector<std::string> kept = task->adopt(*old.task);
  old.task.reset();
  return kept;
}

void Pipeline::write(std::string_view lines) {
  std::vector<Point> points = ParseLines(lines, memory_->strings);
  size_t size = block ? block : points.size();
  for (size_t at = 0; at < points.size(); at += size) {
    RowBlock rows;
    std::vector<uint32_t> numbers;
    for (size_t i = at; i < std::min(at + size, points.size()); ++i) {
      numbers.push_back(static_cast<uint32_t>(numbers.size()));
      rows.add(points[i].series, points[i].time, points[i].fields);
    }
    task->push(rows, numbers);
  }
}

void Pipeline::write_batch(uint32_t query, std::string_view lines, double tmax, std::vector<std::string> group) {
  std::vector<Point> points = ParseLines(lines, memory_->strings);
  RowBlock rows;
  std::vector<uint32_t> numbers;
  for (const Point &point : points) {
    numbers.push_back(static_cast<uint32_t>(numbers.size()));
    rows.add(point.series, point.time, point.fields);
  }
  const Series &first = *points.at(0).series;
  Node *node = task->nodes()[query].get();
  Group *of = task->groups(node->spec().domain).find(first.measurement, false, GroupTags(first, group));
  Batch batch{first.measurement, of, Nanoseconds(tmax),
              Frame{&rows, numbers, rows.times.data(), rows.series.data(), nullptr, nullptr}};
  const auto &queries = task->nodes()[0]->children();
  for (unsigned i = 0; i < queries.size(); ++i)
    if (queries[i].first == node) task->push(batch, i);
}

void Pipeline::barrier(uint32_t node, std::string_view line) {
  Point point = ParseLines(line, memory_->strings).at(0);
  Node *parent = task->nodes()[memory_->nodes[node].parents[0]].get();
  std::vector<std::string> names;
  for (const Tag &tag : point.series->tags) names.push_back(*tag.key);
  Group *group = task->groups(parent->spec().domain).find(point.series->measurement, false, GroupTags(*point.series, names));
  task->nodes()[node]->barrier(group, point.time, 0);
}

void Pipeline::delete_group(uint32_t node, std::string_view line) {
  Point point = ParseLines(line, memory_->strings).at(0);
  Node *parent = task->nodes()[memory_->nodes[node].parents[0]].get();
  std::vector<std::string> names;
  for (const Tag &tag : point.series->tags) names.push_back(*tag.key);
  Group *group = task->groups(parent->spec().domain).find(point.series->measurement, false, GroupTags(*point.series, names));
  task->nodes()[node]->delete_group(group, 0);
}

void Pipeline::finish() { task->finish(); }

void Pipeline::tick(double seconds) {
  int64_t until = Nanoseconds(seconds);
  for (int64_t next = task ? task->next_tick() : Node::kNever; next <= until; next = task->next_tick()) {
    services.now_ns = next;
    task->tick(next);
  }
  services.now_ns = until;
}

std::vector<std::string> Pipeline::out(uint32_t log) const {
  auto found = services.out.find(memory_->nodes[log].name);
  return found == services.out.end() ? std::vector<std::string>() : found->second;
}

}  // namespace tick::test
