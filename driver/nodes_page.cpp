// nodes_page.cpp - the table of nodes and handlers as a page.
//
// A node's part is its sentence, its edges, what goes in and comes out, its properties, what it costs, and the script
// of examples/, which the tests run.
#include "driver/listings.h"
#include "grammar/node_tables.h"
#include "runtime/nodes/state_size.h"

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

struct NodePage {
  NodeId id;
  std::string_view in, out, cost;
};
constexpr NodePage kPages[] = {
#define TICK_NODE_PAGE(id, in, out, cost) {NodeId::id, in, out, cost},
#include "grammar/node_pages.def"
#undef TICK_NODE_PAGE
};
constexpr const NodePage *PageOf(NodeId id) {
  for (const NodePage &page : kPages)
    if (page.id == id) return &page;
  return nullptr;
}
static_assert(
    [] {
      for (const NodeRow &row : kNodes)
        if (row.dialect != NodeDialect::Dotted && (row.on != NodeOn::Inner || row.id == NodeId::Udf) && !PageOf(row.id)) return false;
      return true;
    }(),
    "every node of today's dialect has a row in node_pages.def");

struct NodeExample {
  std::string_view node, script;
};
constexpr NodeExample kExamples[] = {
#include "node_examples.inc"
};

// What goes in, an arrow with the call, what comes out. The call is the first line of `out`, in backticks.
void AppendPicture(const NodePage &of, std::string *page) {
  std::string_view call, out = of.out;
  if (out.starts_with('`')) {
    size_t end = std::min(out.find('\n'), out.size());
    call = out.substr(0, end);
    out = out.substr(std::min(end + 1, out.size()));
  }
  if (of.in.empty() && out.empty()) return;
  *page += "\n```\n";
  if (!of.in.empty()) {
    *page += std::string(of.in) + "\n    ↓";
    if (!call.empty()) *page += " ";
    for (char c : call)
      if (c != '`') *page += c;
    *page += "\n";
  }
  *page += (out.empty() ? std::string("nothing goes on") : std::string(out)) + "\n```\n";
}

void AppendCost(const NodeRow &node, const NodePage &of, std::string *page) {
  size_t bytes = StateSizeOf(node.method);
  if (bytes == 0 && of.cost.empty()) return;
  *page += "\nCost: ";
  if (bytes > 0) *page += std::to_string(bytes) + " bytes a group";
  if (bytes > 0) *page += of.cost.empty() ? "." : ". ";
  *page += std::string(of.cost) + "\n";
}

void AppendExample(std::string_view name, std::string *page) {
  for (const NodeExample &example : kExamples)
    if (example.node == name)
      *page += "\n[examples/" + std::string(name) + "](../examples/" + std::string(name) + "):\n\n```\n" + std::string(example.script) + "```\n";
}

void AppendUdf(const NodeRow &node, std::string *page) {
  *page += "\n### @name\n\n" + std::string(node.doc) +
           " The configuration's `[udf.functions.name]` says which process or socket it is; see [udf.md](udf.md).\n\n"
           "Takes and gives what the function says. `@name()`, and its options as properties.\n";
  AppendPicture(*PageOf(node.id), page);
  AppendCost(node, *PageOf(node.id), page);
}

void AppendNode(const NodeRow &node, std::string *page) {
  if (node.id == NodeId::Udf) return AppendUdf(node, page);
  const bool dotted = node.dialect == NodeDialect::Dotted;
  *page += "\n### " + std::string(node.method) + (dotted ? " (0.2)" : "") + "\n\n" + std::string(node.doc);
  if (node.built == Built::No) *page += " *Not built yet: a script that uses it is refused.*";
  *page += "\n\nTakes " + std::string(EdgeWord(node.wants)) + ", gives " + std::string(EdgeWord(node.provides)) + ". `" +
           (dotted || node.on == NodeOn::Source ? (node.on == NodeOn::Source ? "" : ".") : "|") + std::string(node.method) +
           (node.on == NodeOn::Source ? "" : "(" + std::string(node.params_text) + ")") + "`\n";
  if (!dotted) AppendPicture(*PageOf(node.id), page);
  bool first = true;
  for (const PropertyRow &property : kNodeProperties) {
    if (property.owner != static_cast<uint8_t>(node.id) || property.name == "quiet") continue;
    if (first) *page += "\n| property | |\n|---|---|\n";
    first = false;
    AppendProperty(property, page);
  }
  if (dotted) return;
  AppendCost(node, *PageOf(node.id), page);
  AppendExample(node.method, page);
}

}  // namespace

std::string NodesMarkdown() {
  std::string page =
      "# Nodes\n\nEvery node has `.quiet()`, which suppresses its error log lines. Types of arguments: `...` any number, `?` may be "
      "left out.\n\nIn the pictures a line is a point, `name tag=value | field=value @seconds`, and `[name until 10: …]` a batch. Costs are "
      "bytes a group beside the group itself (some 200 bytes and its tags, once for nodes that see the same groups); "
      "`tickc explain` gives those of a task.\n\n## Today's dialect\n";
  for (const NodeRow &node : kNodes)
    if ((node.on != NodeOn::Inner || node.id == NodeId::Udf) && node.dialect != NodeDialect::Dotted) AppendNode(node, &page);
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
