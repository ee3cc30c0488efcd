// constants_test.cpp - constants of lambdas: what is refused at start, what is folded, what stays.
#include "test/unit/ir/lambda.h"

namespace tick {
namespace {

// The text Kapacitor would give for a lambda that does not start, one line a report.
std::string Refused(const Tree &tree, const std::string &kind = "where", uint8_t dialect = 1) {
  ir::Graph graph = TaskOf(tree, kind, dialect);
  Source source{"test", ""};
  Diagnostics diagnostics(source);
  bool accepted = Canonicalize(graph, diagnostics);
  EXPECT_EQ(accepted, diagnostics.all().empty());
  std::string out;
  for (const Diagnostic &diagnostic : diagnostics.all()) out += diagnostic.kapacitor + "\n";
  return out;
}

const std::string kSee = ". see bool(), int(), float(), string(), duration()\n";

TEST(CheckConstants, TypesThatNeverFitAreRefused) {
  EXPECT_EQ(
      Refused(Op("+", Lit(1), Lit("a"))),
      "Failed to compile expression in where clause: mismatched type to binary operator. got int + string" + kSee);
  EXPECT_EQ(Refused(Op("/", Lit(2), Dur(1)), "eval"),
            "Failed to compile 0 expression: mismatched type to binary operator. got int / duration" + kSee);
  EXPECT_EQ(Refused(Op("=~", Lit(5), Regex("a"))),
            "Failed to compile expression in where clause: invalid comparison operator =~ for type int\n");
  EXPECT_EQ(Refused(Op("AND", Lit(1), Lit(true))),
            "Failed to compile expression in where clause: invalid logical operator AND for type int\n");
  EXPECT_EQ(Refused(Op(">", Lit(true), Lit(false))),
            "Failed to compile expression in where clause: invalid comparison operator > for type boolean\n");
  EXPECT_EQ(Refused(Op("-", Lit("a"), Lit("b"))),
            "Failed to compile expression in where clause: invalid math operator - for type string\n");
}

// language.md 4.6: `"i" == (5 == 'a')`.
TEST(CheckConstants, TheWayDownIsTold) {
  EXPECT_EQ(Refused(Op("==", Ref("i"), Op("==", Lit(5), Lit("a")))),
            "Failed to compile expression in where clause: Failed to handle right node: mismatched type to binary "
            "operator. got int == string" +
                kSee);
  EXPECT_EQ(Refused(Not(Op("==", Lit(5), Lit("a")))),
            "Failed to compile expression in where clause: Failed to handle node: mismatched type to binary operator. "
            "got int == string" +
                kSee);
  EXPECT_EQ(Refused(Op(">", Call("max", {Ref("f"), Op("+", Lit(1), Lit(2.0))}), Lit(1.0))),
            "Failed to compile expression in where clause: Failed to handle left node: Failed to handle 2 argument: "
            "mismatched type to binary operator. got int + float" + kSee);
  EXPECT_EQ(Refused(Op("AND", Ref("b"), Nested(1, Op("==", Lit(5), Lit("a"))))),
            "Failed to compile expression in where clause: Failed to handle right node: Failed to handle node: "
            "mismatched type to binary operator. got int == string" + kSee);
}

TEST(CheckConstants, ResultsOfComparisonsAreConstantlyBoolean) {
  EXPECT_EQ(Refused(Op("+", Op(">", Ref("a"), Lit(1)), Lit(1))),
            "Failed to compile expression in where clause: invalid math operator + for type boolean\n");
  EXPECT_EQ(
      Refused(Op("==", Not(Ref("a")), Lit(1))),
      "Failed to compile expression in where clause: mismatched type to binary operator. got boolean == int" + kSee);
  EXPECT_EQ(
      Refused(Op("+", Neg(Op("*", Dur(1), Lit(2))), Lit(1))),
      "Failed to compile expression in where clause: mismatched type to binary operator. got duration + int" + kSee);
}

TEST(CheckConstants, CallsAndReferencesAreNot) {
  EXPECT_EQ(Refused(Op("+", Call("abs", {Lit(1.0)}), Lit("a"))), "");
  EXPECT_EQ(Refused(Op("+", Ref("a"), Lit("a"))), "");
  EXPECT_EQ(Refused(Not(Lit(5))), "");
  EXPECT_EQ(Refused(Neg(Lit("a"))), "");
}

TEST(CheckConstants, EachMistakeIsReportedInTheOrderOfEvaluation) {
  EXPECT_EQ(Refused(Op("AND", Op("==", Lit(1), Lit("a")), Op("<", Lit(true), Lit(false)))),
            "Failed to compile expression in where clause: Failed to handle left node: mismatched type to binary "
            "operator. got int == string" +
                kSee +
                "Failed to compile expression in where clause: Failed to handle right node: invalid comparison "
                "operator < for type boolean\n");
}

TEST(CheckConstants, AlertSaysWhichLevel) {
  ir::Graph graph = GraphOf(R"(ir 1 task stream dialect 1 raw
lambda @0 "1 + 'a'" { literals [1, "a"] body { %0 = literal 0 %1 = literal 1 %2 = binary "+" %0 %1 at 4:5 } }
node 0 "stream0" stream wants none provides stream parents [] {}
node 1 "alert1" alert wants stream provides stream parents [0] { property critReset (lambda @0) }
)");
  Source source{"test", "a + 'b' + c"};
  Diagnostics diagnostics(source);
  EXPECT_FALSE(Canonicalize(graph, diagnostics));
  ASSERT_EQ(diagnostics.all().size(), 1u);
  EXPECT_EQ(diagnostics.all()[0].kapacitor.substr(0, 60),
            "Failed to compile stateful expression for critReset: mismatc");
  EXPECT_EQ(diagnostics.all()[0].message, "`+` cannot take int and string");
  EXPECT_EQ(diagnostics.all()[0].range.begin, 4u);
}

TEST(CheckConstants, Dialect02LooksAtNothing) { EXPECT_EQ(Refused(Op("+", Lit(1), Lit("a")), "where", 2), ""); }

// --- folding -----------------------------------------------------------------------------------------

// The tree left, as its text prints it: "ref v; literal 0 = 3; binary >".
std::string Folded(const Tree &tree, const std::string &kind = "eval", uint8_t dialect = 1) {
  ir::Lambda lambda = Canonical(tree, kind, dialect);
  std::string out;
  for (const ir::Expr &expr : lambda.body) {
    if (!out.empty()) out += " ";
    switch (expr.op) {
      case ir::ExprOp::Ref: out += lambda.refs[expr.index]; break;
      case ir::ExprOp::Literal: {
        const ir::Literal &literal = lambda.literals[expr.index];
        out += literal.type == Type::Float ? std::to_string(literal.f)
               : literal.type == Type::String ? "'" + literal.s + "'"
               : literal.type == Type::Regex ? "/" + literal.s + "/"
               : literal.type == Type::Bool ? (literal.i ? "TRUE" : "FALSE")
                                            : std::to_string(literal.i);
        break;
      }
      case ir::ExprOp::Negate: out += "-"; break;
      case ir::ExprOp::Not: out += "!"; break;
      case ir::ExprOp::Binary: out += RowOf(expr.binary).spelling; break;
      case ir::ExprOp::Call: out += expr.function + "()"; break;
    }
  }
  return out;
}
// Under an operator with a reference, since a lambda that is all arithmetic stays as it is.
std::string FoldedRight(const Tree &tree) { return Folded(Op("==", Ref("v"), tree)).substr(2); }

TEST(FoldConstants, Arithmetic) {
  EXPECT_EQ(FoldedRight(Op("+", Lit(INT64_MAX), Lit(1))), std::to_string(INT64_MIN) + " ==");
  EXPECT_EQ(FoldedRight(Op("-", Lit(2), Lit(5))), "-3 ==");
  EXPECT_EQ(FoldedRight(Op("*", Lit(6), Lit(7))), "42 ==");
  EXPECT_EQ(FoldedRight(Op("/", Lit(1.0), Lit(4.0))), "0.250000 ==");
  EXPECT_EQ(FoldedRight(Op("/", Lit(1.0), Lit(0.0))), "inf ==");
  EXPECT_EQ(FoldedRight(Op("+", Lit("a"), Lit("b"))), "'ab' ==");
  EXPECT_EQ(FoldedRight(Op("*", Dur(60), Lit(3))), "180 ==");
  EXPECT_EQ(FoldedRight(Op("*", Lit(1.5), Dur(3))), "4 ==");
  EXPECT_EQ(FoldedRight(Op("/", Dur(10), Lit(4.0))), "2 ==");
  EXPECT_EQ(FoldedRight(Op("/", Dur(1), Lit(0.0))), std::to_string(INT64_MIN) + " ==");
  EXPECT_EQ(FoldedRight(Neg(Neg(Lit(5)))), "5 ==");
  EXPECT_EQ(FoldedRight(Neg(Lit(INT64_MIN))), std::to_string(INT64_MIN) + " ==");
  EXPECT_EQ(FoldedRight(Neg(Lit(2.5))), "-2.500000 ==");
  EXPECT_EQ(FoldedRight(Neg(Lit(true))), "FALSE ==");
}

TEST(FoldConstants, ComparisonsAndLogic) {
  EXPECT_EQ(FoldedRight(Op("==", Lit(int64_t{9007199254740993}), Lit(9007199254740992.0))), "TRUE ==");
  EXPECT_EQ(FoldedRight(Op("==", Lit(int64_t{9007199254740993}), Lit(int64_t{9007199254740992}))), "FALSE ==");
  EXPECT_EQ(FoldedRight(Op("!=", Op("/", Lit(0.0), Lit(0.0)), Lit(1.0))), "TRUE ==");
  EXPECT_EQ(FoldedRight(Op("<", Lit("a"), Lit("b"))), "TRUE ==");
  EXPECT_EQ(FoldedRight(Op("OR", Not(Lit(true)), Op("AND", Lit(true), Lit(true)))), "TRUE ==");
}

TEST(FoldConstants, WhatFailsForSomeValuesStays) {
  EXPECT_EQ(FoldedRight(Op("/", Lit(6), Lit(2))), "6 2 / ==");
  EXPECT_EQ(FoldedRight(Op("%", Lit(6), Lit(4))), "6 4 % ==");
  EXPECT_EQ(FoldedRight(Op("/", Dur(6), Dur(2))), "6 2 / ==");
}

TEST(FoldConstants, CallsReferencesAndRegexesStay) {
  EXPECT_EQ(FoldedRight(Op("+", Call("count"), Op("+", Lit(1), Lit(2)))), "count() 3 + ==");
  EXPECT_EQ(FoldedRight(Op("=~", Lit("a"), Regex("b"))), "'a' /b/ =~ ==");
}

TEST(FoldConstants, MessagesQuoteArgumentsAsWritten) {
  EXPECT_EQ(FoldedRight(Call("abs", {Op("+", Lit(1.0), Lit(2.0))})), "1.000000 2.000000 + abs() ==");
}

TEST(FoldConstants, ArithmeticThatOughtToBeBooleanIsRefusedAsArithmetic) {
  EXPECT_EQ(Folded(Op("+", Lit(1), Lit(2)), "where"), "1 2 +");
  EXPECT_EQ(Folded(Not(Op("+", Lit(1), Lit(2))), "where"), "1 2 + !");
  EXPECT_EQ(Folded(Op("<", Lit(1), Lit(2)), "where"), "TRUE");
}

TEST(FoldConstants, LeavesNoLiteralBehind) {
  ir::Lambda lambda = Canonical(Op(">", Ref("v"), Op("*", Lit(2), Lit(30))), "where");
  ASSERT_EQ(lambda.literals.size(), 1u);
  EXPECT_EQ(lambda.literals[0].i, 60);
}

TEST(FoldConstants, Dialect02IsLeftAsWritten) {
  EXPECT_EQ(Folded(Op(">", Ref("v"), Neg(Lit(1))), "where", 2), "v 1 - >");
}

// Scripts that differ in values share code, whatever is folded.
TEST(FoldConstants, DependsOnTypesOnly) {
  auto hash = [](const Tree &tree) {
    ir::Graph graph = TaskOf(tree);
    Source source{"test", ""};
    Diagnostics diagnostics(source);
    EXPECT_TRUE(Canonicalize(graph, diagnostics));
    return ir::CodeHash(graph);
  };
  EXPECT_EQ(hash(Op("/", Ref("v"), Op("-", Lit(3), Lit(3)))), hash(Op("/", Ref("v"), Op("-", Lit(5), Lit(1)))));
  EXPECT_EQ(hash(Op("/", Op("/", Lit(3), Lit(0)), Ref("v"))), hash(Op("/", Op("/", Lit(3), Lit(7)), Ref("v"))));
}

}  // namespace
}  // namespace tick
