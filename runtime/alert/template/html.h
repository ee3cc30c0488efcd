// html.h - where in an HTML text an action stands, and how its value is made safe there.
//
// Go's html/template rules: text and attributes exactly; URLs, scripts and styles by the part they are in.
#pragma once

#include <span>
#include <string>

#include "runtime/alert/template/datum.h"
#include "runtime/alert/template/node.h"

namespace tick::tmpl {

enum class Escaper : uint8_t {
  Html,      // what the function `html` does
  Text,      // between tags, in titles and text areas, in quoted attributes
  Unquoted,  // an attribute without quotes
  Name,      // the name of an attribute or a tag
  Comment,   // nothing is shown
  JsValue,
  JsString,
  JsRegexp,
  UrlFilter,
  UrlNormalize,
  UrlPart,
  CssValue,
  CssString
};

// Gives each action of the trees its escapers. False: `error` says where the HTML leaves no safe way.
bool ChooseEscapers(TreeSet *trees, std::string *error);

// Appends a value as its escapers want it.
void AppendEscaped(std::string &out, const Datum &value, std::span<const Escaper> escapers);

}  // namespace tick::tmpl
