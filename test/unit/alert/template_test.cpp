// template_test.cpp - templates against a table of what Go's text/template and html/template answered.
//
// template_cases.jsonl: one case a line: mode, text, and the text it gives (want) or the message it fails with
// (error). The data is that of an alert's message and details.
#include "runtime/alert/template/template.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "runtime/text/go_time.h"

namespace tick::tmpl {
namespace {

struct EventData {
  Tags tags{{Intern("dc"), "dc0"}, {Intern("host"), "a"}, {Intern("odd"), "<b>&\"'+"}};
  Fields fields{{Intern("big"), MakeFloat(1e6)},   {Intern("count"), MakeInt(6)},
                {Intern("huge"), MakeFloat(1e21)}, {Intern("neg"), MakeInt(-3)},
                {Intern("none"), MakeMissing()},   {Intern("note"), MakeString("quote \" <b>")},
                {Intern("on"), MakeBool(true)},    {Intern("small"), MakeFloat(0.00001)},
                {Intern("usage"), MakeFloat(42.5)}};
  TagsMap tags_map{tags};
  FieldsMap fields_map{fields};
  int64_t time = 1'450'000'006'500'000'000;
};

const EventData &Data(const void *self) { return *static_cast<const EventData *>(self); }

const StructField kServerFields[] = {{"Hostname", [](const void *) { return Datum::String("h1"); }},
                                     {"ClusterID", [](const void *) { return Datum::String("c1"); }},
                                     {"ServerID", [](const void *) { return Datum::String("s1"); }}};
const StructType kServer{"kapacitor.serverInfo", kServerFields};
const StructField kIdFields[] = {{"Name", [](const void *) { return Datum::String("cpu"); }},
                                 {"TaskName", [](const void *) { return Datum::String("t"); }},
                                 {"Group", [](const void *) { return Datum::String("host=a"); }},
                                 {"Tags", [](const void *self) { return Datum::Map(Data(self).tags_map); }},
                                 {"ServerInfo", [](const void *self) { return Datum::Struct(kServer, self); }}};
const StructType kId{"kapacitor.idInfo", kIdFields};
const StructField kMessageFields[] = {{"idInfo", [](const void *self) { return Datum::Struct(kId, self); }, true},
                                      {"ID", [](const void *) { return Datum::String("cpu:host=a"); }},
                                      {"Fields", [](const void *self) { return Datum::Map(Data(self).fields_map); }},
                                      {"Level", [](const void *) { return Datum::String("CRITICAL"); }},
                                      {"Time", [](const void *self) { return Datum::Time(Data(self).time); }},
                                      {"Duration", [](const void *) { return Datum::Duration(99'000'000'000); }}};
const StructType kMessage{"kapacitor.messageInfo", kMessageFields};
const StructField kDetailsFields[] = {
    {"messageInfo", [](const void *self) { return Datum::Struct(kMessage, self); }, true},
    {"Message", [](const void *) { return Datum::String("the <message>"); }}};
const StructType kDetails{"kapacitor.detailsInfo", kDetailsFields};

// What the template gives, or its error with `error: ` before it.
std::string Answer(const std::string &mode, const std::string &text) {
  EventData data;
  bool html = mode == "html";
  std::string error, out;
  auto parsed = Template::Parse(html ? "details" : "message", text, html ? Mode::Html : Mode::Text, &error);
  if (!parsed || !parsed->execute(Datum::Struct(html ? kDetails : kMessage, &data), &out, &error))
    return "error: " + error;
  return out;
}

TEST(Template, AnswersAsGoDoes) {
  std::ifstream file(TICK_TEST_DIR "/unit/alert/template_cases.jsonl");
  ASSERT_TRUE(file);
  std::string line;
  int cases = 0;
  while (std::getline(file, line)) {
    auto test = nlohmann::json::parse(line);
    std::string want =
        test.contains("want") ? test["want"].get<std::string>() : "error: " + test["error"].get<std::string>();
    EXPECT_EQ(Answer(test["mode"], test["text"]), want) << test["text"];
    ++cases;
  }
  EXPECT_GT(cases, 240);
}

}  // namespace
}  // namespace tick::tmpl
