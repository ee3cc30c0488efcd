// Columns, blocks and the overlays of a task.
#include <gtest/gtest.h>

#include "runtime/data/column_builder.h"

namespace tick {
namespace {

const Series *M() { return InternSeries(InternOrigin("db", "rp"), Intern("m"), {}); }
Name N(const char *text) { return Intern(text); }

TEST(ColumnBuilder, OneTypeInEveryRowNeedsNoTypes) {
  Arena arena;
  ColumnBuilder builder(arena, 3, 3);
  for (uint32_t row = 0; row < 3; ++row) builder.set(row, MakeFloat(row));
  Column column = builder.finish();
  EXPECT_EQ(column.types, nullptr);
  EXPECT_EQ(column.type, Type::Float);
  EXPECT_EQ(column.at(2).as.f, 2);
}

TEST(ColumnBuilder, SelectedRowsAloneDecideWhetherItIsUniform) {
  Arena arena;
  ColumnBuilder builder(arena, 5, 2);
  builder.set(1, MakeInt(10));
  builder.set(4, MakeInt(40));
  EXPECT_EQ(builder.finish().types, nullptr);
}

TEST(ColumnBuilder, MixedTypesAndGaps) {
  Arena arena;
  ColumnBuilder builder(arena, 4, 4);
  builder.set(0, MakeInt(1));
  builder.set(2, MakeString("x"));
  builder.set(3, MakeBool(true));
  Column column = builder.finish();
  EXPECT_EQ(column.type_at(0), Type::Int);
  EXPECT_EQ(column.type_at(1), Type::Missing);
  EXPECT_EQ(StringOf(column.at(2)), "x");
  EXPECT_TRUE(column.at(3).as.b);
}

TEST(ColumnBuilder, NothingSetIsAbsent) {
  Arena arena;
  EXPECT_TRUE(ColumnBuilder(arena, 4, 4).finish().absent());
}

TEST(RowBlock, ColumnsOfWholePoints) {
  RowBlock block;
  std::string text = "gone soon";
  block.add(M(), 1, {{N("a"), MakeFloat(1)}, {N("s"), MakeString(text)}});
  text = "overwritten";
  block.add(M(), 2, {{N("a"), MakeInt(2)}});
  EXPECT_EQ(block.column(N("a")).type_at(0), Type::Float);
  EXPECT_EQ(block.column(N("a")).type_at(1), Type::Int);
  EXPECT_EQ(StringOf(block.column(N("s")).at(0)), "gone soon");
  EXPECT_EQ(block.column(N("s")).type_at(1), Type::Missing);
  EXPECT_TRUE(block.column(N("none")).absent());
}

class Overlays : public testing::Test {
 protected:
  void SetUp() override {
    block.add(M(), 1, {{N("a"), MakeInt(1)}, {N("b"), MakeInt(2)}});
    frame.block = &block;
    frame.rows = rows;
    frame.overlay = &layer;
  }
  Column uniform(int64_t *value) { return UniformColumn(Type::Int, value); }
  std::string shown() {
    Fields fields;
    frame.fields(0, fields);
    std::string text;
    for (const Field &field : fields) text += *field.name + "=" + std::to_string(field.value.as.i) + " ";
    return text;
  }
  RowBlock block;
  uint32_t rows[1] = {0};
  Overlay layer;
  Frame frame;
  int64_t ten = 10, twenty = 20;
};

TEST_F(Overlays, AddReplaceAndHide) {
  layer.columns = {{N("c"), uniform(&ten)}, {N("a"), uniform(&twenty)}};
  layer.hidden = {N("b")};
  EXPECT_EQ(shown(), "a=20 c=10 ");
  EXPECT_EQ(frame.column(N("a")).at(0).as.i, 20);
  EXPECT_TRUE(frame.column(N("b")).absent());
}

TEST_F(Overlays, AClosedLayerIsAllThereIs) {
  layer.closed = true;
  layer.columns = {{N("c"), uniform(&ten)}};
  EXPECT_EQ(shown(), "c=10 ");
  EXPECT_TRUE(frame.column(N("a")).absent());
}

TEST_F(Overlays, TheNearestWins) {
  Overlay upper;
  upper.base = &layer;
  upper.hidden = {N("a")};
  upper.columns = {{N("b"), uniform(&ten)}};
  layer.columns = {{N("a"), uniform(&twenty)}, {N("b"), uniform(&twenty)}};
  frame.overlay = &upper;
  EXPECT_EQ(shown(), "b=10 ");
  // A layer that replaces what one below it hid.
  upper.hidden.clear();
  layer.hidden = {N("b")};
  layer.columns.clear();
  EXPECT_EQ(shown(), "a=1 b=10 ");
}

TEST_F(Overlays, AMissingValueInALayerRemovesTheField) {
  Arena arena;
  layer.columns = {{N("a"), ColumnBuilder(arena, 1, 1).finish()}};
  EXPECT_EQ(shown(), "b=2 ");
}

}  // namespace
}  // namespace tick
