// influxdb_out.cpp - `|influxDBOut()`: writes points to InfluxDB.
//
// In: points, or the points of batches. Out: nothing; lines of line protocol, gathered by database and retention
// policy, go to Services::influx_out when `buffer` points are there, every `flushInterval` and when the task stops.
// 0.2's node does not gather: what comes at once goes at once. What a line has before its fields is kept by series.
#include <algorithm>
#include <cmath>

#include "runtime/engine/services.h"
#include "runtime/engine/task.h"
#include "runtime/io/line_protocol.h"
#include "runtime/io/request_block.h"
#include "runtime/support/flat_map.h"

namespace tick {
namespace {

constexpr int64_t kBuffer = 1000;
constexpr int64_t kFlushInterval = 10'000'000'000;
constexpr size_t kLongFields = 64;   // bytes of a field section
constexpr size_t kMostKeys = 65536;  // kept; more series than that pay for the making of theirs

class InfluxDbOutNode final : public Node {
 public:
  InfluxDbOutNode(const tick_node &spec, Task &task);
  std::optional<std::string> start() override;

  void points(const Frame &frame, unsigned) override {
    write(frame, nullptr);
    if (task().old_dialect()) flush();
  }
  void batch(const Batch &batch, unsigned) override {
    write(batch.points, batch.name);
    if (task().old_dialect())
      flush();
    else
      flush_full();
  }
  void barrier(Group *, int64_t, unsigned) override {}
  void delete_group(Group *, unsigned) override {}
  bool wants_skipped() const override { return false; }
  int64_t next_tick() const override { return next_; }
  void tick(int64_t) override { flush(); }
  void finish() override { flush(); }
  void stop() override { flush(); }
  std::map<std::string, int64_t> stats() const override {
    std::map<std::string, int64_t> stats = Node::stats();
    stats["points_written"] = out_ ? out_->points_written() : 0;
    stats["write_errors"] = out_ ? out_->write_errors() : 0;
    return stats;
  }

 private:
  struct Buffer {
    std::string database, retention_policy, lines;
    int64_t points = 0;
  };
  struct Known {
    Name name = nullptr;  // that of the key: batches bring their own
    std::string key;      // "measurement,tag=value"
    size_t buffer = 0;
  };
  const Known &known(const Series *series, Name batch);
  size_t buffer_of(const std::string &database, const std::string &retention_policy);
  bool take_fields(const Frame &frame, uint32_t row);
  void write(const Frame &frame, Name batch);
  void flush();
  void flush_full();
  void send(Buffer &buffer);

