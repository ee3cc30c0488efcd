// api_lists.cpp - what list calls share: pages, fields, refusals (http-api.md 2, 4).
#include <algorithm>
#include <charconv>

#include "runtime/daemon/api.h"
#include "runtime/text/glob.h"

namespace tick {
namespace {

Refusal ReadInteger(const Request &request, const char *name, int64_t *value) {
  std::string text = request.parameter(name);
  if (text.empty()) return {};
  auto [end, error] = std::from_chars(text.data() + (text[0] == '+'), text.data() + text.size(), *value);
  if (error == std::errc() && end == text.data() + text.size()) return {};
  return {400, std::string("invalid ") + name + " parameter \"" + text + "\" must be an integer: strconv.ParseInt: parsing \"" +
                   text + "\": invalid syntax",
          nullptr};
}

}  // namespace

Refusal SelectPage(const Request &request, const std::vector<std::string> &ids, bool negative_limit_is_all,
                   std::vector<size_t> *selected) {
  int64_t offset = 0, limit = 100;
  if (Refusal refusal = ReadInteger(request, "offset", &offset)) return refusal;
  if (Refusal refusal = ReadInteger(request, "limit", &limit)) return refusal;
  std::string pattern = request.parameter("pattern");
  if (limit < 0) {
    for (size_t i = 0; negative_limit_is_all && i < ids.size(); ++i) selected->push_back(i);
    return {};
  }
  offset = std::max<int64_t>(offset, 0);
  int64_t skipped = 0;
  for (size_t i = 0; i < ids.size() && static_cast<int64_t>(selected->size()) < limit; ++i)
    if (MatchesGlob(pattern, ids[i]) && skipped++ >= offset) selected->push_back(i);
  return {};
}

Refusal SelectFields(const Request &request, const std::vector<std::string> &defaults,
                     const std::vector<std::string> &allowed, bool any_items, std::vector<std::string> *fields) {
  std::vector<std::string> wanted = request.parameters("fields");
  if (wanted.empty()) {
    *fields = defaults;
    return {};
  }
  for (const std::string &field : wanted)
    if (any_items && std::find(allowed.begin(), allowed.end(), field) == allowed.end())
      return {400, "unsupported field \"" + field + "\"", nullptr};
  *fields = wanted;
  fields->push_back("id");
  fields->push_back("link");
  return {};
}

Json PickFields(const Json &object, const std::vector<std::string> &fields) {
  Json picked = Json::object();
  for (const std::string &field : fields)
    if (object.contains(field)) picked[field] = object[field];
  return SortedKeys(picked);
}

Response Answer(const Refusal &refusal, bool diagnostics) {
  return ErrorResponse(refusal.status, refusal.text, diagnostics ? refusal.diagnostics : Json(nullptr));
}

Response OldError(int status, const std::string &text) {
  Response response = JsonResponse({{"Error", text}}, status);
  response.content_type = "application/json";
  return response;
}

Response OldText(const Json &value) {
  Response response = JsonResponse(value);
  response.content_type = "text/plain; charset=utf-8";
  return response;
}

Response OldEmpty() {
  Response response;
  response.content_type = "";
  return response;
}

}  // namespace tick
