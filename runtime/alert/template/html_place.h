// html_place.h - a position in HTML text, and how text moves it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tick::tmpl {

// A value that is looked up for its safety: what kind of text an attribute holds.
enum class Attribute : uint8_t { Plain, Url, Script, Style };
enum class Element : uint8_t { None, Script, Style, TextArea, Title };
enum class Spot : uint8_t {
  Text,
  Comment,
  Raw,  // Raw: the text of a title or text area
  Tag,
  AttributeName,
  AfterName,
  BeforeValue,
  Value,
  Js,
  JsDouble,
  JsSingle,
  JsTemplate,
  JsRegexp,
  JsBlockComment,
  JsLineComment,
  Css,
  CssDouble,
  CssSingle,
  CssUrlDouble,
  CssUrlSingle,
  CssUrl,
  CssBlockComment
};
enum class UrlPart : uint8_t { None, Path, Query, Unknown };

struct Place {
  Spot spot = Spot::Text;
  Element element = Element::None;
  Attribute attribute = Attribute::Plain;
  char quote = 0;  // of the attribute's value: '"', '\'', ' ' for none; 0 outside of values
  UrlPart url = UrlPart::None;
  bool slash_divides = false;  // in JavaScript: whether `/` divides or begins a regular expression
  bool operator==(const Place &) const = default;
};

// Moves `place` over literal text. `out` gets the text as it is sent: comments left out, a `<` that begins no tag
// escaped. False: `error` says what cannot be.
bool Advance(Place *place, std::string_view text, std::string *out, std::string *error);

// The place as messages name it.
std::string Describe(const Place &place);

}  // namespace tick::tmpl
