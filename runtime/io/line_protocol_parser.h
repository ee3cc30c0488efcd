// line_protocol_parser.h - a request's body becomes blocks.
//
// In: text, the table of its origin's series, and a router that knows which tasks take a series. Out: blocks of the
// rows somebody takes, in arrival order, with the columns tasks read; every other line is only checked. A line whose
// key and fields came before in this order costs a comparison a name and a look at each value; all others go
// through line_protocol.h. A parser belongs to one thread at a time and remembers what lines look like.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/io/line_protocol.h"
#include "runtime/io/line_protocol_series.h"
#include "runtime/io/request_block.h"

namespace tick {

// Says which tasks take the points of a series. One generation of it never changes its mind.
class PointRouter {
 public:
  virtual ~PointRouter() = default;
  // Finds the route and notes it in the entry; 0: no task. full: not decided by tags.
  virtual uint32_t find_route(const SeriesEntry &entry, bool full) const = 0;
  // The route of the copy of a row that some tasks get besides; 0: none.
  virtual uint32_t second(uint32_t route) const = 0;

  uint32_t route(const SeriesEntry &entry, bool full) const {
    uint64_t known = entry.routes[full].load(std::memory_order_acquire);
    return known >> 32 == generation ? static_cast<uint32_t>(known) : find_route(entry, full);
  }
  uint32_t generation = 1;  // never 0
  std::shared_ptr<const ReadSet> reads;
};

struct ParseRequest {
  OriginTable &table;
  const PointRouter &router;
  std::shared_ptr<const std::string> body;
  Precision precision = Precision::Nanoseconds;
  int64_t time = 0;          // of lines without one
  uint32_t block_rows = 4096;
  size_t max_series = SIZE_MAX;
  uint32_t number = 0;       // of the request: entries of series note the last one they were used by
  bool check_only = false;   // make no blocks and no series
  size_t max_errors = 100;   // told one by one
};

class LineParser {
 public:
  explicit LineParser(BlockPool &pool) : pool_(pool) {}
  using OnBlock = std::function<void(std::shared_ptr<RequestBlock>)>;
  WriteResult parse(const ParseRequest &request, const OnBlock &on_block);

 private:
  // A field of a measurement, and which one came after it last time.
  struct Slot {
    std::string text;  // the name as written and `=`
    char head[16] = {};  // its first bytes
    uint32_t size;     // of it
    uint32_t low;      // bits of its first 16 bytes
    bool plain;        // no byte of the name has a meaning of its own: the fast way may take it
    Name name = nullptr;
    int column = -1;
    bool guard = false;
    Slot *next = nullptr;
    bool matches(const char *at, const char *end) const;
  };
  struct Schema {
    uint32_t generation = 0;
    Slot *first = nullptr;
    std::unordered_map<std::string_view, std::unique_ptr<Slot>> slots;  // by name as written
    int64_t points = 0;  // not yet counted in the measurement's entry
  };
  struct Found {
    uint32_t column;
    Value value;
  };

  Schema &schema(const MeasurementEntry &measurement);
  void resolve(Slot &slot, const MeasurementEntry &measurement) const;
  Slot *known_slot(Schema &schema, const char *at) const;
  Slot *slot(Schema &schema, const MeasurementEntry &measurement, std::string_view raw);

  const char *fast_line(const char *line);
  const char *fast_fields(const char *at, Schema &schema, bool convert, bool *guarded);
  const char *fast_value(const char *at, const Slot &slot, bool wanted);
  const char *fast_string(const char *at, const Slot &slot, bool wanted);
  const char *fast_time(const char *at, int64_t *time) const;
  void found(const Slot &slot, const Value &value) { found_.push_back({static_cast<uint32_t>(slot.column), value}); }

  size_t slow_line(size_t at);
  bool slow_point(std::string_view point, std::string *reason);
  void refuse(std::string_view point, std::string reason);
  void add_row(const SeriesEntry &entry, uint32_t route, std::string_view fields, int64_t time);
  RequestBlock &block();
  void flush();

  BlockPool &pool_;
  std::vector<std::unique_ptr<Schema>> schemas_;  // by MeasurementEntry::id
  std::vector<const MeasurementEntry *> touched_;
  std::vector<Found> found_;
  Arena scratch_;

  // the request under way
  const ParseRequest *request_ = nullptr;
  const OnBlock *on_block_ = nullptr;
  WriteResult *result_ = nullptr;
  std::shared_ptr<RequestBlock> block_;
  const char *begin_ = nullptr, *end_ = nullptr, *safe_ = nullptr;  // whole loads are safe before safe_
  int64_t unit_ = 1, default_time_ = 0;
  uint64_t line_ = 0;      // number of the line under way
  uint32_t newlines_ = 0;  // inside its strings
};

}  // namespace tick
