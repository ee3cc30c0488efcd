// lambdas.h - lambdas of the node tests: what the compiler would have made of the text beside them.
#pragma once

#include "runtime/lambda/lambda.h"
#include "test/unit/nodes/fixture.h"

namespace tick::test {

inline int32_t Missing(tick_context *context) { return context->fail("left reference value \"v\" is missing value"); }
inline double Number(const tick_value &value) {
  return value.type == TICK_INT ? static_cast<double>(value.as.i) : value.as.f;
}
inline bool IsNumber(const tick_value &value) { return value.type == TICK_INT || value.type == TICK_FLOAT; }

// "v" > 2
inline Arg Above(const char *name = "v") {
  return Lambda({name}, [](tick_context *context, const tick_value *refs, const tick_payload *, const tick_site *, void *, tick_value *out) {
    if (!IsNumber(refs[0])) return Missing(context);
    *out = MakeBool(Number(refs[0]) > 2);
    return 0;
  });
}
// "v" * 2.0
inline Arg Twice(const char *name = "v") {
  return Lambda({name}, [](tick_context *context, const tick_value *refs, const tick_payload *, const tick_site *, void *, tick_value *out) {
    if (!IsNumber(refs[0])) return Missing(context);
    *out = MakeFloat(Number(refs[0]) * 2);
    return 0;
  });
}
// "v" + 1.0
inline Arg PlusOne(const char *name = "v") {
  return Lambda({name}, [](tick_context *context, const tick_value *refs, const tick_payload *, const tick_site *, void *, tick_value *out) {
    if (!IsNumber(refs[0])) return Missing(context);
    *out = MakeFloat(Number(refs[0]) + 1);
    return 0;
  });
}
// "v"
inline Arg Same(const char *name) {
  return Lambda({name}, [](tick_context *context, const tick_value *refs, const tick_payload *, const tick_site *, void *, tick_value *out) {
    if (refs[0].type == TICK_MISSING) return Missing(context);
    *out = refs[0];
    return 0;
  });
}
// count()
inline Arg Counting() {
  return Lambda({}, [](tick_context *, const tick_value *, const tick_payload *, const tick_site *, void *state, tick_value *out) {
    *out = MakeInt(++*static_cast<int64_t *>(state));
    return 0;
  }, 8);
}
// TRUE
inline Arg True() {
  return Lambda({}, [](tick_context *, const tick_value *, const tick_payload *, const tick_site *, void *, tick_value *out) {
    *out = MakeBool(true);
    return 0;
  });
}

}  // namespace tick::test
