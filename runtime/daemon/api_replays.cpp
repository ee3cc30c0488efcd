// api_replays.cpp - replays over today's API (http-api.md 9).
#include "runtime/daemon/api_replay.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

const std::vector<std::string> kFields = {"link",  "id",   "recording", "task",   "recording-time",
                                          "clock", "date", "error",     "status", "progress"};

// In the order of http-api.md 9. How many points a running one had is ours.
Json ReplayJson(const Replay &replay) {
  bool running = replay.status == WorkStatus::Running;
  Json object = {{"link", SelfLink(std::string(kBase) + "/replays/" + replay.id)},
                 {"id", replay.id},
                 {"task", replay.task},
                 {"recording", replay.recording},
                 {"recording-time", replay.recording_time},
                 {"clock", replay.real_clock ? "real" : "fast"},
                 {"date", TimeText(replay.date)},
                 {"error", replay.error},
                 {"status", WorkWord(replay.status)},
                 {"progress", running ? Json(replay.progress) : Json(1)},
                 {"stats", replay.stats}};
  if (running) object["points"] = replay.points;
  return object;
}

class ReplayRoutes {
 public:
  explicit ReplayRoutes(Replays &replays) : replays_(replays) {}

  Response recording(const Json &body) const {
    Replays::Options options;
    std::string recording;
    if (Refusal refusal = read(body, &options)) return Answer(refusal);
    if (Refusal refusal = ReadText(body, "recording", &recording)) return Answer(refusal);
    if (std::string error = IdError("replay", options.id); !error.empty()) return ErrorResponse(400, error);
    Replay made;
    if (Refusal refusal = replays_.replay(options, recording, &made)) return Answer(refusal);
    return JsonResponse(ReplayJson(made), 201);
  }

  Response batch(const Json &body) const {
    Replays::Options options;
    int64_t start = 0, stop = WallClock();
    if (Refusal refusal = read(body, &options)) return Answer(refusal);
    if (Refusal refusal = ReadTime(body, "start", &start)) return Answer(refusal);
    if (Refusal refusal = ReadTime(body, "stop", &stop)) return Answer(refusal);
    if (!ValidId(options.id)) return ErrorResponse(400, "replay ID must match ^[-\\._\\p{L}0-9]+$ " + GoQuote(options.id));
    if (start == 0) return ErrorResponse(400, "must provide start time");
    Replay made;
    if (Refusal refusal = replays_.replay_batch(options, start, stop, &made)) return Answer(refusal);
    return JsonResponse(ReplayJson(made), 201);
  }

  Response query(const Json &body) const {
    Replays::Options options;
    std::string query, cluster;
    if (Refusal refusal = read(body, &options)) return Answer(refusal);
    if (Refusal refusal = ReadText(body, "query", &query)) return Answer(refusal);
    if (Refusal refusal = ReadText(body, "cluster", &cluster)) return Answer(refusal);
    if (!ValidId(options.id)) return ErrorResponse(400, "recording ID must match ^[-\\._\\p{L}0-9]+$ " + GoQuote(options.id));
    if (query.empty()) return ErrorResponse(400, "must provide query");
    Replay made;
    if (Refusal refusal = replays_.replay_query(options, query, cluster, &made)) return Answer(refusal);
    return JsonResponse(ReplayJson(made), 201);
  }

  Response show(const std::string &id) const {
    std::optional<Replay> replay = replays_.find(id);
    if (!replay) return ErrorResponse(404, "could not find replay: no replay exists");
    return JsonResponse(ReplayJson(*replay), replay->status == WorkStatus::Running ? 202 : 200);
  }

  Response list(const Request &request) const {
    std::vector<Replay> all = replays_.all();
    std::vector<std::string> ids, fields;
    for (const Replay &replay : all) ids.push_back(replay.id);
    std::vector<size_t> selected;
    if (Refusal refusal = SelectPage(request, ids, true, &selected)) return Answer(refusal);
    if (Refusal refusal = SelectFields(request, kFields, kFields, !selected.empty(), &fields)) return Answer(refusal);
    Json items = Json::array();
    for (size_t i : selected) items.push_back(PickFields(ReplayJson(all[i]), fields));
    return JsonResponse({{"replays", items}});
  }

  Response remove(const std::string &id) const {
    replays_.remove(id);
    return NoContent();
  }

 private:
  // `handlers: false` is ours: no alert handler is called.
  static Refusal read(const Json &body, Replays::Options *options) {
    std::string clock;
    bool handlers = true;
    if (Refusal refusal = ReadText(body, "id", &options->id)) return refusal;
    if (Refusal refusal = ReadText(body, "task", &options->task)) return refusal;
    if (Refusal refusal = ReadText(body, "clock", &clock)) return refusal;
    if (Refusal refusal = ReadFlag(body, "recording-time", &options->recording_time)) return refusal;
    if (Refusal refusal = ReadFlag(body, "handlers", &handlers)) return refusal;
    if (!clock.empty() && clock != "fast" && clock != "real") return {400, "unknown Clock " + clock, nullptr};
    options->real_clock = clock == "real";
    options->quiet = !handlers;
    if (options->id.empty()) options->id = RandomUuid();
    return {};
  }
  Replays &replays_;
};

}  // namespace

void AddReplayRoutes(Router *router, Replays &replays) {
  auto routes = std::make_shared<ReplayRoutes>(replays);
  const std::string all = std::string(kBase) + "/replays", one = all + "/";
  auto start = [&](const std::string &path, Response (ReplayRoutes::*call)(const Json &) const) {
    router->add("POST", path, [routes, call](const Request &request) {
      Json body = Json::parse(*request.body, nullptr, false);
      return body.is_object() ? (routes.get()->*call)(body) : ErrorResponse(400, "invalid JSON");
    });
  };
  start(all, &ReplayRoutes::recording);
  start(one + "batch", &ReplayRoutes::batch);
  start(one + "query", &ReplayRoutes::query);
  auto with_id = [one](auto use) {
    return [one, use](const Request &request) {
      std::string id = request.path.substr(one.size());
      return id.empty() ? ErrorResponse(400, "must specify replay id on path") : use(id);
    };
  };
  router->add("GET", all, [routes](const Request &request) { return routes->list(request); });
  router->add("GET", one, with_id([routes](const std::string &id) { return routes->show(id); }));
  router->add("DELETE", one, with_id([routes](const std::string &id) { return routes->remove(id); }));
}

}  // namespace tick
