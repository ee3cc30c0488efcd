// api_recordings.cpp - recordings over today's API (http-api.md 8).
#include "runtime/daemon/api_replay.h"
#include "runtime/text/go_time.h"
#include "runtime/text/utf8.h"

namespace tick {

Refusal ReadText(const Json &body, const char *name, std::string *value) {
  const Json *member = Member(body, name);
  if (!member || member->is_null()) return {};
  if (!member->is_string()) return {400, std::string("json: cannot unmarshal ") + member->type_name() + " into Go struct field " + name + " of type string", nullptr};
  *value = member->get<std::string>();
  return {};
}

Refusal ReadFlag(const Json &body, const char *name, bool *value) {
  const Json *member = Member(body, name);
  if (!member || member->is_null()) return {};
  if (!member->is_boolean()) return {400, std::string("json: cannot unmarshal ") + member->type_name() + " into Go struct field " + name + " of type bool", nullptr};
  *value = member->get<bool>();
  return {};
}

Refusal ReadTime(const Json &body, const char *name, int64_t *value) {
  std::string text;
  if (Refusal refusal = ReadText(body, name, &text)) return {400, "Time.UnmarshalJSON: input is not a JSON string", nullptr};
  if (!Member(body, name) || Member(body, name)->is_null()) return {};
  if (ParseRfc3339(text, value)) return {};
  return {400, "parsing time " + GoQuote("\"" + text + "\"") + " as " + GoQuote("\"2006-01-02T15:04:05Z07:00\"") + ": cannot parse " +
                   GoQuote(text + "\"") + " as \"2006\"",
          nullptr};
}

namespace {

const std::vector<std::string> kFields = {"link", "id", "type", "size", "date", "error", "status", "progress"};

// In the order of http-api.md 8. How many points a running one has is ours.
Json RecordingJson(const Recording &recording) {
  bool running = recording.status == WorkStatus::Running;
  Json object = {{"link", SelfLink(std::string(kBase) + "/recordings/" + recording.id)},
                 {"id", recording.id},
                 {"type", recording.batch ? "batch" : "stream"},
                 {"size", recording.size},
                 {"date", TimeText(recording.date)},
                 {"error", recording.error},
                 {"status", WorkWord(recording.status)},
                 {"progress", running ? 0 : 1}};
  if (running) object["points"] = recording.points;
  return object;
}

class RecordingRoutes {
 public:
  explicit RecordingRoutes(Recordings &recordings) : recordings_(recordings) {}

  Response stream(const Json &body) const {
    Recordings::Stream what;
    if (Refusal refusal = ReadText(body, "id", &what.id)) return Answer(refusal);
    if (Refusal refusal = ReadText(body, "task", &what.task)) return Answer(refusal);
    if (Refusal refusal = ReadTime(body, "stop", &what.stop)) return Answer(refusal);
    return begin(what);
  }

  Response batch(const Json &body) const {
    Recordings::Batch what;
    what.stop = WallClock();
    if (Refusal refusal = ReadText(body, "id", &what.id)) return Answer(refusal);
    if (Refusal refusal = ReadText(body, "task", &what.task)) return Answer(refusal);
    if (Refusal refusal = ReadTime(body, "start", &what.start)) return Answer(refusal);
    if (Refusal refusal = ReadTime(body, "stop", &what.stop)) return Answer(refusal);
    if (std::string error = what.id.empty() ? "" : IdError("recording", what.id); !error.empty()) return ErrorResponse(400, error);
    if (what.start == 0) return ErrorResponse(400, "must provide start time");
    return begin(what);
  }

  Response query(const Json &body) const {
    Recordings::Query what;
    std::string type;
    if (Refusal refusal = ReadText(body, "id", &what.id)) return Answer(refusal);
    if (Refusal refusal = ReadText(body, "query", &what.query)) return Answer(refusal);
    if (Refusal refusal = ReadText(body, "cluster", &what.cluster)) return Answer(refusal);
    if (Refusal refusal = ReadText(body, "type", &type)) return Answer(refusal);
    if (!type.empty() && type != "stream" && type != "batch") return ErrorResponse(400, "unknown TaskType " + type);
    what.batch = type == "batch";
    if (what.query.empty()) return ErrorResponse(400, "must provide query");
    return begin(what);
  }

  Response read(const std::string &id) const {
    std::optional<Recording> recording = recordings_.find(id);
    if (!recording) return ErrorResponse(500, "error finding recording: no recording exists");
    return JsonResponse(RecordingJson(*recording), recording->status == WorkStatus::Running ? 202 : 200);
  }

  Response list(const Request &request) const {
    std::vector<Recording> all = recordings_.all();
    std::vector<std::string> ids, fields;
    for (const Recording &recording : all) ids.push_back(recording.id);
    std::vector<size_t> selected;
    if (Refusal refusal = SelectPage(request, ids, true, &selected)) return Answer(refusal);
    if (Refusal refusal = SelectFields(request, kFields, kFields, !selected.empty(), &fields)) return Answer(refusal);
    Json items = Json::array();
    for (size_t i : selected) items.push_back(PickFields(RecordingJson(all[i]), fields));
    return JsonResponse({{"recordings", items}});
  }

  Response remove(const std::string &id) const {
    Refusal refusal = recordings_.remove(id);
    return refusal ? Answer(refusal) : NoContent();
  }

 private:
  template <class What>
  Response begin(const What &what) const {
    Recording made;
    if (Refusal refusal = recordings_.record(what, &made)) return Answer(refusal);
    return JsonResponse(RecordingJson(made), 201);
  }
  Recordings &recordings_;
};

}  // namespace

void AddRecordingRoutes(Router *router, Recordings &recordings) {
  auto routes = std::make_shared<RecordingRoutes>(recordings);
  const std::string all = std::string(kBase) + "/recordings", one = all + "/";
  auto start = [&](const char *kind, Response (RecordingRoutes::*call)(const Json &) const) {
    router->add("POST", one + kind, [routes, call](const Request &request) {
      Json body = Json::parse(*request.body, nullptr, false);
      return body.is_object() ? (routes.get()->*call)(body) : ErrorResponse(400, "invalid JSON");
    });
  };
  start("stream", &RecordingRoutes::stream);
  start("batch", &RecordingRoutes::batch);
  start("query", &RecordingRoutes::query);
  auto with_id = [one](auto use) {
    return [one, use](const Request &request) {
      std::string id = request.path.substr(one.size());
      return id.empty() ? ErrorResponse(400, "must specify recording id on path") : use(id);
    };
  };
  router->add("GET", all, [routes](const Request &request) { return routes->list(request); });
  router->add("GET", one, with_id([routes](const std::string &id) { return routes->read(id); }));
  router->add("DELETE", one, with_id([routes](const std::string &id) { return routes->remove(id); }));
}

}  // namespace tick
