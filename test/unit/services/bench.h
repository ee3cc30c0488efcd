// bench.h - services as a daemon has them, one configured for a receiver, and what they complain of.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "runtime/alert/topics.h"
#include "runtime/services/service.h"
#include "test/unit/services/receiver.h"

namespace tick {

struct Complaint {
  std::string message, cause;
  std::vector<std::pair<std::string, std::string>> fields;
};

class ServiceBench : public testing::Test {
 protected:
  ServiceBench() : set_(World(&topics_)) {}

  static ServiceWorld World(Topics *topics) {
    ServiceWorld world;
    world.url = "http://kapacitor:9092";
    world.hostname = "kapacitor";
    world.topics = topics;
    world.complain = [](auto, auto, auto) {};
    return world;
  }
  static const ServiceSpec &Spec(std::string_view kind) {
    const ServiceSpec *spec = FindServiceKind(kind);
    EXPECT_NE(spec, nullptr) << kind;
    return *spec;
  }
  // Configures the section of that kind; elements are JSON text where @ stands for the receiver.
  void configure(std::string_view kind, std::string text) {
    Json elements = parse(std::move(text));
    if (elements.is_object()) elements = Json::array({elements});
    EXPECT_EQ(set_.configure(Spec(kind).section, std::vector<Json>(elements.begin(), elements.end())), "");
  }
  // A handler of a topic. Options are JSON text where @ stands for the receiver.
  std::unique_ptr<AlertHandler> handler(std::string_view kind, std::string options = "{}", std::string *error = nullptr) {
    HandlerOrder order;
    std::string why;
    if (!DecodeOptions(Spec(kind), parse(std::move(options)), &order.options, &why)) ADD_FAILURE() << why;
    order.topic = "ops";
    order.id = "h";
    order.report = [this](std::string_view message, std::string_view cause, auto fields) {
      Complaint complaint{std::string(message), std::string(cause), {}};
      for (auto &[key, value] : fields) complaint.fields.emplace_back(std::string(key), std::move(value));
      complaints_.push_back(std::move(complaint));
    };
    std::unique_ptr<AlertHandler> made = set_.of(Spec(kind)).handler(std::move(order), &why);
    if (error) *error = why;
    else EXPECT_NE(made, nullptr) << why;
    return made;
  }
  Json parse(std::string text) const {
    for (size_t at; (at = text.find('@')) != std::string::npos;) text.replace(at, 1, receiver_.url());
    return Json::parse(text);
  }
  // One point of cpu, host a, value 85.5, at 2015-12-13T09:46:50Z.
  static AlertEvent Event(Level level = Level::Critical);
  Received sent() {
    std::vector<Received> all = receiver_.take(1);
    EXPECT_EQ(all.size(), 1u);
    return all.empty() ? Received{} : all[0];
  }

  Receiver receiver_;
  Topics topics_;
  ServiceSet set_;
  std::vector<Complaint> complaints_;
};

// {"series":[…]} of Event().
extern const char *const kEventData;

}  // namespace tick
