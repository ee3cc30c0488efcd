// frame.cpp - fields as a task sees them: a block's, with the task's overlays laid over.
#include <algorithm>

#include "runtime/data/block.h"

namespace tick {

Column Frame::column(Name name) const {
  for (const Overlay *layer = overlay; layer; layer = layer->base) {
    for (const NamedColumn &named : layer->columns)
      if (named.name == name) return named.column;
    if (layer->closed || std::find(layer->hidden.begin(), layer->hidden.end(), name) != layer->hidden.end())
      return Column{};
  }
  return block->column(name);
}

namespace {

void Apply(const Overlay &layer, uint32_t row, Fields &out) {
  for (Name name : layer.hidden)
    std::erase_if(out, [name](const Field &field) { return field.name == name; });
  for (const NamedColumn &named : layer.columns) {
    Value value = named.column.at(row);
    if (TypeOf(value) != Type::Missing) SetField(out, named.name, value);
    else std::erase_if(out, [&](const Field &field) { return field.name == named.name; });
  }
}

// From the layer farthest from the reader to the nearest.
void Collect(const Frame &frame, const Overlay *layer, uint32_t row, Fields &out) {
  if (!layer) return frame.block->fields(row, out);
  if (layer->closed) out.clear();
  else Collect(frame, layer->base, row, out);
  Apply(*layer, row, out);
}

}  // namespace

void Frame::fields(uint32_t row, Fields &out) const { Collect(*this, overlay, row, out); }

}  // namespace tick
