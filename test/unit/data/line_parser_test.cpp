// From bodies to blocks: the fast way gives what the exact way gives, whatever lines stand around a line.
#include "runtime/io/line_protocol_parser.h"

#include <gtest/gtest.h>

#include <random>

namespace tick {
namespace {

// Every series goes to one task (or to none).
class Everybody : public PointRouter {
 public:
  uint32_t find_route(const SeriesEntry &entry, bool full) const override {
    uint32_t route = full ? full_route : plain_route;
    entry.routes[full].store(uint64_t{generation} << 32 | route);
    return route;
  }
  uint32_t second(uint32_t route) const override { return route == 7 ? 8 : 0; }
  uint32_t plain_route = 1, full_route = 1;
};

class Bodies : public testing::Test {
 protected:
  Bodies() : table(InternOrigin("db", "rp")), parser(pool) {
    auto set = std::make_shared<ReadSet>();
    for (const char *name : {"v", "w", "s", "b", "a long name of a field = 17"}) set->add(nullptr, Intern(name));
    set->guard(Intern("guarded"));
    router.reads = set;
  }
  // Rows as text: series, time, columns that are read, all fields.
  WriteResult parse(std::string text, std::vector<std::string> *rows, uint32_t block_rows = 4096) {
    ParseRequest request{table, router, std::make_shared<const std::string>(std::move(text))};
    request.time = 1234567;
    request.block_rows = block_rows;
    return parser.parse(request, [&](std::shared_ptr<RequestBlock> block) {
      for (uint32_t row = 0; row < block->size(); ++row) {
        std::string shown = SeriesKey(*block->series[row]) + " @" + std::to_string(block->times[row]);
        for (const char *name : {"v", "w", "s", "b"}) shown += " " + show(block->column(Intern(name)).at(row));
        Fields fields;
        block->fields(row, fields);
        for (const Field &field : fields) shown += " " + *field.name + "=" + show(field.value);
        rows->push_back(shown);
      }
    });
  }
  static std::string show(const Value &value) {
    switch (TypeOf(value)) {
      case Type::Missing: return "-";
      case Type::Bool: return value.as.b ? "true" : "false";
      case Type::Int: return std::to_string(value.as.i) + "i";
      case Type::String: return "<" + std::string(StringOf(value)) + ">";
      default: return std::to_string(value.as.f);
    }
  }
  OriginTable table;
  Everybody router;
  BlockPool pool;
  LineParser parser;
};

const std::vector<std::string> kLines = {
    "cpu,host=a v=1,w=2i,s=\"x\",b=t 10",
    "cpu,host=a v=1.5,w=-2i,s=\"\",b=false 11",
    "cpu,host=b v=-0.25,w=3i,s=\"a b,c=d\",b=TRUE 12",
    "cpu,host=a v=93.33333333333333,w=123456789012345678i,s=\"long string that is longer than a load\",b=F 13",
    "cpu,host=a w=2,v=1 14",
    "cpu,host=a v=1 15",
    "cpu,host=a v=1e3,w=1E-2 16",
    "cpu,host=a v=\"text now\" 17",
    "cpu,host=a s=\"esc\\\"aped\",v=2 18",
    "cpu,host=a s=\"new\nline\",v=2 19",
    "cpu,host=a v=1,v=2,v=3i 20",
    "cpu,z=1,host=a v=5 21",
    "cpu,host=a,z=1 v=6 22",
    "cpu,host=a v=7",
    "cpu,host=a v=8 ",
    "cpu,host=a  v=9 23",
    "cpu,host=a v=10  24 ",
    " cpu,host=a v=11 25",
    "mem,host=a v=1i,other=2 26",
    "mem other=2,v=1i -27",
    "esc\\ aped,t\\,g=v\\ l f\\ x=1,v=2 28",
    "cpu,host=a unread_1=1,unread_2=\"x\",unread_3=t,v=3 29",
    "cpu,host=a v=1234567890123456789012345,w=0.000000000000000000000000000001 30",
    "cpu,host=a v=123456789012345,w=12345678.9012345 31",
    "cpu,host=a v=9999999999999999,w=-0 32",
    "cpu,host=a v=007i,w=00.5 33",
    // refused
    "cpu,host=a v=1.2.3 34",
    "cpu,host=a v=9223372036854775808i 35",
    "cpu,host=a v=tru 36",
    "cpu,host=a v=1 37 38",
    "cpu,host=a v=1,w 39",
    "cpu,host=a v= 40",
    "cpu,host=a =1 41",
    "cpu,host=a v=1\r",
    "cpu,host=a v=1 42\r",
    "cpu,host=a",
    "nothing",
    "cpu,host=a v=1 99999999999999999999",
    "cpu,host=a v=1 9223372036854775807",
    "cpu,host=a v=12u 43",
    // nothing
    "",
    "   ",
    "# comment v=1",
};

std::string Padding() { return "\n# " + std::string(100, '.') + "\n"; }

TEST_F(Bodies, TheFastWayGivesWhatTheExactWayGives) {
  for (const std::string &line : kLines) {
    // Alone, a line is too near the end of its body for the fast way.
    std::vector<std::string> exact, once, learnt;
    WriteResult want = parse(line, &exact);
    WriteResult first = parse(line + Padding(), &once);
    WriteResult again = parse(line + "\n" + line + Padding(), &learnt);
    EXPECT_EQ(once, exact) << line;
    EXPECT_EQ(first.accepted, want.accepted) << line;
    if (!exact.empty()) exact.push_back(exact[0]);
    EXPECT_EQ(learnt, exact) << line;
    EXPECT_EQ(again.accepted, 2 * want.accepted) << line;
    ASSERT_EQ(again.errors.size(), 2 * want.errors.size()) << line;
    for (const LineError &error : again.errors) EXPECT_EQ(error.reason, want.errors[0].reason) << line;
  }
}

TEST_F(Bodies, LinesInAnyOrderAndBlocksOfAnySize) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::string body;
    std::vector<std::string> want;
    uint64_t accepted = 0, refused = 0;
    for (int i = 0; i < 40; ++i) {
      const std::string &line = kLines[random() % kLines.size()];
      body += line + "\n";
      WriteResult alone = parse(line, &want);
      accepted += alone.accepted;
      refused += alone.refused;
    }
    for (uint32_t block_rows : {1u, 7u, 4096u}) {
      std::vector<std::string> rows;
      WriteResult result = parse(body, &rows, block_rows);
      ASSERT_EQ(rows, want) << body;
      EXPECT_EQ(result.accepted, accepted);
      EXPECT_EQ(result.refused, refused);
    }
  }
}

