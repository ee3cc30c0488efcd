// datum.cpp - making values, and what their Go types are called.
#include "runtime/alert/template/datum.h"

#include "runtime/text/go_float.h"

namespace tick::tmpl {
namespace {

Datum Make(Kind kind) {
  Datum datum;
  datum.kind = kind;
  return datum;
}
Datum Number(Kind kind, int64_t i) {
  Datum datum = Make(kind);
  datum.i = i;
  return datum;
}

}  // namespace

Datum Datum::Bool(bool b) {
  Datum datum = Make(Kind::Bool);
  datum.b = b;
  return datum;
}
Datum Datum::Int(int64_t i) { return Number(Kind::Int, i); }
Datum Datum::Int64(int64_t i) { return Number(Kind::Int64, i); }
Datum Datum::Byte(uint8_t i) { return Number(Kind::Byte, i); }
Datum Datum::Float(double f) {
  Datum datum = Make(Kind::Float);
  datum.f = f;
  return datum;
}
Datum Datum::String(std::string_view s, Content content) {
  Datum datum = Make(Kind::String);
  datum.content = content;
  datum.s = {s.data(), s.size()};
  return datum;
}
Datum Datum::Time(int64_t ns, bool local) {
  Datum datum = Number(Kind::Time, ns);
  datum.local = local;
  return datum;
}
Datum Datum::Duration(int64_t ns) { return Number(Kind::Duration, ns); }
Datum Datum::Enum(const EnumType &names, int64_t i) {
  Datum datum = Number(Kind::Enum, i);
  datum.names = &names;
  return datum;
}
Datum Datum::Struct(const StructType &type, const void *object) {
  Datum datum = Make(Kind::Struct);
  datum.object = object;
  datum.type = &type;
  return datum;
}
Datum Datum::Map(const MapSource &map) {
  Datum datum = Make(Kind::Map);
  datum.map = &map;
  return datum;
}
Datum Datum::List(const ListSource &list) {
  Datum datum = Make(Kind::List);
  datum.list = &list;
  return datum;
}

Datum Datum::Of(const Value &value) {
  switch (TypeOf(value)) {
    case Type::Bool:
      return Bool(value.as.b);
    case Type::Int:
      return Int64(value.as.i);
    case Type::Float:
      return Float(value.as.f);
    case Type::String:
      return String(StringOf(value));
    case Type::Time:
      return Time(value.as.i);
    case Type::Duration:
      return Duration(value.as.i);
    default:
      return {};
  }
}

std::string GoType(const Datum &datum) {
  switch (datum.kind) {
    case Kind::None:
      return "<nil>";
    case Kind::Bool:
      return "bool";
    case Kind::Int:
      return "int";
    case Kind::Int64:
      return "int64";
    case Kind::Byte:
      return "uint8";
    case Kind::Float:
      return "float64";
    case Kind::String:
      return datum.content == Content::Js ? "template.JS" : datum.content == Content::Html ? "template.HTML" : "string";
    case Kind::Time:
      return "time.Time";
    case Kind::Duration:
      return "time.Duration";
    case Kind::Enum:
      return std::string(datum.names->go_name);
    case Kind::Struct:
      return std::string(datum.type->go_name);
    case Kind::Map:
      return datum.map->of_strings() ? "map[string]string" : "map[string]interface {}";
    case Kind::List:
      return std::string(datum.list->go_type());
  }
  return "";
}

bool Truth(const Datum &datum) {
  switch (datum.kind) {
    case Kind::None:
      return false;
    case Kind::Bool:
      return datum.b;
    case Kind::Float:
      return datum.f != 0;
    case Kind::String:
      return datum.s.size != 0;
    case Kind::Map:
      return datum.map->size() != 0;
    case Kind::List:
      return datum.list->size() != 0;
    case Kind::Time:
    case Kind::Struct:
      return true;
    default:
      return datum.i != 0;
  }
}

const StructField *FindStructField(const StructType &type, std::string_view name, const void **object) {
  for (const StructField &field : type.fields)
    if (!field.embedded && field.name == name) return &field;
  for (const StructField &field : type.fields) {
    if (!field.embedded) continue;
    Datum inner = field.get(*object);
    const void *inner_object = inner.object;
    if (const StructField *found = FindStructField(*inner.type, name, &inner_object)) {
      *object = inner_object;
      return found;
    }
  }
  return nullptr;
}

std::string EnumName(const Datum &datum) {
  int64_t at = datum.i - datum.names->first;
  if (at >= 0 && static_cast<size_t>(at) < datum.names->names.size())
    return std::string(datum.names->names[static_cast<size_t>(at)]);
  return "%!" + std::string(datum.names->go_name) + "(" + std::to_string(datum.i) + ")";
}

bool TagsMap::find(std::string_view key, Datum *out) const {
  for (const Tag &tag : tags_)
    if (*tag.key == key) {
      *out = Datum::String(tag.value);
      return true;
    }
  return false;
}

bool FieldsMap::find(std::string_view key, Datum *out) const {
  for (const Field &field : fields_)
    if (*field.name == key) {
      *out = Datum::Of(field.value);
      return true;
    }
  return false;
}

}  // namespace tick::tmpl
