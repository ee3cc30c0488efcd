// binding.h - what a lambda's names mean in a frame.
//
// In: a frame and a name. Out: its values: a row's field, else a tag of its series, else missing. A row that
// has both a field and a tag of the name has no value, but an error (language.md 4.1).
#pragma once

#include "runtime/data/block.h"

namespace tick {

// "time": the point's time, whatever fields there are.
Name TimeName();

// The value of one row; false where the name is both a field and a tag.
bool ReferenceValue(const Frame &frame, uint32_t row, Name name, Value *out);

// The values of all rows of the frame. For rows where the name is both a field and a tag a byte is set in
// `conflicts`, which is made (zeroed) on the first of them.
Column BindReference(Arena &arena, const Frame &frame, Name name, uint8_t **conflicts);

// Whether all rows of the frame have one type there, and which.
bool IsUniform(const Column &column, std::span<const uint32_t> rows, Type *type);

}  // namespace tick
