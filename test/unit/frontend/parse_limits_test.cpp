// parse_limits_test.cpp - scripts past the limits, long literals, and bytes that are no script at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "frontend/ast/format.h"
#include "frontend/parse/parse.h"

namespace tick {
namespace {

using ::testing::HasSubstr;

std::string Repeat(const std::string &text, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

// The diagnostics' text, "" when the script is read.
std::string Errors(const std::string &script, DialectChoice dialect = DialectChoice::Automatic) {
  Source source{"x.tick", script};
  Diagnostics diagnostics(source);
  std::unique_ptr<ast::Program> program = Parse(source, diagnostics, dialect);
  EXPECT_EQ(program != nullptr, !diagnostics.has_errors());
  EXPECT_TRUE(!program || program->statements.empty() || !Format(*program).empty());
  diagnostics.finish();
  return diagnostics.text();
}

TEST(Limits, NestingIsBounded) {
  EXPECT_EQ(Errors("var x = " + Repeat("(", 150) + "1" + Repeat(")", 150)), "");
  EXPECT_EQ(Errors(Repeat("f(", 150) + Repeat(")", 150)), "");
  EXPECT_EQ(Errors("var x = " + Repeat("-", 150) + "1"), "");
  for (const std::string &script :
       {"var x = " + Repeat("(", 201) + "1" + Repeat(")", 201), Repeat("f(", 100'000), Repeat("-", 100'000) + "1",
        Repeat("-(", 50'000), Repeat("!(-", 90'000), Repeat("[", 300), Repeat("a|f(", 100'000)})
    EXPECT_THAT(Errors(script), HasSubstr("this is nested more than 200 deep [nested-too-deep]"));
  EXPECT_EQ(Errors(Repeat("(1) ", 1000)), "");
  EXPECT_EQ(Errors("var x = 1" + Repeat(" - -1", 1000)), "");
}

TEST(Limits, ScriptsAreAMebibyteAtMost) {
  EXPECT_EQ(Errors("// " + std::string(1'000'000, 'x')), "");
  EXPECT_THAT(Errors(std::string((1 << 20) + 1, ' ')), HasSubstr("[script-too-long]"));
}

TEST(Limits, PartsAreCounted) {
  EXPECT_EQ(Errors("stream|from()" + Repeat("|f().a()", 9500)), "");
  EXPECT_THAT(Errors("stream|from()" + Repeat("|f()", 20'001)), HasSubstr("a chain has 20002 parts; 20000 are the limit"));
  EXPECT_EQ(Errors("var x = 1" + Repeat("+1", 2000)), "");
  EXPECT_THAT(Errors("var x = 1" + Repeat("+1", 2001)), HasSubstr("[too-many-parts]"));
  EXPECT_EQ(Errors("var x = (1" + Repeat("-1", 2000) + ")", DialectChoice::Dotted), "");
  EXPECT_EQ(Errors("var x = [" + Repeat("'a',", 10'000) + "]"), "");
  EXPECT_THAT(Errors("var x = [" + Repeat("'a',", 10'001) + "]"), HasSubstr("a list has 10001 parts"));
  EXPECT_THAT(Errors("f(" + Repeat("1,", 10'001) + ")"), HasSubstr("a call's arguments has"));
}

TEST(Limits, LongLiteralsAreFine) {
  std::string text = Repeat("abcdefghij", 2000);
  EXPECT_EQ(Errors("var x = '" + text + "'"), "");
  EXPECT_EQ(Errors("var x = /" + text + "/"), "");
  EXPECT_EQ(Errors("f(lambda: \"" + text + "\" > 1)"), "");
  EXPECT_EQ(Errors("var " + text + " = 1." + Repeat("1", 20'000)), "");
  EXPECT_THAT(Errors("var x = " + Repeat("9", 20'000)), HasSubstr("[bad-number]"));
}

TEST(Limits, LongLinesAreClippedInMessages) {
  std::string text = Errors("var x = '" + std::string(5000, 'a') + "' + $ + '" + std::string(5000, 'b') + "'");
  EXPECT_THAT(text, HasSubstr("$"));
  EXPECT_LT(text.size(), 1000u);
}

TEST(Robust, AnyBytesGiveATreeOrADiagnostic) {
  std::mt19937 random(20160118);
  const std::string pieces[] = {"stream", "|from()", ".x(", ")", "lambda: ", "\"a\"", " > ", "5", "'", "\"", "/", "// c\n",
                                "\n", "var x = ", "[", "]", ",", "\xff", std::string(1, '\0'), "\xc2\xb5", "\xe2\x98", "=~ ",
                                "1.5s", "'''", "-", "!", "*", "AND ", "@", "dbrp "};
  size_t trees = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string script;
    for (size_t n = random() % 12; n > 0; --n)
      script += random() % 8 ? pieces[random() % std::size(pieces)] : std::string(1, static_cast<char>(random()));
    for (DialectChoice dialect : {DialectChoice::Automatic, DialectChoice::Dotted}) {
      Source source{"x.tick", script};
      Diagnostics diagnostics(source);
      std::unique_ptr<ast::Program> program = Parse(source, diagnostics, dialect);
      ASSERT_EQ(program != nullptr, !diagnostics.has_errors()) << script;
      ASSERT_EQ(program == nullptr, !diagnostics.kapacitor().empty()) << script;
      diagnostics.finish();
      diagnostics.text(true);
      diagnostics.json();
      diagnostics.sarif();
      DumpTokens(source, dialect);
      if (!program) continue;
      ++trees;
      Source again{"y.tick", Format(*program)};
      Diagnostics more(again);
      DialectChoice same = program->dialect == ast::Dialect::Dotted ? DialectChoice::Dotted : DialectChoice::Modern;
      std::unique_ptr<ast::Program> second = Parse(again, more, same);
      ASSERT_NE(second, nullptr) << script << "\n---\n" << again.text << more.text();
      ASSERT_EQ(Format(*second), again.text) << script;
    }
  }
  EXPECT_GT(trees, 300u);
}

}  // namespace
}  // namespace tick
