// json.cpp - template values as JSON, as Go's encoding/json writes them.
#include <cmath>

#include "runtime/alert/template/functions.h"
#include "runtime/text/go_float.h"
#include "runtime/text/go_json.h"
#include "runtime/text/go_time.h"

namespace tick::tmpl {
namespace {

bool Append(std::string *out, const Datum &datum);

// Embedded structs give their fields to the struct around them.
bool AppendFields(std::string *out, const Datum &datum, bool *more) {
  for (const StructField &field : datum.type->fields) {
    Datum value = field.get(datum.object);
    if (field.embedded) {
      if (!AppendFields(out, value, more)) return false;
      continue;
    }
    if (*more) *out += ',';
    *more = true;
    *out += '"';
    *out += field.json.empty() ? field.name : field.json;  // letters
    *out += "\":";
    if (!Append(out, value)) return false;
  }
  return true;
}

bool AppendMap(std::string *out, const MapSource &map) {
  *out += '{';
  for (size_t i = 0; i < map.size(); ++i) {
    if (i) *out += ',';
    AppendJsonString(*out, map.key(i));
    *out += ':';
    if (!Append(out, map.value(i))) return false;
  }
  *out += '}';
  return true;
}

bool AppendList(std::string *out, const ListSource &list) {
  *out += '[';
  for (size_t i = 0; i < list.size(); ++i) {
    if (i) *out += ',';
    if (!Append(out, list.value(i))) return false;
  }
  *out += ']';
  return true;
}

bool Append(std::string *out, const Datum &datum) {
  switch (datum.kind) {
    case Kind::None:
      *out += "null";
      return true;
    case Kind::Bool:
      *out += datum.b ? "true" : "false";
      return true;
    case Kind::Float:
      return AppendJsonFloat(*out, datum.f);
    case Kind::String:
      AppendJsonString(*out, datum.text());
      return true;
    case Kind::Time:
      *out += '"';
      AppendRfc3339(*out, datum.i);
      *out += '"';
      return true;
    case Kind::Struct: {
      bool more = false;
      *out += '{';
      if (!AppendFields(out, datum, &more)) return false;
      *out += '}';
      return true;
    }
    case Kind::Map:
      return AppendMap(out, *datum.map);
    case Kind::List:
      return AppendList(out, *datum.list);
    case Kind::Enum:
      // An alert's level is its name there; months and weekdays are numbers.
      if (!datum.names->go_name.starts_with("alert.")) break;
      AppendJsonString(*out, EnumName(datum));
      return true;
    default:
      break;
  }
  *out += std::to_string(datum.i);
  return true;
}

}  // namespace

bool AppendJson(std::string *out, const Datum &datum) {
  size_t start = out->size();
  if (Append(out, datum)) return true;
  out->resize(start);
  return false;
}

}  // namespace tick::tmpl
