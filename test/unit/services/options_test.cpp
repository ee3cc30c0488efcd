// options_test.cpp - options of scripts and of topic handlers become the same object; what does not fit is refused.
#include <gtest/gtest.h>

#include "runtime/services/service.h"

namespace tick {
namespace {

tick_arg Text(const char *text) {
  tick_arg arg{};
  arg.type = TICK_STRING;
  arg.as.s = {text, static_cast<uint32_t>(std::char_traits<char>::length(text))};
  return arg;
}
tick_arg Int(int64_t i) {
  tick_arg arg{};
  arg.type = TICK_INT;
  arg.as.i = i;
  return arg;
}

std::string Refusal(const char *kind, const char *given) {
  Json options;
  std::string error;
  EXPECT_FALSE(DecodeOptions(*FindServiceKind(kind), Json::parse(given), &options, &error));
  return error;
}

TEST(Options, ScriptCallsBecomeAnObject) {
  const tick_arg url[] = {Text("http://x")}, one[] = {Text("X-One"), Text("1")}, two[] = {Text("X-Two"), Text("2")};
  const tick_property properties[] = {{"header", one, 2, nullptr, 0}, {"captureResponse", nullptr, 0, nullptr, 0}, {"header", two, 2, nullptr, 0}};
  const tick_property post{"post", url, 1, properties, 3};
  EXPECT_EQ(ScriptOptions(*FindServiceProperty("post"), post), Json::parse(R"({"url":"http://x","headers":{"X-One":"1","X-Two":"2"},"capture-response":true})"));
}

TEST(Options, TheCallsFurtherArgumentsAreAnOptionToo) {
  const tick_arg args[] = {Text("/bin/sh"), Text("-c"), Text("")};
  const tick_property exec{"exec", args, 3, nullptr, 0};
  EXPECT_EQ(ScriptOptions(*FindServiceProperty("exec"), exec), Json::parse(R"({"prog":"/bin/sh","args":["-c",""]})"));
}

TEST(Options, RecordsAndMapsOfAnyValue) {
  const tick_arg first[] = {Text("http://a"), Text("a")}, second[] = {Text("http://b")}, key[] = {Text("routing")};
  const tick_property links[] = {{"link", first, 2, nullptr, 0}, {"link", second, 1, nullptr, 0}, {"serviceKey", key, 1, nullptr, 0}};
  const tick_property duty{"pagerDuty2", nullptr, 0, links, 3};
  Json options = ScriptOptions(*FindServiceProperty("pagerDuty2"), duty);
  EXPECT_EQ(options["links"], Json::parse(R"([{"href":"http://a","text":"a"},{"href":"http://b"}])"));
  EXPECT_EQ(options["routing-key"], "routing");
  const tick_arg number[] = {Text("n"), Int(5)};
  const tick_property metadata[] = {{"metadata", number, 2, nullptr, 0}};
  const tick_property sensu{"sensu", nullptr, 0, metadata, 1};
  EXPECT_EQ(ScriptOptions(*FindServiceProperty("sensu"), sensu), Json::parse(R"({"metadata":{"n":5}})"));
}

TEST(Options, TopicHandlersKeysMayHaveAnyCase) {
  Json options;
  std::string error;
  EXPECT_TRUE(DecodeOptions(*FindServiceKind("servicenow"), Json::parse(R"({"MetricName":"m","node":"n"})"), &options, &error)) << error;
  EXPECT_EQ(options, Json::parse(R"({"metricname":"m","node":"n"})"));
}

TEST(Options, WhatDoesNotFitIsNamed) {
  const std::string slack = "failed to decode options into *slack.HandlerConfig: 1 error(s) decoding:\n\n* ";
  EXPECT_EQ(Refusal("slack", R"({"chanel":"x"})"), slack + "'' has invalid keys: chanel");
  EXPECT_EQ(Refusal("slack", R"({"channel":{"a":1}})"), slack + "'channel' expected type 'string', got unconvertible type 'map[string]interface {}'");
  EXPECT_EQ(Refusal("aggregate", R"({"interval":"1500ms"})"),
            "failed to decode options into *alert.AggregateHandlerConfig: 1 error(s) decoding:\n\n* 'interval' expected type 'time.Duration', got unconvertible type 'string'");
  EXPECT_EQ(Refusal("post", R"({"headers":{"a":1},"timeout":"x","url":5})"),
            "failed to decode options into *httppost.HandlerConfig: 3 error(s) decoding:\n\n"
            "* 'headers[a]' expected type 'string', got unconvertible type 'float64'\n"
            "* 'timeout' expected type 'time.Duration', got unconvertible type 'string'\n"
            "* 'url' expected type 'string', got unconvertible type 'float64'");
  EXPECT_EQ(Refusal("pagerduty2", R"({"links":[{"href":"a","nosuch":"b"}]})"),
            "failed to decode options into *pagerduty2.HandlerConfig: 1 error(s) decoding:\n\n* 'links[0]' has invalid keys: nosuch");
}

TEST(Options, EveryRowOfTheTableIsWhole) {
  for (const ServiceSpec *spec : ServiceSpecs()) {
    EXPECT_NE(spec->make, nullptr);
    EXPECT_FALSE(spec->log_name.empty());
    EXPECT_FALSE(spec->kind.empty() && spec->property.empty());
    EXPECT_TRUE(spec->section.empty() || FindServiceSection(spec->section) == spec) << spec->section;
    for (const OptionSpec &option : spec->options) EXPECT_FALSE(option.name.empty()) << spec->kind;
  }
}

}  // namespace
}  // namespace tick
