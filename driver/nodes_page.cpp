// nodes_page.cpp - the table of nodes and handlers as a page.
#include "driver/listings.h"
#include "grammar/node_tables.h"

namespace tick {
namespace {

std::string_view EdgeWord(NodeEdge edge) {
  switch (edge) {
    case NodeEdge::StreamEdge: return "stream";
    case NodeEdge::BatchEdge: return "batch";
    case NodeEdge::AnyEdge: return "stream or batch";
    case NodeEdge::SameEdge: return "the same";
    case NodeEdge::NoEdge: break;
  }
  return "nothing";
}

void AppendProperty(const PropertyRow &property, std::string *page) {
  *page += "| `." + std::string(property.name) + "(" + std::string(property.params_text) + ")` | " + std::string(property.doc) +
           (property.built == Built::No ? " *Not built yet.*" : "") + " |\n";
}

void AppendNode(const NodeRow &node, std::string *page) {
  const bool dotted = node.dialect == NodeDialect::Dotted;
  *page += "\n### " + std::string(node.method) + (dotted ? " (0.2)" : "") + "\n\n" + std::string(node.doc);
  if (node.built == Built::No) *page += " *Not built yet: a script that uses it is refused.*";
  *page += "\n\nTakes " + std::string(EdgeWord(node.wants)) + ", gives " + std::string(EdgeWord(node.provides)) + ". `" +
           (dotted || node.on == NodeOn::Source ? (node.on == NodeOn::Source ? "" : ".") : "|") + std::string(node.method) +
           (node.on == NodeOn::Source ? "" : "(" + std::string(node.params_text) + ")") + "`\n";
  bool first = true;
  for (const PropertyRow &property : kNodeProperties) {
    if (property.owner != static_cast<uint8_t>(node.id) || property.name == "quiet") continue;
    if (first) *page += "\n| property | |\n|---|---|\n";
    first = false;
    AppendProperty(property, page);
  }
}

}  // namespace

std::string NodesMarkdown() {
  std::string page =
      "# Nodes\n\nEvery node has `.quiet()`, which suppresses its error log lines. Types of arguments: `...` any number, `?` may be "
      "left out.\n\n## Today's dialect\n";
  for (const NodeRow &node : kNodes)
    if (node.on != NodeOn::Inner && node.dialect != NodeDialect::Dotted) AppendNode(node, &page);
  page += "\n## Kapacitor 0.2's dialect\n\nThe same names chained with `.`; what differs has rows of its own.\n";
  for (const NodeRow &node : kNodes)
    if (node.on != NodeOn::Inner && node.dialect == NodeDialect::Dotted) AppendNode(node, &page);
  page += "\n## Alert handlers\n";
  for (const HandlerRow &handler : kHandlers) {
    page += "\n### ." + std::string(handler.method) + "(" + std::string(handler.params_text) + ")\n\n" + std::string(handler.doc) +
            (handler.built == Built::No ? " *Not built yet.*" : "") + "\n";
    bool first = true;
    for (const PropertyRow &property : kHandlerProperties) {
      if (property.owner != static_cast<uint8_t>(handler.id)) continue;
      if (first) page += "\n| property | |\n|---|---|\n";
      first = false;
      AppendProperty(property, &page);
    }
  }
  return page;
}

}  // namespace tick
