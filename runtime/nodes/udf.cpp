// udf.cpp - `@name()`: hands the data to a user-defined function and goes on with what it answers (nodes.md 28).
//
// In: points or batches. Out: those of the function, in the groups it names. Answers come when they come: the node is
// struck when there are some, and takes what is there while it sends. Barriers and deletions end here. A function that
// failed ends the task; a task that stops lets it finish and keeps its state.
#include "runtime/engine/services.h"
#include "runtime/engine/udf_session.h"
#include "runtime/nodes/out_groups.h"
#include "runtime/nodes/points_out.h"

namespace tick {
namespace {

class UdfNode final : public Node {
 public:
  UdfNode(const tick_node &spec, Task &task) : Node(spec, task), groups_(*this, task) {}
  std::string open();

  void points(const Frame &frame, unsigned) override {
    if (!session_) return;
    session_->send(frame);
    go_on();
  }
  void batch(const Batch &batch, unsigned) override {
    if (!session_) return;
    session_->send(batch);
    go_on();
  }
  void barrier(Group *, int64_t, unsigned) override {}
  void delete_group(Group *, unsigned) override {}
  bool wants_skipped() const override { return false; }
  int64_t next_tick() const override { return session_ && session_->pending() ? 0 : kNever; }
  void tick(int64_t) override { take(); }
  void finish() override;
  std::optional<std::string> start() override;
  void stop() override;
  void adopt(Node &old) override;
  bool keeps_state() const override { return true; }

 private:
  void go_on();
  void take();
  void emit_points(std::vector<UdfMessage> &messages);
  void emit_batch(const UdfMessage &message);

  std::shared_ptr<UdfSession> session_;
  std::string state_;  // of the function, when it was stopped
  OutGroups groups_;
  PointsOut out_;
};

std::string UdfNode::open() {
  UdfRequest request{std::string_view(spec().kind).substr(1), task().id(), name(), {}, task().waker()};
  for (uint32_t i = 0; i < spec().n_properties; ++i) {
    const tick_property &call = spec().properties[i];
    if (std::string_view(call.name) != "quiet") request.options.push_back({call.name, call.args, call.n_args});
  }
  std::string error;
  session_ = task().services().udf(request, &error);
  return session_ ? "" : error;
}

std::optional<std::string> UdfNode::start() {
  if (session_) return std::nullopt;  // since the node was made
  std::string error = open();
  if (!error.empty()) return std::string(name()) + ": " + error;
  session_->restore(state_);
  return std::nullopt;
}

// Takes what has come, and waits for a function that lags behind.
void UdfNode::go_on() {
  if (session_->pending()) take();
  while (!task().failed() && session_->full()) {
    session_->wait();
    take();
  }
}

void UdfNode::take() {
  std::vector<UdfMessage> messages = session_->take();
  if (!messages.empty() && messages[0].batch)
    for (const UdfMessage &message : messages) emit_batch(message);
  else if (!messages.empty())
    emit_points(messages);
  if (std::string failure = session_->failure(); !failure.empty()) task().fail(*this, failure);
}

void UdfNode::emit_points(std::vector<UdfMessage> &messages) {
  for (const UdfMessage &message : messages) {
    const UdfPoint &point = message.points[0];
    out_.add(point.time, point.series, groups_.find(*point.series, Dimensions{message.by_name, false, message.dimensions, {}}));
    for (const Field &field : point.fields) out_.set(field.name, field.value);
  }
  emit(out_.frame());
  out_.clear();
}

void UdfNode::emit_batch(const UdfMessage &message) {
  PointBuffer points;
  for (const UdfPoint &point : message.points) {
    points.append(point.time, point.series);
    for (const Field &field : point.fields) points.set(field.name, field.value);
  }
  emit(Batch{message.name, groups_.find(message.name, message.by_name, message.tags), message.tmax, points.frame()});
}

void UdfNode::finish() {
  if (!session_ || task().failed()) return;
  while (session_->drain() && !task().failed()) take();
  take();
}

// What was sent is worked off, also when the task is disabled or its next version takes over.
void UdfNode::stop() {
  if (!session_) return;
  if (!task().failed()) {
    session_->save();
    state_ = session_->state();
    while (session_->drain()) take();
  }
  session_.reset();
}

void UdfNode::adopt(Node &old) {
  auto *before = dynamic_cast<UdfNode *>(&old);
  if (before && session_) session_->restore(before->state_);
}

}  // namespace

NodeResult MakeUdf(const tick_node &spec, Task &task) {
  auto node = std::make_unique<UdfNode>(spec, task);
  if (std::string error = node->open(); !error.empty()) return {nullptr, error};
  return {std::move(node), ""};
}

}  // namespace tick
