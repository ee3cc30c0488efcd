// wire.h - messages to and from a function as bytes: each behind its length as a varint.
//
// In: frames and batches, or bytes as they come. Out: bytes; or messages of the protocol, and points made of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/engine/udf_session.h"
#include "udf.pb.h"

namespace tick {

void AppendMessage(const udf::Request &request, std::string *out);
// Points of a stream; how many.
size_t AppendPoints(const Frame &frame, std::string *out);
// A batch whole: its begin, its points, its end.
void AppendBatch(const Batch &batch, std::string *out);

// Cuts messages out of what has been read.
class ResponseReader {
 public:
  void add(std::string_view bytes);
  // Nothing: no whole message has come yet, or `error` says why no more can be read.
  bool next(udf::Response *response, std::string *error);

 private:
  std::string bytes_;
  size_t at_ = 0;
};

// Puts answers together: points of a stream as they come, those between begin and end as one batch.
class AnswerBuilder {
 public:
  // gives_batches: what the function said it provides. Resets what was begun.
  void begin(bool gives_batches);
  // An answer that is whole now. `error`: the message is none that may come here.
  std::optional<UdfMessage> add(const udf::Response &response, std::string *error);

 private:
  UdfPoint point(const udf::Point &from, Name name, UdfMessage *of);
  bool gives_batches_ = false, open_ = false;
  UdfMessage batch_;
};

}  // namespace tick
