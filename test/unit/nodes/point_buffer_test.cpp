// point_buffer_test.cpp - kept points: columns of any types, cut at the front, with strings of their own.
#include <gtest/gtest.h>

#include <deque>
#include <random>

#include "runtime/nodes/point_buffer.h"

namespace tick {
namespace {

const Series *ASeries() { return InternSeries(InternOrigin("d", "r"), Intern("m"), {}); }

TEST(PointBuffer, HoldsWhatWasSet) {
  PointBuffer buffer;
  buffer.append(1, ASeries());
  buffer.set(Intern("a"), MakeInt(1));
  buffer.append(2, ASeries());
  buffer.set(Intern("b"), MakeString("two"));
  buffer.set(Intern("a"), MakeFloat(2.5));
  buffer.append(3, ASeries());
  buffer.set_null(Intern("a"));
  Frame frame = buffer.frame();
  ASSERT_EQ(frame.rows.size(), 3u);
  EXPECT_EQ(frame.column(Intern("a")).at(0).as.i, 1);
  EXPECT_EQ(frame.column(Intern("a")).at(1).as.f, 2.5);
  EXPECT_EQ(StringOf(frame.column(Intern("b")).at(1)), "two");
  EXPECT_EQ(TypeOf(frame.column(Intern("b")).at(2)), Type::Missing);
  Fields fields;
  frame.fields(2, fields);
  ASSERT_EQ(fields.size(), 1u);  // there, without a value
  EXPECT_EQ(TypeOf(fields[0].value), Type::Missing);
}

TEST(PointBuffer, AColumnOfOneTypeSaysSo) {
  PointBuffer buffer;
  for (int i = 0; i < 10; ++i) {
    buffer.append(i, ASeries());
    buffer.set(Intern("a"), i < 3 ? MakeInt(i) : MakeFloat(i));
  }
  EXPECT_NE(buffer.frame().column(Intern("a")).types, nullptr);
  for (int i = 10; i < 100; ++i) {
    buffer.append(i, ASeries());
    buffer.set(Intern("a"), MakeFloat(i));
  }
  buffer.pop_front(80);
  Column column = buffer.frame().column(Intern("a"));
  EXPECT_EQ(column.types, nullptr);
  EXPECT_EQ(column.type, Type::Float);
}

TEST(PointBuffer, SettingTwiceKeepsTheLast) {
  PointBuffer buffer;
  buffer.append(1, ASeries());
  buffer.set(Intern("a"), MakeString("x"));
  buffer.set(Intern("a"), MakeInt(7));
  EXPECT_EQ(buffer.value(0, Intern("a")).as.i, 7);
}

// A long random life against a plain model.
TEST(PointBuffer, AgreesWithAModel) {
  std::mt19937 random(7);
  Name names[] = {Intern("a"), Intern("b"), Intern("c")};
  struct Model {
    int64_t time;
    std::string values[3];  // "" missing
  };
  std::deque<Model> model;
  PointBuffer buffer;
  for (int64_t step = 0; step < 20000; ++step) {
    if (random() % 3 || model.empty()) {
      Model point{step, {}};
      buffer.append(step, ASeries());
      for (int i = 0; i < 3; ++i) {
        switch (random() % 5) {
          case 0: buffer.set(names[i], MakeInt(step)); point.values[i] = "i" + std::to_string(step); break;
          case 1: {
            std::string text(random() % 300, static_cast<char>('a' + step % 26));
            buffer.set(names[i], MakeString(text));
            point.values[i] = "s" + text;
            break;
          }
          case 2: buffer.set(names[i], MakeBool(step % 2)); point.values[i] = step % 2 ? "t" : "f"; break;
          default: break;
        }
      }
      model.push_back(std::move(point));
    } else {
      size_t n = std::min<size_t>(random() % 40, model.size());
      buffer.pop_front(n);
      model.erase(model.begin(), model.begin() + static_cast<ptrdiff_t>(n));
    }
    ASSERT_EQ(buffer.count(), model.size());
    if (step % 50) continue;
    Frame frame = buffer.frame();
    for (size_t k = 0; k < model.size(); ++k) {
      uint32_t row = frame.rows[k];
      ASSERT_EQ(frame.times[row], model[k].time);
      for (int i = 0; i < 3; ++i) {
        Value value = frame.column(names[i]).at(row);
        std::string got;
        if (TypeOf(value) == Type::Int) got = "i" + std::to_string(value.as.i);
        else if (TypeOf(value) == Type::String) got = "s" + std::string(StringOf(value));
        else if (TypeOf(value) == Type::Bool) got = value.as.b ? "t" : "f";
        ASSERT_EQ(got, model[k].values[i]);
      }
    }
  }
}

TEST(PointBuffer, GivesMemoryOfStringsBack) {
  PointBuffer buffer;
  std::string text(100, 'x');
  for (int i = 0; i < 100000; ++i) {
    buffer.append(i, ASeries());
    buffer.set(Intern("s"), MakeString(text));
    if (i >= 100) buffer.pop_front(1);
  }
  EXPECT_LT(buffer.bytes(), 200000u);
}

TEST(PointBuffer, APointWithOneFieldIsSmall) {
  PointBuffer buffer;
  buffer.keep_only({Intern("v")});
  for (int i = 0; i < 100000; ++i) {
    buffer.append(i, ASeries());
    buffer.set(Intern("v"), MakeFloat(i));
    if (i >= 1440) buffer.pop_front(1);
  }
  EXPECT_LT(buffer.bytes() / 1440, 64u);  // a window of 4 h at a point every 10 s
}

}  // namespace
}  // namespace tick
