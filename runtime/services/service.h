// service.h - services that alerts are sent to: one table, one way from configuration and options to a handler.
//
// A service is a row of services.def and a ServiceSpec of its own file: its names, its options with their types, a
// check of its configuration, and what makes it. In: elements of its configuration section, at the start and after
// every change; options of a handler, from a script's call or a topic handler's JSON, which become one and the same
// object. Out: an AlertHandler that sends events, and a test. All of it may be called from any thread; handlers stay
// good over changes of the configuration and use the newest at each event.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/alert/local_handlers.h"
#include "runtime/alert/topics.h"
#include "runtime/engine/services.h"

namespace tick {

using Json = nlohmann::ordered_json;

// --- options ---------------------------------------------------------------------------------------

enum class OptionType : uint8_t {
  Text,      // a string
  Flag,      // true or false; a property without argument sets it
  Int,       // an integer
  Duration,  // nanoseconds, an integer
  Texts,     // a list of strings; further calls of the property append
  TextMap,   // an object of strings; a call (key, value) adds to it
  AnyMap,    // an object of any values; a call (key, value) adds to it
  Records,   // a list of objects of strings; a call adds one whose keys `words` names
  Choice     // one of `words`, kept as its number; a script gives the number
};

struct OptionSpec {
  std::string_view name;      // key in the options object and of the topic handler's option
  OptionType type;
  std::string_view property;  // the script's; "" none, kOfCall, kOfRest: arguments of the handler's call itself
  std::string_view words = "";
  std::string_view refusal = "";  // Choice: what is said of a wrong word
};
inline constexpr std::string_view kOfCall = "()";
inline constexpr std::string_view kOfRest = "(,)";  // those after the first

// Reads the options object; what is not there is the type's zero. As in Kapacitor an empty text means "not given".
std::string OptionText(const Json &options, std::string_view name);
std::string OptionText(const Json &options, std::string_view name, const std::string &otherwise);  // where it is empty
bool OptionFlag(const Json &options, std::string_view name);
int64_t OptionInt(const Json &options, std::string_view name);
// Nanoseconds of a number, or of a text as the configuration has it ("10s").
int64_t OptionDuration(const Json &options, std::string_view name);
std::vector<std::string> OptionTexts(const Json &options, std::string_view name);
const Json &OptionObject(const Json &options, std::string_view name);  // an object or list; null if there is none

// --- sending ---------------------------------------------------------------------------------------

struct HandlerOrder {
  Json options;          // of ScriptOptions or DecodeOptions
  HandlerReport report;  // writes to the log, with the service's name and the task or topic
  bool old_dialect = false;
  std::string topic, id;  // of a topic handler
};

// What services are given of the daemon.
struct ServiceWorld {
  std::string url;       // of the daemon, for links in what is sent: "http://host:9092"
  std::string hostname;
  Topics *topics = nullptr;
  // Set when the daemon ends: what waits for a receiver gives up.
  std::shared_ptr<std::atomic<bool>> ending = std::make_shared<std::atomic<bool>>(false);
  // A complaint that belongs to no single event.
  std::function<void(std::string_view service, std::string_view message, std::string_view cause)> complain;
};

// --- services --------------------------------------------------------------------------------------

class Service {
 public:
  virtual ~Service() = default;
  // Takes the section's elements, which passed the check. An error text where it cannot; what it had stays.
  virtual std::string configure(std::vector<Json> elements) = 0;
  // Null: `error` says what does not hold, as Kapacitor words it. The handler may outlive changes, not the service.
  virtual std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *error) = 0;
  // Of service-tests: the options of a test in Kapacitor's order, and a test with those; "" where it went well.
  virtual Json test_options() const { return nullptr; }
  virtual std::string test(const Json &) { return "there is no test of this service"; }
  // Whether every alert node has a handler of it, and whether that one asks for changes of state only.
  virtual bool global() const { return false; }
  virtual bool changes_only() const { return false; }
};

struct ServiceSpec {
  std::string_view section;   // of the configuration, and the name of its test; "": needs none
  std::string_view property;  // what a script calls; "" none
  std::string_view kind;      // of topic handlers; "" none
  std::string_view log_name;  // service= of its log lines
  std::string_view go_type;   // of the options, in messages: "slack.HandlerConfig"
  std::vector<OptionSpec> options;
  // "" or what of the section's elements does not hold, in Kapacitor's words, without the section's name.
  std::string (*check)(const std::vector<Json> &elements);
  std::unique_ptr<Service> (*make)(const ServiceWorld &world);
  bool tested = true;         // has a service test
};

// Every service, in the order of services.def.
const std::vector<const ServiceSpec *> &ServiceSpecs();
const ServiceSpec *FindServiceSection(std::string_view section);
const ServiceSpec *FindServiceKind(std::string_view kind);
const ServiceSpec *FindServiceProperty(std::string_view property);

// The options of a script's call. Never fails: the compiler checked types.
Json ScriptOptions(const ServiceSpec &spec, const tick_property &call);
// The options of a topic handler's JSON, keys whatever their letter case. False: "failed to decode options into …".
bool DecodeOptions(const ServiceSpec &spec, const Json &given, Json *options, std::string *error);

// The services of one daemon, made from the table.
class ServiceSet {
 public:
  explicit ServiceSet(const ServiceWorld &world);
  ~ServiceSet();
  // Changes one section; "" or why it does not hold ("slack: must specify url"), and then nothing changed.
  std::string configure(std::string_view section, std::vector<Json> elements);
  Service &of(const ServiceSpec &spec) const;
  // No handler of these services is made from now on: names separated by commas, those of scripts, topics or sections.
  void disable(const std::string &names);
  bool disabled(const ServiceSpec &spec, std::string *error = nullptr) const;
  // Properties of services that every alert node has, in the table's order.
  std::vector<std::string> global_properties(bool old_dialect, bool *changes_only) const;

 private:
  std::map<const ServiceSpec *, std::unique_ptr<Service>> services_;
  std::vector<std::string> disabled_;
};

}  // namespace tick
