// escape.h - text made safe for HTML, JavaScript, URLs and CSS.
#pragma once

#include <string>
#include <string_view>

namespace tick::tmpl {

// What the functions `html`, `js` and `urlquery` do.
void EscapeHtml(std::string &out, std::string_view text);
void EscapeJs(std::string &out, std::string_view text);
void EscapeQuery(std::string &out, std::string_view text);

// html/template's: of text between tags (also `+` and NUL), of text in it that is HTML already, of an attribute
// without quotes.
void EscapeHtmlText(std::string &out, std::string_view text);
void EscapeHtmlNormalized(std::string &out, std::string_view text);
void EscapeHtmlUnquoted(std::string &out, std::string_view text);
// Inside quotes of JavaScript, inside a regular expression of it.
void EscapeJsString(std::string &out, std::string_view text);
void EscapeJsRegexp(std::string &out, std::string_view text);
// A whole URL: what has no place in one is percent-encoded. A part of one: all but unreserved characters are.
void NormalizeUrl(std::string &out, std::string_view text);
void EscapeUrl(std::string &out, std::string_view text);
// Relative, or of scheme http, https or mailto.
bool IsSafeUrl(std::string_view text);
// Inside quotes of CSS; a value of CSS ("ZgotmplZ" where it could be more).
void EscapeCss(std::string &out, std::string_view text);
void FilterCss(std::string &out, std::string_view text);

}  // namespace tick::tmpl
