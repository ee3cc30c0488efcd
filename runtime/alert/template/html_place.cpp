// html_place.cpp - a scanner of HTML that keeps just enough to know what a value would mean there.
#include "runtime/alert/template/html_place.h"

#include <algorithm>

#include "runtime/text/utf8.h"

namespace tick::tmpl {
namespace {

bool IsAlpha(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
bool IsAlphanumeric(char c) { return IsAlpha(c) || (c >= '0' && c <= '9'); }
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }
std::string Lower(std::string_view text) {
  std::string out(text);
  for (char &c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return out;
}

Attribute KindOf(std::string name) {
  constexpr std::string_view kUrls[] = {"action", "archive",    "background", "cite",   "classid",  "codebase",
                                        "data",   "formaction", "href",       "icon",   "longdesc", "manifest",
                                        "poster", "profile",    "src",        "usemap", "xmlns"};
  constexpr std::string_view kPlain[] = {"srclang", "srcdoc"};
  if (name.starts_with("data-"))
    name = name.substr(5);
  else if (size_t colon = name.find(':'); colon != name.npos) {
    if (name.substr(0, colon) == "xmlns") return Attribute::Url;
    name = name.substr(colon + 1);
  }
  if (name == "style") return Attribute::Style;
  for (std::string_view plain : kPlain)
    if (name == plain) return Attribute::Plain;
  for (std::string_view url : kUrls)
    if (name == url) return Attribute::Url;
  if (name.starts_with("on")) return Attribute::Script;
  for (const char *part : {"src", "uri", "url"})
    if (name.find(part) != name.npos) return Attribute::Url;
  return Attribute::Plain;
}

class Walker {
 public:
  Walker(Place *place, std::string_view text, std::string *out) : place_(*place), text_(text), out_(*out) {}
  bool run();
  std::string error;

 private:
  bool more() const { return at_ < text_.size(); }
  char now() const { return text_[at_]; }
  bool looking_at(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  void keep(size_t n = 1) {
    out_ += text_.substr(at_, n);
    at_ += n;
  }
  void skip(size_t n = 1) { at_ += n; }
  bool fail(std::string text) {
    error = std::move(text);
    return false;
  }

  void html();
  void comment();
  bool raw_end();
  bool tag();
  bool attribute_name();
  bool value();
  void before_value();
  void end_value();
  void js();
  void js_quoted(char end);
  void css();
  void css_quoted(std::string_view ends);
  void url(char c);
  void js_char(char c);
  Element open_element(size_t from, size_t to) const;

  Place &place_;
  std::string_view text_;
  std::string &out_;
  size_t at_ = 0;
  std::string js_word_;  // the identifier just read
};

Element Walker::open_element(size_t from, size_t to) const {
  std::string name = Lower(text_.substr(from, to - from));
  if (name == "script") return Element::Script;
  if (name == "style") return Element::Style;
  if (name == "textarea") return Element::TextArea;
  return name == "title" ? Element::Title : Element::None;
}

void Walker::html() {
  if (now() != '<') return keep();
  if (looking_at("<!--")) {
    place_ = {};
    place_.spot = Spot::Comment;
    return skip(4);
  }
  size_t name = at_ + 1;
  bool closing = name < text_.size() && text_[name] == '/';
  if (closing) ++name;
  if (name < text_.size() && IsAlpha(text_[name])) {
    size_t end = name;
    while (end < text_.size() &&
           (IsAlphanumeric(text_[end]) ||
            ((text_[end] == ':' || text_[end] == '-') && end + 1 < text_.size() && IsAlphanumeric(text_[end + 1]))))
      ++end;
    Element element = closing ? Element::None : open_element(name, end);
    place_ = {};
    place_.spot = Spot::Tag;
    place_.element = element;
    return keep(end - at_);
  }
  if (Lower(text_.substr(at_, 9)) == "<!doctype") return keep();
  out_ += "&lt;";
  skip();
}

void Walker::comment() {
  if (looking_at("-->")) {
    place_ = {};
    return skip(3);
  }
  skip();
}

// `</script` and its like end raw text wherever they stand.
bool Walker::raw_end() {
  if (place_.quote || place_.element == Element::None || place_.spot == Spot::Tag || !looking_at("</")) return false;
  if (place_.spot >= Spot::Tag && place_.spot <= Spot::Value) return false;
  std::string_view names[] = {"", "script", "style", "textarea", "title"};
  std::string_view name = names[static_cast<size_t>(place_.element)];
  std::string_view rest = text_.substr(at_ + 2);
  if (rest.size() <= name.size() || Lower(rest.substr(0, name.size())) != name) return false;
  if (std::string_view("> \t\n\f/").find(rest[name.size()]) == std::string_view::npos) return false;
  place_ = {};
  return true;
}

bool Walker::tag() {
  if (IsBlank(now()) || now() == '/') {
    keep();
    return true;
  }
  if (now() == '>') {
    Element element = place_.element;
    place_ = {};
    place_.element = element;
    constexpr Spot kInside[] = {Spot::Text, Spot::Js, Spot::Css, Spot::Raw, Spot::Raw};
    place_.spot = kInside[static_cast<size_t>(element)];
    keep();
    return true;
  }
  place_.spot = Spot::AttributeName;
  place_.attribute = Attribute::Plain;
  return attribute_name();
}

bool Walker::attribute_name() {
  size_t start = at_;
  while (more() && !IsBlank(now()) && now() != '=' && now() != '>') {
    if (now() == '\'' || now() == '"' || now() == '<')
      return fail(GoQuote(text_.substr(at_, 1)) + " in attribute name: " + GoQuote(text_.substr(start, 32)));
    ++at_;
  }
  std::string_view name = text_.substr(start, at_ - start);
  out_ += name;
  if (!name.empty()) {
    bool script_type = place_.element == Element::Script && Lower(name) == "type";
    place_.attribute = script_type ? Attribute::Plain : KindOf(Lower(name));
  }
  if (more()) place_.spot = Spot::AfterName;
  return true;
}

void Walker::before_value() {
  if (IsBlank(now())) return keep();
  constexpr Spot kSpots[] = {Spot::Value, Spot::Value, Spot::Js, Spot::Css};
  place_.spot = kSpots[static_cast<size_t>(place_.attribute)];
  place_.url = UrlPart::None;
  place_.slash_divides = false;
  place_.quote = ' ';
  if (now() != '"' && now() != '\'') return;
  place_.quote = now();
  keep();
}

void Walker::end_value() {
  Element element = place_.element;
  place_ = {};
  place_.spot = Spot::Tag;
  place_.element = element;
}

bool Walker::value() {
  if (place_.quote == ' ' && std::string_view("\"'<=`").find(now()) != std::string_view::npos)
    return fail(GoQuote(text_.substr(at_, 1)) + " in unquoted attr: " + GoQuote(text_));
  if (place_.attribute == Attribute::Url) url(now());
  keep();
  return true;
}

void Walker::url(char c) {
  if (c == '#' || c == '?')
    place_.url = UrlPart::Query;
  else if (!IsBlank(c) && place_.url == UrlPart::None)
    place_.url = UrlPart::Path;
}

// Keeps track of what a slash would mean after this character.
void Walker::js_char(char c) {
  if (IsBlank(c)) return;
  if (IsAlphanumeric(c) || c == '_' || c == '$') {
    bool joined = at_ > 0 && (IsAlphanumeric(text_[at_ - 1]) || text_[at_ - 1] == '_' || text_[at_ - 1] == '$');
    if (!joined) js_word_.clear();
    js_word_ += c;
    constexpr std::string_view kBefore[] = {"break", "case",       "continue", "delete", "do",  "else",   "finally",
                                            "in",    "instanceof", "return",   "throw",  "try", "typeof", "void"};
    place_.slash_divides = std::find(std::begin(kBefore), std::end(kBefore), js_word_) == std::end(kBefore);
    return;
  }
  place_.slash_divides = c == ')' || c == ']';
}

void Walker::js() {
  if (looking_at("//")) {
    place_.spot = Spot::JsLineComment;
    return place_.quote ? keep(2) : skip(2);
  }
  if (looking_at("/*")) {
    place_.spot = Spot::JsBlockComment;
    return place_.quote ? keep(2) : skip(2);
  }
  switch (now()) {
    case '"':
      place_.spot = Spot::JsDouble;
      break;
    case '\'':
      place_.spot = Spot::JsSingle;
      break;
    case '`':
      place_.spot = Spot::JsTemplate;
      break;
    case '/':
      if (!place_.slash_divides) place_.spot = Spot::JsRegexp;
      place_.slash_divides = false;
      break;
    default:
      js_char(now());
  }
  keep();
}

void Walker::js_quoted(char end) {
  if (now() == '\\' && at_ + 1 < text_.size()) return keep(2);
  if (now() == end) {
    place_.spot = Spot::Js;
    place_.slash_divides = true;
  }
  keep();
}

void Walker::css() {
  if (looking_at("/*")) {
    place_.spot = Spot::CssBlockComment;
    return place_.quote ? keep(2) : skip(2);
  }
  if (now() == '"' || now() == '\'') {
    place_.spot = now() == '"' ? Spot::CssDouble : Spot::CssSingle;
    place_.url = UrlPart::None;
    return keep();
  }
  bool url_opens = now() == '(' && at_ >= 3 && Lower(text_.substr(at_ - 3, 3)) == "url";
  keep();
  if (!url_opens) return;
  place_.spot = Spot::CssUrl;
  place_.url = UrlPart::None;
  while (more() && IsBlank(now())) keep();
  if (!more() || (now() != '"' && now() != '\'')) return;
  place_.spot = now() == '"' ? Spot::CssUrlDouble : Spot::CssUrlSingle;
  keep();
}

void Walker::css_quoted(std::string_view ends) {
  if (now() == '\\' && at_ + 1 < text_.size()) return keep(2);
  if (ends.find(now()) != ends.npos) {
    place_.spot = Spot::Css;
  } else {
    url(now());
  }
  keep();
}

bool Walker::run() {
  while (more()) {
    if (raw_end()) continue;
    bool value_ends = place_.quote && (place_.quote == ' ' ? IsBlank(now()) || now() == '>' : now() == place_.quote);
    if (value_ends) {
      bool quoted = place_.quote != ' ';
      end_value();
      if (quoted) keep();
      continue;
    }
    switch (place_.spot) {
      case Spot::Text:
        html();
        break;
      case Spot::Comment:
        comment();
        break;
      case Spot::Raw:
        if (now() == '<')
          out_ += "&lt;", skip();
        else
          keep();
        break;
      case Spot::Tag:
        if (!tag()) return false;
        break;
      case Spot::AttributeName:
        if (!attribute_name()) return false;
        break;
      case Spot::AfterName:
        if (IsBlank(now()))
          keep();
        else if (now() == '=')
          keep(), place_.spot = Spot::BeforeValue;
        else
          place_.spot = Spot::Tag;
        break;
      case Spot::BeforeValue:
        before_value();
        break;
      case Spot::Value:
        if (!value()) return false;
        break;
      case Spot::Js:
        js();
        break;
      case Spot::JsDouble:
        js_quoted('"');
        break;
      case Spot::JsSingle:
        js_quoted('\'');
        break;
      case Spot::JsTemplate:
        js_quoted('`');
        break;
      case Spot::JsRegexp:
        js_quoted('/');
        break;
      case Spot::JsBlockComment:
      case Spot::CssBlockComment:
        if (looking_at("*/")) {
          if (place_.quote)
            keep(2);
          else
            skip(2), out_ += ' ';
          place_.spot = place_.spot == Spot::JsBlockComment ? Spot::Js : Spot::Css;
        } else if (place_.quote) {
          keep();
        } else {
          skip();
        }
        break;
      case Spot::JsLineComment:
        if (now() == '\n' || now() == '\r')
          place_.spot = Spot::Js;
        else if (place_.quote)
          keep();
        else
          skip();
        break;
      case Spot::Css:
        css();
        break;
      case Spot::CssDouble:
      case Spot::CssUrlDouble:
        css_quoted("\"");
        break;
      case Spot::CssSingle:
      case Spot::CssUrlSingle:
        css_quoted("'");
        break;
      case Spot::CssUrl:
        css_quoted("\t\n\f\r )");
        break;
    }
  }
  return true;
}

}  // namespace

bool Advance(Place *place, std::string_view text, std::string *out, std::string *error) {
  Walker walker(place, text, out);
  if (walker.run()) return true;
  *error = walker.error;
  return false;
}

std::string Describe(const Place &place) {
  constexpr std::string_view kNames[] = {"text",
                                         "an HTML comment",
                                         "a title or text area",
                                         "a tag",
                                         "an attribute name",
                                         "a tag, after an attribute name",
                                         "a tag, before an attribute value",
                                         "an attribute value",
                                         "a script",
                                         "a string of a script",
                                         "a string of a script",
                                         "a template literal of a script",
                                         "a regular expression of a script",
                                         "a comment of a script",
                                         "a comment of a script",
                                         "a style",
                                         "a string of a style",
                                         "a string of a style",
                                         "a URL of a style",
                                         "a URL of a style",
                                         "a URL of a style",
                                         "a comment of a style"};
  return std::string(kNames[static_cast<size_t>(place.spot)]);
}

}  // namespace tick::tmpl
