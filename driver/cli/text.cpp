// text.cpp - tables, sizes, dates and dbrps of the command line.
#include <ctime>

#include "driver/cli/command.h"
#include "runtime/text/go_time.h"
#include "runtime/text/utf8.h"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

namespace tick::cli {

std::string Pad(std::string_view text, size_t width) {
  size_t length = CountRunes(text);
  return std::string(text) + std::string(length < width ? width - length : 0, ' ');
}

std::string PadLeft(std::string_view text, size_t width) {
  size_t length = CountRunes(text);
  return std::string(length < width ? width - length : 0, ' ') + std::string(text);
}

std::string DbrpList(const Json &dbrps) {
  std::string text = "[";
  if (dbrps.is_array())
    for (const Json &dbrp : dbrps) {
      if (text.size() > 1) text += " ";
      text += GoQuote(dbrp.value("db", "")) + "." + GoQuote(dbrp.value("rp", ""));
    }
  return text + "]";
}

std::string SizeText(uint64_t bytes) {
  static constexpr const char *kUnits[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  char text[64];
  if (bytes < 10) {
    std::snprintf(text, sizeof text, "%d B", static_cast<int>(bytes));
    return text;
  }
  double exponent = std::floor(std::log(static_cast<double>(bytes)) / std::log(1000.0));
  double value = std::floor(static_cast<double>(bytes) / std::pow(1000.0, exponent) * 10 + 0.5) / 10;
  std::snprintf(text, sizeof text, value < 10 ? "%.1f %s" : "%.0f %s", value, kUnits[static_cast<int>(exponent)]);
  return text;
}

std::string DateText(const std::string &rfc3339, bool keep_zone) {
  int64_t ns = 0;
  if (rfc3339.rfind("0001-01-01", 0) == 0) return "01 Jan 01 00:00 UTC";
  if (!ParseRfc3339(rfc3339, &ns)) return rfc3339;
  time_t seconds = static_cast<time_t>(ns / 1'000'000'000);
  tm date;
  if (keep_zone && rfc3339.back() == 'Z') gmtime_r(&seconds, &date);
  else localtime_r(&seconds, &date);
  char text[64];
  strftime(text, sizeof text, "%d %b %y %H:%M ", &date);
  return text + std::string(keep_zone && rfc3339.back() == 'Z' ? "UTC" : date.tm_zone);
}

std::string ParseDbrp(const std::string &text, Json *dbrp) {
  if (text.empty()) return "dbrp cannot be empty";
  constexpr const char *kForm = "does not contain a '.', it must be in the form \"dbname\".\"rpname\" where the quotes are optional.";
  // One name: quoted with \" escapes, or up to `end`.
  size_t at = 0;
  auto quoted = [&](std::string *name) {
    for (++at; at < text.size() && text[at] != '"'; ++at) {
      if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == '"') ++at;
      *name += text[at];
    }
    ++at;
  };
  std::string db, rp;
  if (text[0] == '"') {
    quoted(&db);
  } else {
    at = text.find('.');
    if (at == std::string::npos) return kForm;
    db = text.substr(0, at);
  }
  if (at >= text.size() || text[at] != '.') return kForm;
  ++at;
  if (at >= text.size()) return "dbrp must specify retention policy, do you have a missing or extra '.'?";
  if (text[at] == '"') quoted(&rp);
  else rp = text.substr(at);
  if (rp.empty()) return "dbrp must specify retention policy, do you have a missing or extra '.'?";
  *dbrp = {{"db", db}, {"rp", rp}};
  return "";
}

std::string ReadFile(const std::string &path, std::string *text) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::stringstream bytes;
  if (in) bytes << in.rdbuf();
  if (!in) {
    std::string why = std::strerror(errno ? errno : EIO);
    why[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(why[0])));
    return "open " + path + ": " + why;
  }
  *text = bytes.str();
  return "";
}

Outcome ListAll(Session &session, const std::string &path, const std::string &key, const std::string &pattern,
                const std::vector<std::string> &fields, Json *items) {
  constexpr size_t kPage = 100;
  for (size_t offset = 0;; offset += kPage) {
    std::string query = path + "?limit=100&offset=" + std::to_string(offset) + "&pattern=" + Escape(pattern);
    for (const std::string &field : fields) query += "&fields=" + field;
    Reply reply = session.client.call("GET", query);
    if (!reply.error.empty()) return Fail(reply.error);
    const Json &page = reply.json.contains(key) ? reply.json[key] : reply.json;
    if (!page.is_array()) return Fail("failed to decode JSON: no list in the answer");
    for (const Json &item : page) items->push_back(item);
    if (page.size() < kPage) return {};
  }
}

bool ReadFlags(std::string_view command, const Flags &flags, const Args &args, Args *rest, Outcome *out) {
  bool help = false;
  std::string error = flags.parse(args, rest, &help);
  if (error.empty() && !help) return true;
  const Command *found = FindCommand(command);
  std::string usage = (found ? std::string(found->usage) : "") + "\n\nOptions:\n\n" + flags.usage();
  std::fprintf(stderr, "%s%sUsage: %s", error.c_str(), error.empty() ? "" : "\n", usage.c_str());
  out->status = help ? 0 : 2;
  return false;
}

Outcome Misuse(std::string_view command, const std::string &message) {
  const Command *found = FindCommand(command);
  std::fprintf(stderr, "%s\nUsage: %s\n", message.c_str(), found ? std::string(found->usage).c_str() : "");
  return {2, ""};
}

}  // namespace tick::cli
