// input_writer.h - gathers points of one input as lines and writes them into the engine.
//
// Points with equal fields of the same moment are not merged: each add() is a point. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/daemon/log.h"
#include "runtime/engine/engine.h"

namespace tick {

class InputWriter {
 public:
  InputWriter(Engine &engine, Log &log, std::string service, std::string database, std::string retention_policy, int64_t batch_size)
      : engine_(engine), log_(log), service_(std::move(service)), database_(std::move(database)),
        retention_policy_(std::move(retention_policy)), batch_size_(batch_size > 0 ? static_cast<size_t>(batch_size) : 5000) {}

  using TagList = std::vector<std::pair<std::string, std::string>>;  // any order; empty values are left out
  // A time of 0 is one too.
  void add(std::string_view measurement, TagList tags, std::string_view field, double value, int64_t time);
  void add(std::string_view measurement, TagList tags, const std::vector<std::pair<std::string, double>> &fields, int64_t time);
  // Writes what was added.
  void flush();
  // Lines as they are, all of them or none; false where some are bad.
  bool write(std::string_view body, std::string *error);
  uint64_t points() const { return points_; }

 private:
  Engine &engine_;
  Log &log_;
  const std::string service_, database_, retention_policy_;
  const size_t batch_size_;
  std::string lines_;
  size_t pending_ = 0;
  uint64_t points_ = 0;
};

}  // namespace tick
