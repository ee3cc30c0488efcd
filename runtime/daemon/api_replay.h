// api_replay.h - routes of recordings and replays, today's and 0.2's.
#pragma once

#include "runtime/daemon/api.h"
#include "runtime/replay/replays.h"

namespace tick {

void AddRecordingRoutes(Router *router, Recordings &recordings);                                       // api_recordings.cpp
void AddReplayRoutes(Router *router, Replays &replays);                                                // api_replays.cpp
void AddOldReplayRoutes(Router *router, Recordings &recordings, Replays &replays, Tasks &tasks);       // api_old_replay.cpp

// Members of a body as Go's decoder takes them: absent and null leave the value; refused with Go's words.
Refusal ReadText(const Json &body, const char *name, std::string *value);
Refusal ReadFlag(const Json &body, const char *name, bool *value);
Refusal ReadTime(const Json &body, const char *name, int64_t *value);

}  // namespace tick
