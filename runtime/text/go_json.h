// go_json.h - JSON as Go's encoding/json writes it (nodes.md 1.4).
//
// A writer for what is sent often (events, rows); configuration and requests use nlohmann/json.
#pragma once

#include <string>
#include <string_view>

#include "runtime/data/value.h"

namespace tick {

// A string with its quotes. < > & and U+2028/2029 are escaped, invalid bytes become \ufffd.
void AppendJsonString(std::string &out, std::string_view text);
// A field's value: durations as nanoseconds, times as RFC 3339, missing as null. False, with null written, for
// NaN and infinities, which JSON has no form for.
bool AppendJsonValue(std::string &out, const Value &value);

// Writes nested objects and arrays into a string; puts the commas.
class JsonWriter {
 public:
  explicit JsonWriter(std::string &out) : out_(out) {}
  JsonWriter &object() { return open('{'); }
  JsonWriter &end_object() { return close('}'); }
  JsonWriter &array() { return open('['); }
  JsonWriter &end_array() { return close(']'); }
  JsonWriter &key(std::string_view name);
  JsonWriter &string(std::string_view text);
  JsonWriter &number(int64_t value) { return raw(std::to_string(value)); }
  JsonWriter &boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter &null() { return raw("null"); }
  JsonWriter &time(int64_t ns);
  JsonWriter &value(const Value &value);
  // Text that is JSON already.
  JsonWriter &raw(std::string_view json);
  // False once a NaN or infinity was written: Go refuses the whole document then.
  bool ok() const { return ok_; }

 private:
  JsonWriter &open(char bracket);
  JsonWriter &close(char bracket);
  void separate();
  std::string &out_;
  bool comma_ = false;
  bool ok_ = true;
};

}  // namespace tick
