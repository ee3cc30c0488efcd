// api.h - the daemon's HTTP API: each part adds its routes to the table.
//
// A part is a function that takes what it needs and the router; adding one is a file and a line in daemon.cpp.
#pragma once

#include "runtime/daemon/http.h"
#include "runtime/daemon/tasks.h"

namespace tick {

class Endpoints;
class Replays;

inline constexpr const char *kBase = "/kapacitor/v1";
inline constexpr const char *kOldBase = "/api/v1";

// replays: a task may be looked at as a replay has it.
void AddTaskRoutes(Router *router, Tasks &tasks, Engine &engine, Endpoints &endpoints, const Replays &replays);  // api_tasks.cpp
void AddOldTaskRoutes(Router *router, Tasks &tasks, Engine &engine, Endpoints &endpoints); // api_old.cpp
struct WriteOptions {
  std::string default_retention_policy;
  bool whole_requests = false;  // one bad line refuses the request, as Kapacitor does
  // Whether the sender may write to the database, and who it is; unset: everybody may.
  std::function<bool(const Request &request, const std::string &database, std::string *user)> may_write;
};
void AddWriteRoutes(Router *router, Engine &engine, WriteOptions options);                  // api_write.cpp

// Parameters of list calls: the items that `pattern`, `offset` and `limit` select (http-api.md 4). Ids sorted
// as they are to be listed.
Refusal SelectPage(const Request &request, const std::vector<std::string> &ids, bool negative_limit_is_all,
                   std::vector<size_t> *selected);
// The fields asked for, or all of `defaults`; refused where one is none of `allowed`. `id` and `link` come always.
Refusal SelectFields(const Request &request, const std::vector<std::string> &defaults,
                     const std::vector<std::string> &allowed, bool any_items, std::vector<std::string> *fields);
// A list item: the fields of the object that were asked for, keys sorted.
Json PickFields(const Json &object, const std::vector<std::string> &fields);
// The refusal's error object; a script's mistakes in structured form too where the client asked for them with
// `diagnostics=true` (clients of Kapacitor know two keys and no third).
Response Answer(const Refusal &refusal, bool diagnostics = false);
// Answers of 0.2: {"Error": TEXT}; JSON that calls itself plain text; success without a body.
Response OldError(int status, const std::string &text);
Response OldText(const Json &value);
Response OldEmpty();

}  // namespace tick
