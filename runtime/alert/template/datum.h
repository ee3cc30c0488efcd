// datum.h - the values templates work on.
//
// A Datum is small, copied freely and owns nothing: strings, maps, lists and structs belong to the data a
// template runs over, or to the run's scratch memory. Its kind stands for a Go type, whose name messages show.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "runtime/data/block.h"
#include "runtime/data/series.h"

namespace tick::tmpl {

enum class Kind : uint8_t {
  None,  // nil, or nothing at all
  Bool,
  Int,
  Int64,
  Byte,
  Float,
  String,
  Time,
  Duration,
  Enum,  // a number with names: Month, Weekday, alert levels
  Struct,
  Map,
  List
};

// What a string is known to be safe as: the types of Go's html/template.
enum class Content : uint8_t { Plain, Html, Js };

struct Datum;

// A map from strings, in key order.
class MapSource {
 public:
  virtual ~MapSource() = default;
  virtual size_t size() const = 0;
  virtual std::string_view key(size_t i) const = 0;
  virtual Datum value(size_t i) const = 0;
  // False: no such key.
  virtual bool find(std::string_view key, Datum *out) const = 0;
  virtual bool of_strings() const = 0;  // map[string]string, else map[string]interface {}
};

class ListSource {
 public:
  virtual ~ListSource() = default;
  virtual size_t size() const = 0;
  virtual Datum value(size_t i) const = 0;
  virtual std::string_view go_type() const = 0;  // "[]string"
};

struct StructField {
  std::string_view name;
  Datum (*get)(const void *self);
  bool embedded = false;       // its own fields are seen as if they were here
  std::string_view json = "";  // key in JSON; "" is the name
};
struct StructType {
  std::string_view go_name;  // "kapacitor.messageInfo"
  std::span<const StructField> fields;
};
struct EnumType {
  std::string_view go_name;
  std::span<const std::string_view> names;
  int64_t first = 0;  // number of names[0]
};

struct Datum {
  Kind kind = Kind::None;
  Content content = Content::Plain;
  bool local = false;  // Time: shown in the process's zone
  bool boxed = false;  // came out of a map[string]interface {}: its static type is interface {}
  union {
    bool b;
    int64_t i;  // also nanoseconds of times and durations
    double f;
    tick_string s;
    const MapSource *map;
    const ListSource *list;
    const void *object;
  };
  union {
    const StructType *type = nullptr;  // Struct
    const EnumType *names;             // Enum
  };

  Datum() : i(0) {}
  bool none() const { return kind == Kind::None; }
  std::string_view text() const { return {s.data, s.size}; }

  static Datum Bool(bool b);
  static Datum Int(int64_t i);
  static Datum Int64(int64_t i);
  static Datum Byte(uint8_t i);
  static Datum Float(double f);
  static Datum String(std::string_view s, Content content = Content::Plain);
  static Datum Time(int64_t ns, bool local = false);
  static Datum Duration(int64_t ns);
  static Datum Enum(const EnumType &names, int64_t i);
  static Datum Struct(const StructType &type, const void *object);
  static Datum Map(const MapSource &map);
  static Datum List(const ListSource &list);
  static Datum Of(const Value &value);  // a field's value
};

// "int64", "map[string]string", "time.Duration"; "<nil>" for None.
std::string GoType(const Datum &datum);
// What `if` makes of it: false, zero, empty and nothing are false.
bool Truth(const Datum &datum);
// The field of a struct, embedded ones included; null: it has none of that name.
const StructField *FindStructField(const StructType &type, std::string_view name, const void **object);
// The name of an Enum's number.
std::string EnumName(const Datum &datum);

// Tags and fields as maps.
class TagsMap final : public MapSource {
 public:
  explicit TagsMap(const Tags &tags) : tags_(tags) {}
  size_t size() const override { return tags_.size(); }
  std::string_view key(size_t i) const override { return *tags_[i].key; }
  Datum value(size_t i) const override { return Datum::String(tags_[i].value); }
  bool find(std::string_view key, Datum *out) const override;
  bool of_strings() const override { return true; }

 private:
  const Tags &tags_;
};

class FieldsMap final : public MapSource {
 public:
  explicit FieldsMap(const Fields &fields) : fields_(fields) {}
  size_t size() const override { return fields_.size(); }
  std::string_view key(size_t i) const override { return *fields_[i].name; }
  Datum value(size_t i) const override { return Datum::Of(fields_[i].value); }
  bool find(std::string_view key, Datum *out) const override;
  bool of_strings() const override { return false; }

 private:
  const Fields &fields_;
};

}  // namespace tick::tmpl
