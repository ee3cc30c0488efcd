// http_post.cpp - `|httpPost('url')`: each point or batch as JSON, or as an endpoint's template has it, to a URL.
//
// In: points or batches. Out: the same, unchanged and at once; with `codeField` each with the status of its request,
// in the order they came, once that is known. The requests are somebody else's (RowPoster): a slow receiver holds up
// neither this task nor others. Where too many rows wait, further ones are counted as errors and pass unsent.
#include <chrono>
#include <cstring>
#include <deque>

#include "runtime/alert/row.h"
#include "runtime/engine/row_poster.h"
#include "runtime/engine/task.h"
#include "runtime/nodes/kept_batch.h"

namespace tick {
namespace {

constexpr auto kLongestFinish = std::chrono::seconds(30);
constexpr int64_t kUnknown = -1;

// What waits for the ends of requests: a frame's rows, a batch, or what came behind them.
struct Held {
  enum class Kind { Points, Batch, Barrier, Delete } kind;
  PointBuffer points;
  std::vector<std::shared_ptr<KeptGroup>> groups;  // of points: one a row; else one
  Name name = nullptr;                             // of a batch
  int64_t time = 0;                                // of a batch or barrier
  std::vector<int64_t> codes;                      // of points: one a row; of a batch: one
  size_t unknown = 0;                              // of the codes
};

class HttpPostNode final : public Node {
 public:
  HttpPostNode(const tick_node &spec, Task &task) : Node(spec, task), groups_(*this, task) {}
  std::string prepare();

  void points(const Frame &frame, unsigned) override;
  void batch(const Batch &batch, unsigned) override;
  void barrier(Group *group, int64_t time, unsigned source) override;
  void delete_group(Group *group, unsigned source) override;
  bool wants_skipped() const override { return !code_field_ && Node::wants_skipped(); }
  int64_t next_tick() const override { return poster_->pending() ? 0 : kNever; }
  void tick(int64_t) override { settle(); }
  void finish() override;
  void adopt(Node &old) override;
  bool keeps_state() const override { return code_field_ != nullptr; }
  void init_state(void *at) override { std::memset(at, 0, spec().state_size); }

 private:
  Held &hold(Held::Kind kind, Group *group);
  int64_t send(Row row);
  void settle();
  void end(const RowPostEnd &end);
  void release();
  void emit_points(Held &held);
  void emit_batch(Held &held);

