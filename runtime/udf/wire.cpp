// wire.cpp - encoding what is sent, cutting and decoding what comes.
#include "runtime/udf/wire.h"

#include <algorithm>

#include <google/protobuf/io/coded_stream.h>

#include "runtime/data/group.h"

namespace tick {
namespace {

constexpr uint64_t kMostMessage = 64 << 20;  // bytes; a function that sends more speaks no protocol
constexpr size_t kMostVarint = 10;

void SetTags(const Tags &from, google::protobuf::Map<std::string, std::string> *to) {
  to->clear();
  for (const Tag &tag : from) (*to)[*tag.key] = tag.value;
}

void SetFields(const Fields &fields, udf::Point *point) {
  point->clear_fieldsdouble();
  point->clear_fieldsint();
  point->clear_fieldsstring();
  point->clear_fieldsbool();
  for (const Field &field : fields) {
    const Value &value = field.value;
    switch (TypeOf(value)) {
      case Type::Float: (*point->mutable_fieldsdouble())[*field.name] = value.as.f; break;
      case Type::String: (*point->mutable_fieldsstring())[*field.name] = std::string(StringOf(value)); break;
      case Type::Bool: (*point->mutable_fieldsbool())[*field.name] = value.as.b != 0; break;
      case Type::Missing: break;  // a null of a join: the protocol has none
      default: (*point->mutable_fieldsint())[*field.name] = value.as.i; break;
    }
  }
}

// What points of one series and group share is set once.
struct PointWriter {
  udf::Request request;
  const Series *series = nullptr;
  const Group *group = nullptr;
  Fields fields;

