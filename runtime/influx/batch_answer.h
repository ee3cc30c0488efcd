// batch_answer.h - reads InfluxDB's answer to a query as it arrives.
//
// In: JSON in pieces, one document or several in a row (chunked), cut anywhere. Out: a batch a series, handed over
// when its last row was read and before the next series begins: at most one series is held, as columns, and the
// text of one row. Numbers become floats; null cells are left out; rows without a value are skipped (nodes.md 4.3).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/influx/loose_batch.h"

namespace tick {

struct AnswerRules {
  bool by_name = false;                       // groupByMeasurement
  bool stop_is_time = true;                   // the batch's time is `stop`: of queries that do not group by time()
  bool whole_rows = false;                    // 0.2: a row with any null is skipped
  int64_t stop = 0;                           // also where no point gives a time
  const std::vector<Name> *fields = nullptr;  // those to keep, sorted; null: all
};

class BatchAnswer {
 public:
  // take: false ends the reading.
  BatchAnswer(AnswerRules rules, std::function<bool(LooseBatch &)> take) : rules_(rules), take_(std::move(take)) {}
  // False: nothing more is wanted, or the text is broken.
  bool feed(std::string_view piece);
  // At the end of the answer: hands over what is left; an error text, of InfluxDB's or of a text that breaks off.
  std::string finish();
  uint64_t batches() const { return batches_; }
  uint64_t points() const { return points_; }

 private:
  enum class At { Outside, Document, Results, Result, SeriesList, Series, Values };
  enum class Step { Done, More, Broken };
  Step step();
  Step member();
  void plain_rows();
  Step row();
  Step cell(size_t column, int64_t *time, bool *has_null, bool *has_value);
  Step number(double *value);
  Step text(std::string *out);
  Step take_value(std::string_view key, std::string_view value);
  bool read_late_values(std::string_view values);
  size_t value_end(size_t at) const;
  void begin_series();
  bool end_series();
  bool hand_over();
  Step broken(std::string_view what);

  AnswerRules rules_;
  std::function<bool(LooseBatch &)> take_;
  std::string buffer_;
  size_t at_ = 0;  // read so far
  At place_ = At::Outside;
  LooseBatch batch_;
  bool open_ = false;   // batch_ has a series that may go on in the next part
  bool begun_ = false;  // the columns of the series under way are known
  std::string name_, late_values_;
  Tags tags_;
  bool partial_ = false;
  std::vector<std::string> column_names_;
  std::vector<int> columns_;  // by column of the answer: of the block, or kTime, or kSkipped
  std::string error_, scratch_;
  int64_t latest_ = 0;
  bool stopped_ = false;
  uint64_t batches_ = 0, points_ = 0;
};

}  // namespace tick
