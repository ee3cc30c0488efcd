// lambda_node.cpp - running a node's lambdas over frames.
#include "runtime/nodes/lambda_node.h"

#include "runtime/engine/state_archive.h"

namespace tick {

LambdaNode::LambdaNode(const tick_node &spec, Task &task, size_t own) : Node(spec, task), own_(own) {
  size_t offset = own;
  for (uint32_t i = 0; i < spec.n_args; ++i) {
    if (spec.args[i].type != TICK_LAMBDA) continue;
    const Lambda &lambda = task.lambda(spec.args[i].as.i);
    lambdas_.push_back({&lambda, offset});
    offset += lambda.state_size();
  }
  total_ = offset - own;
}

void LambdaNode::init_state(void *at) { std::memset(static_cast<char *>(at) + own_, 0, total_); }

// What lambdas remember are numbers.
bool LambdaNode::exchange_state(void *at, Group *, StateArchive &archive) {
  archive.bytes(static_cast<char *>(at) + own_, total_);
  return true;
}

void LambdaNode::exchange(StateArchive &archive) { archive.bytes(shared_.data(), shared_.size() * sizeof(uint64_t)); }

std::map<std::string, int64_t> LambdaNode::stats() const {
  std::map<std::string, int64_t> stats = Node::stats();
  // Without state nothing marks the groups that came by: they are those of the domain.
  if (spec().state_size == 0) stats["working_cardinality"] = static_cast<int64_t>(task().groups(spec().domain).size());
  return stats;
}

char *LambdaNode::state_of(size_t i, Group *group) {
  if (!shared_.empty()) return reinterpret_cast<char *>(shared_.data()) + (lambdas_[i].offset - own_);
  return static_cast<char *>(state(group)) + lambdas_[i].offset;
}

void *const *LambdaNode::states(size_t i, const Frame &frame, Group *group) {
  if (!lambda(i).stateful()) return nullptr;
  void **states = task().arena().array<void *>(RowBound(frame));
  Group *last = nullptr;
  void *at = nullptr;
  for (uint32_t row : frame.rows) {
    Group *of = group ? group : frame.groups[row];
    if (of != last) {
      at = state_of(i, of);
      last = of;
    }
    states[row] = at;
  }
  return states;
}

LambdaResult LambdaNode::run(size_t i, const Frame &frame, Group *group) {
  return lambda(i).run(task().context(), frame, states(i, frame, group));
}

Selection LambdaNode::where(size_t i, const Frame &frame, Group *group, std::string_view message) {
  Selection passed(task().arena(), frame.rows.size() + 1);
  if (frame.rows.empty()) return passed;
  LambdaResult result = run(i, frame, group);
  const uint8_t *bools = result.values.bools;
  if (!result.errors && !result.values.types && result.values.type == Type::Bool) {
    for (uint32_t row : frame.rows) passed.add_if(row, bools[row]);
    return passed;
  }
  for (uint32_t row : frame.rows) {
    if (result.failed(row)) {
      report(i, frame, row, group, message);
    } else if (Type type = result.values.type_at(row); type != Type::Bool) {
      report(frame, row, message, says_next_error() ? lambda(i).not_boolean(type) : "", &lambda(i));
    } else {
      passed.add_if(row, bools[row]);
    }
  }
  return passed;
}

void LambdaNode::report(size_t i, const Frame &frame, uint32_t row, Group *group, std::string_view message) {
  if (!says_next_error()) return errors.add(1);
  const void *at = lambda(i).stateful() ? state_of(i, group ? group : frame.groups[row]) : nullptr;
  error(message, lambda(i).message(task().context(), frame, row, at), &frame, row, &lambda(i), at);
}

void LambdaNode::report(const Frame &frame, uint32_t row, std::string_view message, std::string_view cause,
                        const Lambda *lambda) {
  if (!says_next_error()) return errors.add(1);
  error(message, cause, &frame, row, lambda);
}

}  // namespace tick
