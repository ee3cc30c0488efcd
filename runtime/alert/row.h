// row.h - rows of data as alerts and httpOut show them (nodes.md 1.3, 1.4).
//
// In: a row of a frame, or a batch. Out: a Row that owns what it shows, or the same as JSON bytes: `time`
// first, then columns by name; tags by name; keys left out where they are empty. A point shows all its tags,
// a batch its own tags, and the other tags of its first point as columns.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/data/block.h"
#include "runtime/engine/services.h"

namespace tick {

// What a NaN or an infinity, which JSON cannot say, becomes: `null`, or a refusal of the whole encoding.
enum class NonFinite : uint8_t { Null, Refuse };

Row MakeRow(const Frame &frame, uint32_t row);
// The same from a row's fields, into a Row whose memory is used again.
void FillRow(Row *out, const Series &series, int64_t time, const Fields &fields);
Row MakeRow(const Batch &batch);

// Append the JSON object of a row. False: a value was not finite and was refused; `out` is as before.
bool AppendRow(std::string *out, const Row &row, NonFinite non_finite);
bool AppendRow(std::string *out, const Frame &frame, uint32_t row, NonFinite non_finite);
bool AppendRow(std::string *out, const Batch &batch, NonFinite non_finite);
// A list of rows: `[…]`, or `null` where there are none.
bool AppendRows(std::string *out, const std::vector<Row> &rows, NonFinite non_finite);

}  // namespace tick
