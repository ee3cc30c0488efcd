// node_tables.h - nodes.def as constexpr arrays: nodes, their properties, alert handlers.
//
// Every folder may include this header. Rows keep the order of nodes.def; lookups go by dialect and name, and
// compare names as the language does: the first letter in either case, the rest exactly (language.md 3.6).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "grammar/tables.h"

namespace tick {

enum class NodeDialect : uint8_t { Modern, Dotted, Both };
enum class NodeOn : uint8_t { Source, OnStream, OnFrom, OnBatch, OnChain, OnNode, Inner };
enum class NodeEdge : uint8_t { NoEdge, StreamEdge, BatchEdge, AnyEdge, SameEdge };
enum class PropertyForm : uint8_t { Field, Method };
enum class PropertyRepeat : uint8_t { Last, Append };
enum class Built : uint8_t { No, Yes };

// --- parameters ------------------------------------------------------------------------------------

enum class ParamType : uint8_t { Bool, Int, Float, String, Duration, Regex, Lambda, Star, Any, Node, Reducer };
struct ParamTypeRow {
  std::string_view word;     // in nodes.def
  std::string_view go_name;  // in Kapacitor's messages
  std::string_view phrase;   // in ours
};
inline constexpr ParamTypeRow kParamTypes[] = {{"bool", "bool", "a boolean"},
                                               {"int", "int64", "an int"},
                                               {"float", "float64", "a float"},
                                               {"string", "string", "a string"},
                                               {"duration", "time.Duration", "a duration"},
                                               {"regex", "*regexp.Regexp", "a regex"},
                                               {"lambda", "*ast.LambdaNode", "a lambda"},
                                               {"star", "*ast.StarNode", "*"},
                                               {"any", "interface {}", "a value"},
                                               {"node", "pipeline.Node", "a node"},
                                               {"reducer", "pipeline.MapReduceInfo", "a function of influxql"}};
constexpr const ParamTypeRow &RowOf(ParamType type) { return kParamTypes[static_cast<size_t>(type)]; }

struct Param {
  ParamType type = ParamType::Any;
  bool variadic = false, optional = false;
};
struct Params {
  std::array<Param, 4> list{};
  uint8_t n = 0;
  bool valid = true;  // the text of nodes.def could be read