  void identify(const Series *of, const Group *in, bool whole) {
    if (of == series && in == group) return;
    series = of;
    group = in;
    udf::Point *point = request.mutable_point();
    point->Clear();
    SetTags(of->tags, point->mutable_tags());
    point->set_group(in->id);
    if (!whole) return;
    point->set_name(*of->measurement);
    point->set_database(of->origin->database);
    point->set_retentionpolicy(of->origin->retention_policy);
    point->set_byname(in->by_name);
    for (const Tag &tag : in->tags) point->add_dimensions(*tag.key);
  }
  void write(const Frame &frame, uint32_t row, std::string *out) {
    frame.fields(row, fields);
    SetFields(fields, request.mutable_point());
    request.mutable_point()->set_time(frame.times[row]);
    AppendMessage(request, out);
  }
};

Tags TagsOf(const google::protobuf::Map<std::string, std::string> &from) {
  Tags tags;
  for (const auto &[key, value] : from) tags.push_back({Intern(key), value});
  std::sort(tags.begin(), tags.end(), [](const Tag &a, const Tag &b) { return NameLess(a.key, b.key); });
  return tags;
}

}  // namespace

void AppendMessage(const udf::Request &request, std::string *out) {
  size_t size = request.ByteSizeLong(), at = out->size();
  uint8_t length[kMostVarint];
  uint8_t *end = google::protobuf::io::CodedOutputStream::WriteVarint64ToArray(size, length);
  out->append(reinterpret_cast<char *>(length), static_cast<size_t>(end - length));
  at = out->size();
  out->resize(at + size);
  request.SerializeWithCachedSizesToArray(reinterpret_cast<uint8_t *>(out->data() + at));
}

size_t AppendPoints(const Frame &frame, std::string *out) {
  PointWriter writer;
  for (uint32_t row : frame.rows) {
    writer.identify(frame.series[row], frame.groups[row], true);
    writer.write(frame, row, out);
  }
  return frame.rows.size();
}

void AppendBatch(const Batch &batch, std::string *out) {
  udf::Request request;
  udf::BeginBatch *begin = request.mutable_begin();
  begin->set_name(*batch.name);
  begin->set_group(batch.group->id);
  SetTags(batch.group->tags, begin->mutable_tags());
  begin->set_size(static_cast<int64_t>(batch.points.rows.size()));
  begin->set_byname(batch.group->by_name);
  AppendMessage(request, out);
  PointWriter writer;
  for (uint32_t row : batch.points.rows) {
    writer.identify(batch.points.series[row], batch.group, false);
    writer.write(batch.points, row, out);
  }
  udf::EndBatch *end = request.mutable_end();
  end->set_name(*batch.name);
  end->set_group(batch.group->id);
  SetTags(batch.group->tags, end->mutable_tags());
  end->set_tmax(batch.tmax);
  end->set_byname(batch.group->by_name);
  AppendMessage(request, out);
}

void ResponseReader::add(std::string_view bytes) {
  if (at_ > 0 && at_ >= bytes_.size() / 2) {
    bytes_.erase(0, at_);
    at_ = 0;
  }
  bytes_.append(bytes);
}

bool ResponseReader::next(udf::Response *response, std::string *error) {
  uint64_t size = 0;
  size_t n = 0;
  for (bool more = true; more; ++n) {
    if (n == kMostVarint) {
      *error = "read error: what it sends is no message of the protocol: a length without end";
      return false;
    }
    if (at_ + n >= bytes_.size()) return false;
    auto byte = static_cast<uint8_t>(bytes_[at_ + n]);
    size |= n < 9 ? static_cast<uint64_t>(byte & 127) << (7 * n) : 0;
    more = byte & 128;
  }
  if (size > kMostMessage) {
    *error = "read error: what it sends is no message of the protocol: " + std::to_string(size) + " bytes announced, at most " +
             std::to_string(kMostMessage) + " are taken";
    return false;
  }
  if (bytes_.size() - at_ - n < size) return false;
  if (!response->ParseFromArray(bytes_.data() + at_ + n, static_cast<int>(size)) ||
      response->message_case() == udf::Response::MESSAGE_NOT_SET) {
    *error = "read error: what it sends is no message of the protocol";
    return false;
  }
  at_ += n + size;
  return true;
}

void AnswerBuilder::begin(bool gives_batches) {
  gives_batches_ = gives_batches;
  open_ = false;
}

UdfPoint AnswerBuilder::point(const udf::Point &from, Name name, UdfMessage *of) {
  UdfPoint point;
  point.time = from.time();
  point.series = InternSeries(InternOrigin(from.database(), from.retentionpolicy()), name, TagsOf(from.tags()));
  if (!of->memory) of->memory = std::make_shared<Arena>();
  for (const auto &[key, value] : from.fieldsstring()) SetField(point.fields, Intern(key), MakeString(of->memory->copy(value)));
  for (const auto &[key, value] : from.fieldsint()) SetField(point.fields, Intern(key), MakeInt(value));
  for (const auto &[key, value] : from.fieldsdouble()) SetField(point.fields, Intern(key), MakeFloat(value));
  for (const auto &[key, value] : from.fieldsbool()) SetField(point.fields, Intern(key), MakeBool(value));
  return point;
}

std::optional<UdfMessage> AnswerBuilder::add(const udf::Response &response, std::string *error) {
  if (response.has_begin()) {
    if (!gives_batches_) *error = "it said that it provides a stream, and sent a batch";
    else if (open_) *error = "it began a batch inside a batch";
    open_ = true;
    batch_ = UdfMessage();
    batch_.batch = true;
    batch_.name = Intern(response.begin().name());
    return std::nullopt;
  }
  if (response.has_end()) {
    if (!open_) *error = "it ended a batch that it had not begun";
    open_ = false;
    const udf::EndBatch &end = response.end();
    batch_.name = Intern(end.name());
    batch_.by_name = end.byname();
    batch_.tags = TagsOf(end.tags());
    batch_.tmax = end.tmax();
    return std::move(batch_);
  }
  if (open_) {
    batch_.points.push_back(point(response.point(), batch_.name, &batch_));
    return std::nullopt;
  }
  if (gives_batches_) {
    *error = "it said that it provides batches, and sent a point outside of one";
    return std::nullopt;
  }
  const udf::Point &from = response.point();
  UdfMessage message;
  message.name = Intern(from.name());
  message.by_name = from.byname();
  for (const std::string &key : from.dimensions()) message.dimensions.push_back(Intern(key));
  std::sort(message.dimensions.begin(), message.dimensions.end(), NameLess);
  message.points.push_back(point(from, message.name, &message));
  return message;
}

}  // namespace tick
