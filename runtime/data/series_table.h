// series_table.h - the table of series for those who let series go again.
//
// A series lives until the process ends, but for one that nobody beside the one who made it knows of: that one may be
// given back. Who gives it back knows that it never handed it to a task.
#pragma once

#include <cstddef>

#include "runtime/data/series.h"

namespace tick {

// InternSeries; *mine: it is new, and the caller's until somebody else asks for it.
const Series *InternSeries(const Origin *origin, Name measurement, Tags tags, bool *mine);
// Frees a series that was the caller's. False: somebody else has asked for it since, and it stays.
bool ReleaseSeries(const Series *series);
// Series there are.
size_t LiveSeries();

}  // namespace tick