  constexpr size_t required() const { return n == 0 || (!list[n - 1].variadic && !list[n - 1].optional) ? n : n - 1; }
  constexpr bool variadic() const { return n > 0 && list[n - 1].variadic; }
  // The parameter that takes argument `i`, or null where there are too many arguments.
  constexpr const Param *at(size_t i) const { return i < n ? &list[i] : variadic() ? &list[n - 1] : nullptr; }
};

constexpr Params ParseParams(std::string_view text) {
  Params params;
  while (!text.empty()) {
    size_t comma = text.find(',');
    std::string_view word = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    while (!word.empty() && word.front() == ' ') word.remove_prefix(1);
    Param param;
    if (word.ends_with("...")) {
      param.variadic = true;
      word.remove_suffix(3);
    } else if (word.ends_with("?")) {
      param.optional = true;
      word.remove_suffix(1);
    }
    bool found = false;
    for (size_t t = 0; t < std::size(kParamTypes); ++t) {
      if (kParamTypes[t].word != word) continue;
      param.type = static_cast<ParamType>(t);
      found = true;
    }
    bool after_tail = params.n > 0 && (params.list[params.n - 1].variadic || params.list[params.n - 1].optional);
    if (!found || params.n == params.list.size() || after_tail) {
      params.valid = false;
      return params;
    }
    params.list[params.n++] = param;
  }
  return params;
}

// --- nodes -----------------------------------------------------------------------------------------

enum class NodeId : uint8_t {
#define TICK_NODE(id, method, description, go_type, on, wants, provides, params, built, dialect, doc) id,
#define TICK_PROP(node, name, form, params, repeat, built, doc)
#define TICK_HANDLER(id, method, go_type, form, params, built, dialects, doc)
#define TICK_HANDLER_PROP(handler, name, form, params, repeat, built, doc)
#include "grammar/nodes.def"
#undef TICK_NODE
#undef TICK_HANDLER
};
enum class HandlerId : uint8_t {
#define TICK_NODE(id, method, description, go_type, on, wants, provides, params, built, dialect, doc)
#define TICK_HANDLER(id, method, go_type, form, params, built, dialects, doc) id,
#include "grammar/nodes.def"
#undef TICK_NODE
#undef TICK_HANDLER
};

struct NodeRow {
  NodeId id;
  std::string_view method, description, go_type;
  NodeOn on;
  NodeEdge wants, provides;
  std::string_view params_text;
  Params params;
  Built built;
  NodeDialect dialect;
  std::string_view doc;
};
inline constexpr NodeRow kNodes[] = {
#define TICK_NODE(id, method, description, go_type, on, wants, provides, params, built, dialect, doc)    \
  {NodeId::id,         method, description,         go_type,      NodeOn::on,           NodeEdge::wants, \
   NodeEdge::provides, params, ParseParams(params), Built::built, NodeDialect::dialect, doc},
#define TICK_HANDLER(id, method, go_type, form, params, built, dialects, doc)
#include "grammar/nodes.def"
#undef TICK_NODE
#undef TICK_PROP
#undef TICK_HANDLER
};
inline constexpr size_t kNodeCount = std::size(kNodes);
constexpr const NodeRow &RowOf(NodeId id) { return kNodes[static_cast<size_t>(id)]; }

// --- handlers --------------------------------------------------------------------------------------

struct HandlerRow {
  HandlerId id;
  std::string_view method, go_type;
  PropertyForm form;
  std::string_view params_text;
  Params params;
  Built built;
  NodeDialect dialects;
  std::string_view doc;
};
inline constexpr HandlerRow kHandlers[] = {
#define TICK_NODE(id, method, description, go_type, on, wants, provides, params, built, dialect, doc)
#define TICK_PROP(node, name, form, params, repeat, built, doc)
#define TICK_HANDLER(id, method, go_type, form, params, built, dialects, doc)                             \
  {HandlerId::id,         method, go_type, PropertyForm::form, params, ParseParams(params), Built::built, \
   NodeDialect::dialects, doc},
#include "grammar/nodes.def"
#undef TICK_PROP
#undef TICK_HANDLER
#undef TICK_HANDLER_PROP
};
constexpr const HandlerRow &RowOf(HandlerId id) { return kHandlers[static_cast<size_t>(id)]; }

// --- properties ------------------------------------------------------------------------------------

struct PropertyRow {
  uint8_t owner;  // a NodeId or, in kHandlerProperties, a HandlerId
  std::string_view name;
  PropertyForm form;
  std::string_view params_text;
  Params params;
  PropertyRepeat repeat;
  Built built;
  std::string_view doc;
};
inline constexpr PropertyRow kNodeProperties[] = {
#define TICK_PROP(node, name, form, params, repeat, built, doc) \
  {static_cast<uint8_t>(NodeId::node),                          \
   name,                                                        \
   PropertyForm::form,                                          \
   params,                                                      \
   ParseParams(params),                                         \
   PropertyRepeat::repeat,                                      \
   Built::built,                                                \
   doc},
#define TICK_HANDLER(id, method, go_type, form, params, built, dialects, doc)
#define TICK_HANDLER_PROP(handler, name, form, params, repeat, built, doc)
#include "grammar/nodes.def"
#undef TICK_PROP
#undef TICK_HANDLER_PROP
};
inline constexpr PropertyRow kHandlerProperties[] = {
#define TICK_PROP(node, name, form, params, repeat, built, doc)
#define TICK_HANDLER_PROP(handler, name, form, params, repeat, built, doc) \
  {static_cast<uint8_t>(HandlerId::handler),                               \
   name,                                                                   \
   PropertyForm::form,                                                     \
   params,                                                                 \
   ParseParams(params),                                                    \
   PropertyRepeat::repeat,                                                 \
   Built::built,                                                           \
   doc},
#include "grammar/nodes.def"
#undef TICK_NODE
#undef TICK_PROP
#undef TICK_HANDLER
#undef TICK_HANDLER_PROP
};

// --- lookups ---------------------------------------------------------------------------------------

constexpr char UpperAscii(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
// Whether a script that says `written` means the method or property `name`.
constexpr bool SameMember(std::string_view written, std::string_view name) {
  return !written.empty() && written.size() == name.size() && UpperAscii(written[0]) == UpperAscii(name[0]) &&
         written.substr(1) == name.substr(1);
}
// "measurement" as Go spells it: "Measurement".
inline std::string GoMember(std::string_view name) {
  std::string text(name);
  if (!text.empty()) text[0] = UpperAscii(text[0]);
  return text;
}

constexpr bool InDialect(NodeDialect row, NodeDialect script) { return row == script || row == NodeDialect::Both; }

constexpr const PropertyRow *FindNodeProperty(NodeId node, std::string_view name) {
  for (const PropertyRow &row : kNodeProperties)
    if (row.owner == static_cast<uint8_t>(node) && SameMember(name, row.name)) return &row;
  return nullptr;
}
constexpr const PropertyRow *FindHandlerProperty(HandlerId handler, std::string_view name) {
  for (const PropertyRow &row : kHandlerProperties)
    if (row.owner == static_cast<uint8_t>(handler) && SameMember(name, row.name)) return &row;
  return nullptr;
}
constexpr const HandlerRow *FindHandler(NodeDialect dialect, std::string_view name) {
  for (const HandlerRow &row : kHandlers)
    if (InDialect(row.dialects, dialect) && SameMember(name, row.method)) return &row;
  return nullptr;
}
constexpr bool IsAlert(NodeId id) { return id == NodeId::Alert || id == NodeId::DottedAlert; }
constexpr bool IsFrom(NodeId id) { return id == NodeId::From || id == NodeId::DottedFrom; }

// Whether the method of `row` can be called on a node of kind `on`.
constexpr bool CallableOn(const NodeRow &row, const NodeRow &on) {
  if (row.dialect != on.dialect) return false;
  bool is_stream = on.on == NodeOn::Source && on.provides == NodeEdge::StreamEdge;
  bool is_batch = on.on == NodeOn::Source && on.provides == NodeEdge::BatchEdge;
  switch (row.on) {
    case NodeOn::OnStream:
      return is_stream;
    case NodeOn::OnFrom:
      return is_stream || IsFrom(on.id);
    case NodeOn::OnBatch:
      return is_batch;
    // 0.2's root stream is a filter like any from; today's sources have no chaining methods.
    case NodeOn::OnChain:
      return on.provides != NodeEdge::NoEdge &&
             (on.on != NodeOn::Source || (is_stream && on.dialect == NodeDialect::Dotted));
    case NodeOn::OnNode:
      return true;
    case NodeOn::Source:
    case NodeOn::Inner:
      return false;
  }
  return false;
}
constexpr const NodeRow *FindChainMethod(const NodeRow &on, std::string_view name) {
  for (const NodeRow &row : kNodes)
    if (CallableOn(row, on) && SameMember(name, row.method)) return &row;
  return nullptr;
}

// --- what must hold of nodes.def -------------------------------------------------------------------

static_assert(
    [] {
      for (size_t i = 0; i < kNodeCount; ++i)
        if (kNodes[i].id != static_cast<NodeId>(i) || !kNodes[i].params.valid || kNodes[i].doc.empty()) return false;
      for (const HandlerRow &row : kHandlers)
        if (!row.params.valid || row.doc.empty()) return false;
      for (const PropertyRow &row : kNodeProperties)
        if (!row.params.valid || row.doc.empty() || (row.form == PropertyForm::Field && row.params.n != 1))
          return false;
      for (const PropertyRow &row : kHandlerProperties)
        if (!row.params.valid || row.doc.empty() || (row.form == PropertyForm::Field && row.params.n != 1))
          return false;
      return true;
    }(),
    "every row of nodes.def has readable parameters and a doc line, every field takes one value");

static_assert(
    [] {
      for (size_t i = 0; i < kNodeCount; ++i)
        for (size_t j = i + 1; j < kNodeCount; ++j)
          if (kNodes[i].dialect == kNodes[j].dialect && kNodes[i].method == kNodes[j].method) return false;
      return true;
    }(),
    "methods of nodes are unique in a dialect");

static_assert(
    [] {
      for (size_t i = 0; i < std::size(kNodeProperties); ++i)
        for (size_t j = i + 1; j < std::size(kNodeProperties); ++j)
          if (kNodeProperties[i].owner == kNodeProperties[j].owner &&
              kNodeProperties[i].name == kNodeProperties[j].name)
            return false;
      for (size_t i = 0; i < std::size(kHandlerProperties); ++i)
        for (size_t j = i + 1; j < std::size(kHandlerProperties); ++j)
          if (kHandlerProperties[i].owner == kHandlerProperties[j].owner &&
              kHandlerProperties[i].name == kHandlerProperties[j].name)
            return false;
      for (const HandlerRow &handler : kHandlers)
        for (const PropertyRow &row : kNodeProperties)
          if (row.owner == static_cast<uint8_t>(NodeId::Alert) && row.name == handler.method) return false;
      return true;
    }(),
    "names of properties and handlers are unique on their node");

}  // namespace tick
