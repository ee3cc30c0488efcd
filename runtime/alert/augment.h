// augment.h - what an alert node adds to the data it passes on (nodes-alert.md 6).
//
// levelTag, idTag: tags. levelField, idField, messageField: strings; durationField: nanoseconds. Points keep their
// group; the batch itself gets the tags too, and with them another group.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine/node.h"
#include "runtime/engine/services.h"
#include "runtime/nodes/out_groups.h"

namespace tick {

// What is added to a row.
struct Added {
  Level level = Level::Ok;
  std::string_view id, message;  // in the task's arena
  int64_t duration = 0;
};

class Augment {
 public:
  Augment(const Node &node, Task &task, std::string_view level_tag, std::string_view id_tag,
          std::string_view level_field, std::string_view id_field, std::string_view message_field,
          std::string_view duration_field);

  // Whether anything is added at all.
  bool any() const { return level_tag_ || id_tag_ || fields(); }
  bool needs_texts() const { return id_tag_ || id_field_ || message_field_; }

  // `frame` with `added` (one a row of frame.rows, in order) laid over it; `overlay` must outlive the frame.
  void rows(Frame *frame, Overlay *overlay, const Added *added) const;
  // The same values on every point, and the tags on the batch.
  void batch(Batch *batch, Overlay *overlay, const Added &added);

 private:
  bool fields() const { return level_field_ || id_field_ || message_field_ || duration_field_; }
  const Series *tagged(const Series *series, const Added &added) const;
  template <class AddedOf>
  void lay(Frame *frame, Overlay *overlay, AddedOf &&added_of) const;

  Task &task_;
  OutGroups out_groups_;
  Name level_tag_ = nullptr, id_tag_ = nullptr;
  Name level_field_ = nullptr, id_field_ = nullptr, message_field_ = nullptr, duration_field_ = nullptr;
};

}  // namespace tick
