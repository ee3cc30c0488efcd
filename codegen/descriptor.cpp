// descriptor.cpp - a canonical graph as the ABI's structs.
//
// Everything lives in one arena, so a descriptor is a handful of allocations and one free. The order of every
// array is the graph's: equal graphs give equal descriptors.
#include "codegen/descriptor.h"

#include "codegen/sites.h"
#include "codegen/vars_json.h"
#include "frontend/ir/dot.h"
#include "runtime/support/arena.h"

namespace tick {
namespace {

// FNV-1a: of the script's text, the same in every process.
uint64_t TextHash(std::string_view text) {
  uint64_t hash = 14695981039346656037u;
  for (unsigned char c : text) hash = (hash ^ c) * 1099511628211u;
  return hash;
}

class Builder {
 public:
  Builder(const ir::Graph &graph, Arena &arena) : graph_(graph), arena_(arena), source_{"", graph.script} {}

  void build(tick_task &task) {
    task = {};
    task.magic = TICK_ABI_MAGIC;
    task.abi_version = TICK_ABI_VERSION;
    task.size = sizeof(tick_task);
    task.type = graph_.batch ? TICK_EDGE_BATCH : TICK_EDGE_STREAM;
    task.dialect = graph_.dialect;
    task.dbrps = list<tick_dbrp>(graph_.dbrps, task.n_dbrps, [&](const ir::Dbrp &dbrp) {
      return tick_dbrp{text(dbrp.database), text(dbrp.retention_policy)};
    });
    task.nodes = list<tick_node>(graph_.stages, task.n_nodes, [&](const ir::Stage &stage) { return node(stage); });
    uint32_t n_walk;
    task.walk = numbers(graph_.walk, n_walk);
    task.lambdas = list<tick_lambda>(graph_.lambdas, task.n_lambdas,
                                     [&](const ir::Lambda &each) { return lambda(each); });
    task.reads = list<tick_measurement_fields>(graph_.reads, task.n_reads, [&](const ir::MeasurementFields &read) {
      tick_measurement_fields fields = {.measurement = text(read.measurement)};
      fields.fields = names(read.fields, fields.n_fields);
      return fields;
    });
    task.domain_sizes = numbers(graph_.domain_sizes, task.n_domains);
    task.vars = list<tick_var>(graph_.vars, task.n_vars, [&](const ir::Var &var) {
      return tick_var{text(var.name), text(VarTypeName(var.type)), text(var.description), text(VarJson(var))};
    });
    task.script = text(graph_.script);
    task.dot = text(ir::DotBody(graph_));
    task.script_hash = TextHash(graph_.script);
    task.code_hash = ir::CodeHash(graph_);
  }

 private:
  const char *text(std::string_view string) { return arena_.copy(string).data(); }
  tick_string bytes(std::string_view string) { return {text(string), string.size()}; }

  // The array of make(item) for each item; null where there are none.
  template <class T, class Items, class Make>
  const T *list(const Items &items, uint32_t &n, Make make) {
    n = static_cast<uint32_t>(items.size());
    if (items.empty()) return nullptr;
    T *array = arena_.array<T>(items.size());
    size_t i = 0;
    for (const auto &item : items) array[i++] = make(item);
    return array;
  }
  const uint32_t *numbers(const std::vector<uint32_t> &items, uint32_t &n) {
    return list<uint32_t>(items, n, [](uint32_t item) { return item; });
  }
  const char *const *names(const std::vector<std::string> &items, uint32_t &n) {
    return list<const char *>(items, n, [&](const std::string &item) { return text(item); });
  }

  // The payload of a literal; regexes and references hold text.
  tick_payload payload(const ir::Literal &literal) {
    tick_payload as = {};
    as.s = {nullptr, 0};
    switch (literal.type) {
      case Type::Bool: as.b = literal.i != 0; break;
      case Type::Int:
      case Type::Duration: as.i = literal.i; break;
      case Type::Float: as.f = literal.f; break;
      default: as.s = bytes(literal.s); break;
    }
    return as;
  }

