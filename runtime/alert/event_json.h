// event_json.h - an alert event as JSON, as log, post, tcp, exec and kafka send it (nodes-alert.md 9).
#pragma once

#include <string>

#include "runtime/engine/services.h"

namespace tick {

// Appends the object, without a line break, in the dialect of the event's task. False, and nothing appended: its
// data has a NaN or an infinity, which JSON cannot say.
bool AppendEventJson(std::string *out, const AlertEvent &event);

// The data as victorOps, opsGenie and pagerDuty of 0.2 have it: {"Series":[…],"Err":null}; of today's:
// {"series":[…]}.
bool AppendEventData(std::string *out, const AlertEvent &event);

// What a refusal says, in the words of Go's encoding/json: "json: unsupported value: NaN".
std::string NotFinite(const AlertEvent &event);

}  // namespace tick
