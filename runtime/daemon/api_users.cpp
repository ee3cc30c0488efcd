// api_users.cpp - users over HTTP (http-api.md 16).
#include "runtime/daemon/users.h"

namespace tick {
namespace {

Json UserJson(const User &user) {
  std::string link = std::string(kBase) + "/users" + (user.name.empty() ? "" : "/" + user.name);
  return {{"link", SelfLink(link)},
          {"name", user.name},
          {"type", user.admin ? "admin" : "normal"},
          {"permissions", Json(user.admin ? std::vector<std::string>() : user.permissions)}};
}

Json BodyOf(const Request &request) { return Json::parse(*request.body, nullptr, false); }

Response List(const Request &request, const Users &users) {
  static const std::vector<std::string> kFields = {"link", "name", "permissions", "type"};
  std::vector<std::string> names = users.names(), fields;
  std::vector<size_t> selected;
  if (Refusal refusal = SelectPage(request, names, false, &selected)) return Answer(refusal);
  if (Refusal refusal = SelectFields(request, kFields, kFields, !selected.empty(), &fields)) return Answer(refusal);
  Json items = Json::array();
  for (size_t i : selected)
    if (std::optional<User> user = users.find(names[i])) items.push_back(PickFields(UserJson(*user), fields));
  return JsonResponse({{"users", items}});
}

}  // namespace

void AddUserRoutes(Router *router, Users *users) {
  if (!users) return;
  const std::string all = std::string(kBase) + "/users", one = all + "/";
  auto name_of = [one](const Request &request) { return request.path.substr(one.size()); };
  router->add("GET", all, [users](const Request &request) { return List(request, *users); });
  router->add("POST", all, [users](const Request &request) {
    User made;
    Refusal refusal = users->create(BodyOf(request), &made);
    return refusal ? Answer(refusal) : JsonResponse(UserJson(made));
  });
  router->add("GET", one, [users, name_of](const Request &request) {
    if (name_of(request).empty()) return ErrorResponse(400, "must specify username on path");
    std::optional<User> user = users->find(name_of(request));
    return user ? JsonResponse(UserJson(*user)) : ErrorResponse(404, "no user exists");
  });
  router->add("PATCH", one, [users, name_of](const Request &request) {
    User changed;
    Refusal refusal = users->change(name_of(request), BodyOf(request), &changed);
    return refusal ? Answer(refusal) : JsonResponse(UserJson(changed));
  });
  router->add("DELETE", one, [users, name_of](const Request &request) {
    users->remove(name_of(request));
    return NoContent();
  });
}

}  // namespace tick
