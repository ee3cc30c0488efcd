// point_buffer_state.cpp - kept points as bytes, and back.
#include "runtime/nodes/point_buffer.h"

namespace tick {

void PointBuffer::exchange(StateArchive &archive) {
  size_t n = archive.length(count());
  Fields point;
  for (size_t i = 0; i < n && archive.ok(); ++i) {
    int64_t time = archive.loading() ? 0 : times[first_ + i];
    const Series *of = archive.loading() ? nullptr : series[first_ + i];
    archive.number(time);
    archive.series(of);
    if (!of) return archive.fail();
    if (archive.loading()) append(time, of);
    else fields(static_cast<uint32_t>(first_ + i), point);
    size_t n_fields = archive.length(point.size());
    for (size_t k = 0; k < n_fields && archive.ok(); ++k) {
      Field field = archive.loading() ? Field{nullptr, MakeMissing()} : point[k];
      archive.name(field.name);
      archive.value(field.value);
      if (!field.name) return archive.fail();
      if (!archive.loading()) continue;
      if (TypeOf(field.value) == Type::Missing) set_null(field.name);
      else set(field.name, field.value);
    }
  }
}

}  // namespace tick
