// json.h - JSON of the API: nlohmann's values, printed as Go prints them (http-api.md 1, 4).
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "runtime/daemon/http.h"

namespace tick {

using Json = nlohmann::ordered_json;  // objects keep the order their keys were put in

// Indented by four spaces, or compact; `<`, `>` and `&` escaped, floats in Go's form.
std::string PrettyJson(const Json &value);
std::string CompactJson(const Json &value);
// The object's keys sorted bytewise (lists of the API); not deep.
Json SortedKeys(const Json &object);
// A member whatever its letter case, as Go's decoder finds it (last wins); null if there is none.
const Json *Member(const Json &object, std::string_view name);

// 200 with pretty JSON.
Response JsonResponse(const Json &value, int status = 200);
// {"error": TEXT, "message": TEXT}; `extra` (diagnostics), if any, comes as a third key.
Response ErrorResponse(int status, const std::string &text, const Json &extra = nullptr);
// 204 without a body.
Response NoContent();

// RFC 3339 with up to nine digits, UTC; 0 is the time that never was.
std::string TimeText(int64_t ns);
// {"rel": "self", "href": …}
Json SelfLink(const std::string &href);

}  // namespace tick
