// read.cpp - the IR's text as a graph (docs/ir.md).
//
// In: text, any bytes. Out: a graph that Verify accepts, or nothing having reported one error with its place.
// Recursive descent over the tokens of text_lexer.h; nesting is bounded, so no input exhausts the stack.
#include <limits>

#include "frontend/ir/text.h"
#include "frontend/ir/text_reader.h"
#include "frontend/ir/text_words.h"

namespace tick::ir {
namespace {

constexpr int kMaxDepth = 64;

class Reader : TextReader {
 public:
  using TextReader::TextReader;

  bool read(Graph &graph) {
    graph_ = &graph;
    if (!header()) return false;
    while (token_.kind != TokenKind::End)
      if (!section()) return false;
    finish();
    return true;
  }

 private:
  // --- values
  bool scalar(Literal &out) {
    switch (token_.kind) {
      case TokenKind::String: out.type = Type::String, out.s = std::move(token_.text); break;
      case TokenKind::Int: out.type = Type::Int, out.i = token_.number; break;
      case TokenKind::Duration: out.type = Type::Duration, out.i = token_.number; break;
      case TokenKind::Float: out.type = Type::Float, out.f = token_.real; break;
      default: return scalar_word(out);
    }
    advance();
    return true;
  }
  bool scalar_word(Literal &out) {
    if (accept("regex")) {
      out.type = Type::Regex;
      return string(out.s);
    }
    if (token_.is("true") || token_.is("false")) {
      out.type = Type::Bool, out.i = token_.is("true");
    } else if (token_.is("inf")) {
      out.type = Type::Float, out.f = std::numeric_limits<double>::infinity();
    } else if (token_.is("nan")) {
      out.type = Type::Float, out.f = std::numeric_limits<double>::quiet_NaN();
    } else if (token_.is("missing")) {
      out.type = Type::Missing;
    } else {
      return expected("a value");
    }
    advance();
    return true;
  }
  bool value(Arg &out, int depth = 0) {
    if (depth > kMaxDepth) return expected("fewer nested lists");
    if (accept("lambda")) {
      out.type = Type::Lambda;
      if (token_.kind != TokenKind::LambdaId) return expected("a lambda such as `@0`");
      out.lambda = static_cast<uint32_t>(token_.bits);
      advance();
    } else if (accept("[")) {
      out.type = Type::List;
      if (!list("]", [&] { return value(out.items.emplace_back(), depth + 1); })) return false;
    } else if (accept("*")) {
      out.type = Type::Star;
    } else if (accept("ref")) {
      out.type = Type::Reference;
      if (!string(out.literal.s)) return false;
    } else {
      if (!scalar(out.literal)) return false;
      out.type = out.literal.type;
    }
    return at(out.range);
  }

  // --- top level
  bool header() {
    if (!expect("ir")) return false;
    if (token_.kind != TokenKind::Int) return expected("the version of the text");
    if (token_.number != kTextVersion) {
      diagnostics_.report(DiagId::IrVersion, token_.range,
                          {std::to_string(token_.number), std::to_string(kTextVersion)});
      return false;
    }
    advance();
    if (!expect("task")) return false;
    if (!token_.is("stream") && !token_.is("batch")) return expected("`stream` or `batch`");
    graph_->batch = token_.is("batch");
    advance();
    uint32_t dialect = 0;
    if (!expect("dialect")) return false;
    SourceRange range = token_.range;
    if (!index(dialect)) return false;
    if (dialect != 1 && dialect != 2) {
      diagnostics_.report(DiagId::IrSyntax, range, {"dialect " + std::to_string(dialect), "1 or 2"});
      return false;
    }
    graph_->dialect = static_cast<uint8_t>(dialect);
    graph_->canonical = token_.is("canonical");
    return accept("canonical") || expect("raw");
  }
  bool section() {
    if (accept("dbrp")) {
      Dbrp &dbrp = graph_->dbrps.emplace_back();
      return string(dbrp.database) && expect(".") && string(dbrp.retention_policy);
    }
    if (accept("reads")) {
      MeasurementFields &reads = graph_->reads.emplace_back();
      return string(reads.measurement) && strings(reads.fields);
    }
    if (accept("domains")) return numbers(graph_->domain_sizes);
    if (accept("walk")) return numbers(graph_->walk);
    if (accept("var")) return var(graph_->vars.emplace_back());
    if (accept("lambda")) return lambda(graph_->lambdas.emplace_back());
    if (accept("node")) return node(graph_->stages.emplace_back());
    if (accept("script")) {
      if (token_.kind != TokenKind::String) return expected("a string");
      for (; token_.kind == TokenKind::String; advance()) graph_->script += token_.text;
      return true;
    }
    return expected("`dbrp`, `reads`, `domains`, `var`, `lambda`, `node`, `walk` or `script`");
  }
  bool var(Var &out) {
    if (!string(out.name) || !type(out.type)) return false;
    out.has_value = accept("=");
    if (out.has_value && !value(out.value)) return false;
    if (accept("text") && !string(out.lambda_text)) return false;
    return !accept("description") || string(out.description);
  }

