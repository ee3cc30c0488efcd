// select_test.cpp - SELECT statements in InfluxQL's normal form, and what it says of those that are none.
#include "runtime/influx/select.h"

#include <gtest/gtest.h>

namespace tick {
namespace {

struct Case {
  const char *text, *printed;
};

TEST(Select, PrintsInNormalForm) {
  for (const Case &c : std::initializer_list<Case>{
           {R"(select value from "telegraf"."default"."cpu_usage_idle")", R"(SELECT value FROM telegraf."default".cpu_usage_idle)"},
           {"SELECT mean(value)FROM cpu", "SELECT mean(value) FROM cpu"},
           {"select MEAN(\"usage idle\") as \"my avg\" , max(v) from db..cpu", "SELECT mean(\"usage idle\") AS \"my avg\", max(v) FROM db..cpu"},
           {"select * from a where b='x' and (c>30.00 or d=~/^a\\/b$/)", "SELECT * FROM a WHERE b = 'x' AND (c > 30.0 OR d =~ /^a\\/b$/)"},
           {"select *::field from /^c.*/", "SELECT *::field FROM /^c.*/"},
           {"select a from db.rp./x/", "SELECT a FROM db.rp./x/"},
           {"select a from b where time > now() - 90m", "SELECT a FROM b WHERE time > now() - 90m"},
           {"select a from b where time > now() - 1h30m and c != 0.50", "SELECT a FROM b WHERE time > now() - 90m AND c != 0.5"},
           {"select a from b group by time(10s), *, \"dc\" fill(none) order by time desc limit 5 offset 2 slimit 1",
            "SELECT a FROM b GROUP BY time(10s), *, dc fill(none) ORDER BY time DESC LIMIT 5 OFFSET 2 SLIMIT 1"},
           {"select a from b fill(null) tz('Europe/Berlin')", "SELECT a FROM b TZ('Europe/Berlin')"},
           {"select mean(x) from (select a + b as x from c where d = true)", "SELECT mean(x) FROM (SELECT a + b AS x FROM c WHERE d = true)"},
           {"select -a, -3, percentile(a, 95.5) into db.rp.m from b", "SELECT -1 * a, -3, percentile(a, 95.5) INTO db.rp.m FROM b"},
           {"select distinct(a), count(distinct b) from c -- all\n;", "SELECT distinct(a), count(DISTINCT b) FROM c"},
           {"select a::integer from b where c = 'it\\'s' and d <> 2", "SELECT a::integer FROM b WHERE c = 'it\\'s' AND d != 2"},
       }) {
    SelectResult result = ParseSelect(c.text);
    EXPECT_EQ(result.error, "") << c.text;
    EXPECT_EQ(PrintSelect(result.select), c.printed);
    // The normal form is its own normal form.
    EXPECT_EQ(PrintSelect(ParseSelect(c.printed).select), c.printed);
  }
}

TEST(Select, SaysWhatItFound) {
  for (const Case &c : std::initializer_list<Case>{
           {"select 1", "found EOF, expected FROM at line 1, char 9"},
           {"", "query must be a single select statement, got 0 statements"},
           {"select a from b; select c from d", "query must be a single select statement, got 2 statements"},
           {"show databases", "query is not a select statement \"SHOW\""},
           {"selct a from b", "found selct, expected SELECT, DELETE, SHOW, CREATE, DROP, EXPLAIN, GRANT, REVOKE, ALTER, SET, KILL at line 1, char 1"},
           {"select a from", "found EOF, expected identifier at line 1, char 14"},
           {"select a\nfrom b where", "found EOF, expected identifier, string, number, bool at line 2, char 13"},
           {"select a from b where c = 'x", "bad string at line 1, char 27"},
           {"select a from b limit x", "found x, expected integer at line 1, char 23"},
           {"select a from b group time(5s)", "found time, expected BY at line 1, char 23"},
           {"select a from b)", "found ), expected ;, EOF at line 1, char 16"},
       })
    EXPECT_EQ(ParseSelect(c.text).error, c.printed) << c.text;
}

TEST(Select, DeepNestingIsRefused) {
  std::string deep(100000, '(');
  EXPECT_NE(ParseSelect("select a from b where " + deep).error, "");
}

TEST(Select, TellsItsSources) {
  Select select = ParseSelect("select a from db.rp.m, x").select;
  ASSERT_EQ(select.sources.size(), 2u);
  EXPECT_EQ(select.sources[0].database, "db");
  EXPECT_EQ(select.sources[0].retention_policy, "rp");
  EXPECT_EQ(select.sources[0].measurement, "m");
  EXPECT_EQ(select.sources[1].database, "");
  EXPECT_TRUE(ParseSelect("select a from (select b from c)").select.sources[0].subquery);
}

}  // namespace
}  // namespace tick
