// augment.cpp - overlays and series with an event's values.
#include "runtime/alert/augment.h"

#include "runtime/engine/task.h"
#include "runtime/nodes/rows.h"
#include "runtime/nodes/series_change.h"

namespace tick {
namespace {

Name NameOrNull(std::string_view text) { return text.empty() ? nullptr : Intern(text); }
tick_string Bytes(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

Augment::Augment(const Node &node, Task &task, std::string_view level_tag, std::string_view id_tag,
                 std::string_view level_field, std::string_view id_field, std::string_view message_field,
                 std::string_view duration_field)
    : task_(task),
      out_groups_(node, task),
      level_tag_(NameOrNull(level_tag)),
      id_tag_(NameOrNull(id_tag)),
      level_field_(NameOrNull(level_field)),
      id_field_(NameOrNull(id_field)),
      message_field_(NameOrNull(message_field)),
      duration_field_(NameOrNull(duration_field)) {}

const Series *Augment::tagged(const Series *series, const Added &added) const {
  Tags tags = series->tags;
  if (level_tag_) SetTag(tags, level_tag_, LevelName(added.level));
  if (id_tag_) SetTag(tags, id_tag_, added.id);
  return InternSeries(series->origin, series->measurement, std::move(tags));
}

// added_of: the values of the row at a position of frame->rows.
template <class AddedOf>
void Augment::lay(Frame *frame, Overlay *overlay, AddedOf &&added_of) const {
  Arena &arena = task_.arena();
  size_t bound = RowBound(*frame);
  auto strings = [&](Name name, auto &&text_of) {
    if (!name) return;
    tick_string *column = arena.array<tick_string>(bound);
    for (size_t i = 0; i < frame->rows.size(); ++i) column[frame->rows[i]] = Bytes(text_of(added_of(i)));
    overlay->columns.push_back({name, Column{.type = Type::String, .strings = column}});
  };
  strings(level_field_, [](const Added &added) { return LevelName(added.level); });
  strings(message_field_, [](const Added &added) { return added.message; });
  strings(id_field_, [](const Added &added) { return added.id; });
  if (duration_field_) {
    int64_t *column = arena.array<int64_t>(bound);
    for (size_t i = 0; i < frame->rows.size(); ++i) column[frame->rows[i]] = added_of(i).duration;
    overlay->columns.push_back({duration_field_, Column{.type = Type::Int, .words = column}});
  }
  if (!overlay->columns.empty()) {
    overlay->base = frame->overlay;
    frame->overlay = overlay;
  }
  if (level_tag_ || id_tag_) {
    const Series **series = arena.array<const Series *>(bound);
    for (size_t i = 0; i < frame->rows.size(); ++i)
      series[frame->rows[i]] = tagged(frame->series[frame->rows[i]], added_of(i));
    frame->series = series;
  }
}

void Augment::rows(Frame *frame, Overlay *overlay, const Added *added) const {
  lay(frame, overlay, [&](size_t i) -> const Added & { return added[i]; });
}

void Augment::batch(Batch *batch, Overlay *overlay, const Added &added) {
  lay(&batch->points, overlay, [&](size_t) -> const Added & { return added; });
  if (!level_tag_ && !id_tag_) return;
  Tags tags = batch->group->tags;
  if (level_tag_) SetTag(tags, level_tag_, LevelName(added.level));
  if (id_tag_) SetTag(tags, id_tag_, added.id);
  batch->group = out_groups_.find(batch->group->name, batch->group->by_name, tags);
}

}  // namespace tick
