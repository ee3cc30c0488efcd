// outliers.cpp - a user-defined function in C++: the points of a batch that are far from the batch's mean.
//
//   [udf.functions.outliers]
//     prog = "build/bin/udf_outliers"
//     timeout = "10s"
//
//   stream|from().measurement('cpu')
//       |window().period(10s).every(10s)
//       @outliers().field('usage').scale(2.0)
//
// Requests come on standard input, responses go to standard output, each behind its length as a varint.
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/util/delimited_message_util.h>
#include <unistd.h>

#include <cmath>
#include <iostream>
#include <string>
#include <vector>

#include "udf.pb.h"

using google::protobuf::io::FileInputStream;
using google::protobuf::util::ParseDelimitedFromZeroCopyStream;
using google::protobuf::util::SerializeDelimitedToOstream;
using namespace tick::udf;

namespace {

class Outliers {
 public:
  void describe(InfoResponse *info) const {
    info->set_wants(BATCH);
    info->set_provides(BATCH);
    (*info->mutable_options())["field"].add_valuetypes(STRING);
    (*info->mutable_options())["scale"].add_valuetypes(DOUBLE);
  }

  void init(const InitRequest &request, InitResponse *response) {
    for (const Option &option : request.options()) {
      if (option.name() == "field") field_ = option.values(0).stringvalue();
      if (option.name() == "scale") scale_ = option.values(0).doublevalue();
    }
    response->set_success(!field_.empty() && scale_ > 0);
    if (!response->success()) response->set_error("must supply field, and a scale above 0");
  }

  void begin(const BeginBatch &begin) {
    begin_ = begin;
    points_.clear();
  }
  void point(const Point &point) { points_.push_back(point); }
  void end(const EndBatch &end) {
    double sum = 0, squares = 0;
    size_t n = 0;
    for (const Point &point : points_) {
      double value;
      if (!value_of(point, &value)) continue;
      sum += value;
      squares += value * value;
      ++n;
    }
    double mean = n ? sum / static_cast<double>(n) : 0;
    double deviation = n ? std::sqrt(std::max(0.0, squares / static_cast<double>(n) - mean * mean)) : 0;
    std::vector<const Point *> kept;
    for (const Point &point : points_)
      if (double value; value_of(point, &value) && std::fabs(value - mean) > scale_ * deviation) kept.push_back(&point);
    Response response;
    *response.mutable_begin() = begin_;
    response.mutable_begin()->set_size(static_cast<int64_t>(kept.size()));
    write(response);
    for (const Point *point : kept) {
      *response.mutable_point() = *point;
      write(response);
    }
    *response.mutable_end() = end;
    write(response);
  }

  static void write(const Response &response) { SerializeDelimitedToOstream(response, &std::cout); }

 private:
  bool value_of(const Point &point, double *value) const {
    if (auto found = point.fieldsdouble().find(field_); found != point.fieldsdouble().end()) return *value = found->second, true;
    if (auto found = point.fieldsint().find(field_); found != point.fieldsint().end())
      return *value = static_cast<double>(found->second), true;
    return false;
  }

  std::string field_;
  double scale_ = 0;
  BeginBatch begin_;
  std::vector<Point> points_;
};

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  FileInputStream in(STDIN_FILENO);  // gives what has come; a C++ stream would wait for a full block
  Outliers outliers;
  Request request;
  bool ended = false;
  while (ParseDelimitedFromZeroCopyStream(&request, &in, &ended)) {
    Response response;
    switch (request.message_case()) {
      case Request::kInfo: outliers.describe(response.mutable_info()); break;
      case Request::kInit: outliers.init(request.init(), response.mutable_init()); break;
      case Request::kKeepalive: response.mutable_keepalive()->set_time(request.keepalive().time()); break;
      case Request::kSnapshot: response.mutable_snapshot(); break;
      case Request::kRestore: response.mutable_restore()->set_success(true); break;
      case Request::kBegin: outliers.begin(request.begin()); break;
      case Request::kPoint: outliers.point(request.point()); break;
      case Request::kEnd: outliers.end(request.end()); break;
      default: break;
    }
    if (response.message_case() != Response::MESSAGE_NOT_SET) Outliers::write(response);
    std::cout.flush();
    request.Clear();
  }
  return ended ? 0 : 1;
}
