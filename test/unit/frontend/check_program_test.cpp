// check_program_test.cpp - whole scripts against Kapacitor's own wording (language.md 3, 9.2): the API hands these
// texts on, and people search logs for them.
#include <gtest/gtest.h>

#include "test/unit/frontend/check_script.h"

namespace tick {
namespace {

struct Case {
  const char *name, *script, *kapacitor;  // kapacitor "": accepted
};

class ProgramWording : public testing::TestWithParam<Case> {};

TEST_P(ProgramWording, SaysWhatKapacitorSays) {
  Checked checked = CheckScript(GetParam().script);
  EXPECT_EQ(checked.kapacitor, GetParam().kapacitor);
  EXPECT_EQ(checked.ok(), std::string(GetParam().kapacitor).empty());
}

#define MISMATCH ". see bool(), int(), float(), string(), duration()"
#define OK "\nstream|from()|log()"
const Case kCases[] = {
    {"RedefinedVar", "var x = 1\nvar x = 2" OK, "attempted to redefine x, vars are immutable"},
    {"RedefinedStream", "var stream = 1" OK, "attempted to redefine stream, vars are immutable"},
    {"RightSideComesFirst", "var x = 1\nvar x = 1 / 0" OK, "runtime error: integer divide by zero"},
    {"TypeTwice", "var x = 1\nvar x int" OK, "missing value for var \"x\"."},
    {"BareUnknownWord", "xx" OK, ""},
    {"StoredCallIsNeverMade", "var x = nope()" OK, ""},
    {"StoredCallIsNoValue", "var x = string(5)\nstream|from().measurement(x)|log()",
     "line 2 char 15: error calling func \"measurement\" on obj *pipeline.FromNode: reflect.Set: value of type "
     "tick.unboundFunc is not assignable to type string"},
    {"GlobalFunctionAlone", "stream|from().measurement(string(5))|log()",
     "line 1 char 27: no global function \"string\" defined"},
    {"GlobalFunctionInExpression", "stream|from().measurement('a' + string(5))|log()", ""},
    {"GlobalStatement", "c()" OK, "line 1 char 1: no global function \"c\" defined"},
    {"CallingANode", "stream()" OK,
     "line 1 char 1: error calling func \"stream\" on obj <nil>: reflect: call of reflect.Value.Call on ptr Value"},
    {"DotForPipe", "stream|from()|log()\nstream.from()",
     "line 2 char 8: no property method \"from\" on *pipeline.StreamNode, but chaining method does exist. Use '|' "
     "operator instead: 'node|from(..)'."},
    {"PipeForDot", "stream|from()|measurement('x')",
     "line 1 char 15: no chaining method \"measurement\" on *pipeline.FromNode, but property does exist. Use '.' "
     "operator instead: 'node.measurement(..)'."},
    {"AtForDot", "stream|from()@measurement('x')",
     "line 1 char 15: no dynamic method \"measurement\" on *pipeline.FromNode, but property does exist. Use '.' "
     "operator instead: 'node.measurement(..)'."},
    {"AtForPipe", "stream|from()@log()",
     "line 1 char 15: no dynamic method \"log\" on *pipeline.FromNode, but chaining method does exist. Use '|' "
     "operator instead: 'node|log(..)'."},
    {"UnknownNode", "stream|from()|nosuch()", "line 1 char 15: no method or property \"nosuch\" on *pipeline.FromNode"},
    {"UnknownProperty", "stream|from().nosuch('x')|log()",
     "line 1 char 15: no method or property \"nosuch\" on *pipeline.FromNode"},
    {"InternalMethod", "stream|from().name('x')|log()",
     "line 1 char 15: no property method \"name\" on *pipeline.FromNode, but chaining method does exist. Use '|' "
     "operator instead: 'node|name(..)'."},
    {"CapitalFirstLetter", "stream|From().Measurement('x')|log()", ""},
    {"OtherCapitalsDiffer", "stream|from().groupby('x')|log()",
     "line 1 char 15: no method or property \"groupby\" on *pipeline.FromNode"},
    {"WhereOnStream", "stream|where(lambda: TRUE)",
     "line 1 char 8: no method or property \"where\" on *pipeline.StreamNode"},
    {"DoubleQuotes", "stream|from().measurement(\"cpu\")|log()",
     "line 1 char 15: cannot assign *ast.ReferenceNode to type string, did you use double quotes instead of single "
     "quotes?"},
    {"FieldWithoutArgument", "stream|from().measurement()|log()",
     "line 1 char 15: too many arguments to set property Measurement on *pipeline.FromNode"},
    {"FieldOfOneItemList", "stream|from().measurement(['a'])|log()", ""},
    {"FieldOfAnotherType", "stream|from().measurement(5)|log()",
     "line 1 char 15: error calling func \"measurement\" on obj *pipeline.FromNode: reflect.Set: value of type int64 "
     "is not assignable to type string"},
    {"TooFew", "stream|from()|shift()",
     "line 1 char 15: error calling func \"shift\" on obj *pipeline.FromNode: reflect: Call with too few input "
     "arguments"},
    {"TooMany", "stream|from()|shift(1s, 2s)",
     "line 1 char 15: error calling func \"shift\" on obj *pipeline.FromNode: reflect: Call with too many input "
     "arguments"},
    {"WrongFixed", "stream|from()|deadman(100, 10s)",
     "line 1 char 15: error calling func \"deadman\" on obj *pipeline.FromNode: reflect: Call using int64 as type "
     "float64"},
    {"WrongVariadic", "stream|from()|union('x')",
     "line 1 char 15: error calling func \"union\" on obj *pipeline.FromNode: reflect: cannot use string as type "
     "pipeline.Node in Call"},
    {"ListBesideOthers", "stream|from().groupBy(['a'], 'b')|log()", "invalid dimension object of type []interface {}"},
    {"StarBesideOthers", "stream|from().groupBy('a', *)|log()", "cannot group by both '*' and named dimensions."},
    {"PropertyReadIsNoNode", "stream|from().measurement|alert()",
     "line 1 char 27: cannot get properties of non pointer value"},
    {"UnknownPropertyRead", "stream|from().fooo|alert()",
     "line 1 char 14: object *pipeline.FromNode has no property fooo"},
    {"MinusString", "var x = -'a'" OK, "line 1 char 9: invalid arugument to '-' a"},
    {"NotInt", "var x = !5" OK, "line 1 char 9: invalid arugument to '!' 5"},
    {"DurationPlusInt", "var x = 5s + 5" OK, "mismatched type to binary operator. got duration + int" MISMATCH},
    {"NestedMismatch", "var x = 1 == (5 == 'a')" OK,
     "Failed to handle right node: mismatched type to binary operator. got int == string" MISMATCH},
    {"IntOverZero", "var x = 1 / 0" OK, "runtime error: integer divide by zero"},
    {"TimeHasNoMath", "var x = now() - 5s" OK, "invalid math operator - for type time"},
    {"ReferenceOutsideLambda", "var x = 1 + \"a\"" OK, "name \"a\" is undefined. Names in scope: "},
    {"FunctionArgument", "var x = 'a' + string(\"b\")" OK,
     "Failed to handle 1 argument: name \"b\" is undefined. Names in scope: "},
    {"UndefinedFunction", "var x = 'a' + nosuch(1)" OK, "undefined function: \"nosuch\""},
    {"NoSignature", "var x = 1.0 + abs(1)" OK,
     "Cannot call function \"abs\" with args (1: int), available signatures are [(float)]."},
    {"FunctionFails", "var x = 1 + int('5x')" OK,
     "error calling \"int\": strconv.ParseInt: parsing \"5x\": invalid syntax"},
    {"VarWithoutValue", "var x int" OK, "missing value for var \"x\"."},
    {"UnknownVarType", "var x foo" OK, "invalid var type \"foo\""},
    {"UndefinedName", "stream|from().measurement(nope)|log()",
     "name \"nope\" is undefined. Names in scope: stream,time"},
    {"NodeInLambda", "stream|from()|where(lambda: stream)", "unsupported literal type *pipeline.StreamNode"},
    {"StarInLambda", "var s = *\nstream|from()|where(lambda: s)",
     "Given node type is not valid evaluation node: *ast.StarNode"},
    {"OnlyTheSource", "stream", "invalid task type: invalid"},
    {"SourceInVar", "var s = stream", "task does nothing"},
    {"BothSources", "stream|from()|log()\nbatch|query('q').every(1s)", "invalid task type: invalid"},
    {"WindowBehindBatch", "batch|query('q').every(10s)|window().period(1s).every(1s)",
     "line 1 char 29: error calling func \"window\" on obj *pipeline.QueryNode: cannot Window batch edge"},
    {"TrickleBehindStream", "stream|from()|trickle()",
     "line 1 char 15: error calling func \"trickle\" on obj *pipeline.FromNode: cannot Trickle stream edge"},
    {"SampleOfString", "stream|from()|sample('1s')",
     "line 1 char 15: error calling func \"sample\" on obj *pipeline.FromNode: must pass int64 or duration to new "
     "sample node"},
    {"HandlerThroughAlertData", "stream|from()|alert().stateChangesOnly().carrierPigeon()",
     "line 1 char 42: no method or property \"carrierPigeon\" on *pipeline.AlertNodeData"},
    {"HandlerProperty", "stream|from()|alert().slack().nosuch('x')",
     "line 1 char 31: no method or property \"nosuch\" on *pipeline.SlackHandler"},
    {"TimeOfThree", "batch|query('q').every(1s).groupBy(time(1s, 2s, 3s))|log()",
     "line 1 char 36: time() function expects 1 or 2 args, got 3"},
};
INSTANTIATE_TEST_SUITE_P(Language, ProgramWording, testing::ValuesIn(kCases),
                         [](const auto &info) { return std::string(info.param.name); });

TEST(Program, TellsAllMistakesOnceEach) {
  Checked checked = CheckScript(
      "var a = nope\n"
      "var b = a + 1\n"
      "stream|from().mesurement('cpu').groupBy(\"host\")|where(lambda: missing > 5)|eval(lambda: missing)\n"
      "a|join(b)|alert()\n");
  EXPECT_EQ(checked.codes(),
            (std::vector<std::string>{"undefined-name", "unknown-method", "dimensions", "undefined-name"}));
}

TEST(Program, SomethingFaultySilencesItsNodesRules) {
  // `as` failed, so that eval has a name less than expressions is no news.
  Checked checked = CheckScript("stream|from()|eval(lambda: \"a\", lambda: \"b\").as(1, 'y')|log()");
  EXPECT_EQ(checked.codes(), (std::vector<std::string>{"argument-type"}));
}

TEST(Program, WarnsOfUnusedVariablesAndUnknownFunctions) {
  Checked checked = CheckScript("var unused = 1\nstream|from()|where(lambda: strLenght(\"a\") > 1)");
  EXPECT_TRUE(checked.ok());
  ASSERT_EQ(checked.codes(), (std::vector<std::string>{"unused-var", "undefined-function"}));
  EXPECT_EQ(checked.diagnostics[1].hint, "did you mean `strLength`?");
}

struct Hint {
  const char *name, *script, *code, *hint;
};
class Hints : public testing::TestWithParam<Hint> {};

TEST_P(Hints, SayWhatToWrite) {
  Checked checked = CheckScript(GetParam().script);
  ASSERT_EQ(checked.diagnostics.size(), 1u);
  EXPECT_EQ(DiagCode(checked.diagnostics[0].id), GetParam().code);
  EXPECT_EQ(checked.diagnostics[0].hint, GetParam().hint);
}

const Hint kHints[] = {
    {"NearProperty", "stream|from().mesurement('cpu')|log()", "unknown-method", "did you mean `measurement`?"},
    {"NearNode", "stream|from()|wher(lambda: TRUE)", "unknown-method", "did you mean `where`?"},
    {"NearHandler", "stream|from()|alert().slak()", "unknown-method", "did you mean `slack`?"},
    {"NearNodeBehindDot", "stream|from().windw()|log()", "unknown-method", "did you mean `|window`?"},
    {"NearPropertyBehindPipe", "stream|from()|mesurement('cpu')", "unknown-method", "did you mean `.measurement`?"},
    {"OtherCapitals", "stream|from().groupby('host')|log()", "unknown-method", "did you mean `groupBy`?"},
    {"WrongOperator", "stream|from()|measurement('cpu')", "wrong-operator", "did you mean `.measurement`?"},
    {"EndedProperty", "stream|from()|eval(lambda: 1).as('x')|log().keep()", "misplaced-property",
     "move it up behind `eval(…)`"},
    {"SourceHasNoNodes", "stream|where(lambda: TRUE)", "unknown-method", "behind `stream` comes `|from()` first"},
    {"NearVar", "var limit = 5\nstream|from()|where(lambda: \"a\" > limt)", "undefined-name", "did you mean `limit`?"},
    {"LowerTrue", "stream|from()|where(lambda: true)", "undefined-name", "did you mean `TRUE`?"},
    {"FieldWithoutQuotes", "stream|from()|where(lambda: usage > 5)", "undefined-name",
     "a field or tag stands in double quotes: `\"usage\"`"},
    {"TextWithoutQuotes", "stream|from().measurement(cpu)|log()", "undefined-name",
     "a text stands in single quotes: `'cpu'`"},
    {"DoubleQuotes", "stream|from().measurement(\"cpu\")|log()", "double-quotes", "did you mean `'cpu'`?"},
    {"MissingLambda", "stream|from()|where(\"a\" > 5)", "missing-lambda", "write `lambda: \"a\" > 5`"},
    {"MissingLambdaOfField", "stream|from()|alert().crit(\"a\")", "missing-lambda", "did you mean `lambda: \"a\"`?"},
    {"UnexpectedLambda", "stream|from().measurement(lambda: 'cpu')|log()", "unexpected-lambda",
     "did you mean `'cpu'`?"},
    {"NoUnit", "stream|from()|window().period(10).every(10s)", "duration-unit", "did you mean `10s`?"},
    {"QuotedDuration", "stream|from()|window().period('10s').every(10s)", "argument-type", "did you mean `10s`?"},
    {"IntForFloat", "stream|from()|deadman(100, 10s)", "argument-type", "did you mean `100.0`?"},
    {"FloatForInt", "stream|from()|alert().history(5.0)", "argument-type", "did you mean `5`?"},
    {"IntForString", "stream|from().measurement(5)|log()", "argument-type", "did you mean `'5'`?"},
    {"NearVarType", "var x strin\nstream|from()|log()", "unknown-var-type", "did you mean `string`?"},
    {"FunctionAlone", "stream|from().measurement(string(5))|log()", "unknown-global",
     "use it inside an expression: `'' + string(5)`"},
    {"NoName", "stream|from()|eval(lambda: 1)", "node-rule", "name the results: `.as('name')`"},
    {"OctalMode", "stream|from()|alert().log('/tmp/x').mode(0444)", "handler-rule",
     "modes are octal and begin with 0: `0644`"},
};
INSTANTIATE_TEST_SUITE_P(Checker, Hints, testing::ValuesIn(kHints),
                         [](const auto &info) { return std::string(info.param.name); });

}  // namespace
}  // namespace tick
