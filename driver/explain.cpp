// explain.cpp - a compiled task in words: what it does, reads and costs.
#include "driver/explain.h"

#include <set>

#include "driver/explain_lambda.h"
#include "frontend/ast/format.h"
#include "frontend/ir/stage.h"
#include "grammar/node_tables.h"

namespace tick {
namespace {

using ir::Stage;

std::string Plural(uint64_t n, const std::string &word) { return std::to_string(n) + " " + word + (n == 1 ? "" : "s"); }

std::string ValueText(const ir::Graph &graph, const ir::Arg &arg) {
  switch (arg.type) {
    case Type::Bool: return arg.literal.i ? "TRUE" : "FALSE";
    case Type::Int: return std::to_string(arg.literal.i);
    case Type::Float: {
      char text[40];
      std::snprintf(text, sizeof text, "%g", arg.literal.f);
      return text;
    }
    case Type::Duration: return FormatDuration(arg.literal.i);
    case Type::Regex: return "/" + arg.literal.s + "/";
    case Type::Lambda: return graph.lambdas[arg.lambda].text;
    case Type::Star: return "*";
    case Type::Reference: return "\"" + arg.literal.s + "\"";
    case Type::List: {
      std::vector<std::string> items;
      for (const ir::Arg &item : arg.items) items.push_back(ValueText(graph, item));
      return InWords(items, ", ");
    }
    default: return "'" + arg.literal.s + "'";
  }
}

std::string ArgsText(const ir::Graph &graph, const std::vector<ir::Arg> &args) {
  std::vector<std::string> texts;
  for (const ir::Arg &arg : args)
    if (arg.type != Type::Lambda) texts.push_back(ValueText(graph, arg));
  return InWords(texts, ", ");
}

std::string_view DocOf(const ir::Graph &graph, const Stage &stage) {
  NodeDialect dialect = graph.dialect == 2 ? NodeDialect::Dotted : NodeDialect::Modern;
  for (const NodeRow &row : kNodes)
    if (row.method == stage.kind && row.dialect == dialect) return row.doc;
  return "Hands the data to a function of the configuration and goes on with what it returns.";
}

// What Kapacitor does not have, by the table's word; "" for its own properties.
std::string_view BeyondKapacitor(const ir::Graph &graph, const Stage &stage, const ir::Property &property) {
  NodeDialect dialect = graph.dialect == 2 ? NodeDialect::Dotted : NodeDialect::Modern;
  for (const NodeRow &row : kNodes) {
    if (row.method != stage.kind || row.dialect != dialect) continue;
    for (const PropertyRow &known : kNodeProperties)
      if (known.owner == static_cast<uint8_t>(row.id) && known.name == property.name && known.doc.find("Kapacitor") != std::string_view::npos)
        return known.doc;
  }
  return "";
}

bool IsHandler(const ir::Property &property) {
  for (const HandlerRow &row : kHandlers)
    if (row.method == property.name) return true;
  return false;
}

// Nodes that keep points, not only numbers about them.
bool Buffers(const Stage &stage) {
  static constexpr std::string_view kKinds[] = {"window", "flatten", "combine", "join", "union"};
  for (std::string_view kind : kKinds)
    if (kind == stage.kind) return true;
  return stage.kind == "groupBy" && stage.wants == ir::Edge::Batch;
}

class Explainer {
 public:
  explicit Explainer(const ir::Graph &graph) : graph_(graph) {}

  std::string explain() {
    task();
    for (uint32_t number : graph_.walk) node(graph_.stages[number]);
    dialect();
    return std::move(out_);
  }

 private:
  void line(const std::string &text) { out_ += "  " + text + "\n"; }

  void task() {
    size_t vectors = 0;
    for (const ir::Lambda &lambda : graph_.lambdas) vectors += !lambda.variants.empty();
    out_ +=
        std::string("A ") + (graph_.batch ? "batch" : "stream") + " task of " + Plural(graph_.stages.size(), "node");
    if (!graph_.lambdas.empty())
      out_ += " with " + Plural(graph_.lambdas.size(), "lambda") + ", " + std::to_string(vectors) +
              " of them compiled for the types they take";
    out_ += ".\n";
    std::vector<std::string> dbrps;
    for (const ir::Dbrp &dbrp : graph_.dbrps)
      dbrps.push_back("\"" + dbrp.database + "\".\"" + dbrp.retention_policy + "\"");
    if (!dbrps.empty()) line("Reads the data of " + InWords(dbrps) + ".");
    for (const ir::MeasurementFields &reads : graph_.reads)
      line("Of points of " + (reads.measurement.empty() ? "any measurement" : "`" + reads.measurement + "`") +
           " it reads " + InWords(reads.fields) + "; their other fields stay text until something shows them.");
    uint64_t bytes = 0;
    for (const Stage &stage : graph_.stages) bytes += stage.state_size;
    line("A group that passes all nodes costs " + Plural(bytes, "byte") + " of state.");
  }