  // --- lambdas
  bool lambda(Lambda &out) {
    if (!numbered(TokenKind::LambdaId, graph_->lambdas.size() - 1, "lambda @") || !string(out.text)) return false;
    if (accept("state") && !index(out.state_size)) return false;
    out.stateful = accept("stateful");
    out.volatile_ = accept("volatile");
    out.costly = accept("costly");
    if (!at(out.range) || !expect("{")) return false;
    if (accept("refs") && !strings(out.refs)) return false;
    if (accept("literals") &&
        (!expect("[") || !list("]", [&] { return scalar(out.literals.emplace_back()); })))
      return false;
    if (!expect("body") || !expect("{")) return false;
    while (!accept("}"))
      if (!expr(out, out.body.emplace_back())) return false;
    while (accept("variant"))
      if (!variant(out, out.variants.emplace_back())) return false;
    return expect("}");
  }
  bool ref(const Lambda &lambda, uint32_t &out) {
    if (token_.kind != TokenKind::String) return index(out);
    for (out = 0; out < lambda.refs.size(); ++out)
      if (lambda.refs[out] == token_.text) {
        advance();
        return true;
      }
    return expected("one of the lambda's refs");
  }
  bool operands(std::vector<uint32_t> &out) {
    // `%4 =` begins the next line.
    for (; token_.kind == TokenKind::Value && !TextLexer(lexer_).next().is("="); advance())
      out.push_back(static_cast<uint32_t>(token_.bits));
    return true;
  }
  bool expr(const Lambda &lambda, Expr &out) {
    static constexpr std::string_view kWords[] = {"ref", "literal", "negate", "not", "binary", "call"};
    size_t word = 0;
    if (!numbered(TokenKind::Value, lambda.body.size() - 1, "%") || !expect("=") ||
        !one_of(kWords, word, "`ref`, `literal`, `negate`, `not`, `binary` or `call`"))
      return false;
    out.op = static_cast<ExprOp>(word);
    if (out.op == ExprOp::Ref && !ref(lambda, out.index)) return false;
    if (out.op == ExprOp::Literal && !index(out.index)) return false;
    if (out.op == ExprOp::Binary && !op(out.binary)) return false;
    if (out.op == ExprOp::Call && !string(out.function)) return false;
    return operands(out.operands) && (!accept("scope") || index(out.nested)) && at(out.range);
  }
  bool variant(const Lambda &lambda, Variant &out) {
    if (!expect("(") || !list(")", [&] { return type(out.types.emplace_back()); }) || !expect("->") ||
        !type(out.result))
      return false;
    out.may_fail = accept("may_fail");
    if (!expect("{")) return false;
    while (!accept("}")) {
      out.insts.emplace_back();
      if (!inst(lambda, out)) return false;
    }
    return true;
  }
  bool inst(const Lambda &lambda, Variant &variant) {
    Inst &out = variant.insts.back();
    size_t word = 0;
    if (!numbered(TokenKind::Value, variant.insts.size() - 1, "%") || !expect("=") ||
        !one_of(kInstWords, word, "an instruction such as `binary`") || !type(out.type))
      return false;
    out.op = static_cast<InstOp>(word);
    if (out.op == InstOp::Ref && !ref(lambda, out.index)) return false;
    if (out.op == InstOp::Literal && !index(out.index)) return false;
    if (out.op == InstOp::Binary && !op(out.binary)) return false;
    if (out.op == InstOp::Call && !function(out.function)) return false;
    if (!operands(out.operands)) return false;
    if (accept("state") && !index(out.state)) return false;
    out.may_fail = accept("may_fail");
    return true;
  }
  bool function(uint32_t &out) {
    if (token_.kind == TokenKind::Word)
      for (out = 0; out < kFunctionCount; ++out)
        if (kFunctions[out].symbol == token_.text) {
          advance();
          return true;
        }
    return expected("the symbol of a function such as `tick_fn_abs_f`");
  }

