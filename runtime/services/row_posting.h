// row_posting.h - sends the rows of httpPost nodes.
//
// Each poster has a thread that makes one request after the other. A poster that goes away cancels its request and
// returns at once; its thread is joined later, at the latest when the set ends.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "runtime/engine/row_poster.h"
#include "runtime/services/service.h"

namespace tick {

class HttpPostService;

class RowPosting {
 public:
  explicit RowPosting(const ServiceSet &services);
  ~RowPosting();
  // Null: "endpoint 'x' does not exist" and alike.
  std::shared_ptr<RowPoster> poster(const RowPostSpec &spec, std::string *error);

 private:
  struct Line;
  class LinePoster;
  static void serve(const std::shared_ptr<Line> &line);
  void bury(std::thread thread, std::shared_ptr<Line> line);

  HttpPostService &service_;
  std::mutex mutex_;
  std::vector<std::pair<std::thread, std::shared_ptr<Line>>> ended_;
};

}  // namespace tick
