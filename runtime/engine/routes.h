// routes.h - from a series to the tasks that take its points.
//
// One Routes a generation: made when a task starts, stops or is swapped, read by all writers, never changed but
// for what it finds out about series. A series is looked at once; what was found stands in its entry. Tasks that
// demand one value of a tag are found by that value, so that a new series costs what wants it, not what there is.
#pragma once

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "runtime/engine/route_spec.h"
#include "runtime/io/line_protocol_parser.h"

namespace tick {

class Routes final : public PointRouter {
 public:
  struct Target {
    std::shared_ptr<const RouteSpec> spec;
    std::vector<const Origin *> origins;
  };
  Routes(uint32_t generation, std::vector<Target> targets);

  uint32_t find_route(const SeriesEntry &entry, bool full) const override;
  uint32_t second(uint32_t route) const override { return set(route).second; }
  // The targets of a route, by index.
  const std::vector<uint32_t> &targets(uint32_t route) const { return set(route).targets; }

 private:
  struct Set {
    std::vector<uint32_t> targets;
    uint32_t second = 0;
  };
  // Targets of one origin and measurement (null: any).
  struct Candidates {
    std::vector<uint32_t> all;
    std::vector<uint32_t> always;  // those without a required tag
    std::unordered_map<Name, std::unordered_map<std::string, std::vector<uint32_t>>> by_tag;
  };
  using Place = std::pair<const Origin *, Name>;

  const Set &set(uint32_t route) const;
  uint32_t intern(std::vector<uint32_t> targets, uint32_t second) const;
  void collect(const Place &place, const Series &series, bool full, std::vector<uint32_t> &out) const;

  // Readers look sets up while others are added, so they stand in pieces that never move.
  static constexpr size_t kPiece = 1024, kPieces = 4096;
  std::vector<Target> targets_;
  std::map<Place, Candidates> candidates_;
  mutable std::mutex mutex_;
  mutable std::map<std::pair<std::vector<uint32_t>, uint32_t>, uint32_t> known_;
  mutable std::vector<std::unique_ptr<std::array<Set, kPiece>>> owned_;
  mutable std::unique_ptr<std::atomic<std::array<Set, kPiece> *>[]> pieces_;
};

}  // namespace tick
