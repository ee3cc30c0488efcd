// functions.cpp - Go's predefined template functions.
//
// Errors are the texts Go's functions return; the executor puts "error calling NAME" before them.
#include "runtime/alert/template/functions.h"

#include "runtime/alert/template/escape.h"
#include "runtime/alert/template/print.h"

namespace tick::tmpl {
namespace {

// --- comparisons: only values of one basic kind compare

enum class Basic : uint8_t { None, Bool, Int, Uint, Float, String };

Basic BasicKind(const Datum &datum) {
  switch (datum.kind) {
    case Kind::Bool:
      return Basic::Bool;
    case Kind::Int:
    case Kind::Int64:
    case Kind::Duration:
    case Kind::Enum:
      return Basic::Int;
    case Kind::Byte:
      return Basic::Uint;
    case Kind::Float:
      return Basic::Float;
    case Kind::String:
      return Basic::String;
    default:
      return Basic::None;
  }
}

constexpr const char *kBadType = "invalid type for comparison";
constexpr const char *kIncompatible = "incompatible types for comparison";

std::string TextOf(const Datum &datum) {
  std::string text;
  Print(text, datum);
  return text;
}

bool Whole(Basic basic) { return basic == Basic::Int || basic == Basic::Uint; }

// Values that are no basic kind: nothing equals nothing, times by what they say; maps and lists do not compare.
bool EqualOther(Call &call, const Datum &a, const Datum &b) {
  if (a.none() || b.none()) return a.none() && b.none();
  if (a.kind != b.kind) {
    call.error = "non-comparable types " + TextOf(a) + ": " + GoType(a) + ", " + GoType(b) + ": " + TextOf(b);
    return false;
  }
  switch (a.kind) {
    case Kind::Time:
      return a.i == b.i && a.local == b.local;
    case Kind::Struct:
      return a.object == b.object;
    default:
      call.error = "non-comparable type " + TextOf(b) + ": " + GoType(b);
      return false;
  }
}

bool Equal(Call &call, const Datum &a, const Datum &b) {
  Basic x = BasicKind(a), y = BasicKind(b);
  if (Whole(x) && Whole(y)) return a.i == b.i;
  if (x != y) {
    if (!a.none() && !b.none()) call.error = kIncompatible;
    return false;
  }
  switch (x) {
    case Basic::Bool:
      return a.b == b.b;
    case Basic::Float:
      return a.f == b.f;
    case Basic::String:
      return a.text() == b.text();
    default:
      return EqualOther(call, a, b);
  }
}

bool Less(Call &call, const Datum &a, const Datum &b) {
  Basic x = BasicKind(a), y = BasicKind(b);
  if (x == Basic::None || y == Basic::None) {
    call.error = kBadType;
    return false;
  }
  if (Whole(x) && Whole(y)) return a.i < b.i;
  if (x != y) {
    call.error = kIncompatible;
    return false;
  }
  switch (x) {
    case Basic::Float:
      return a.f < b.f;
    case Basic::String:
      return a.text() < b.text();
    default:
      call.error = kBadType;
      return false;
  }
}

Datum Eq(Call &call) {
  if (call.args.size() < 2) return call.fail("missing argument for comparison");
  for (const Datum &arg : call.args.subspan(1)) {
    bool equal = Equal(call, call.args[0], arg);
    if (!call.error.empty()) return {};
    if (equal) return Datum::Bool(true);
  }
  return Datum::Bool(false);
}
Datum Ne(Call &call) { return Datum::Bool(!Equal(call, call.args[0], call.args[1])); }
Datum Lt(Call &call) { return Datum::Bool(Less(call, call.args[0], call.args[1])); }
bool LessOrEqual(Call &call) {
  bool less = Less(call, call.args[0], call.args[1]);
  if (less || !call.error.empty()) return less;
  return Equal(call, call.args[0], call.args[1]);
}
Datum Le(Call &call) { return Datum::Bool(LessOrEqual(call)); }
Datum Gt(Call &call) { return Datum::Bool(!LessOrEqual(call)); }
Datum Ge(Call &call) { return Datum::Bool(!Less(call, call.args[0], call.args[1])); }
Datum Not(Call &call) { return Datum::Bool(!Truth(call.args[0])); }

// --- parts of values

// An index into something of `size` elements; `most`: the largest allowed. -1: the error is set.
int64_t IndexArg(Call &call, const Datum &index, size_t most) {
  if (index.none()) {
    call.error = "cannot index slice/array with nil";
    return -1;
  }
  if (!Whole(BasicKind(index))) {
    call.error = "cannot index slice/array with type " + GoType(index);
    return -1;
  }
  if (index.i < 0 || static_cast<uint64_t>(index.i) > most) {
    call.error = "index out of range: " + std::to_string(index.i);
    return -1;
  }
  return index.i;
}

Datum IndexMap(Call &call, const MapSource &map, const Datum &index) {
  if (index.none()) return call.fail("value is nil; should be of type string");
  if (index.kind != Kind::String || index.content != Content::Plain)
    return call.fail("value has type " + GoType(index) + "; should be string");
  Datum found;
  if (map.find(index.text(), &found)) return found;
  return map.of_strings() ? Datum::String("") : Datum();
}

Datum Index(Call &call) {
  Datum item = call.args[0];
  if (item.none()) return call.fail("index of untyped nil");
  for (const Datum &index : call.args.subspan(1)) {
    switch (item.kind) {
      case Kind::Map:
        item = IndexMap(call, *item.map, index);
        break;
      case Kind::List:
      case Kind::String: {
        size_t size = item.kind == Kind::List ? item.list->size() : item.s.size;
        int64_t at = IndexArg(call, index, size);
        if (at < 0) return {};
        if (static_cast<size_t>(at) == size)
          return call.fail(item.kind == Kind::List ? "reflect: slice index out of range"
                                                   : "reflect: string index out of range");
        item = item.kind == Kind::List ? item.list->value(static_cast<size_t>(at))
                                       : Datum::Byte(static_cast<uint8_t>(item.s.data[at]));
        break;
      }
      case Kind::None:
        return call.fail("index of nil pointer");
      default:
        return call.fail("can't index item of type " + GoType(item));
    }
    if (!call.error.empty()) return {};
  }
  return item;
}

class SubList final : public ListSource {
 public:
  SubList(const ListSource &list, size_t from, size_t to) : list_(list), from_(from), size_(to - from) {}
  size_t size() const override { return size_; }
  Datum value(size_t i) const override { return list_.value(from_ + i); }
  std::string_view go_type() const override { return list_.go_type(); }

