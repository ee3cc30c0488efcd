// html.cpp - walks the trees with the place in the HTML, and escapes values.
//
// Branches must end in the same place; a template must be used in one kind of place only, since its actions
// carry one list of escapers.
#include "runtime/alert/template/html.h"

#include <map>

#include "runtime/alert/template/escape.h"
#include "runtime/alert/template/functions.h"
#include "runtime/alert/template/html_place.h"
#include "runtime/alert/template/print.h"
#include "runtime/text/utf8.h"

namespace tick::tmpl {
namespace {

struct HtmlError {
  std::string text;
};

class Chooser {
 public:
  explicit Chooser(TreeSet *trees) : trees_(*trees) {}
  void run();

 private:
  [[noreturn]] void fail(const Node &node, const std::string &text);
  Place walk(Node &node, Place place);
  Place walk_branch(Node &node, Place place);
  Place walk_template(Node &node, const Place &place);
  Place action(Node &node, Place place);
  Place join(const Node &node, const Place &a, const Place &b, std::string_view keyword);
  void url_escapers(Node &node, const Place &place);
  void merge_html(Node &node);

  TreeSet &trees_;
  struct Called {
    Place in, out;
    bool done = false;
  };
  std::map<std::string, Called, std::less<>> called_;
};

void Chooser::fail(const Node &node, const std::string &text) {
  size_t line = 1, column = 0;
  for (size_t i = 0; i < node.pos && i < trees_.text.size(); ++i) {
    bool newline = trees_.text[i] == '\n';
    line += newline;
    column = newline ? 0 : column + 1;
  }
  throw HtmlError{"html/template:" + trees_.name + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " +
                  text};
}

void Chooser::run() {
  Place end = walk(*trees_.roots.at(trees_.name), Place{});
  if (end.spot != Spot::Text)
    throw HtmlError{"html/template:" + trees_.name + ": ends in a non-text context: " + Describe(end)};
}

Place Chooser::walk(Node &node, Place place) {
  switch (node.kind) {
    case NodeKind::List:
      for (NodePtr &item : node.items) place = walk(*item, place);
      return place;
    case NodeKind::Text: {
      std::string out, error;
      if (!Advance(&place, node.text, &out, &error)) fail(node, error);
      node.text = std::move(out);
      return place;
    }
    case NodeKind::Action:
      return node.pipe->declared.empty() ? action(node, place) : place;
    case NodeKind::If:
    case NodeKind::With:
    case NodeKind::Range:
      return walk_branch(node, place);
    case NodeKind::Template:
      return walk_template(node, place);
    default:
      return place;
  }
}

Place Chooser::walk_branch(Node &node, Place place) {
  std::string_view keyword = node.kind == NodeKind::If ? "if" : node.kind == NodeKind::With ? "with" : "range";
  Place body = walk(*node.body, place);
  if (node.kind == NodeKind::Range && !(join(node, place, body, keyword) == place) && !(body == place))
    fail(node, "{{range}} body leaves the place it began in: " + Describe(place) + ", " + Describe(body));
  return join(node, body, node.otherwise ? walk(*node.otherwise, place) : place, keyword);
}

Place Chooser::join(const Node &node, const Place &a, const Place &b, std::string_view keyword) {
  if (a == b) return a;
  Place c = a;
  c.url = b.url;
  if (c == b) {
    c.url = UrlPart::Unknown;
    return c;
  }
  c = a;
  c.slash_divides = b.slash_divides;
  if (c == b) return c;
  // An attribute that may or may not have a value yet counts as begun.
  auto begun = [](Place place) {
    if (place.spot == Spot::BeforeValue) {
      constexpr Spot kSpots[] = {Spot::Value, Spot::Value, Spot::Js, Spot::Css};
      place.spot = kSpots[static_cast<size_t>(place.attribute)];
      place.quote = ' ';
    }
    return place;
  };
  if (begun(a) == begun(b)) return begun(a);
  fail(node,
       "{{" + std::string(keyword) + "}} branches end in different contexts: " + Describe(a) + ", " + Describe(b));
}

Place Chooser::walk_template(Node &node, const Place &place) {
  auto root = trees_.roots.find(node.text);
  if (root == trees_.roots.end()) fail(node, "no such template " + GoQuote(node.text));
  auto [at, first] = called_.try_emplace(node.text);
  if (!first) {
    if (!(at->second.in == place))
      fail(node, "template " + GoQuote(node.text) + " is used in different contexts: " + Describe(at->second.in) +
                     ", " + Describe(place));
    return at->second.done ? at->second.out : place;
  }
  at->second.in = place;
  Place out = walk(*root->second, place);
  Called &called = called_.find(node.text)->second;
  called.out = out;
  called.done = true;
  return out;
}

void Chooser::url_escapers(Node &node, const Place &place) {
  switch (place.url) {
    case UrlPart::None:
      node.escapers.push_back(Escaper::UrlFilter);
      [[fallthrough]];
    case UrlPart::Path:
      node.escapers.push_back(place.spot == Spot::CssDouble || place.spot == Spot::CssSingle ? Escaper::CssString
                                                                                             : Escaper::UrlNormalize);
      break;
    case UrlPart::Query:
      node.escapers.push_back(Escaper::UrlPart);
      break;
    case UrlPart::Unknown:
      fail(node, node.describe() + " appears in an ambiguous context within a URL");
  }
}

Place Chooser::action(Node &node, Place place) {
  std::string none;
  // A value right after `=` begins an attribute's value.
  if (place.spot == Spot::BeforeValue)
    place = join(
        node, place,
        [&] {
          Place begun = place;
          constexpr Spot kSpots[] = {Spot::Value, Spot::Value, Spot::Js, Spot::Css};
          begun.spot = kSpots[static_cast<size_t>(begun.attribute)];
          begun.quote = ' ';
          return begun;
        }(),
        "if");
  if (place.spot == Spot::AfterName) place.spot = Spot::Tag;
  switch (place.spot) {
    case Spot::Text:
    case Spot::Raw:
      node.escapers.push_back(Escaper::Text);
      break;
    case Spot::Comment:
    case Spot::JsBlockComment:
    case Spot::JsLineComment:
    case Spot::CssBlockComment:
      node.escapers.push_back(Escaper::Comment);
      break;
    case Spot::Tag:
    case Spot::AttributeName:
    case Spot::AfterName:
      place.spot = Spot::AttributeName;
      node.escapers.push_back(Escaper::Name);
      break;
    case Spot::Value:
      if (place.attribute == Attribute::Url) {
        url_escapers(node, place);
        if (place.url == UrlPart::None) place.url = UrlPart::Path;
      }
      break;
    case Spot::Js:
      node.escapers.push_back(Escaper::JsValue);
      place.slash_divides = true;
      break;
    case Spot::JsDouble:
    case Spot::JsSingle:
      node.escapers.push_back(Escaper::JsString);
      break;
    case Spot::JsTemplate:
      fail(node, node.describe() + " appears in a JS template literal");
    case Spot::JsRegexp:
      node.escapers.push_back(Escaper::JsRegexp);
      break;
    case Spot::Css:
      node.escapers.push_back(Escaper::CssValue);
      break;
    case Spot::CssDouble:
    case Spot::CssSingle:
    case Spot::CssUrlDouble:
    case Spot::CssUrlSingle:
    case Spot::CssUrl:
      url_escapers(node, place);
      if (place.url == UrlPart::None) place.url = UrlPart::Path;
      break;
    case Spot::BeforeValue:
      break;
  }
  if (place.quote == ' ')
    node.escapers.push_back(Escaper::Unquoted);
  else if (place.quote)
    node.escapers.push_back(Escaper::Text);
  merge_html(node);
  return place;
}

// `html` at the end of a pipeline takes the place of the escaper that would do the same once more.
void Chooser::merge_html(Node &node) {
  std::vector<NodePtr> &commands = node.pipe->items;
  Node &last = *commands.back()->items[0];
  if (last.kind != NodeKind::Identifier || last.text != "html") return;
  bool merged = false;
  for (Escaper &escaper : node.escapers)
    if (escaper == Escaper::Text || escaper == Escaper::Unquoted) {
      escaper = Escaper::Html;
      merged = true;
    }
  if (!merged) return;
  if (commands.size() > 1)
    commands.pop_back();
  else
    last.function = PlainFunction();
}

void AppendJsValue(std::string &out, const Datum &value) {
  if (value.kind == Kind::String && value.content == Content::Js) {
    out += value.text();
    return;
  }
  std::string json;
  bool names = value.kind == Kind::Duration || value.kind == Kind::Enum;  // values with a String method
  std::string text;
  if (names) Print(text, value);
  if (!AppendJson(&json, names ? Datum::String(text) : value)) {
    out += " /* json: unsupported value */null ";
    return;
  }
  auto word = [](char c) {
    return c == '_' || c == '$' || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  };
  bool pad = word(json.front()) || word(json.back());
  if (pad) out += ' ';
  out += json;
  if (pad) out += ' ';
}

void AppendName(std::string &out, std::string_view text) {
  bool safe = !text.empty();
  for (char c : text) safe = safe && ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'));
  out += safe ? text : std::string_view("ZgotmplZ");
}

void AppendText(std::string &out, std::string_view text, Content content, Escaper escaper) {
  switch (escaper) {
    case Escaper::Html:
      return EscapeHtml(out, text);
    case Escaper::Text:
      if (content == Content::Html)
        out += text;
      else
        EscapeHtmlText(out, text);
      return;
    case Escaper::Unquoted:
      return text.empty() ? void(out += "ZgotmplZ") : EscapeHtmlUnquoted(out, text);
    case Escaper::Name:
      return AppendName(out, text);
    case Escaper::Comment:
      return;
    case Escaper::JsString:
      return EscapeJsString(out, text);
    case Escaper::JsRegexp:
      return EscapeJsRegexp(out, text);
    case Escaper::UrlFilter:
      out += IsSafeUrl(text) ? text : std::string_view("#ZgotmplZ");
      return;
    case Escaper::UrlNormalize:
      return NormalizeUrl(out, text);
    case Escaper::UrlPart:
      return EscapeUrl(out, text);
    case Escaper::CssValue:
      return FilterCss(out, text);
    case Escaper::CssString:
      return EscapeCss(out, text);
    case Escaper::JsValue:
      return AppendJsValue(out, Datum::String(text, content));
  }
}

}  // namespace

bool ChooseEscapers(TreeSet *trees, std::string *error) {
  try {
    Chooser(trees).run();
    return true;
  } catch (HtmlError &failure) {
    *error = std::move(failure.text);
    return false;
  }
}

void AppendEscaped(std::string &out, const Datum &value, std::span<const Escaper> escapers) {
  std::string text;
  size_t first = 0;
  Content content = Content::Plain;
  if (escapers[0] == Escaper::JsValue) {
    if (escapers.size() == 1) return AppendJsValue(out, value);
    AppendJsValue(text, value);
    first = 1;
  } else if (value.kind == Kind::String) {
    if (escapers.size() == 1) return AppendText(out, value.text(), value.content, escapers[0]);
    text = value.text();
    content = value.content;
  } else if (!value.none()) {
    Print(text, value);
  } else if (escapers[0] == Escaper::Html) {
    text = "<no value>";
  }
  for (size_t i = first; i < escapers.size(); ++i) {
    bool last = i + 1 == escapers.size();
    std::string next;
    AppendText(last ? out : next, text, content, escapers[i]);
    text = std::move(next);
    content = Content::Plain;
  }
}

}  // namespace tick::tmpl
