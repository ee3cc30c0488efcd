// flux_answer.h - reads InfluxDB's answer to a Flux query: annotated CSV, as it arrives.
//
// In: CSV in pieces. Out: a batch a table: its name is the column _measurement, its tags are the strings of the group
// key, its fields the other columns. At most one table is held.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/influx/batch_answer.h"

namespace tick {

class FluxAnswer {
 public:
  FluxAnswer(AnswerRules rules, std::function<bool(LooseBatch &)> take) : rules_(rules), take_(std::move(take)) {}
  bool feed(std::string_view piece);
  std::string finish();

 private:
  enum class Use { Skip, Time, Name, Table, Tag, Number, Bool, Text };
  bool line(std::string_view text);
  bool header();
  bool data();
  bool hand_over();
  AnswerRules rules_;
  std::function<bool(LooseBatch &)> take_;
  std::string buffer_, table_, error_;
  std::vector<std::string> cells_, types_, groups_, defaults_, names_;
  std::vector<Use> uses_;
  std::vector<size_t> columns_;  // of the block, for fields
  std::vector<Name> fields_;
  LooseBatch batch_;
  int64_t latest_ = 0;
  bool open_ = false, headed_ = false, stopped_ = false;
};

}  // namespace tick
