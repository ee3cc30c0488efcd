// answer_test.cpp - InfluxDB's answers become batches, wherever their text is cut.
#include <gtest/gtest.h>

#include <cmath>

#include "runtime/influx/batch_answer.h"
#include "runtime/influx/flux_answer.h"
#include "runtime/influx/writer.h"
#include "runtime/text/go_time.h"

namespace tick {
namespace {

std::string Text(const Value &value) {
  switch (TypeOf(value)) {
    case Type::Float: return std::to_string(value.as.f).substr(0, 6);
    case Type::Bool: return value.as.b ? "true" : "false";
    case Type::String: return "'" + std::string(StringOf(value)) + "'";
    default: return "-";
  }
}

// "name tag=value @tmax | time a=1 b=2 | …"
std::string Show(const LooseBatch &batch) {
  std::string out = *batch.name;
  for (const Tag &tag : batch.tags) out += " " + *tag.key + "=" + tag.value;
  out += " @" + std::to_string(batch.tmax);
  Fields fields;
  for (uint32_t row = 0; row < batch.points.rows(); ++row) {
    out += " | " + std::to_string(batch.points.times[row]);
    batch.points.fields(row, fields);
    for (const Field &field : fields) {
      out += " " + *field.name + "=" + Text(field.value);
      EXPECT_EQ(Text(batch.points.column(field.name).at(row)), Text(field.value));
    }
  }
  return out;
}

struct Read {
  std::vector<std::string> batches;
  std::string error;
};

template <class Reader = BatchAnswer>
Read ReadIn(std::string_view text, size_t piece, AnswerRules rules = {}) {
  Read read;
  Reader reader(rules, [&](LooseBatch &batch) {
    read.batches.push_back(Show(batch));
    return true;
  });
  for (size_t at = 0; at < text.size() && reader.feed(text.substr(at, piece)); at += piece) {
  }
  read.error = reader.finish();
  return read;
}

using Batches = std::vector<std::string>;

// The same whatever the pieces.
template <class Reader = BatchAnswer>
void Expect(std::string_view text, const Batches &batches, AnswerRules rules = {}, const std::string &error = "") {
  for (size_t piece : {text.size(), size_t{1}, size_t{2}, size_t{7}, size_t{64}}) {
    Read read = ReadIn<Reader>(text, piece, rules);
    EXPECT_EQ(read.batches, batches) << "pieces of " << piece;
    EXPECT_EQ(read.error, error);
  }
}

TEST(Answer, SeriesBecomeBatches) {
  AnswerRules rules;
  rules.stop = 99;
  Expect(R"({"results":[{"statement_id":0,"series":[
      {"name":"cpu","tags":{"host":"b","dc":"x"},"columns":["time","v","s"],"values":[[1,1.5,"a\"\u00e9"],[2,-3,null]]},
      {"name":"cpu","tags":{"host":"a","dc":""},"columns":["time","v","s"],"values":[[3,1e21,true]]}]}]})",
         {"cpu dc=x host=b @99 | 1 s='a\"é' v=1.5000 | 2 v=-3.000", "cpu dc= host=a @99 | 3 s=true v=100000"}, rules);
}

TEST(Answer, TimesMayBeText) {
  AnswerRules rules;
  rules.stop_is_time = false;
  rules.stop = 5;
  Expect(R"({"results":[{"series":[{"name":"m","columns":["time","v"],"values":[["1970-01-01T00:00:01.5Z",12],["1970-01-01T00:00:01Z",0.25]]}]}]})",
         {"m @1500000000 | 1500000000 v=12.000 | 1000000000 v=0.2500"}, rules);
}

TEST(Answer, RowsWithoutValuesAreSkipped) {
  AnswerRules rules;
  std::string_view text = R"({"results":[{"series":[{"name":"m","columns":["time","a","b"],"values":[[1,null,null],[2,null,7],[3,1,2]]},{"name":"n","columns":["time","a"],"values":[[1,null]]}]}]})";
  Expect(text, {"m @0 | 2 b=7.0000 | 3 a=1.0000 b=2.0000", "n @0"}, rules);
  rules.whole_rows = true;  // 0.2
  Expect(text, {"m @0 | 3 a=1.0000 b=2.0000", "n @0"}, rules);
}

