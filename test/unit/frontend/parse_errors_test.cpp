// parse_errors_test.cpp - syntax errors in Kapacitor's words, byte for byte, and in ours.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frontend/parse/parse.h"

namespace tick {
namespace {

using ::testing::HasSubstr;

#define OPS R"("number","string","duration","identifier","TRUE","FALSE","==","(","-","!")"

struct Case {
  const char *script;
  const char *kapacitor;
};

// Prints scripts as they are, so that a failure shows one.
void PrintTo(const Case &c, std::ostream *out) { *out << c.script; }

std::string FirstError(const std::string &script, DialectChoice dialect) {
  Source source{"x.tick", script};
  Diagnostics diagnostics(source);
  bool parsed = Parse(source, diagnostics, dialect) != nullptr;
  EXPECT_EQ(parsed, !diagnostics.has_errors());
  diagnostics.finish();
  return diagnostics.kapacitor();
}

class ModernError : public ::testing::TestWithParam<Case> {};
TEST_P(ModernError, ReadsAsKapacitorSaysIt) {
  EXPECT_EQ(FirstError(GetParam().script, DialectChoice::Modern), GetParam().kapacitor);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ModernError,
    ::testing::Values(
        // --- the lexer's
        Case{"var x = $", R"k(parser: unexpected unknown state, last char: '$' line 1 char 9 in "var x = $". expected: )k" OPS},
        Case{"var x = \x01", "parser: unexpected unknown state, last char: '\\x01' line 1 char 9 in \"var x = \x01\". expected: " OPS},
        Case{"var x = \xe2\x98\x83",
             "parser: unexpected unknown state, last char: '\xe2\x98\x83' line 1 char 9 in \"var x = \xe2\x98\x83\". expected: " OPS},
        Case{"\xef\xbb\xbfstream",
             "parser: unexpected unknown state, last char: '\\ufeff' line 1 char 1 in \"\xef\xbb\xbfstream\". expected: " OPS},
        Case{"\xff", "parser: unexpected unknown state, last char: '\xef\xbf\xbd' line 1 char 1 in \"\xff\". expected: " OPS},
        Case{"var x = 1.2.3", R"k(parser: unexpected multiple decimals in number line 1 char 9 in "var x = 1.2.3". expected: )k" OPS},
        Case{R"k(var x = 'a\\')k", R"k(parser: unexpected unterminated string line 1 char 9 in "var x = 'a\\'". expected: )k" OPS},
        Case{"f('''a'')", R"k(parser: unexpected unterminated string line 1 char 3 in "f('''a'')". expected: )k" OPS},
        Case{"f(\"a", R"k(parser: unexpected unterminated field reference line 1 char 3 in "f("a". expected: )k" OPS},
        Case{"var x = /a", R"k(parser: unexpected unterminated regex line 1 char 9 in "var x = /a". expected: )k" OPS},
        Case{"_x", R"k(parser: unexpected unknown state, last char: '_' line 1 char 1 in "_x". expected: )k" OPS},
        Case{"lambda : 1", R"k(parser: unexpected unknown state, last char: ':' line 1 char 8 in "lambda : 1". expected: )k" OPS},
        Case{"var x = ['a'] + ['b']",
             R"k(parser: unexpected unknown state, last char: '+' line 1 char 15 in "x = ['a'] + ['b']". expected: )k" OPS},
        Case{"var x = lambda: \"a\" // c\n> 5",
             R"k(parser: unexpected unknown state, last char: '>' line 2 char 1 in "> 5". expected: )k" OPS},
        Case{"f(\"i\" === 3)", R"k(parser: unexpected unknown state, last char: '=' line 1 char 9 in "f("i" === 3)". expected: )k" OPS},
        Case{"f(\"i\" <> 3)", R"k(parser: unexpected unknown state, last char: '>' line 1 char 8 in "f("i" <> 3)". expected: )k" OPS},
        Case{"f(1 & 2)", R"k(parser: unexpected unknown state, last char: '&' line 1 char 5 in "f(1 & 2)". expected: ")")k"},
        // --- literals
        Case{"var x = 08", R"k(parser: illegal number syntax: "08")k"},
        Case{"var x = 9223372036854775808", R"k(parser: illegal number syntax: "9223372036854775808")k"},
        Case{"var x = 99999999999999999999s", "parser: invalid duration"},
        Case{"var x = /(/", "parser: error parsing regexp: missing closing ): `(`"},
        Case{"var x = /a**/", "parser: error parsing regexp: invalid nested repetition operator: `**`"},
        Case{"var x = 08 + )", R"k(parser: illegal number syntax: "08")k"},
        // --- the parser's
        Case{"var x = [1]", R"k(parser: unexpected number line 1 char 10 in "var x = [1]". expected: "identifier","string","*")k"},
        Case{"var x = ['a',,]", R"k(parser: unexpected , line 1 char 14 in " x = ['a',,]". expected: "identifier","string","*")k"},
        Case{"var x = ['a' 'b']", R"k(parser: unexpected string line 1 char 14 in " x = ['a' 'b']". expected: "]")k"},
        Case{"stream|from", R"k(parser: unexpected EOF line 1 char 12 in "tream|from". expected: "(")k"},
        Case{"stream|f(1 2)", R"k(parser: unexpected number line 1 char 12 in "tream|f(1 2)". expected: ")")k"},
        Case{"stream|from(", R"k(parser: unexpected EOF line 1 char 13 in "ream|from(". expected: )k" OPS},
        Case{"stream|from(\n", R"k(parser: unexpected EOF line 2 char 1 in "". expected: )k" OPS},
        Case{"stream|from()|", R"k(parser: unexpected EOF line 1 char 15 in "am|from()|". expected: "identifier")k"},
        Case{"stream|eval(lambda: 1e3 + 0.5)",
             R"k(parser: unexpected identifier line 1 char 22 in "(lambda: 1e3 + 0.5)". expected: ")")k"},
        Case{"stream|where(lambda: /a/ == 'a')",
             R"k(parser: unexpected / line 1 char 22 in "e(lambda: /a/ == 'a'". expected: )k" OPS},
        Case{"f(lambda: *)", R"k(parser: unexpected * line 1 char 11 in "f(lambda: *)". expected: )k" OPS},
        Case{"f(lambda: lambda: 1)", R"k(parser: unexpected lambda line 1 char 11 in "f(lambda: lambda: 1)". expected: )k" OPS},
        Case{"f(lambda: g(lambda: 1))", R"k(parser: unexpected lambda line 1 char 13 in "lambda: g(lambda: 1)". expected: )k" OPS},
        Case{"f(lambda: NOT \"c\")", R"k(parser: unexpected reference line 1 char 15 in "mbda: NOT "c")". expected: ")")k"},
        Case{"f(lambda: a.b)", R"k(parser: unexpected . line 1 char 12 in "(lambda: a.b)". expected: ")")k"},
        Case{"f(\"i\" = 3)", R"k(parser: unexpected = line 1 char 7 in "f("i" = 3)". expected: ")")k"},
        Case{"var x = (a)|c()", R"k(parser: unexpected | line 1 char 12 in "ar x = (a)|c()". expected: )k" OPS},
        Case{"a + b|c()", R"k(parser: unexpected | line 1 char 6 in "a + b|c()". expected: )k" OPS},
        Case{"f()())", R"k(parser: unexpected ) line 1 char 5 in "f()())". expected: )k" OPS},
        Case{"f(,)", R"k(parser: unexpected , line 1 char 3 in "f(,)". expected: )k" OPS},
        Case{"f(a,,b)", R"k(parser: unexpected , line 1 char 5 in "f(a,,b)". expected: )k" OPS},
        Case{"var 5", R"k(parser: unexpected number line 1 char 5 in "var 5". expected: "identifier")k"},
        Case{"var AND = 1", R"k(parser: unexpected AND line 1 char 5 in "var AND = 1". expected: "identifier")k"},
        Case{"var x 5", R"k(parser: unexpected number line 1 char 7 in "var x 5". expected: "identifier")k"},
        Case{"var x = ", R"k(parser: unexpected EOF line 1 char 9 in "var x = ". expected: )k" OPS},
        Case{"dbrp 'a'.'b'", R"k(parser: unexpected string line 1 char 6 in "dbrp 'a'.'b'". expected: "reference")k"},
        Case{"dbrp \"a\" \"b\"", R"k(parser: unexpected reference line 1 char 10 in "dbrp "a" "b"". expected: ".")k"},
        Case{"x\n\n= 5", R"k(parser: unexpected = line 3 char 1 in "= 5". expected: )k" OPS}));

class DottedError : public ::testing::TestWithParam<Case> {};
TEST_P(DottedError, ReadsAsKapacitorSaysIt) {
  EXPECT_EQ(FirstError(GetParam().script, DialectChoice::Dotted), GetParam().kapacitor);
}

INSTANTIATE_TEST_SUITE_P(
    Table, DottedError,
    ::testing::Values(
        Case{"stream|from()", R"k(parser: unexpected unknown state line 1 char 7 in "stream|from()". expected: )k" OPS},
        Case{"stream.f(['a'])", R"k(parser: unexpected unknown state line 1 char 10 in "stream.f(['a'])". expected: )k" OPS},
        Case{"var x = lambda: 1", R"k(parser: unexpected 7 line 1 char 9 in "var x = lambda: 1". expected: )k" OPS},
        Case{"lambda", R"k(parser: unexpected missing ':' on lambda keyword line 1 char 1 in "lambda". expected: )k" OPS},
        Case{"stream.f(1 + 2)", R"k(parser: unexpected + line 1 char 12 in "tream.f(1 + 2)". expected: ")")k"},
        Case{"stream.from(.measurement('cpu')", R"k(parser: unexpected . line 1 char 13 in "ream.from(.measureme". expected: )k" OPS},
        Case{"stream.f(/a/)", R"k(parser: unexpected / line 1 char 10 in "stream.f(/a/)". expected: )k" OPS},
        Case{"var x int", R"k(parser: unexpected identifier line 1 char 7 in "var x int". expected: "=")k"},
        Case{"var x = 1.5s", "parser: invalid duration"},
        Case{"stream.f(lambda: \"a\" =~ /x)", R"k(parser: unexpected unterminated regex line 1 char 25 in "a: "a" =~ /x)". expected: )k" OPS}));

class Readable : public ::testing::TestWithParam<const char *> {};
TEST_P(Readable, IsNoError) { EXPECT_EQ(FirstError(GetParam(), DialectChoice::Modern), ""); }
INSTANTIATE_TEST_SUITE_P(Modern, Readable,
                         ::testing::Values("", "\n // c", "var x = 1e5", "var x = 5us", "var x = '''a'b'''", "var x = // c\n5",
                                           "a and b", "var lambda = 1", "var x = 5.c()", "var x = a ! b", "f('a' + /b/)",
                                           "f(['a']) + 1", "f(a,)", "[a,]", "var x = 1 var y = 2", "--5", "!!TRUE",
                                           "f(lambda: (/a/))", "var h\xc3\xa9llo2 = 1", "x.5", "'' ''''''", "a // c\n- 5"));

class DottedReadable : public ::testing::TestWithParam<const char *> {};
TEST_P(DottedReadable, IsNoError) { EXPECT_EQ(FirstError(GetParam(), DialectChoice::Dotted), ""); }
INSTANTIATE_TEST_SUITE_P(Dotted, DottedReadable,
                         ::testing::Values("var x = 1 var x = 2", "f(a,)", "stream.where(\"a\")", "stream.f(lambda: *)",
                                           "stream.f(*)", "var x = 99999999999999999999", "var x = (1 + 2)",
                                           "\"a\" // c\n", "stream.f(lambda: \"a\" // c\n > 5)"));

std::string Text(const std::string &script) {
  Source source{"x.tick", script};
  Diagnostics diagnostics(source);
  EXPECT_EQ(Parse(source, diagnostics), nullptr);
  diagnostics.finish();
  return diagnostics.text();
}

TEST(SyntaxErrors, SeveralInOneRunAndNoneTwice) {
  std::string text = Text(
      "var a = \n"
      "var b = 1..\n"
      "stream|from().where(lambda: \"a\" = 5)\n"
      "    .x(1 2)\n"
      "    |y()\n"
      "stream|from())\n");
  EXPECT_EQ(text,
            "x.tick:2:1: error: unexpected `var`, expected a value [syntax]\n"
            "var b = 1..\n"
            "^~~\n"
            "hint: nothing stands behind `=`\n"
            "x.tick:2:9: error: `1..` is no number: a number has one decimal point [bad-number]\n"
            "var b = 1..\n"
            "        ^~~\n"
            "x.tick:3:33: error: unexpected `=`, expected `,` or `)` [syntax]\n"
            "stream|from().where(lambda: \"a\" = 5)\n"
            "                                ^\n"
            "hint: `==` compares\n"
            "x.tick:4:10: error: unexpected number `2`, expected `,` or `)` [syntax]\n"
            "    .x(1 2)\n"
            "         ^\n"
            "hint: a `,` or an operator is missing before this\n"
            "x.tick:6:14: error: unexpected `)`, expected a statement or the end of the script [syntax]\n"
            "stream|from())\n"
            "             ^\n"
            "hint: nothing is open here\n");
}

TEST(SyntaxErrors, BracketsLeftOpenByAMistakeAreNoSecondOne) {
  std::string text = Text("stream\n|union(stream\n    |from(5 6)\n    |where(lambda: TRUE)\n)\n|httpOut('x')\n");
  EXPECT_EQ(std::count(text.begin(), text.end(), '^'), 1) << text;
}

TEST(SyntaxErrors, Hints) {
  EXPECT_THAT(Text("f(lambda: \"a\" and \"b\")"), HasSubstr("hint: write `AND`"));
  EXPECT_THAT(Text("f(lambda: NOT \"b\")"), HasSubstr("hint: write `!` for not"));
  EXPECT_THAT(Text("f(lambda: \"a\" && \"b\")"), HasSubstr("hint: write `AND` for and"));
  EXPECT_THAT(Text("f(lambda: \"a\" || \"b\")"), HasSubstr("hint: write `OR` for or"));
  EXPECT_THAT(Text("f(lambda: \"a\" <> 1)"), HasSubstr("hint: write `!=`"));
  EXPECT_THAT(Text("f(lambda \"a\" > 1)"), HasSubstr("hint: write `lambda:` with its colon"));
  EXPECT_THAT(Text("f(lambda : \"a\" > 1)"), HasSubstr("hint: write `lambda:` in one word"));
  EXPECT_THAT(Text("f(lambda: 1e3)"), HasSubstr("hint: numbers have no exponent"));
  EXPECT_THAT(Text("f(1h30m)"), HasSubstr("hint: a duration has one number and one unit"));
  EXPECT_THAT(Text("f(5ns)"), HasSubstr("hint: the smallest unit"));
  EXPECT_THAT(Text("f(lambda: /a/)"), HasSubstr("hint: a regular expression needs parentheses here"));
  EXPECT_THAT(Text("stream|from"), HasSubstr("hint: a node is called: `|from()`"));
  EXPECT_THAT(Text("stream|from(\n.measurement('x')"), HasSubstr("hint: the `(` of line 1 is still open"));
  EXPECT_THAT(Text("f('a\\')"), HasSubstr("cannot end in a backslash"));
  EXPECT_THAT(Text("var x = 1;"), HasSubstr("hint: statements need nothing between them"));
  EXPECT_THAT(Text("dbrp 'a'.'b'"), HasSubstr("hint: use double quotes"));
  EXPECT_THAT(Text("f(\xe2\x80\x98" "a')"), HasSubstr("hint: use the straight quote '"));
}

TEST(ParseLambda, TakesOneExpression) {
  auto error = [](const char *text) {
    Source source{"x", text};
    Diagnostics diagnostics(source);
    ast::NodePtr body = ParseLambda(source, diagnostics);
    EXPECT_EQ(body != nullptr, !diagnostics.has_errors());
    return diagnostics.kapacitor();
  };
  EXPECT_EQ(error("\"a\" > 5 AND strContains(\"b\", 'c')"), "");
  EXPECT_EQ(error("/a/"), "");
  EXPECT_EQ(error("lambda: TRUE"), R"k(parser: unexpected lambda line 1 char 1 in "lambda: TR". expected: )k" OPS);
  EXPECT_EQ(error("level() = CRITICAL"), R"k(parser: unexpected = line 1 char 9 in "level() = CRITICAL". expected: "EOF")k");
  EXPECT_EQ(error(""), R"k(parser: unexpected EOF line 1 char 1 in "". expected: )k" OPS);
}

}  // namespace
}  // namespace tick
