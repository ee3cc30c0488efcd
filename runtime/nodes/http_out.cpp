// http_out.cpp - `|httpOut('path')`: the last point or batch of each group, for whoever asks under the task's URL.
//
// In: points or batches, which pass unchanged. Out: rows in the order their groups first appeared, read by HTTP
// threads under a lock. Of the points of a frame only the last of each group is looked at.
#include <algorithm>
#include <mutex>

#include "runtime/alert/row.h"
#include "runtime/engine/node.h"
#include "runtime/engine/services.h"
#include "runtime/engine/task.h"
#include "runtime/nodes/state_size.h"

namespace tick {
namespace {

struct Slot {
  bool filled = false;  // a group that only had a barrier shows null
  Row row;
  uint64_t frame = 0;   // the frame that touched it last, and with which row
  uint32_t last = 0;
};

struct HttpOutState {
  Slot *slot = nullptr;
};
static_assert(sizeof(HttpOutState) == StateSizeOf("httpOut"));

class HttpOutNode final : public Node, public HttpOutSource {
 public:
  HttpOutNode(const tick_node &spec, Task &task, std::string path)
      : Node(spec, task), path_(std::move(path)) {}

  std::optional<std::string> start() override {
    std::string error = task().services().publish_endpoint(task().id(), path_, this);
    if (!error.empty()) return error;
    published_ = true;
    return std::nullopt;
  }
  void stop() override {
    if (published_) task().services().withdraw_endpoint(task().id(), path_, this);
    published_ = false;
  }

  void points(const Frame &frame, unsigned) override;
  void batch(const Batch &batch, unsigned) override;
  void barrier(Group *group, int64_t time, unsigned source) override {
    {
      std::lock_guard lock(mutex_);
      slot(group);
    }
    Node::barrier(group, time, source);
  }
  void init_state(void *at) override { new (at) HttpOutState; }
  void drop_state(void *at) override {
    std::lock_guard lock(mutex_);
    std::erase_if(slots_, [&](const auto &slot) { return slot.get() == static_cast<HttpOutState *>(at)->slot; });
  }
  void adopt(Node &old) override {
    if (auto *before = dynamic_cast<HttpOutNode *>(&old)) {
      std::scoped_lock lock(mutex_, before->mutex_);
      slots_ = std::move(before->slots_);
      frames_ = before->frames_;
    }
  }

  std::string json(bool old_form) const override;

 private:
  Slot &slot(Group *group) {
    auto &state = state_as<HttpOutState>(group);
    if (!state.slot) state.slot = slots_.emplace_back(std::make_unique<Slot>()).get();
    return *state.slot;
  }

  std::string path_;
  bool published_ = false;
  mutable std::mutex mutex_;  // of the slots
  std::vector<std::unique_ptr<Slot>> slots_;
  uint64_t frames_ = 0;
  std::vector<Slot *> touched_;
};

void HttpOutNode::points(const Frame &frame, unsigned) {
  {
    std::lock_guard lock(mutex_);
    ++frames_;
    touched_.clear();
    for (uint32_t row : frame.rows) {
      Slot &of = slot(frame.groups[row]);
      if (of.frame != frames_) touched_.push_back(&of);
      of.frame = frames_;
      of.last = row;
    }
    for (Slot *touched : touched_) {
      touched->row = MakeRow(frame, touched->last);
      touched->filled = true;
    }
  }
  emit(frame);
}

void HttpOutNode::batch(const Batch &batch, unsigned) {
  {
    Row row = MakeRow(batch);
    std::lock_guard lock(mutex_);
    Slot &of = slot(batch.group);
    of.row = std::move(row);
    of.filled = true;
  }
  emit(batch);
}

std::string HttpOutNode::json(bool old_form) const {
  std::string out = old_form ? "{\"Series\":" : "{\"series\":";
  std::lock_guard lock(mutex_);
  if (slots_.empty()) out += "null";
  for (size_t i = 0; i < slots_.size(); ++i) {
    out += i ? ',' : '[';
    // What JSON cannot say, NaN and infinities, is null; Kapacitor fails the whole answer.
    if (slots_[i]->filled) AppendRow(&out, slots_[i]->row, NonFinite::Null);
    else out += "null";
  }
  if (!slots_.empty()) out += ']';
  out += old_form ? ",\"Err\":null}" : "}";
  return out;
}

}  // namespace

NodeResult MakeHttpOut(const tick_node &spec, Task &task) {
  if (spec.n_args != 1 || spec.args[0].type != TICK_STRING) return {nullptr, "httpOut needs a path"};
  return {std::make_unique<HttpOutNode>(spec, task, std::string(View(spec.args[0].as.s))), ""};
}

}  // namespace tick