  tick_arg arg(const ir::Arg &from) {
    tick_arg to = {};
    to.type = static_cast<uint8_t>(from.type);
    to.as.s = {nullptr, 0};
    switch (from.type) {
      case Type::Lambda: to.as.i = from.lambda; break;
      case Type::List: to.items = args(from.items, to.n_items); break;
      case Type::Star: break;
      default: {
        ir::Literal literal = from.literal;
        literal.type = from.type;
        to.as = payload(literal);
      }
    }
    return to;
  }
  const tick_arg *args(const std::vector<ir::Arg> &from, uint32_t &n) {
    return list<tick_arg>(from, n, [&](const ir::Arg &each) { return arg(each); });
  }
  const tick_property *properties(const std::vector<ir::Property> &from, uint32_t &n) {
    return list<tick_property>(from, n, [&](const ir::Property &each) {
      tick_property property = {.name = text(each.name)};
      property.args = args(each.args, property.n_args);
      property.properties = properties(each.properties, property.n_properties);
      return property;
    });
  }

  tick_node node(const ir::Stage &stage) {
    tick_node node = {};
    node.kind = text(stage.kind);
    node.name = text(stage.name);
    node.args = args(stage.args, node.n_args);
    node.properties = properties(stage.properties, node.n_properties);
    node.parents = numbers(stage.parents, node.n_parents);
    node.children = numbers(stage.children, node.n_children);
    node.wants = static_cast<uint8_t>(stage.wants);
    node.provides = static_cast<uint8_t>(stage.provides);
    node.identity = stage.identity;
    node.needs = names(stage.needs, node.n_needs);
    node.needs_all = stage.needs_all;
    node.domain = stage.domain;
    node.state_offset = stage.state_offset;
    node.state_size = stage.state_size;
    LineColumn position = source_.position(stage.range.begin);
    node.line = position.line;
    node.column = position.column;
    return node;
  }

  tick_site site(const ir::Lambda &lambda, const ir::Expr &expr, const char *const *scope, uint32_t n_scope) {
    tick_site site = {};
    if (expr.op == ir::ExprOp::Binary) {
      site.name = text(RowOf(expr.binary).spelling);
      site.op = static_cast<uint8_t>(expr.binary);
    } else if (expr.op == ir::ExprOp::Call) {
      site.name = text(expr.function);
    } else {
      site.op = expr.op == ir::ExprOp::Not;
      site.name = site.op ? "!" : "-";
    }
    uint32_t n;
    site.ref_names = list<const char *>(expr.operands, n, [&](uint32_t operand) {
      const ir::Expr &each = lambda.body[operand];
      return each.op == ir::ExprOp::Ref ? scope[each.index] : nullptr;
    });
    site.texts = list<const char *>(expr.operands, n,
                                    [&](uint32_t operand) { return text(OperandText(lambda, operand)); });
    site.n_args = static_cast<uint8_t>(n > 255 ? 255 : n);
    site.scope = scope;
    site.n_scope = n_scope;
    return site;
  }

  tick_lambda lambda(const ir::Lambda &from) {
    tick_lambda to = {};
    to.text = text(from.text);
    to.refs = names(from.refs, to.n_refs);
    to.literals = list<tick_value>(from.literals, to.n_literals, [&](const ir::Literal &literal) {
      tick_value value = {};
      value.as = payload(literal);
      value.type = static_cast<uint8_t>(literal.type);
      return value;
    });
    std::vector<const ir::Expr *> with_site;
    for (const ir::Expr &expr : from.body)
      if (HasSite(expr)) with_site.push_back(&expr);
    to.sites = list<tick_site>(with_site, to.n_sites,
                               [&](const ir::Expr *expr) { return site(from, *expr, to.refs, to.n_refs); });
    to.n_kernels = static_cast<uint32_t>(from.variants.size());
    to.state_size = from.state_size;
    to.flags = (from.stateful ? TICK_LAMBDA_STATEFUL : 0) | (from.volatile_ ? TICK_LAMBDA_VOLATILE : 0) |
               (from.costly ? TICK_LAMBDA_COSTLY : 0);
    return to;
  }

  const ir::Graph &graph_;
  Arena &arena_;
  Source source_;
};

}  // namespace

struct Descriptor::Memory {
  Arena arena;
  tick_task task;
};

Descriptor::Descriptor(const ir::Graph &graph) : memory_(std::make_unique<Memory>()), task_(&memory_->task) {
  Builder(graph, memory_->arena).build(memory_->task);
}
Descriptor::~Descriptor() = default;
Descriptor::Descriptor(Descriptor &&) noexcept = default;

}  // namespace tick
