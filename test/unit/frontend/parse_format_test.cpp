// parse_format_test.cpp - canonical text: the reference's answers, and that formatting settles and loses nothing.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>

#include "frontend/ast/format.h"
#include "frontend/parse/parse.h"

namespace tick {
namespace {

struct Formatted {
  bool refused = false;
  std::string text, tree;
  ast::Dialect dialect = ast::Dialect::Modern;
};

Formatted FormatScript(const std::string &script, DialectChoice dialect = DialectChoice::Automatic) {
  Source source{"x.tick", script};
  Diagnostics diagnostics(source);
  std::unique_ptr<ast::Program> program = Parse(source, diagnostics, dialect);
  if (!program) return {true, diagnostics.text(), "", {}};
  return {false, Format(*program), DumpAst(*program), program->dialect};
}

// The tree without what formatting may change: places, line breaks and which node prints a comment.
std::string Meaning(const std::string &tree) {
  static const std::regex kPlaces(R"( @\d+| \[\d+,\d+\)| multi-line| comment="[^\n]*")");
  return std::regex_replace(tree, kPlaces, "");
}

std::vector<nlohmann::json> Rows(const std::string &file) {
  std::ifstream in(std::string(TICK_TEST_DIR) + "/conformance/fmt/" + file);
  std::vector<nlohmann::json> rows;
  for (std::string line; std::getline(in, line);) rows.push_back(nlohmann::json::parse(line));
  return rows;
}

void ExpectSettled(const std::string &script, DialectChoice dialect = DialectChoice::Automatic) {
  Formatted once = FormatScript(script, dialect);
  ASSERT_FALSE(once.refused) << once.text;
  Formatted twice = FormatScript(once.text, once.dialect == ast::Dialect::Dotted ? DialectChoice::Dotted : dialect);
  ASSERT_FALSE(twice.refused) << once.text << twice.text;
  EXPECT_EQ(once.text, twice.text);
  EXPECT_EQ(Meaning(once.tree), Meaning(twice.tree)) << once.text;
}

TEST(Format, GivesTheReferencesText) {
  std::vector<nlohmann::json> rows = Rows("cases.jsonl");
  ASSERT_EQ(rows.size(), 54u);
  for (const nlohmann::json &row : rows) {
    SCOPED_TRACE(row["name"].get<std::string>());
    Formatted got = FormatScript(row["script"]);
    EXPECT_EQ(got.refused, row.contains("refused"));
    if (!got.refused) {
      EXPECT_EQ(got.text, row["out"].get<std::string>());
      ExpectSettled(row["script"]);
    }
  }
}

TEST(Format, SettlesAndKeepsTheMeaningOfManyScripts) {
  std::vector<nlohmann::json> rows = Rows("scripts.jsonl");
  ASSERT_GT(rows.size(), 200u);
  size_t formatted = 0;
  for (const nlohmann::json &row : rows) {
    SCOPED_TRACE(row["name"].get<std::string>());
    if (FormatScript(row["script"]).refused) continue;
    ExpectSettled(row["script"]);
    ++formatted;
  }
  EXPECT_GT(formatted, 200u);
}

TEST(Format, KeepsCommentsTheReferenceLoses) {
  EXPECT_EQ(FormatScript("// c\n-5").text, "// c\n-5\n");
  EXPECT_EQ(FormatScript("stream|f('a' // c\n)|g()").text, "stream\n    // c\n    |f('a')\n    |g()\n");
  EXPECT_EQ(FormatScript("var x = -f(1 // c\n)|g(2)").refused, true);
  EXPECT_EQ(FormatScript("var x = -f(1 // c\n) + 2").text, "// c\nvar x = -f(1) +\n2\n");
  EXPECT_EQ(FormatScript("dbrp // a\n\"a\".\"b\"").text, "// a\ndbrp \"a\".\"b\"\n");
}

TEST(Format, PutsCommentsWhereTheReferenceDoes) {
  EXPECT_EQ(FormatScript("var x = 1 // trail\nvar y = 2").text, "var x = 1\n\n// trail\nvar y = 2\n");
  EXPECT_EQ(FormatScript("stream|f() // c\n|g()").text, "stream\n    |f()\n    // c\n    |g()\n");
  EXPECT_EQ(FormatScript("stream|f() // c").text, "stream\n    |f()\n\n// c\n\n");
  EXPECT_EQ(FormatScript("//a\n\n\n//b\nvar x = 1").text, "// a\n\n// b\nvar x = 1\n");
  EXPECT_EQ(FormatScript("//  x").text, "//  x\n\n");
  EXPECT_EQ(FormatScript("stream|from( // c\n'a')").text, "stream\n    |from(\n        // c\n        'a'\n    )\n");
  EXPECT_EQ(FormatScript("var x = lambda: // why\n\"a\" > 5").text, "var x = lambda: \n// why\n\"a\" > 5\n");
  EXPECT_EQ(FormatScript("var x = lambda: \"a\" > 1\n// c\nAND \"b\"").text,
            "var x = lambda: \n// c\n\"a\" > 1 AND\n\"b\"\n");
  EXPECT_EQ(FormatScript("var x // d\n int").text, "var x \n// d\nint\n");
}

TEST(Format, BreaksLinesAsTheReference) {
  EXPECT_EQ(FormatScript("stream|groupBy('a',\n'b')").text, "stream\n    |groupBy(\n        'a',\n        'b'\n    )\n");
  EXPECT_EQ(FormatScript("stream|where(lambda: (\"a\" > 5 AND\n \"b\" < 3)\n OR \"c\")").text,
            "stream\n    |where(lambda: (\"a\" > 5 AND\n            \"b\" < 3) OR\n        \"c\")\n");
  EXPECT_EQ(FormatScript("stream|f(x|g())").text, "stream\n    |f(x\n            |g())\n");
  EXPECT_EQ(FormatScript("stream|f(\n['a','b'])").text, "stream\n    |f(\n        [        'a',         'b']\n    )\n");
}

// Texts that would be read as something else without care.
TEST(Format, WritesWhatReadsBack) {
  for (const char *script :
       {"var x = lambda: (/a/)", "f(lambda: (/a/) == 'b')", "f(lambda: \"a\" AND (/x/))", "f(lambda: 5 / (/x/) / c)",
        "f() (/x/)", "// c\n\n/x/", "var p = // AND y\n10s", "f(lambda: (*))", "dbrp \"a\\\"b\".\"c\"",
        "var x = a // c\nAND b", "f(lambda: \"a\" =~ (\"b\" // c\n AND \"c\"))", "f(x|g(), y|h())", "'it\\'s \\\\n'",
        "f(\"a\"\n + \"b\" + \"c\")", "f(lambda: TRUE OR FALSE // c\n AND FALSE)", "x | // c\n f()", "--5 - -5",
        "var x = 99999999999999999999999.0 var y = 0.000001 var z = 00"})
    ExpectSettled(script);
}

TEST(Format, DottedScriptsIndentNodesFourAndPropertiesEight) {
  EXPECT_EQ(FormatScript("stream.from().measurement('cpu').where(lambda: \"cpu\" == 'cpu-total')"
                         ".alert().info(lambda: TRUE).log('/tmp/x') // end\n")
                .text,
            "stream\n"
            "    .from()\n"
            "        .measurement('cpu')\n"
            "        .where(lambda: \"cpu\" == 'cpu-total')\n"
            "    .alert()\n"
            "        .info(lambda: TRUE)\n"
            "        .log('/tmp/x')\n"
            "\n"
            "// end\n"
            "\n");
  EXPECT_EQ(FormatScript("var cup = batch\n.query('select').every(5s).groupBy('a')\ncup.httpOut('pepe')").text,
            "var cup = batch\n    .query('select')\n        .every(5s)\n        .groupBy('a')\n\ncup\n    .httpOut('pepe')\n");
  EXPECT_EQ(FormatScript("stream.from().window().period(5s).mapReduce(influxql.count('v')).as('n').where(lambda: \"n\" > 1)")
                .text,
            "stream\n    .from()\n    .window()\n        .period(5s)\n    .mapReduce(influxql.count('v'))\n"
            "        .as('n')\n    .where(lambda: \"n\" > 1)\n");
}

TEST(Format, Durations) {
  EXPECT_EQ(FormatDuration(0), "0s");
  EXPECT_EQ(FormatDuration(5'400'000'000'000), "90m");
  EXPECT_EQ(FormatDuration(129'600'000'000'000), "36h");
  EXPECT_EQ(FormatDuration(1'500'000'000), "1500ms");
  EXPECT_EQ(FormatDuration(1'001'000), "1001u");
  EXPECT_EQ(FormatDuration(1), "1ns");
  EXPECT_EQ(FormatDuration(-5'400'000'000'000), "-90m");
  EXPECT_EQ(FormatDuration(1'209'600'000'000'000), "2w");
  EXPECT_EQ(FormatDuration(INT64_MIN), "-9223372036854775808ns");
}

TEST(Format, ExpressionsWithoutComments) {
  Source source{"x", "\"a\" > 1.50 // c\nAND f(1,\n2)"};
  Diagnostics diagnostics(source);
  ast::NodePtr body = ParseLambda(source, diagnostics);
  ASSERT_NE(body, nullptr) << diagnostics.text();
  EXPECT_EQ(FormatExpr(*body), "\"a\" > 1.5 AND\nf(\n    1,\n    2\n)");
}

}  // namespace
}  // namespace tick
