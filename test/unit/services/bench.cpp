// bench.cpp - the event that tests send.
#include "test/unit/services/bench.h"

namespace tick {

const char *const kEventData =
    R"({"series":[{"name":"cpu","tags":{"host":"a"},"columns":["time","value"],"values":[["2015-12-13T09:46:50Z",85.5]]}]})";

AlertEvent ServiceBench::Event(Level level) {
  constexpr int64_t kTime = 1'450'000'010'000'000'000;
  AlertEvent event;
  event.id = "cpu:host=a";
  event.message = "a is " + std::string(LevelName(level)) + " & <85.5>";
  event.details = "<b>a</b> is &lt;high&gt;";
  event.time = kTime;
  event.duration = 10'000'000'000;
  event.level = level;
  event.name = "cpu";
  event.task_name = "watch";
  event.group = "host=a";
  event.tags = {{Intern("host"), "a"}};
  Value value{};
  value.type = TICK_FLOAT;
  value.as.f = 85.5;
  event.fields = {{Intern("value"), value}};
  Value time{};
  time.type = TICK_TIME;
  time.as.i = kTime;
  event.data.push_back({"cpu", event.tags, {"time", "value"}, {{time, value}}, nullptr});
  return event;
}

}  // namespace tick