 private:
  const ListSource &list_;
  size_t from_, size_;
};

Datum Slice(Call &call) {
  const Datum &item = call.args[0];
  std::span<const Datum> indexes = call.args.subspan(1);
  if (item.none()) return call.fail("slice of untyped nil");
  if (indexes.size() > 3) return call.fail("too many slice indexes: " + std::to_string(indexes.size()));
  if (item.kind == Kind::String && indexes.size() == 3) return call.fail("cannot 3-index slice a string");
  if (item.kind != Kind::String && item.kind != Kind::List)
    return call.fail("can't slice item of type " + GoType(item));
  size_t size = item.kind == Kind::String ? item.s.size : item.list->size();
  int64_t bounds[3] = {0, static_cast<int64_t>(size), static_cast<int64_t>(size)};
  for (size_t i = 0; i < indexes.size(); ++i)
    if ((bounds[i] = IndexArg(call, indexes[i], size)) < 0) return {};
  for (int i = 0; i < 2; ++i)
    if (bounds[i] > bounds[i + 1])
      return call.fail("invalid slice index: " + std::to_string(bounds[i]) + " > " + std::to_string(bounds[i + 1]));
  size_t from = static_cast<size_t>(bounds[0]), to = static_cast<size_t>(bounds[1]);
  if (item.kind == Kind::String) return Datum::String(item.text().substr(from, to - from), item.content);
  return Datum::List(*new (call.scratch.allocate(sizeof(SubList))) SubList(*item.list, from, to));
}

Datum Length(Call &call) {
  const Datum &item = call.args[0];
  switch (item.kind) {
    case Kind::String:
      return Datum::Int(static_cast<int64_t>(item.s.size));
    case Kind::Map:
      return Datum::Int(static_cast<int64_t>(item.map->size()));
    case Kind::List:
      return Datum::Int(static_cast<int64_t>(item.list->size()));
    case Kind::None:
      return call.fail("reflect: call of reflect.Value.Type on zero Value");
    default:
      return call.fail("len of type " + GoType(item));
  }
}

// No value of a template's data is a function.
Datum CallFunction(Call &call) {
  if (call.args[0].none()) return call.fail("call of nil");
  return call.fail("non-function of type " + GoType(call.args[0]));
}

// --- text

Datum PrintBody(Call &call) {
  std::string out;
  PrintAll(out, call.args);
  return call.string(out);
}
Datum PrintlnBody(Call &call) {
  std::string out;
  PrintLine(out, call.args);
  return call.string(out);
}
Datum PrintfBody(Call &call) {
  std::string out;
  PrintFormat(out, call.args[0].text(), call.args.subspan(1));
  return call.string(out);
}

std::string PlainText(Call &call) {
  std::vector<Datum> args(call.args.begin(), call.args.end());
  for (Datum &arg : args)
    if (arg.none()) arg = Datum::String("<no value>");
  std::string text;
  PrintAll(text, args);
  return text;
}
Datum PlainBody(Call &call) { return call.string(PlainText(call)); }

template <void (*Escape)(std::string &, std::string_view)>
Datum Escaped(Call &call) {
  std::string out;
  Escape(out, PlainText(call));
  return call.string(out);
}

Datum Json(Call &call) {
  std::string out;
  if (AppendJson(&out, call.args[0])) out += '\n';
  return call.string(out, Content::Js);
}
Datum JsonCompact(Call &call) {
  std::string out;
  AppendJson(&out, call.args[0]);
  return call.string(out, Content::Js);
}

using enum Param;
constexpr Function kFunctions[] = {
    {"and", {Value, Value}, 2, true, nullptr},
    {"or", {Value, Value}, 2, true, nullptr},
    {"not", {Value}, 1, false, Not},
    {"eq", {Value, Value}, 2, true, Eq},
    {"ne", {Value, Value}, 2, false, Ne},
    {"lt", {Value, Value}, 2, false, Lt},
    {"le", {Value, Value}, 2, false, Le},
    {"gt", {Value, Value}, 2, false, Gt},
    {"ge", {Value, Value}, 2, false, Ge},
    {"len", {Value}, 1, false, Length},
    {"index", {Value, Value}, 2, true, Index},
    {"slice", {Value, Value}, 2, true, Slice},
    {"call", {Value, Value}, 2, true, CallFunction},
    {"print", {Any}, 1, true, PrintBody},
    {"printf", {String, Any}, 2, true, PrintfBody},
    {"println", {Any}, 1, true, PrintlnBody},
    {"html", {Any}, 1, true, Escaped<EscapeHtml>},
    {"js", {Any}, 1, true, Escaped<EscapeJs>},
    {"urlquery", {Any}, 1, true, Escaped<EscapeQuery>},
    {"json", {Any}, 1, false, Json},
    {"jsonCompact", {Any}, 1, false, JsonCompact},
};
constexpr Function kPlain{"_eval_args_", {Any}, 1, true, PlainBody};
constexpr size_t kCount = std::size(kFunctions);

constexpr auto kPointers = [] {
  std::array<const Function *, kCount> pointers{};
  for (size_t i = 0; i < kCount; ++i) pointers[i] = &kFunctions[i];
  return pointers;
}();

}  // namespace

std::string_view ParamName(Param param) {
  constexpr std::string_view kNames[] = {"interface {}", "reflect.Value", "string",        "int",      "int64",
                                         "float64",      "bool",          "time.Duration", "time.Time"};
  return kNames[static_cast<size_t>(param)];
}

const Function *PlainFunction() { return &kPlain; }
std::span<const Function *const> Builtins() { return std::span(kPointers).first(kCount - 2); }
std::span<const Function *const> BuiltinsWithJson() { return kPointers; }

}  // namespace tick::tmpl
