// parse_tree_test.cpp - what the tree holds: values, positions, precedence, comments, and the choice of dialect.
#include <gtest/gtest.h>

#include "frontend/ast/format.h"
#include "frontend/parse/parse.h"

namespace tick {
namespace {

std::unique_ptr<ast::Program> Read(const std::string &script, DialectChoice dialect = DialectChoice::Automatic) {
  static std::vector<std::unique_ptr<Source>> sources;
  sources.push_back(std::make_unique<Source>(Source{"x.tick", script}));
  Diagnostics diagnostics(*sources.back());
  std::unique_ptr<ast::Program> program = Parse(*sources.back(), diagnostics, dialect);
  EXPECT_NE(program, nullptr) << diagnostics.text();
  return program;
}

// The value of the script's only statement, a variable.
template <class T>
const T &Value(const ast::Program &program) {
  const auto *var = ast::As<ast::VarDeclNode>(program.statements[0].get());
  const T *value = var ? ast::As<T>(var->value.get()) : nullptr;
  if (!value) throw std::runtime_error("another kind of value");
  return *value;
}

// Every operator in parentheses.
std::string Grouped(const ast::Node &node) {
  if (const auto *binary = ast::As<ast::BinaryNode>(&node))
    return "(" + Grouped(*binary->left) + std::string(RowOf(binary->op).spelling) + Grouped(*binary->right) + ")";
  if (const auto *unary = ast::As<ast::UnaryNode>(&node)) return (unary->negate ? "-" : "!") + Grouped(*unary->operand);
  return FormatExpr(node);
}
std::string Modern(const std::string &expr) { return Grouped(*Value<ast::LambdaNode>(*Read("var x = lambda: " + expr)).body); }
std::string Dotted(const std::string &expr) {
  return Grouped(Value<ast::BinaryNode>(*Read("var x = (" + expr + ")", DialectChoice::Dotted)));
}

TEST(Tree, ModernOperatorsBindLeft) {
  EXPECT_EQ(Modern("1 - 2 - 3"), "((1-2)-3)");
  EXPECT_EQ(Modern("1 + 2 * 3 - 4"), "((1+(2*3))-4)");
  EXPECT_EQ(Modern("1 < 2 == 3 < 4"), "((1<2)==(3<4))");
  EXPECT_EQ(Modern("a OR b AND c == d"), "(aOR(bAND(c==d)))");
  EXPECT_EQ(Modern("-1 + 2"), "(-1+2)");
  EXPECT_EQ(Modern("!a == b"), "(!a==b)");
  EXPECT_EQ(Modern("-f(1)*2"), "(-f(1)*2)");
  EXPECT_EQ(Modern("- -5 - -5"), "(--5--5)");
}

TEST(Tree, DottedOperatorsBindRight) {
  EXPECT_EQ(Dotted("1 - 2 - 3"), "(1-(2-3))");
  EXPECT_EQ(Dotted("10 / 5 * 2"), "(10/(5*2))");
  EXPECT_EQ(Dotted("1 - 2 + 3"), "(1-(2+3))");
  EXPECT_EQ(Dotted("2 * 3 - 4 + 5"), "((2*3)-(4+5))");
  EXPECT_EQ(Dotted("1 + 2 * 3 - 4"), "(1+((2*3)-4))");
}

TEST(Tree, Numbers) {
  EXPECT_EQ(Value<ast::NumberNode>(*Read("var x = 010")).int_value, 8);
  EXPECT_TRUE(Value<ast::NumberNode>(*Read("var x = 010")).octal);
  EXPECT_EQ(Value<ast::NumberNode>(*Read("var x = 010", DialectChoice::Dotted)).int_value, 10);
  EXPECT_EQ(Value<ast::NumberNode>(*Read("var x = 9223372036854775807")).int_value, INT64_MAX);
  EXPECT_DOUBLE_EQ(Value<ast::NumberNode>(*Read("var x = .5")).float_value, 0.5);
  EXPECT_DOUBLE_EQ(Value<ast::NumberNode>(*Read("var x = 1.")).float_value, 1.0);
  const auto program = Read("var x = 99999999999999999999", DialectChoice::Dotted);
  EXPECT_FALSE(Value<ast::NumberNode>(*program).is_int);
  EXPECT_DOUBLE_EQ(Value<ast::NumberNode>(*program).float_value, 1e20);
}

TEST(Tree, Durations) {
  EXPECT_EQ(Value<ast::DurationNode>(*Read("var x = 5u")).ns, 5'000);
  EXPECT_EQ(Value<ast::DurationNode>(*Read("var x = 5\xc2\xb5")).ns, 5'000);
  EXPECT_EQ(Value<ast::DurationNode>(*Read("var x = 5ms")).ns, 5'000'000);
  EXPECT_EQ(Value<ast::DurationNode>(*Read("var x = 2w")).ns, 1'209'600'000'000'000);
  EXPECT_EQ(Value<ast::DurationNode>(*Read("var x = 99999999999w")).ns, static_cast<int64_t>(99999999999ull * 604800000000000ull));
}

TEST(Tree, QuotedTexts) {
  EXPECT_EQ(Value<ast::StringNode>(*Read(R"(var x = 'it\'s \n \\ ok')")).value, R"(it's \n \\ ok)");
  EXPECT_EQ(Value<ast::StringNode>(*Read("var x = '''a'b''c'''")).value, "a'b''c");
  EXPECT_EQ(Value<ast::StringNode>(*Read("var x = ''''''")).value, "");
  EXPECT_TRUE(Value<ast::StringNode>(*Read("var x = ''''''")).triple);
  EXPECT_EQ(Value<ast::RegexNode>(*Read(R"(var x = /a\/b\d/)")).pattern, R"(a/b\d)");
  EXPECT_EQ(Value<ast::RegexNode>(*Read(R"(var x = /a\/b\d/)")).raw, R"(a\/b\d)");
  EXPECT_EQ(Value<ast::RegexNode>(*Read("var x = // c\n5")).pattern, "");
  EXPECT_EQ(Value<ast::ReferenceNode>(*Read(R"(var x = "a\"b\c")")).name, R"(a"b\c)");
}

TEST(Tree, PositionsAreTheReferences) {
  const auto program = Read("var x = lambda: (\"a\" +\n 1) > f(2)");
  const auto &lambda = Value<ast::LambdaNode>(*program);
  EXPECT_EQ(lambda.at, 8u);
  const auto *greater = ast::As<ast::BinaryNode>(lambda.body.get());
  EXPECT_EQ(greater->at, 27u);
  EXPECT_FALSE(greater->parens);
  const auto *plus = ast::As<ast::BinaryNode>(greater->left.get());
  EXPECT_EQ(plus->at, 21u);
  EXPECT_TRUE(plus->parens);
  EXPECT_TRUE(plus->multi_line);
  EXPECT_EQ(plus->range.begin, 16u);
  EXPECT_EQ(plus->range.end, 26u);
  const auto chain = Read("stream|from()@udf().size(10)");
  const auto *size = ast::As<ast::ChainNode>(chain->statements[0].get());
  EXPECT_EQ(size->op, '.');
  EXPECT_EQ(size->at, 19u);
  EXPECT_EQ(ast::As<ast::CallNode>(size->right.get())->at, 20u);
  EXPECT_EQ(ast::As<ast::ChainNode>(size->left.get())->op, '@');
}

TEST(Tree, ArgumentsBreakWhenANewlineIsBeforeTheLastOne) {
  auto breaks = [](const char *script) { return ast::As<ast::CallNode>(Read(script)->statements[0].get())->multi_line; };
  EXPECT_TRUE(breaks("f(\n1)"));
  EXPECT_TRUE(breaks("f(1,\n2)"));
  EXPECT_FALSE(breaks("f(1, 2\n)"));
  EXPECT_FALSE(breaks("f(\n)"));
  EXPECT_FALSE(breaks("f(lambda: 1 +\n2)"));
  EXPECT_FALSE(breaks("f(x\n|g())"));
}

TEST(Tree, CommentsBelongToWhatFollows) {
  const auto program = Read("// one\n\n// two\nvar x // name\n int\n// end");
  const auto *decl = ast::As<ast::TypeDeclNode>(program->statements[0].get());
  ASSERT_TRUE(decl->comment);
  ASSERT_EQ(decl->comment->lines.size(), 3u);
  EXPECT_EQ(decl->comment->lines[0].text, "one");
  EXPECT_TRUE(decl->comment->lines[1].blank_marker);
  EXPECT_EQ(decl->comment->lines[2].text, "two");
  EXPECT_EQ(decl->type_comment->lines[0].text, "name");
  EXPECT_EQ(program->statements[1]->kind, ast::Kind::CommentStmt);
}

TEST(Dialect, IsChosenByWhatFollowsTheSource) {
  auto dotted = [](const char *script) { return Read(script)->dialect == ast::Dialect::Dotted; };
  EXPECT_TRUE(dotted("stream.from().measurement('x')"));
  EXPECT_TRUE(dotted("stream\n    .from()\n"));
  EXPECT_TRUE(dotted("var b = batch\n .query('SELECT')\nb.httpOut('x')"));
  EXPECT_TRUE(dotted("var s = stream\ns.from()"));
  EXPECT_FALSE(dotted("stream|from().measurement('x')"));
  EXPECT_FALSE(dotted("stream.from()|alert()"));
  EXPECT_FALSE(dotted("stream@udf()"));
  EXPECT_FALSE(dotted("dbrp \"a\".\"b\" stream.from()"));
  EXPECT_FALSE(dotted("var x int stream.from()"));
  EXPECT_FALSE(dotted("var l = lambda: 1 stream.from()"));
  EXPECT_FALSE(dotted("x.stream.from()"));
  EXPECT_FALSE(dotted(""));
}

TEST(Tokens, DependOnTheTokenBefore) {
  Source source{"x", "a / b /c/ [*] * 2 =~ /x/"};
  EXPECT_EQ(DumpTokens(source),
            "1:1 identifier a\n1:3 operator /\n1:5 identifier b\n1:7 operator /\n1:8 identifier c\n1:9 operator /\n"
            "1:11 open-bracket [\n1:12 star *\n1:13 close-bracket ]\n1:15 star *\n1:17 number 2\n1:19 operator =~\n"
            "1:22 regex /x/\n1:25 end\n");
}

}  // namespace
}  // namespace tick
