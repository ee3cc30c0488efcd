// api_storage.cpp - the stores of a backup's database by name, and rebuilding one (http-api.md 14).
//
// There is nothing to rebuild here: the database keeps its indexes itself. The call checks what Kapacitor checks.
#include "runtime/daemon/api_misc.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

constexpr const char *kStores[] = {"tasks", "recordings", "replays", "handler-specs", "overrides", "load"};

Response List() {
  const std::string base = std::string(kBase) + "/storage/stores";
  Json stores = Json::array();
  for (const char *name : kStores) stores.push_back({{"link", SelfLink(base + "/" + name)}, {"name", name}});
  return JsonResponse({{"link", SelfLink(base)}, {"storage", stores}});
}

Response Act(const Request &request, const std::string &prefix) {
  std::string name = request.path.substr(prefix.size());
  const std::string stores = "stores/";
  bool known = false;
  if (name.rfind(stores, 0) == 0) {
    name = name.substr(stores.size());
    for (const char *store : kStores) known = known || name == store;
  } else {
    name = request.path;
  }
  if (!known) return ErrorResponse(404, "unknown storage " + GoQuote(name));
  Json body = Json::parse(*request.body, nullptr, false);
  if (!body.is_object()) return ErrorResponse(400, "failed to unmarshal storage action invalid JSON");
  const Json *action = Member(body, "action");
  if (!action || action->is_null()) return ErrorResponse(400, "unkown storage action \"unknown StorageAction 0\"");
  std::string word = action->is_string() ? action->get<std::string>() : action->dump();
  if (word != "rebuild") return ErrorResponse(400, "failed to unmarshal storage action unknown StorageAction " + word);
  return NoContent();
}

}  // namespace

void AddStorageRoutes(Router *router) {
  const std::string prefix = std::string(kBase) + "/storage/";
  router->add("GET", prefix + "stores", [](const Request &) { return List(); });
  router->add("POST", prefix, [prefix](const Request &request) { return Act(request, prefix); });
}

}  // namespace tick