  void node(const Stage &stage) {
    out_ += "\n" + stage.name + ": " + std::string(DocOf(graph_, stage)) + "\n";
    settings(stage);
    reads(stage);
    lambdas(stage);
    state(stage);
    output(stage);
  }

  void settings(const Stage &stage) {
    std::vector<std::string> texts, handlers;
    if (std::string args = ArgsText(graph_, stage.args); !args.empty()) texts.push_back(args);
    for (const ir::Property &property : stage.properties) {
      // A handler's arguments may be keys to somebody's account.
      if (stage.kind == "alert" && IsHandler(property)) {
        handlers.push_back(property.name);
        continue;
      }
      std::string args = ArgsText(graph_, property.args);
      if (args.empty() && !property.args.empty()) continue;  // a lambda, told below
      texts.push_back(property.name + (args.empty() ? "" : " " + args));
    }
    if (!texts.empty()) line("Set to " + InWords(texts, ", ") + ".");
    if (!handlers.empty()) line("Tells " + InWords(handlers) + ".");
    for (const ir::Property &property : stage.properties)
      if (std::string_view doc = BeyondKapacitor(graph_, stage, property); !doc.empty())
        line("Beyond Kapacitor, which refuses " + property.name + ": " + std::string(doc));
  }

  void reads(const Stage &stage) {
    std::set<std::string> names;
    for (const ir::LambdaUse &use : LambdasOf(stage))
      for (const std::string &ref : graph_.lambdas[use.lambda].refs) names.insert(ref);
    bool time = graph_.dialect != 2 && names.erase("time");
    if (!names.empty())
      line("Its lambdas read " + InWords({names.begin(), names.end()}) + " (fields or tags)" +
           (time ? " and the time." : "."));
    else if (time) line("Its lambdas read the time.");
    if (ir::RowOfKind(stage.kind).fields == ir::FieldRule::Everything) line("Takes every field of its input.");
  }

  void lambdas(const Stage &stage) {
    std::vector<std::string> as;
    if (const ir::Property *property = FindProperty(stage, "as")) as = ir::Strings(property->args);
    for (const ir::LambdaUse &use : LambdasOf(stage)) {
      const ir::Lambda &lambda = graph_.lambdas[use.lambda];
      std::string name = !use.property.empty() ? std::string(use.property) + ": "
                         : use.position < as.size() ? as[use.position] + ": "
                                                    : "";
      out_ += "    " + name + lambda.text + "\n" + ExplainLambda(graph_, stage, lambda);
    }
  }

  void state(const Stage &stage) {
    if (stage.state_size) line("Keeps " + Plural(stage.state_size, "byte") + " a group.");
    if (!Buffers(stage)) return;
    if (stage.needs_all || ir::RowOfKind(stage.kind).fields == ir::FieldRule::Everything) {
      line(
          "A buffered point costs 16 bytes for time and series, and 8 for each of its fields (16 and the text for "
          "strings).");
    } else {
      line("A buffered point costs " + Plural(16 + 8 * stage.needs.size(), "byte") + ": time, series" +
           (stage.needs.empty() ? "" : " and " + InWords(stage.needs)) + "; strings take 8 more and their text.");
    }
  }

  void output(const Stage &stage) {
    if (stage.children.empty()) return;
    if (stage.needs_all) line("Behind it every field is shown or kept.");
    else if (stage.needs.empty()) line("Behind it no field is read.");
    else line("Behind it " + InWords(stage.needs) + (stage.needs.size() == 1 ? " is" : " are") + " read.");
  }

  void dialect() {
    if (graph_.dialect != 2) {
      out_ += "\nThe script is in today's dialect: `|` adds a node, `.` sets a property.\n";
      return;
    }
    out_ +=
        "\nThe script is in the dialect of Kapacitor 0.2, which chains nodes with `.`. So, unlike today:\n"
        "  operators of equal rank bind from the right: 1 - 2 - 3 is 2\n"
        "  AND and OR always evaluate both sides, and ints are compared as doubles\n"
        "  a name that a point lacks is an error, and there is no \"time\"\n"
        "  eval gives floats only, and its lambdas keep one state for all groups\n"
        "  strings and durations have no arithmetic, and fewer functions exist\n"
        "  group ids end in a comma, windows advance by `every` from one end to the next, union does not order\n";
  }

  const ir::Graph &graph_;
  std::string out_;
};

}  // namespace

std::string Explain(const ir::Graph &graph) { return Explainer(graph).explain(); }

}  // namespace tick