  // --- nodes
  bool edge(Edge &out) {
    size_t word = 0;
    if (!one_of(kEdgeWords, word, "`none`, `stream` or `batch`")) return false;
    out = static_cast<Edge>(word);
    return true;
  }
  bool node(Stage &out) {
    if (!numbered(TokenKind::Int, graph_->stages.size() - 1, "node ") || !string(out.name) ||
        !word_or_string(out.kind) || !expect("wants") || !edge(out.wants) || !expect("provides") ||
        !edge(out.provides) || !expect("parents") || !numbers(out.parents))
      return false;
    if (accept("children")) {
      if (!numbers(out.children)) return false;
    } else {
      derive_children_ = true;
    }
    if (!at(out.range) || !expect("{")) return false;
    while (!accept("}"))
      if (!node_line(out)) return false;
    return true;
  }
  bool node_line(Stage &out) {
    if (accept("needs")) {
      out.needs_all = accept("all");
      return strings(out.needs);
    }
    if (accept("domain"))
      return index(out.domain) && expect("state") && index(out.state_size) && expect("offset") &&
             index(out.state_offset);
    if (accept("identity")) {
      if (token_.kind != TokenKind::Hex) return expected("a hexadecimal number");
      out.identity = token_.bits;
      advance();
      return true;
    }
    if (accept("arg")) return value(out.args.emplace_back());
    if (accept("property")) return property(out.properties.emplace_back(), 0);
    return expected("`needs`, `domain`, `identity`, `arg`, `property` or `}`");
  }
  bool property(Property &out, int depth) {
    if (depth > kMaxDepth) return expected("fewer nested properties");
    if (!word_or_string(out.name) || !at(out.range)) return false;
    if (accept("(") && !list(")", [&] { return value(out.args.emplace_back()); })) return false;
    if (!accept("{")) return true;
    while (!accept("}"))
      if (!expect("property") || !property(out.properties.emplace_back(), depth + 1)) return false;
    return true;
  }

  // What text written by hand may leave out.
  void finish() {
    if (derive_children_) {
      for (Stage &stage : graph_->stages) stage.children.clear();
      for (uint32_t i = 0; i < graph_->stages.size(); ++i)
        for (uint32_t parent : graph_->stages[i].parents)
          if (parent < i) graph_->stages[parent].children.push_back(i);
    }
    if (graph_->walk.empty())
      for (uint32_t i = 0; i < graph_->stages.size(); ++i) graph_->walk.push_back(i);
  }

  Graph *graph_ = nullptr;
  bool derive_children_ = false;
};

}  // namespace

std::optional<Graph> Read(const Source &source, Diagnostics &diagnostics) {
  Graph graph;
  if (!Reader(source, diagnostics).read(graph)) return std::nullopt;
  if (std::string broken = Verify(graph); !broken.empty()) {
    diagnostics.report(DiagId::IrBroken, {}, {broken});
    return std::nullopt;
  }
  return graph;
}

}  // namespace tick::ir
