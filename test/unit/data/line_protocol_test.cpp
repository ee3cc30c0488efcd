// The grammar of lines: what is taken and how, what is refused and why (daemon.md 1.2 and 1.3).
#include "runtime/io/line_protocol.h"

#include <gtest/gtest.h>

namespace tick {
namespace {

std::string Reason(std::string_view line, Precision precision = Precision::Nanoseconds) {
  RawLine raw;
  return ParsePoint(PointText(line), precision, &raw);
}

struct Refused {
  std::string line, reason;
};

TEST(LineProtocol, ReasonsOfRefusal) {
  const std::vector<Refused> cases = {
      {",host=a v=1", "missing measurement"},
      {"cpu", "missing fields"},
      {"cpu,host=a", "missing fields"},
      {"cpu\tv=1", "missing fields"},
      {"cpu, v=1", "missing tag key"},
      {"cpu,=a v=1", "missing tag key"},
      {"cpu,,a=b v=1", "missing tag key"},
      {"cpu,host v=1", "missing tag value"},
      {"cpu,host= v=1", "missing tag value"},
      {"cpu,host", "missing tag value"},
      {"cpu,host=a=b v=1", "invalid tag format"},
      {"cpu,a=1,a=2 v=1", "duplicate tags"},
      {"cpu,a=1,b=2,a=3 v=1", "duplicate tags"},
      {"cpu =1", "missing field key"},
      {"cpu a=1,=2", "missing field key"},
      {"cpu v=", "missing field value"},
      {"cpu v=,b=1", "missing field value"},
      {"cpu v= 1", "missing field value"},
      {"cpu ", "invalid field format"},
      {"cpu v", "invalid field format"},
      {"cpu a=1,b", "invalid field format"},
      {"cpu a=1,", "invalid field format"},
      {"cpu a=1,,b=2", "invalid field format"},
      {"cpu v=\"abc", "unbalanced quotes"},
      {"cpu v=1.2.3", "invalid number"},
      {"cpu v=-", "invalid number"},
      {"cpu v=.", "invalid number"},
      {"cpu v=-i", "invalid number"},
      {"cpu v=1i2", "invalid number"},
      {"cpu v=1ii", "invalid number"},
      {"cpu v=1.0i", "invalid number"},
      {"cpu v=1e5i", "invalid number"},
      {"cpu v=NaN", "invalid number"},
      {"cpu v=nan", "invalid number"},
      {"cpu v=5u", "invalid number"},
      {"cpu v=1x", "invalid number"},
      {"cpu v=1\r", "invalid number"},
      {"cpu v=1e400", "invalid float"},
      {"cpu v=1e", "invalid float"},
      {"cpu v=1e5e5", "invalid float"},
      {"cpu v=9223372036854775808i",
       "unable to parse integer 9223372036854775808: strconv.ParseInt: parsing \"9223372036854775808\": value out of range"},
      {"cpu v=-9223372036854775809i",
       "unable to parse integer -9223372036854775809: strconv.ParseInt: parsing \"-9223372036854775809\": value out of range"},
      {"cpu v=tru", "invalid boolean"},
      {"cpu v=abc", "invalid boolean"},
      {"cpu v=+1", "invalid boolean"},
      {"cpu v=inf", "invalid boolean"},
      {"cpu v=tRUE", "invalid boolean"},
      {"cpu v=1 12a", "bad timestamp"},
      {"cpu v=1 1.5", "bad timestamp"},
      {"cpu v=1 1\r", "bad timestamp"},
      {"cpu v=1 9223372036854775808", "strconv.ParseInt: parsing \"9223372036854775808\": value out of range"},
      {"cpu v=1 9223372036854775807", "time outside range -9223372036854775806 - 9223372036854775806"},
      {"cpu v=1 -9223372036854775807", "time outside range -9223372036854775806 - 9223372036854775806"},
      {"cpu v=1 5 5", "point is invalid"},
      {"cpu v=1 5\t", "bad timestamp"},
      // the key is looked at first, then fields from the left, then the time
      {"cpu,a v=x 1y", "missing tag value"},
      {"cpu v=x,w=y 1y", "invalid boolean"},
  };
  for (const Refused &c : cases) EXPECT_EQ(Reason(c.line), c.reason) << c.line;
}

TEST(LineProtocol, KeysThatAreTooLong) {
  std::string tag(65530, 'x');
  EXPECT_EQ(Reason("cpu,t=" + tag + " v=1"), "max key length exceeded: 65536 > 65535");
  tag.resize(65520);
  EXPECT_EQ(Reason("cpu,t=" + tag + " a=1,abcdefgh=2"), "max key length exceeded: 65538 > 65535");
  tag.resize(65000);
  EXPECT_EQ(Reason("cpu,t=" + tag + " v=1"), "");
}

TEST(LineProtocol, TimesThatOverflowWhenScaled) {
  EXPECT_EQ(Reason("cpu v=1 9223372037", Precision::Seconds),
            "time outside range -9223372036854775806 - 9223372036854775806");
  EXPECT_EQ(Reason("cpu v=1 9223372036", Precision::Seconds), "");
}

// All that a good line says, in one text.
std::string Show(std::string_view line, Precision precision = Precision::Nanoseconds) {
  RawLine raw;
  std::string reason = ParsePoint(PointText(line), precision, &raw);
  if (!reason.empty()) return "refused: " + reason;
  std::string text;
  Tags tags;
  ParseKey(raw.key, &text, &tags);
  for (const Tag &tag : tags) text += "|" + *tag.key + "=" + tag.value;
  size_t at = 0;
  RawField field;
  Arena arena;
  while (NextField(raw.fields, &at, &field)) {
    Value value = ConvertField(field, arena);
    char number[64];
    text += " " + UnescapeFieldName(field.name) + ":";
    if (TypeOf(value) == Type::Float) snprintf(number, sizeof number, "%.17g", value.as.f), text += std::string("f") + number;
    else if (TypeOf(value) == Type::Int) text += "i" + std::to_string(value.as.i);
    else if (TypeOf(value) == Type::Bool) text += value.as.b ? "true" : "false";
    else text += "s<" + std::string(StringOf(value)) + ">";
  }
  return text + (raw.has_time ? " @" + std::to_string(raw.time) : "");
}

TEST(LineProtocol, Values) {
  EXPECT_EQ(Show("m a=1,b=1.,c=.5,d=-.5,e=1e5,f=1E+5,g=-2.25"), "m a:f1 b:f1 c:f0.5 d:f-0.5 e:f100000 f:f100000 g:f-2.25");
  EXPECT_EQ(Show("m a=1i,b=-9223372036854775808i,c=9223372036854775807i,d=007i"),
            "m a:i1 b:i-9223372036854775808 c:i9223372036854775807 d:i7");
  EXPECT_EQ(Show("m a=t,b=T,c=true,d=True,e=TRUE,f=f,g=F,h=false,i=False,j=FALSE"),
            "m a:true b:true c:true d:true e:true f:false g:false h:false i:false j:false");
  EXPECT_EQ(Show("m a=1e-400"), "m a:f0") << "too small is zero";
  EXPECT_EQ(Show("m a=0.1000000000000000055511151231257827"), "m a:f0.10000000000000001");
}

TEST(LineProtocol, Strings) {
  EXPECT_EQ(Show(R"(m s="a, b=c d")"), "m s:s<a, b=c d>");
  EXPECT_EQ(Show(R"(m s="say \"hi\" \\ \n")"), R"(m s:s<say "hi" \ \n>)");
  EXPECT_EQ(Show("m s=\"two\nlines\",v=1 5"), "m s:s<two\nlines> v:f1 @5");
  EXPECT_EQ(Show(R"(m s="",v=1)"), "m s:s<> v:f1");
}

TEST(LineProtocol, EscapesInNames) {
  EXPECT_EQ(Show(R"(my\ m\,x\=y\"z\q v=1)"), "my m,x=y\"z\\q v:f1");
  EXPECT_EQ(Show(R"(m,t\ a\,g\==v\ a\,l\= v=1)"), "m|t a,g==v a,l= v:f1");
  EXPECT_EQ(Show(R"(m f\ a\,b\=c\"d=1)"), "m f a,b=c\"d:f1");
  EXPECT_EQ(Show(R"(m,t="q\x" v=1)"), R"(m|t="q\x" v:f1)");
  EXPECT_EQ(Show("a=b\"c v=1"), "a=b\"c v:f1") << "measurements may hold = and quotes";
  EXPECT_EQ(Show(R"(m\\,t=a v=1)"), R"(m\,t=a v:f1)") << "two backslashes do not cancel";
}

TEST(LineProtocol, TagsAreSorted) { EXPECT_EQ(Show("m,b=2,a=1,c=3 v=1"), "m|a=1|b=2|c=3 v:f1"); }

TEST(LineProtocol, TimesAndTheirUnits) {
  EXPECT_EQ(Show("m v=1 1257894000", Precision::Seconds), "m v:f1 @1257894000000000000");
  EXPECT_EQ(Show("m v=1 -5", Precision::Hours), "m v:f1 @-18000000000000");
  EXPECT_EQ(Show("m v=1 5   "), "m v:f1 @5");
  EXPECT_EQ(Show("m v=1  "), "m v:f1");
  EXPECT_EQ(Show("m \t v=1 \t7"), "m v:f1 @7");
  EXPECT_EQ(PrecisionOf("us"), Precision::Nanoseconds);
  EXPECT_EQ(PrecisionOf("u"), Precision::Microseconds);
  EXPECT_EQ(PrecisionOf(""), Precision::Nanoseconds);
}

TEST(LineProtocol, WhereLinesEnd) {
  auto end = [](std::string_view body) { return LineEnd(body, 0); };
  EXPECT_EQ(end("m v=1\nm v=2"), 5u);
  EXPECT_EQ(end("m s=\"a\nb\"\nx"), 9u) << "not inside a string";
  EXPECT_EQ(end("m\"x v=1\nx"), 7u) << "quotes count only behind a =";
  EXPECT_EQ(end("m,t=\"a v=1\nx"), 10u);
  EXPECT_EQ(end("# comment\\\nm v=1\n"), 16u) << "a backslash joins lines, in comments too";
  EXPECT_EQ(end("m s=\"a"), 6u);
}

TEST(LineProtocol, BlanksAndComments) {
  EXPECT_EQ(PointText(" \t m v=1"), "m v=1");
  EXPECT_EQ(PointText("  # m v=1"), "");
  EXPECT_EQ(PointText(std::string_view("\0 \t", 3)), "");
}

TEST(LineProtocol, Writing) {
  const Series *series = InternSeries(InternOrigin("db", "rp"), Intern("a m"), {{Intern("k"), "x y"}});
  std::string out;
  AppendLine(out, *series,
             {{Intern("b"), MakeBool(true)},
              {Intern("f g"), MakeFloat(1e21)},
              {Intern("i"), MakeInt(-3)},
              {Intern("nil"), MakeMissing()},
              {Intern("s"), MakeString("a\"b\\c")},
              {Intern("z"), MakeFloat(0.1)}},
             -1500, Precision::Microseconds);
  EXPECT_EQ(out, "a\\ m,k=x\\ y b=true,f\\ g=1000000000000000000000,i=-3i,nil=,s=\"a\\\"b\\\\c\",z=0.1 -1\n");
}

}  // namespace
}  // namespace tick
