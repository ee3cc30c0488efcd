// route_spec.h - which points a task wants, as far as their series says.
//
// In: a task's descriptor: its from nodes and their conditions. Out: answers for a series. Never says no to a point
// that a from node might take: conditions that need more than tags are left to the node.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/engine/code.h"
#include "runtime/io/read_set.h"
#include "runtime/lambda/lambda.h"

namespace tick {

class RouteSpec {
 public:
  // prune: conditions on tags may keep points away from the task (not so where it must know of points it drops).
  RouteSpec(std::shared_ptr<const Code> code, bool prune);

  bool is_stream() const { return code_->task().type == TICK_EDGE_STREAM; }
  bool old_dialect() const { return code_->task().dialect == 2; }
  // Measurements of all from nodes, distinct; null: any. A point comes once for its measurement and once for null
  // (nodes.md 2.1). In 0.2 a point of the task's databases comes once, whatever its measurement.
  const std::vector<Name> &measurements() const { return measurements_; }
  // Whether some from node takes points of the series. full: whatever the conditions say.
  bool accepts(const Series &series, bool full) const;
  // The tag value without which no point of the measurement passes, if the script says so plainly.
  const Tag *required(Name measurement) const;
  // Whether columns made for `reads` hold all the task reads.
  bool covered_by(const ReadSet &reads) const;
  // Adds what the task reads, and what its conditions on tags mention.
  void declare(ReadSet &reads) const;

 private:
  struct Condition {
    std::unique_ptr<Lambda> lambda;
    bool decides_by_tags;
  };
  struct From {
    std::string database, retention_policy;
    Name measurement = nullptr;
    std::vector<Condition> where;
    std::unique_ptr<Tag> required;
  };
  From read_from(const tick_node &node) const;
  bool passes(const From &from, const Series &series) const;
  bool refused_by_tags(const Condition &condition, const Series &series) const;

  std::shared_ptr<const Code> code_;
  bool prune_;
  bool takes_all_ = false;  // something else than a from node hangs on the source
  std::vector<Name> measurements_;
  std::vector<From> froms_;  // those on the source
};

}  // namespace tick
