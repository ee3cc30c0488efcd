// scaler.h - what autoscale nodes ask of an orchestrator: how many replicas there are, and to have so many.
//
// Calls return at once; their end is told through `done`, from any thread or before the call returns.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <tuple>

namespace tick {

struct ScaledResource {
  std::string name;
  std::string space, kind;  // Kubernetes: namespace and kind
  bool operator<(const ScaledResource &other) const {
    return std::tie(space, kind, name) < std::tie(other.space, other.kind, other.name);
  }
};

class Scaler {
 public:
  virtual ~Scaler() = default;
  // error: empty where it worked.
  using Done = std::function<void(int64_t replicas, std::string error)>;
  virtual void ask(const ScaledResource &resource, Done done) = 0;
  virtual void set(const ScaledResource &resource, int64_t replicas, Done done) = 0;
};

}  // namespace tick