  OutGroups groups_;
  std::shared_ptr<RowPoster> poster_;
  Name code_field_ = nullptr;
  std::deque<Held> held_;  // in order; only with a code field
};

std::string HttpPostNode::prepare() {
  RowPostSpec spec;
  spec.task = task().id();
  spec.node = name();
  if (this->spec().n_args > 0 && this->spec().args[0].type == TICK_STRING) spec.url = View(this->spec().args[0].as.s);
  spec.endpoint = string_property("endpoint", "");
  for (const tick_property *header : properties("header"))
    if (header->n_args == 2) spec.headers.emplace_back(View(header->args[0].as.s), View(header->args[1].as.s));
  spec.capture_response = flag("captureResponse");
  spec.timeout_ns = int_property("timeout", 0);
  spec.waker = task().waker();
  if (std::string field = string_property("codeField", ""); !field.empty()) code_field_ = Intern(field);
  std::string error;
  poster_ = task().services().row_poster(spec, &error);
  return error;
}

// --- data ------------------------------------------------------------------------------------------

void HttpPostNode::points(const Frame &frame, unsigned) {
  if (frame.rows.empty()) return;
  if (!code_field_) {
    for (uint32_t row : frame.rows) send(MakeRow(frame, row));
    settle();
    return emit(frame);
  }
  Held &held = hold(Held::Kind::Points, nullptr);
  for (uint32_t row : frame.rows) {
    held.points.append(frame, row);
    held.groups.push_back(groups_.keep(frame.groups[row]));
    held.codes.push_back(send(MakeRow(frame, row)));
    held.unknown += held.codes.back() == kUnknown;
  }
  settle();
}

void HttpPostNode::batch(const Batch &batch, unsigned) {
  if (!code_field_) {
    send(MakeRow(batch));
    settle();
    return emit(batch);
  }
  Held &held = hold(Held::Kind::Batch, batch.group);
  held.name = batch.name;
  held.time = batch.tmax;
  for (uint32_t row : batch.points.rows) held.points.append(batch.points, row);
  held.codes.push_back(send(MakeRow(batch)));
  held.unknown = held.codes.back() == kUnknown;
  settle();
}

void HttpPostNode::barrier(Group *group, int64_t time, unsigned) {
  if (held_.empty()) return emit_barrier(groups_.same(group), time);
  hold(Held::Kind::Barrier, group).time = time;
}

void HttpPostNode::delete_group(Group *group, unsigned source) {
  if (held_.empty()) return Node::delete_group(group, source);
  hold(Held::Kind::Delete, group);
  forget(group);
}

Held &HttpPostNode::hold(Held::Kind kind, Group *group) {
  Held &held = held_.emplace_back();
  held.kind = kind;
  if (group) held.groups.push_back(groups_.keep(group));
  return held;
}

// The code a row has for now: unknown, or 0 where it was not sent.
int64_t HttpPostNode::send(Row row) {
  if (poster_->post(std::move(row))) return kUnknown;
  error("failed to POST data", "too many requests wait for their answers; this one is not sent");
  return 0;
}

// --- ends ------------------------------------------------------------------------------------------

void HttpPostNode::settle() {
  if (poster_->pending())
    for (const RowPostEnd &of : poster_->take()) end(of);
  release();
}

// Ends come in the order of the rows: this one is of the first whose code is not known.
void HttpPostNode::end(const RowPostEnd &end) {
  if (!end.message.empty()) error(end.message, end.cause);
  for (Held &held : held_) {
    if (!held.unknown) continue;
    for (int64_t &code : held.codes)
      if (code == kUnknown) {
        code = end.status;
        --held.unknown;
        return;
      }
  }
}

void HttpPostNode::release() {
  while (!held_.empty() && !held_.front().unknown) {
    Held held = std::move(held_.front());
    held_.pop_front();
    switch (held.kind) {
      case Held::Kind::Points:
        emit_points(held);
        break;
      case Held::Kind::Batch:
        emit_batch(held);
        break;
      case Held::Kind::Barrier:
        emit_barrier(groups_.now(*held.groups[0]), held.time);
        break;
      case Held::Kind::Delete:
        emit_delete(groups_.now(*held.groups[0]));
        break;
    }
  }
}

// The codes as a column over the kept points, whose rows begin at 0.
void HttpPostNode::emit_points(Held &held) {
  Overlay codes;
  codes.columns.push_back({code_field_, {.type = Type::Int, .words = held.codes.data()}});
  std::vector<Group *> groups;
  for (const auto &group : held.groups) groups.push_back(groups_.now(*group));
  Frame frame = held.points.frame();
  frame.groups = groups.data();
  frame.overlay = &codes;
  emit(frame);
}

void HttpPostNode::emit_batch(Held &held) {
  std::vector<int64_t> column(held.points.end(), held.codes[0]);
  Overlay codes;
  codes.columns.push_back({code_field_, {.type = Type::Int, .words = column.data()}});
  Batch batch{held.name, groups_.now(*held.groups[0]), held.time, held.points.frame()};
  batch.points.overlay = &codes;
  emit(batch);
}

void HttpPostNode::finish() {
  auto until = std::chrono::steady_clock::now() + kLongestFinish;
  settle();
  while (poster_->wait() && std::chrono::steady_clock::now() < until) settle();
  settle();
}

void HttpPostNode::adopt(Node &old) {
  auto *before = dynamic_cast<HttpPostNode *>(&old);
  if (!before || !before->code_field_ || before->held_.empty()) return;
  poster_ = before->poster_;  // requests under way end here
  poster_->connect(task().waker());
  held_ = std::move(before->held_);
  before->held_.clear();
  for (Held &held : held_)
    for (const auto &group : held.groups) group->group = nullptr;
}

}  // namespace

NodeResult MakeHttpPost(const tick_node &spec, Task &task) {
  auto node = std::make_unique<HttpPostNode>(spec, task);
  if (std::string error = node->prepare(); !error.empty()) return {nullptr, error};
  return {std::move(node), ""};
}

}  // namespace tick