TEST(Answer, ChunksGoOn) {
  AnswerRules rules;
  rules.stop_is_time = false;
  Expect("{\"results\":[{\"series\":[{\"name\":\"m\",\"tags\":{\"h\":\"a\"},\"columns\":[\"time\",\"v\"],\"values\":[[1,1],[2,2]],\"partial\":true}],\"partial\":true}]}\n"
         "{\"results\":[{\"series\":[{\"name\":\"m\",\"tags\":{\"h\":\"a\"},\"columns\":[\"time\",\"v\"],\"values\":[[3,3]]}],\"partial\":true}]}\n"
         "{\"results\":[{\"series\":[{\"name\":\"m\",\"tags\":{\"h\":\"b\"},\"columns\":[\"time\",\"v\"],\"values\":[[4,4]],\"partial\":true}]}]}\n",
         {"m h=a @3 | 1 v=1.0000 | 2 v=2.0000 | 3 v=3.0000", "m h=b @4 | 4 v=4.0000"}, rules);
}

TEST(Answer, MembersInAnyOrder) {
  Expect(R"({"results":[{"series":[{"values":[[1,5]],"columns":["time","v"],"tags":{"h":"a"},"name":"m"}],"statement_id":0}]})",
         {"m h=a @0 | 1 v=5.0000"});
}

TEST(Answer, OnlyFieldsSomebodyReads) {
  std::vector<Name> fields = {Intern("b")};
  AnswerRules rules;
  rules.fields = &fields;
  Expect(R"({"results":[{"series":[{"name":"m","columns":["time","a","b"],"values":[[1,"x",2],[2,"y",null]]}]}]})",
         {"m @0 | 1 b=2.0000 | 2"}, rules);
}

TEST(Answer, Errors) {
  Expect(R"({"results":[{"statement_id":0,"error":"database not found: a"}]})", {}, {}, "database not found: a");
  Expect(R"({"error":"unable to parse authentication credentials"})", {}, {}, "unable to parse authentication credentials");
  Expect(R"({"results":[{"series":[{"name":"m","columns":["time","v"],"values":[[1,)", {}, {}, "InfluxDB's answer breaks off");
  Expect("<html>", {}, {}, "InfluxDB's answer is no JSON: it begins with '<'");
  Expect(R"({"results":[{}]})", {});
}

TEST(Answer, ManyRowsKeepTheirValues) {
  std::string text = R"({"results":[{"series":[{"name":"m","columns":["time","v","s"],"values":[)";
  for (int i = 0; i < 5000; ++i) text += (i ? ",[" : "[") + std::to_string(i) + "," + (i % 3 ? std::to_string(i) + ".25" : "null") + ",\"s" + std::to_string(i) + "\"]";
  text += "]}]}]}";
  size_t rows = 0;
  BatchAnswer reader({}, [&](LooseBatch &batch) {
    rows = batch.points.rows();
    Column v = batch.points.column(Intern("v")), s = batch.points.column(Intern("s"));
    for (uint32_t i = 0; i < rows; ++i) {
      EXPECT_EQ(TypeOf(v.at(i)), i % 3 ? Type::Float : Type::Missing);
      if (i % 3) {
        EXPECT_EQ(v.at(i).as.f, i + 0.25);
      }
      EXPECT_EQ(StringOf(s.at(i)), "s" + std::to_string(i));
    }
    return true;
  });
  EXPECT_TRUE(reader.feed(text));
  EXPECT_EQ(reader.finish(), "");
  EXPECT_EQ(rows, 5000u);
}

TEST(Answer, AnnotatedCsv) {
  AnswerRules rules;
  rules.stop_is_time = false;
  Expect<FluxAnswer>("#datatype,string,long,dateTime:RFC3339,dateTime:RFC3339,string,string,double,boolean\r\n"
                     "#group,false,false,true,false,true,true,false,false\r\n"
                     "#default,_result,,,,,,,\r\n"
                     ",result,table,_start,_time,_measurement,host,_value,up\r\n"
                     ",,0,1970-01-01T00:00:00Z,1970-01-01T00:00:01Z,cpu,\"a,b\",1.5,true\r\n"
                     ",,0,1970-01-01T00:00:00Z,1970-01-01T00:00:02Z,cpu,\"a,b\",2.5,false\r\n"
                     ",,1,1970-01-01T00:00:00Z,1970-01-01T00:00:03Z,cpu,c,,true\r\n"
                     "\r\n",
                     {"cpu host=a,b @2000000000 | 1000000000 _value=1.5000 up=true | 2000000000 _value=2.5000 up=false",
                      "cpu host=c @3000000000 | 3000000000 up=true"},
                     rules);
  Expect<FluxAnswer>("#datatype,string,string\r\n#group,true,true\r\n#default,,\r\n,error,reference\r\n,failed to parse query,897\r\n", {}, {},
                     "failed to parse query");
}

TEST(Writes, PartialOnesSayHowMuchWasDropped) {
  EXPECT_EQ(DroppedPoints("partial write: field type conflict: … dropped=3"), 3);
  EXPECT_EQ(DroppedPoints("database not found: \"a\""), 0);
}

}  // namespace
}  // namespace tick
