// small_task.cpp - lays a descriptor out as the compiler would: one domain for the source, one below each from node.
#include "test/unit/engine/small_task.h"

#include <deque>

namespace tick::test {
namespace {

class SmallCode final : public Code {
 public:
  SmallCode(const SmallTask &task, std::atomic<int> *live);
  ~SmallCode() override {
    if (live_) --*live_;
  }
  const tick_task &task() const override { return descriptor_; }

 private:
  template <class T>
  T *keep(std::deque<std::vector<T>> &in, std::vector<T> values) {
    return in.emplace_back(std::move(values)).data();
  }
  const char *text(const std::string &s) { return texts_.emplace_back(s).c_str(); }
  tick_string string(const std::string &s) { return {text(s), s.size()}; }
  tick_arg string_arg(const std::string &s) { return {TICK_STRING, {.s = string(s)}, nullptr, 0}; }
  tick_arg lambda(const Condition &condition, uint32_t state_size);
  tick_node node(const char *kind, std::string name, std::vector<uint32_t> parents, std::vector<uint32_t> children);

  std::atomic<int> *live_;
  tick_task descriptor_{};
  std::deque<std::string> texts_;
  std::deque<std::vector<uint32_t>> numbers_;
  std::deque<std::vector<tick_arg>> args_;
  std::deque<std::vector<tick_property>> properties_;
  std::deque<std::vector<const char *>> names_;
  std::vector<tick_node> nodes_;
  std::vector<tick_lambda> lambdas_;
  std::vector<tick_tagged> tagged_;
  std::vector<const tick_kernel_entry *> kernels_;
  std::vector<tick_measurement_fields> reads_;
  std::vector<uint32_t> domains_;
  tick_code code_{};
};

tick_arg SmallCode::lambda(const Condition &condition, uint32_t state_size) {
  tick_lambda made{};
  made.text = text(condition.text);
  std::vector<const char *> refs;
  for (const std::string &ref : condition.refs) refs.push_back(text(ref));
  made.n_refs = static_cast<uint32_t>(refs.size());
  made.refs = keep(names_, std::move(refs));
  made.state_size = state_size;
  made.flags = state_size > 0 ? TICK_LAMBDA_STATEFUL : 0;
  lambdas_.push_back(made);
  tagged_.push_back(condition.run);
  kernels_.push_back(nullptr);
  return {TICK_LAMBDA, {.i = static_cast<int64_t>(lambdas_.size() - 1)}, nullptr, 0};
}

tick_node SmallCode::node(const char *kind, std::string name, std::vector<uint32_t> parents,
                          std::vector<uint32_t> children) {
  tick_node made{};
  made.kind = kind;
  made.name = text(name);
  made.n_parents = static_cast<uint32_t>(parents.size());
  made.parents = keep(numbers_, std::move(parents));
  made.n_children = static_cast<uint32_t>(children.size());
  made.children = keep(numbers_, std::move(children));
  made.wants = made.provides = TICK_EDGE_STREAM;
  return made;
}

SmallCode::SmallCode(const SmallTask &task, std::atomic<int> *live) : live_(live) {
  if (live_) ++*live_;
  auto n = static_cast<uint32_t>(task.froms.size());
  uint32_t flags = (1 + 2 * n + 7) / 8 * 8;
  std::vector<uint32_t> from_numbers;
  for (uint32_t i = 0; i < n; ++i) from_numbers.push_back(1 + 2 * i);
  nodes_.push_back(node("stream", "stream0", {}, from_numbers));
  domains_.push_back(flags);
  for (uint32_t i = 0; i < n; ++i) {
    const SmallFrom &from = task.froms[i];
    tick_node made = node("from", "from" + std::to_string(1 + 2 * i), {0}, {2 + 2 * i});
    std::vector<tick_property> calls;
    auto call = [&](const char *name, std::vector<tick_arg> args) {
      auto count = static_cast<uint32_t>(args.size());
      calls.push_back({name, keep(args_, std::move(args)), count, nullptr, 0});
    };
    if (!from.measurement.empty()) call("measurement", {string_arg(from.measurement)});
    for (const Condition &where : from.where) call("where", {lambda(where, 0)});
    std::vector<tick_arg> tags;
    for (const std::string &tag : from.group_by) tags.push_back(string_arg(tag));
    if (!tags.empty()) call("groupBy", tags);
    made.n_properties = static_cast<uint32_t>(calls.size());
    made.properties = keep(properties_, std::move(calls));
    nodes_.push_back(made);
    tick_node probe = node("where", "where" + std::to_string(2 + 2 * i), {1 + 2 * i}, {});
    probe.args = keep(args_, {lambda({"probe()", task.reads, task.probe}, task.probe_state)});
    probe.n_args = 1;
    probe.identity = task.probe_identity + i;
    probe.domain = 1 + i;
    probe.state_offset = flags;
    probe.state_size = task.probe_state;
    nodes_.push_back(probe);
    domains_.push_back(flags + task.probe_state);
    std::vector<const char *> fields;
    for (const std::string &field : task.reads) fields.push_back(text(field));
    auto count = static_cast<uint32_t>(fields.size());
    reads_.push_back({text(from.measurement), keep(names_, std::move(fields)), count});
  }
  std::vector<uint32_t> walk;
  for (uint32_t i = 0; i < nodes_.size(); ++i) walk.push_back(i);
  code_ = {1, kernels_.data(), tagged_.data()};
  descriptor_.magic = TICK_ABI_MAGIC;
  descriptor_.abi_version = TICK_ABI_VERSION;
  descriptor_.size = sizeof descriptor_;
  descriptor_.type = TICK_EDGE_STREAM;
  descriptor_.dialect = task.dialect;
  descriptor_.nodes = nodes_.data();
  descriptor_.n_nodes = static_cast<uint32_t>(nodes_.size());
  descriptor_.walk = keep(numbers_, std::move(walk));
  descriptor_.lambdas = lambdas_.data();
  descriptor_.n_lambdas = static_cast<uint32_t>(lambdas_.size());
  descriptor_.codes = &code_;
  descriptor_.n_codes = 1;
  descriptor_.reads = reads_.data();
  descriptor_.n_reads = static_cast<uint32_t>(reads_.size());
  descriptor_.domain_sizes = domains_.data();
  descriptor_.n_domains = static_cast<uint32_t>(domains_.size());
  descriptor_.script = descriptor_.dot = "";
}

}  // namespace

std::shared_ptr<const Code> Make(const SmallTask &task, std::atomic<int> *live) {
  return std::make_shared<SmallCode>(task, live);
}

}  // namespace tick::test