TEST_F(Bodies, RefusedLinesAreNamedByNumberTextAndReason) {
  std::vector<std::string> rows;
  WriteResult result = parse("m v=1\n\n  m v=x\nm s=\"a\nb\"\n# c\nm,a v=1\n" + Padding(), &rows);
  EXPECT_EQ(result.accepted, 2u);
  ASSERT_EQ(result.errors.size(), 2u);
  EXPECT_EQ(result.errors[0].line, 3u);
  EXPECT_EQ(result.errors[0].text, "m v=x");
  EXPECT_EQ(result.errors[0].reason, "invalid boolean");
  EXPECT_EQ(result.errors[1].line, 7u);
}

TEST_F(Bodies, LinesWithoutATimeGetTheRequestsCutToItsPrecision) {
  ParseRequest request{table, router, std::make_shared<const std::string>("m v=1")};
  request.precision = Precision::Microseconds;
  request.time = 1'234'567'890;
  int64_t time = 0;
  parser.parse(request, [&](auto block) { time = block->times[0]; });
  EXPECT_EQ(time, 1'234'567'000);
}

TEST_F(Bodies, NoTaskNoRows) {
  router.plain_route = 0;
  std::vector<std::string> rows;
  WriteResult result = parse("m v=1\nm v=2\nm v=x\n" + Padding(), &rows);
  EXPECT_EQ(result.accepted, 2u);
  EXPECT_EQ(result.refused, 1u);
  EXPECT_TRUE(rows.empty());
}

TEST_F(Bodies, AFieldNamedLikeATagTakesTheRouteThatTagsDoNotDecide) {
  InternSeries(InternOrigin("x", "y"), Intern("m"), {{Intern("guarded"), "a"}});
  router.plain_route = 0;
  std::vector<std::string> rows;
  std::string body = "m v=1\nm v=2,guarded=3\nm v=4,guarded=3\nm v=5\n";
  parse(body + Padding(), &rows);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1], "m @1234567 4.000000 - - - guarded=3.000000 v=4.000000");
}

