// template.h - Go's text/template and html/template, parsed once and run for every event.
//
// In: a template's text; later, data. Out: text, or Go's error message. A Template never changes once it is
// made; several threads may run it. Nothing of a run is kept.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "runtime/alert/template/datum.h"
#include "runtime/alert/template/node.h"

namespace tick::tmpl {

enum class Mode : uint8_t {
  Text,      // id, message
  TextJson,  // text with json and jsonCompact: httpPost's rows, post and kafka bodies
  Html       // details: values are escaped for where they stand; json and jsonCompact too
};

class Template {
 public:
  // `name` is what messages call it. Null: `error` says where and why the text does not parse.
  static std::unique_ptr<Template> Parse(std::string_view name, std::string_view text, Mode mode, std::string *error);

  // Appends the result. False: `error` is set (`template: message:1:3: executing …`) and `out` may have a part of it.
  bool execute(const Datum &dot, std::string *out, std::string *error) const;

  // Whether it reads the top-level field at all: if not, the result does not depend on it. True where that is
  // not plain to see (`.` used whole).
  bool reads(std::string_view field) const;

  // A field of the top-level value that it reads and `known` lacks; `at` is its byte in the text. False: none.
  struct Place {
    std::string_view name;
    uint32_t at = 0;
  };
  bool reads_unknown(std::span<const std::string_view> known, Place *place) const;

 private:
  TreeSet trees_;
  const Node *root_ = nullptr;
};

}  // namespace tick::tmpl
