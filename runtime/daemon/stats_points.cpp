// stats_points.cpp - statistics to lines, on a clock.
#include "runtime/daemon/stats_points.h"

#include <chrono>

#include "runtime/daemon/tasks.h"
#include "runtime/io/line_protocol.h"

namespace tick {

void StatsPoints::start() {
  if (options_.interval_ns <= 0) return;
  thread_ = std::thread([this] {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, std::chrono::nanoseconds(options_.interval_ns), [this] { return stopping_; })) {
      lock.unlock();
      write(WallClock());
      lock.lock();
    }
  });
}

void StatsPoints::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void StatsPoints::write(int64_t now) {
  auto body = std::make_shared<std::string>();
  for (const Json &statistic : read_()) {
    Series series{InternOrigin(options_.database, options_.retention_policy), Intern(statistic.value("name", "")), {}, 0};
    const Json tags = SortedKeys(statistic.value("tags", Json::object()));
    for (auto tag = tags.begin(); tag != tags.end(); ++tag)
      if (tag->is_string() && !tag->get_ref<const std::string &>().empty())
        series.tags.push_back({Intern(tag.key()), tag->get<std::string>()});
    Fields fields;
    const Json values = statistic.value("values", Json::object());
    for (auto value = values.begin(); value != values.end(); ++value) {
      Name name = Intern(value.key());
      if (value->is_number_integer()) SetField(fields, name, MakeInt(value->get<int64_t>()));
      else if (value->is_number()) SetField(fields, name, MakeFloat(value->get<double>()));
      else if (value->is_string()) SetField(fields, name, MakeString(value->get_ref<const std::string &>()));
    }
    if (!fields.empty()) AppendLine(*body, series, fields, now);
  }
  engine_.write({options_.database, options_.retention_policy, Precision::Nanoseconds, now}, std::move(body));
}

}  // namespace tick