  std::string database_, retention_policy_, measurement_;
  Tags tags_;
  int64_t most_, interval_;
  Precision precision_;
  std::unique_ptr<InfluxOut> out_;
  std::vector<Buffer> buffers_;
  FlatMap<Series, Known> keys_;
  Known spare_;
  Fields fields_;
  int64_t next_ = kNever;
};

InfluxDbOutNode::InfluxDbOutNode(const tick_node &spec, Task &task)
    : Node(spec, task),
      database_(string_property("database", "")),
      retention_policy_(string_property("retentionPolicy", "")),
      measurement_(string_property("measurement", "")),
      most_(std::max<int64_t>(1, int_property("buffer", kBuffer))),
      interval_(int_property("flushInterval", kFlushInterval)),
      precision_(PrecisionOf(string_property("precision", ""))) {
  for (const tick_property *tag : properties("tag"))
    if (tag->n_args == 2) tags_.push_back({Intern(View(tag->args[0].as.s)), std::string(View(tag->args[1].as.s))});
}

std::optional<std::string> InfluxDbOutNode::start() {
  InfluxOutSpec spec;
  spec.task = task().id();
  spec.node = name();
  spec.cluster = string_property("cluster", "");
  spec.consistency = string_property("writeConsistency", "");
  spec.precision = string_property("precision", "");
  spec.database = database_;
  spec.retention_policy = retention_policy_;
  spec.create = flag("create");
  std::string error;
  out_ = task().services().influx_out(spec, &error);
  if (!out_) return error;
  return std::nullopt;
}

size_t InfluxDbOutNode::buffer_of(const std::string &database, const std::string &retention_policy) {
  for (size_t i = 0; i < buffers_.size(); ++i)
    if (buffers_[i].database == database && buffers_[i].retention_policy == retention_policy) return i;
  buffers_.push_back({database, retention_policy, "", 0});
  return buffers_.size() - 1;
}

const InfluxDbOutNode::Known &InfluxDbOutNode::known(const Series *series, Name batch) {
  Name name = batch ? batch : series->measurement;
  Known *found = keys_.find(series);
  if (found && found->name == name) return *found;
  Known &known = found ? *found : keys_.size() < kMostKeys ? keys_[series] : spare_;
  Series written{series->origin, measurement_.empty() ? name : Intern(measurement_), series->tags, 0};
  for (const Tag &tag : tags_) {
    auto at = std::lower_bound(written.tags.begin(), written.tags.end(), tag,
                               [](const Tag &a, const Tag &b) { return NameLess(a.key, b.key); });
    if (at != written.tags.end() && at->key == tag.key)
      at->value = tag.value;
    else
      written.tags.insert(at, tag);
  }
  known.name = name;
  known.key = SeriesKey(written);
  // Batches are of no database; points go where they came from unless the script says otherwise.
  const Origin *origin = batch ? nullptr : series->origin;
  known.buffer = buffer_of(
      database_.empty() && origin ? origin->database : database_,
      retention_policy_.empty() && database_.empty() && origin ? origin->retention_policy : retention_policy_);
  return known;
}

// The row's fields without those InfluxDB has no value for: missing ones, NaN and infinities. False: none is left.
bool InfluxDbOutNode::take_fields(const Frame &frame, uint32_t row) {
  frame.fields(row, fields_);
  std::erase_if(fields_, [](const Field &field) {
    Type type = TypeOf(field.value);
    return type == Type::Missing || (type == Type::Float && !std::isfinite(field.value.as.f));
  });
  return !fields_.empty();
}

void InfluxDbOutNode::write(const Frame &frame, Name batch) {
  int64_t unit = NanosecondsOf(precision_);
  // Points as they were written to us need not be taken apart where that would give the same text. Of many fields it
  // costs more than all else, so they pass as they came: in another order perhaps, which InfluxDB does not mind.
  const auto *request = frame.overlay ? nullptr : dynamic_cast<const RequestBlock *>(frame.block);
  for (uint32_t row : frame.rows) {
    const Known &of = known(frame.series[row], batch);
    Buffer &buffer = buffers_[of.buffer];
    if (request && (request->text(row).size() > kLongFields || IsCanonical(request->text(row)))) {
      buffer.lines += of.key;
      buffer.lines += ' ';
      buffer.lines += request->text(row);
    } else if (take_fields(frame, row)) {
      buffer.lines += of.key;
      buffer.lines += ' ';
      AppendFields(buffer.lines, fields_);
    } else {
      continue;
    }
    buffer.lines += ' ';
    AppendInt(buffer.lines, frame.times[row] / unit);
    buffer.lines += '\n';
    ++buffer.points;
    if (!batch && buffer.points >= most_) send(buffer);
  }
  if (next_ != kNever || interval_ <= 0) return;
  for (const Buffer &buffer : buffers_)
    if (buffer.points > 0) {
      next_ = task().services().now() + interval_;
      break;
    }
}

void InfluxDbOutNode::send(Buffer &buffer) {
  size_t size = buffer.lines.size();
  if (out_) out_->send({buffer.database, buffer.retention_policy, std::move(buffer.lines), buffer.points});
  buffer.lines = {};
  buffer.lines.reserve(size + size / 8);
  buffer.points = 0;
}

void InfluxDbOutNode::flush_full() {
  for (Buffer &buffer : buffers_)
    if (buffer.points >= most_) send(buffer);
}

void InfluxDbOutNode::flush() {
  next_ = kNever;
  for (Buffer &buffer : buffers_)
    if (buffer.points > 0) send(buffer);
}

}  // namespace

NodeResult MakeInfluxDbOut(const tick_node &spec, Task &task) { return MakeAs<InfluxDbOutNode>(spec, task); }

}  // namespace tick
