// api_write.cpp - points over HTTP, and ping (http-api.md 17, 25).
#include "runtime/daemon/api.h"
#include "runtime/io/line_protocol.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

Response PlainError(int status, const std::string &text) {
  Response response;
  response.status = status;
  response.body = text + "\n";
  return response;
}

bool LooksLikeJson(const std::string &body) {
  size_t first = body.find_first_not_of(" \t\r\n");
  return first != std::string::npos && body[first] == '{';
}

// Each refused line and its reason, as Kapacitor says them; that the other lines were taken stands in a header,
// since clients match the body.
Response Refused(const WriteResult &result) {
  std::string text;
  for (const LineError &bad : result.errors) {
    if (!text.empty()) text += "\n";
    text += "unable to parse '" + bad.text + "': " + bad.reason;
  }
  if (result.refused > result.errors.size())
    text += "\nand " + std::to_string(result.refused - result.errors.size()) + " more lines";
  Response response = PlainError(400, text);
  response.headers.emplace_back("X-Partial-Write", std::to_string(result.accepted) + " points accepted, " +
                                                       std::to_string(result.refused) + " lines refused");
  return response;
}

// Whose words and parameters a client uses: today's, 0.2's, or those of InfluxDB 2.
enum class WriteForm : uint8_t { Today, Old, InfluxDb2 };

// `bucket` is "database/policy" or just the database; `precision` is ns, us, ms or s.
void ReadBucket(const Request &request, std::string *database, std::string *retention_policy, Precision *precision) {
  std::string bucket = request.parameter("bucket"), word = request.parameter("precision");
  size_t slash = bucket.find('/');
  *database = bucket.substr(0, slash);
  *retention_policy = slash == std::string::npos ? "" : bucket.substr(slash + 1);
  *precision = PrecisionOf(word == "us" ? "u" : word);
}

Response Write(const Request &request, Engine &engine, const WriteOptions &options, WriteForm form) {
  bool old = form == WriteForm::Old;
  std::shared_ptr<const std::string> body = request.body;
  if (const std::string *encoding = request.header("content-encoding"); encoding && *encoding == "gzip") {
    auto inflated = std::make_shared<std::string>();
    std::string error = Gunzip(*body, inflated.get());
    if (!error.empty()) return PlainError(400, error);
    body = std::move(inflated);
  }
  if (old && LooksLikeJson(*body)) return PlainError(400, "kapacitor does not support the JSON write protocol");
  std::string database = request.parameter("db"), retention_policy = request.parameter("rp");
  Precision precision = PrecisionOf(request.parameter("precision"));
  if (form == WriteForm::InfluxDb2) ReadBucket(request, &database, &retention_policy, &precision);
  if (retention_policy.empty() && !old) retention_policy = options.default_retention_policy;
  WriteRequest write{database, retention_policy, precision, WallClock()};
  std::string user;
  bool allowed = !options.may_write || database.empty() || options.may_write(request, database, &user);
  write.parse_only = database.empty() || !allowed;
  write.whole = options.whole_requests;
  WriteResult result = engine.write(write, body);
  if (result.refused > 0) return Refused(result);
  if (database.empty()) return PlainError(400, form == WriteForm::InfluxDb2 ? "bucket is required" : "database is required");
  if (!allowed) return PlainError(401, GoQuote(user) + " user is not authorized to write to database " + GoQuote(database));
  if (result.closed) return PlainError(500, "TaskMaster is closed");
  return NoContent();
}

}  // namespace

void AddWriteRoutes(Router *router, Engine &engine, WriteOptions options) {
  auto today = [&engine, options](const Request &request) { return Write(request, engine, options, WriteForm::Today); };
  auto old = [&engine, options](const Request &request) { return Write(request, engine, options, WriteForm::Old); };
  // Clients of InfluxDB 2 write to Kapacitor as they write to an InfluxDB of 1.8 or later.
  router->add("POST", "/api/v2/write",
              [&engine, options](const Request &request) { return Write(request, engine, options, WriteForm::InfluxDb2); });
  router->add("POST", "/write", today);
  router->add("POST", std::string(kBase) + "/write", today);
  router->add("POST", std::string(kOldBase) + "/write", old);
  for (const char *method : {"GET", "HEAD"})
    router->add(method, std::string(kBase) + "/ping", [](const Request &) { return NoContent(); });
}

}  // namespace tick