TEST_F(Bodies, ASecondDeliveryIsARowOfItsOwn) {
  router.plain_route = 7;
  std::vector<std::string> rows;
  parse("m v=1 1\nm v=2 2\n" + Padding(), &rows);
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0], rows[1]);
  EXPECT_EQ(rows[2], rows[3]);
}

TEST_F(Bodies, SeriesHaveALimit) {
  ParseRequest request{table, router, std::make_shared<const std::string>("m,i=1 v=1\nm,i=2 v=1\nm,i=3 v=1\nm,i=1 v=2")};
  request.max_series = 2;
  WriteResult result = parser.parse(request, [](auto) {});
  EXPECT_EQ(result.accepted, 3u);
  ASSERT_EQ(result.errors.size(), 1u);
  EXPECT_EQ(result.errors[0].line, 3u);
  EXPECT_NE(result.errors[0].reason.find("max series limit exceeded: 2"), std::string::npos);
}

TEST_F(Bodies, AFloodOfFieldNamesDoesNotGrowWithoutBound) {
  std::string body;
  for (int i = 0; i < 25000; ++i) body += "m f" + std::to_string(i) + "=1,v=" + std::to_string(i) + "\n";
  std::vector<std::string> rows;
  EXPECT_EQ(parse(body, &rows).accepted, 25000u);
  ASSERT_EQ(rows.size(), 25000u);
  EXPECT_EQ(rows[24999].substr(0, 29), "m @1234567 24999.000000 - - -");
}

TEST_F(Bodies, AColumnNobodyDeclaredIsReadFromTheText) {
  ParseRequest request{table, router, std::make_shared<const std::string>("m v=1,late=5\nm v=2\nm late=\"x\\\"y\"\n")};
  std::shared_ptr<RequestBlock> block;
  parser.parse(request, [&](auto made) { block = made; });
  Column late = block->column(Intern("late"));
  EXPECT_EQ(late.at(0).as.f, 5);
  EXPECT_EQ(late.type_at(1), Type::Missing);
  EXPECT_EQ(StringOf(late.at(2)), "x\"y");
  RereadBlock reread(*block);
  EXPECT_EQ(reread.column(Intern("v")).at(1).as.f, 2);
  EXPECT_EQ(reread.size(), 3u);
}

TEST_F(Bodies, BlanksBeforeTheFieldsAreNoPartOfANameThatBeginsWithOne) {
  std::vector<std::string> rows;
  parse("m v=1,\tw=2\nm \tw=3\n" + Padding(), &rows);  // the second field is named <tab>w
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0], "m @1234567 1.000000 - - - \tw=2.000000 v=1.000000");
  EXPECT_EQ(rows[1], "m @1234567 - 3.000000 - - w=3.000000");
  EXPECT_EQ(parse("m v=1,\t=2\nm \t=3\n" + Padding(), &rows).refused, 1u);
}

TEST_F(Bodies, ANameWithACommaLetInByTextBehindAStringIsNotTakenElsewhere) {
  std::vector<std::string> rows;
  EXPECT_EQ(parse("m s=\"x\"b=1,c,d=2\n" + Padding(), &rows).accepted, 1u) << "as InfluxDB counts = and commas";
  EXPECT_EQ(parse("m v=1,c,d=2\n" + Padding(), &rows).refused, 1u);
}

TEST_F(Bodies, PrefixesOfABodyNeverReadBehindIt) {
  std::string body;
  for (const std::string &line : kLines) body += line + "\n";
  for (size_t size = 0; size <= body.size(); ++size) {
    // Of its own size, so that a sanitizer sees any read behind it.
    std::vector<std::string> rows;
    std::string prefix(body.data(), size);
    prefix.shrink_to_fit();
    parse(std::move(prefix), &rows);
  }
  SUCCEED();
}

}  // namespace
}  // namespace tick
