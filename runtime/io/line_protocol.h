// line_protocol.h - InfluxDB's line protocol, one line at a time, exactly (daemon.md 1.2 to 1.4).
//
// In: text. Out: its parts, still escaped, or the reason it is refused, in InfluxDB's words. Parts point into
// the text. This is the rule; line_protocol_parser.h takes a fast way where the line allows it and comes here where not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/data/block.h"
#include "runtime/data/series.h"
#include "runtime/support/arena.h"

namespace tick {

enum class Precision : uint8_t { Nanoseconds, Microseconds, Milliseconds, Seconds, Minutes, Hours };
// `n`, `u`, `ms`, `s`, `m`, `h`; every other word means nanoseconds.
Precision PrecisionOf(std::string_view word);
int64_t NanosecondsOf(Precision precision);

struct LineError {
  uint64_t line;     // from 1, in the request
  std::string text;  // the line, clipped
  std::string reason;
};
struct WriteResult {
  uint64_t accepted = 0;
  uint64_t refused = 0;
  std::vector<LineError> errors;  // the first few of the refused
  bool closed = false;            // the engine stops: nothing was taken
};

// A field as its line has it: the name with its escapes; of a string what stands between the quotes, of an int
// what stands before the `i`.
struct RawField {
  std::string_view name, value;
  Type type = Type::Missing;
};

struct RawLine {
  std::string_view key;     // measurement and tags
  std::string_view fields;
  bool has_time = false;
  int64_t time = 0;         // nanoseconds
};

// Where the line that begins at `at` ends: the index of its newline, or the size of the body.
size_t LineEnd(std::string_view body, size_t at);
// The line without the blanks before it; empty for blank lines and comments.
std::string_view PointText(std::string_view line);
// Takes a point apart. Returns the reason why it is refused, empty where it is good.
std::string ParsePoint(std::string_view point, Precision precision, RawLine *out);

// Measurement and tags of a good point's key, unescaped, tags sorted.
void ParseKey(std::string_view key, std::string *measurement, Tags *tags);
// The next field of a good point's field section, from *at on; false at its end.
bool NextField(std::string_view fields, size_t *at, RawField *out);
// The value of a field; a string with escapes is copied to the arena.
Value ConvertField(const RawField &field, Arena &arena);
std::string UnescapeFieldName(std::string_view name);

// Appends `a=1i,b="x"`. Fields sorted by name.
void AppendFields(std::string &out, const Fields &fields);
void AppendInt(std::string &out, int64_t value);
// Whether a good point's field section is what AppendFields makes of its fields; now and then says no where it is.
bool IsCanonical(std::string_view fields);
// Appends `measurement,tags fields time` and a newline. Fields sorted by name; a time of 0 is left out.
void AppendLine(std::string &out, const Series &series, const Fields &fields, int64_t time,
                Precision precision = Precision::Nanoseconds);

}  // namespace tick
