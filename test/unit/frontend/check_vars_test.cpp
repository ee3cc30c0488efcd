// check_vars_test.cpp - variables: given as JSON, left open by templates, reported with their comments
// (language.md 3.4, 3.10).
#include <gtest/gtest.h>

#include "test/unit/frontend/check_script.h"

namespace tick {
namespace {

CheckOptions Given(std::string json) {
  CheckOptions options;
  options.vars_json = std::move(json);
  return options;
}

const ir::Var *FindVar(const ir::Graph &graph, std::string_view name) {
  for (const ir::Var &var : graph.vars)
    if (var.name == name) return &var;
  return nullptr;
}

struct Case {
  const char *name, *declaration, *json, *kapacitor;  // kapacitor "": accepted
};
class GivenVars : public testing::TestWithParam<Case> {};

TEST_P(GivenVars, AreReadAsTheApiTakesThem) {
  Checked checked = CheckScript(std::string(GetParam().declaration) + "\nstream|from()|log()", Given(GetParam().json));
  EXPECT_EQ(checked.kapacitor, GetParam().kapacitor);
  EXPECT_EQ(checked.ok(), std::string(GetParam().kapacitor).empty());
}

const Case kCases[] = {
    {"Int", "var x int", R"({"x": {"type": "int", "value": 5}})", ""},
    {"IntFraction", "var x int", R"({"x": {"type": "int", "value": 5.0}})", "invalid var x: expected int value"},
    {"FloatOfInt", "var x float", R"({"x": {"type": "float", "value": 5}})", ""},
    {"FloatOfString", "var x float", R"({"x": {"type": "float", "value": "5"}})",
     "invalid var x: expected float value"},
    {"Bool", "var x bool", R"({"x": {"type": "bool", "value": true}})", ""},
    {"BoolOfString", "var x bool", R"({"x": {"type": "bool", "value": "yes"}})",
     "invalid var x: unexpected var type bool, value is a string"},
    {"StringOfBool", "var x string", R"({"x": {"type": "string", "value": true}})",
     "invalid var x: mismatched type and value: bool string"},
    {"StringOfNumber", "var x string", R"({"x": {"type": "string", "value": 5}})",
     "invalid var x: unsupported Var type json.Number."},
    {"StringOfNull", "var x string", R"({"x": {"type": "string", "value": null}})",
     "invalid var x: unsupported Var type <nil>."},
    {"DurationText", "var x duration", R"({"x": {"type": "duration", "value": "1h30m"}})", ""},
    {"DurationNumber", "var x duration", R"({"x": {"type": "duration", "value": 60000000000}})", ""},
    {"DurationBad", "var x duration", R"({"x": {"type": "duration", "value": "soon"}})",
     "invalid var x: invalid duration string \"soon\""},
    {"DurationOfBool", "var x duration", R"({"x": {"type": "duration", "value": true}})",
     "invalid var x: expected int or string value"},
    {"Regex", "var x regex", R"({"x": {"type": "regex", "value": "^a/b"}})", ""},
    {"RegexBad", "var x regex", R"({"x": {"type": "regex", "value": "("}})",
     "invalid var x: invalid regex pattern: error parsing regexp: missing closing ): `(`"},
    {"LambdaBad", "var x lambda", R"({"x": {"type": "lambda", "value": "lambda: TRUE"}})",
     "invalid var x: invalid lambda expression: parser: unexpected lambda line 1 char 1 in \"lambda: TR\". expected: "
     "\"number\",\"string\",\"duration\",\"identifier\",\"TRUE\",\"FALSE\",\"==\",\"(\",\"-\",\"!\""},
    {"Star", "var x star", R"({"x": {"type": "star", "value": ""}})", ""},
    {"List", "var x list",
     R"({"x": {"type": "list", "value": [{"type": "string", "value": "a"}, {"type": "star", "value": ""}]}})", ""},
    {"ListOfNothing", "var x list", R"({"x": {"type": "list", "value": "a"}})", "invalid var x: expected list of vars"},
    {"ListItemType", "var x list", R"({"x": {"type": "list", "value": [{"value": "a"}]}})",
     "invalid var x: expected list type key in object"},
    {"ListItemValue", "var x list", R"({"x": {"type": "list", "value": [{"type": "string"}]}})",
     "invalid var x: expected list value key in object"},
    {"UnknownType", "var x int", R"({"x": {"type": "what", "value": 1}})", "invalid var x: unknown VarType what"},
    {"WrongTypeOfDefault", "var x = 5.0", R"({"x": {"type": "int", "value": 5}})",
     "invalid type supplied for x, got int exp float"},
    {"WrongTypeOfDeclaration", "var x bool", R"({"x": {"type": "string", "value": "a"}})",
     "invalid type supplied for x, got string exp boolean"},
    {"NodeHasNoType", "var x = stream|from()", R"({"x": {"type": "string", "value": "a"}})",
     "invalid type supplied for x, got string exp invalid type"},
    {"NotDeclared", "var y = 1", R"({"x": {"type": "int", "value": 1}})", ""},
    {"NotJson", "var y = 1", "{", "invalid JSON"},
};
INSTANTIATE_TEST_SUITE_P(Language, GivenVars, testing::ValuesIn(kCases),
                         [](const auto &info) { return std::string(info.param.name); });

TEST(Vars, GivenValuesReplaceDefaultsInTheGraphButNotInTheReport) {
  Checked checked = CheckScript(
      "var m = 'cpu'\nvar f = lambda: TRUE\nstream|from().measurement(m)|where(f)",
      Given(R"({"m": {"type": "string", "value": "mem"}, "f": {"type": "lambda", "value": "\"host\" == 'b'"}})"));
  ASSERT_TRUE(checked.ok()) << checked.kapacitor;
  EXPECT_EQ(FindStage(*checked.graph, "from1")->properties[0].args[0].literal.s, "mem");
  EXPECT_EQ(checked.graph->lambdas[0].text, "\"host\" == 'b'");
  EXPECT_EQ(FindVar(*checked.graph, "m")->value.literal.s, "cpu");
  EXPECT_EQ(FindVar(*checked.graph, "f")->lambda_text, "TRUE");
}

TEST(Vars, NamesInsideAGivenLambdaAreNotLookedUp) {
  Checked checked = CheckScript("var n = 1\nvar f lambda\nstream|from()|where(f)",
                                Given(R"({"f": {"type": "lambda", "value": "n > 1"}})"));
  EXPECT_EQ(checked.kapacitor, "Given node type is not valid evaluation node: *ast.IdentifierNode");
}

TEST(Vars, ReportedByNameWithTypeAndComment) {
  Checked checked = CheckScript(
      "// How many.\n// At most.\n\n// Counted.\nvar limit = 5\nvar dims = ['a', 'b']\nvar f = lambda: \"a\" > "
      "limit\nvar s = stream\nvar neg = -5m\n"
      "s|from().groupBy(dims)|where(f)|shift(neg)");
  ASSERT_TRUE(checked.ok()) << checked.kapacitor;
  std::vector<std::string> names;
  for (const ir::Var &var : checked.graph->vars) names.push_back(var.name);
  EXPECT_EQ(names, (std::vector<std::string>{"dims", "f", "limit", "neg"}));
  EXPECT_EQ(FindVar(*checked.graph, "limit")->description, "How many.\nAt most.\n\n\nCounted.");
  EXPECT_EQ(FindVar(*checked.graph, "dims")->value.items.size(), 2u);
  EXPECT_EQ(FindVar(*checked.graph, "f")->lambda_text, "\"a\" > 5");
  EXPECT_EQ(FindVar(*checked.graph, "neg")->value.literal.i, -300000000000);
}

TEST(Templates, LeaveVariablesOpen) {
  CheckOptions options;
  options.is_template = true;
  Checked checked = CheckScript(
      "var m string\nvar crit lambda\nvar p duration\nvar dims list\nvar names list\n"
      "stream|from().measurement(m).groupBy(dims)|window().period(p).every(p)|eval(lambda: "
      "1).as(names)|alert().crit(lambda: crit AND TRUE)",
      options);
  ASSERT_TRUE(checked.ok()) << checked.kapacitor;
  EXPECT_FALSE(FindVar(*checked.graph, "crit")->has_value);
  EXPECT_EQ(FindVar(*checked.graph, "p")->type, Type::Duration);
}

TEST(Templates, StillRefuseWhatNoTaskCouldMend) {
  CheckOptions options;
  options.is_template = true;
  Checked checked = CheckScript("var m string\nstream|from().measurement(m)|eval(lambda: 1)", options);
  EXPECT_EQ(checked.codes(), (std::vector<std::string>{"node-rule"}));
}

struct Constant {
  const char *name, *expression, *value;  // as string() prints it
};
class Constants : public testing::TestWithParam<Constant> {};

TEST_P(Constants, AreComputedWhenTheTaskIsDefined) {
  Checked checked = CheckScript(std::string("var x = '' + string(") + GetParam().expression +
                                ")\nstream|from().measurement(x)|log()");
  ASSERT_TRUE(checked.ok()) << checked.kapacitor;
  EXPECT_EQ(FindStage(*checked.graph, "from1")->properties[0].args[0].literal.s, GetParam().value);
}

const Constant kConstants[] = {
    {"Precedence", "2 + 3 * 4", "14"},
    {"IntDivision", "-7 / 2", "-3"},
    {"Remainder", "-5 % 3", "-2"},
    {"Wrap", "9223372036854775807 + 1", "-9223372036854775808"},
    {"Float", "0.1 + 0.2", "0.30000000000000004"},
    {"WholeFloat", "100.0 * 1.0", "100"},
    {"Strings", "'a' + 'b'", "ab"},
    {"DurationTimesFloat", "1h * 1.5", "90m"},
    {"DurationOverDuration", "1h / 30m", "2"},
    {"MixedCompare", "5 == 5.0", "true"},
    {"ShortCircuit", "TRUE OR nosuch() > 1", "true"},
    {"Match", "'hello' =~ /l+o/", "true"},
    {"NoMatch", "'hello' !~ /^x/", "true"},
    {"If", "if(1 > 2, 'a', 'b')", "b"},
    {"IntOfString", "int('-17') + 1", "-16"},
    {"FloatOfString", "float('1_0.5e1')", "105"},
    {"DurationOf", "duration(1.5, 1s)", "1500ms"},
    {"DurationOfText", "duration('1h30m', 1s)", "90m"},
    {"BoolOf", "bool('T')", "true"},
    {"Length", "strLength('Grüße')", "7"},
    {"Upper", "strToUpper('abc')", "ABC"},
    {"Trim", "strTrim('  a ', ' ')", "a"},
    {"Replace", "strReplace('hello', 'l', 'L', 1)", "heLlo"},
    {"Substring", "strSubstring('hello', 1, 3)", "el"},
    {"Math", "sqrt(9.0) + pow(2.0, 3.0)", "11"},
};
INSTANTIATE_TEST_SUITE_P(Language, Constants, testing::ValuesIn(kConstants),
                         [](const auto &info) { return std::string(info.param.name); });

TEST(Constants, FunctionsOfTheMomentAreRefused) {
  Checked checked = CheckScript("var x = 1 + unixNano(now())\nstream|from()|log()");
  EXPECT_EQ(checked.codes(), (std::vector<std::string>{"constant-function"}));
}

}  // namespace
}  // namespace tick
