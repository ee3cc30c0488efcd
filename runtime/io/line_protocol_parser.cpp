// line_protocol_parser.cpp - the walk over a body, and the exact way for lines that need it.
#include "runtime/io/line_protocol_parser.h"

#include <algorithm>

#include "runtime/io/line_protocol_scan.h"
#include "runtime/support/time_round.h"

namespace tick {

WriteResult LineParser::parse(const ParseRequest &request, const OnBlock &on_block) {
  WriteResult result;
  request_ = &request;
  on_block_ = &on_block;
  result_ = &result;
  begin_ = request.body->data();
  end_ = begin_ + request.body->size();
  safe_ = request.body->size() > scan::kSlack ? end_ - scan::kSlack : begin_;
  unit_ = NanosecondsOf(request.precision);
  default_time_ = TruncateTime(request.time, unit_);
  line_ = 1;
  for (const char *at = begin_; at < end_;) {
    newlines_ = 0;
    const char *newline = at < safe_ && !request.check_only ? fast_line(at) : nullptr;
    if (newline) {
      line_ += 1 + newlines_;
      at = newline + 1;
    } else {
      at = begin_ + slow_line(static_cast<size_t>(at - begin_)) + 1;
    }
  }
  flush();
  for (const MeasurementEntry *measurement : touched_) {
    Schema &schema = *schemas_[measurement->id];
    measurement->points.fetch_add(schema.points, std::memory_order_relaxed);
    schema.points = 0;
  }
  touched_.clear();
  return result;
}

// --- what lines look like ----------------------------------------------------------------------------

LineParser::Schema &LineParser::schema(const MeasurementEntry &measurement) {
  if (measurement.id >= schemas_.size()) schemas_.resize(measurement.id + 1);
  auto &schema = schemas_[measurement.id];
  if (!schema) schema = std::make_unique<Schema>();
  if (schema->generation != request_->router.generation) {
    schema->generation = request_->router.generation;
    for (auto &[text, slot] : schema->slots) resolve(*slot, measurement);
  }
  return *schema;
}

void LineParser::resolve(Slot &slot, const MeasurementEntry &measurement) const {
  // A name that nobody interned is read by nobody.
  if (!slot.name) slot.name = FindName(UnescapeFieldName({slot.text.data(), slot.size - 1}));
  const ReadSet &reads = *request_->router.reads;
  slot.column = slot.name ? reads.column(measurement.name, slot.name) : -1;
  slot.guard = slot.name && reads.guards(slot.name);
}

LineParser::Slot *LineParser::slot(Schema &schema, const MeasurementEntry &measurement, std::string_view raw) {
  constexpr size_t kMostSlots = 10000, kLongestName = 30000;
  if (auto found = schema.slots.find(raw); found != schema.slots.end()) return found->second.get();
  auto slot = std::make_unique<Slot>();
  slot->size = static_cast<uint32_t>(raw.size() + 1);
  slot->plain = raw.find_first_of(", \"\\\n") == std::string_view::npos;
  slot->low = slot->size >= 16 ? 0xffff : (1u << slot->size) - 1;
  slot->text.append(raw).append("=");
  slot->text.copy(slot->head, sizeof slot->head);
  resolve(*slot, measurement);
  // What floods a measurement with names is not worth remembering: the oldest set of names makes room.
  if (schema.slots.size() >= kMostSlots || raw.size() > kLongestName) {
    schema.first = nullptr;
    schema.slots.clear();
  }
  Slot *made = slot.get();
  std::string_view key(made->text.data(), raw.size());
  schema.slots.emplace(key, std::move(slot));
  return made;
}

// --- rows --------------------------------------------------------------------------------------------

RequestBlock &LineParser::block() {
  if (block_ && block_->full()) flush();
  if (!block_) {
    // Enough for what is left at lines of a usual length; another block follows if they are shorter.
    size_t left = 16 + static_cast<size_t>(end_ - begin_) / 24;
    block_ = pool_.make();
    block_->begin(request_->body, request_->router.reads,
                  static_cast<uint32_t>(std::min<size_t>(request_->block_rows, left)));
  }
  return *block_;
}

void LineParser::flush() {
  if (!block_) return;
  block_->end();
  std::shared_ptr<RequestBlock> done = std::move(block_);
  block_ = nullptr;
  if (done->size() > 0) (*on_block_)(std::move(done));
}

void LineParser::add_row(const SeriesEntry &entry, uint32_t route, std::string_view fields, int64_t time) {
  for (; route != 0; route = request_->router.second(route)) {
    RequestBlock &to = block();
    uint32_t row = to.add(entry.series, time, fields, route);
    for (const Found &field : found_) {
      Value value = field.value;
      if (TypeOf(value) == Type::String && !(value.as.s.data >= begin_ && value.as.s.data <= end_))
        value = MakeString(to.arena().copy(StringOf(value)));  // its escapes were taken out in scratch memory
      to.set(row, field.column, value);
    }
  }
}

// --- the exact way -----------------------------------------------------------------------------------

void LineParser::refuse(std::string_view point, std::string reason) {
  constexpr size_t kLongest = 2000;
  ++result_->refused;
  if (result_->errors.size() >= request_->max_errors) return;
  std::string text(point.substr(0, kLongest));
  if (point.size() > kLongest) text += "…";
  result_->errors.push_back({line_, std::move(text), std::move(reason)});
}

size_t LineParser::slow_line(size_t at) {
  std::string_view body = *request_->body;
  size_t end = LineEnd(body, at);
  std::string_view line = body.substr(at, end - at), point = PointText(line);
  if (!point.empty()) {
    std::string reason;
    if (slow_point(point, &reason)) ++result_->accepted;
    else refuse(point, std::move(reason));
  }
  line_ += 1 + static_cast<uint64_t>(std::count(line.begin(), line.end(), '\n'));
  return end;
}

bool LineParser::slow_point(std::string_view point, std::string *reason) {
  RawLine raw;
  *reason = ParsePoint(point, request_->precision, &raw);
  if (!reason->empty()) return false;
  if (request_->check_only) return true;
  uint64_t hash = HashKey(raw.key);
  const SeriesEntry *entry = request_->table.find(raw.key, hash);
  if (!entry) entry = request_->table.add(raw.key, hash, request_->max_series);
  if (!entry) {
    *reason = "max series limit exceeded: " + std::to_string(request_->max_series) +
              "; look for a tag whose values never repeat, or raise the limit";
    return false;
  }
  entry->use(request_->number);
  Schema &of = schema(*entry->measurement);
  Slot **predicted = &of.first;
  bool guarded = false;
  size_t at = 0, slots = of.slots.size();
  RawField field;
  found_.clear();
  scratch_.reset();
  while (NextField(raw.fields, &at, &field)) {
    Slot *slot = this->slot(of, *entry->measurement, field.name);
    if (of.slots.size() < slots) predicted = &slot->next;  // the names were forgotten
    slots = of.slots.size();
    if (predicted != &slot->next) *predicted = slot;
    predicted = &slot->next;
    guarded |= slot->guard && MayBeTag(slot->name);
    if (slot->column >= 0) found(*slot, ConvertField(field, scratch_));
  }
  if (of.points++ == 0) touched_.push_back(entry->measurement);
  uint32_t route = request_->router.route(*entry, guarded);
  add_row(*entry, route, raw.fields, raw.has_time ? raw.time : default_time_);
  return true;
}

}  // namespace tick
