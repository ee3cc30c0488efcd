// collectd.h - collectd's binary packets: their parts, what types.db says of their values, signed and encrypted ones
// (daemon.md 1.7).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tick {

struct CollectdPoint {
  std::string measurement;
  std::vector<std::pair<std::string, std::string>> tags;
  std::vector<std::pair<std::string, double>> fields;
  int64_t time = 0;
};

class CollectdReader {
 public:
  enum class Security { None, Sign, Encrypt };
  // A file, or a folder whose files are all read. An error text or "".
  std::string read_types(const std::string &path);
  // "user: password" a line.
  std::string read_users(const std::string &path);
  void set_security(Security security) { security_ = security; }
  // join: the values of a type become fields of one point; else each is a point of its own.
  void set_join(bool join) { join_ = join; }
  // The points of a packet, added to `points`; why it is refused, or "". Parts nobody knows are skipped.
  std::string parse(std::string_view packet, int64_t now, std::vector<CollectdPoint> *points) const;

 private:
  struct State {
    std::string host, plugin, plugin_instance, type, type_instance;
    int64_t time = 0;
  };
  std::string parts(std::string_view bytes, int64_t now, bool trusted, State *state, std::vector<CollectdPoint> *points) const;
  std::string values(std::string_view body, int64_t now, const State &state, std::vector<CollectdPoint> *points) const;
  bool signature_holds(std::string_view body, std::string_view signed_bytes) const;
  std::string decrypt(std::string_view body, std::string *plain) const;
  std::map<std::string, std::vector<std::string>, std::less<>> types_;  // names of data sources
  std::map<std::string, std::string, std::less<>> users_;
  Security security_ = Security::None;
  bool join_ = false;
};

}  // namespace tick
