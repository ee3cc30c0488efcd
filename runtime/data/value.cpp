// value.cpp - comparing values.
#include "runtime/data/value.h"

namespace tick {

bool SameValue(const Value &a, const Value &b) {
  if (a.type != b.type) return false;
  switch (TypeOf(a)) {
    case Type::Missing: return true;
    case Type::Bool: return (a.as.b != 0) == (b.as.b != 0);
    case Type::Float: return a.as.f == b.as.f;
    case Type::String: return StringOf(a) == StringOf(b);
    case Type::Regex: return a.as.regex == b.as.regex;
    default: return a.as.i == b.as.i;
  }
}

}  // namespace tick
