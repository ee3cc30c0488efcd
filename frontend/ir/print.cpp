// print.cpp - a graph as text (docs/ir.md).
//
// In: any graph, raw or canonical. Out: text that Read turns into an equal graph; the same graph gives the same
// bytes. Places in the script are kept as `at BEGIN:END` where there are any.
#include <charconv>
#include <cmath>

#include "frontend/ir/text.h"
#include "frontend/ir/text_words.h"

namespace tick::ir {
namespace {

std::string Quoted(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (char c : text) {
    unsigned char byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\', out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\x", out += kHex[byte >> 4], out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string Float(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[32];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  std::string text(buffer, end);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string Duration(int64_t ns) {
  for (const DurationUnit &unit : kDurationUnits)
    if (ns != 0 && ns % unit.ns == 0) return std::to_string(ns / unit.ns) + std::string(unit.name);
  return "0s";
}

std::string At(SourceRange range) {
  if (range.begin == 0 && range.end == 0) return "";
  return " at " + std::to_string(range.begin) + ":" + std::to_string(range.end);
}

std::string Scalar(const Literal &literal) {
  switch (literal.type) {
    case Type::Bool: return literal.i ? "true" : "false";
    case Type::Int: return std::to_string(literal.i);
    case Type::Float: return Float(literal.f);
    case Type::String: return Quoted(literal.s);
    case Type::Duration: return Duration(literal.i);
    case Type::Regex: return "regex " + Quoted(literal.s);
    default: return "missing";
  }
}

// Names of kinds and properties are words as a rule; a UDF may be called anything.
std::string Word(const std::string &name) { return IsWord(name) ? name : Quoted(name); }

class Printer {
 public:
  explicit Printer(const Graph &graph) : graph_(graph) {}

  std::string print() {
    out_ = "ir " + std::to_string(kTextVersion) + "\n";
    out_ += std::string("task ") + (graph_.batch ? "batch" : "stream") + " dialect " + std::to_string(graph_.dialect) +
            (graph_.canonical ? " canonical\n" : " raw\n");
    for (const Dbrp &dbrp : graph_.dbrps)
      out_ += "dbrp " + Quoted(dbrp.database) + "." + Quoted(dbrp.retention_policy) + "\n";
    for (const MeasurementFields &reads : graph_.reads)
      out_ += "reads " + Quoted(reads.measurement) + " " + strings(reads.fields) + "\n";
    if (!graph_.domain_sizes.empty()) out_ += "domains " + numbers(graph_.domain_sizes) + "\n";
    for (const Var &var : graph_.vars) print(var);
    for (size_t i = 0; i < graph_.lambdas.size(); ++i) print(i, graph_.lambdas[i]);
    for (size_t i = 0; i < graph_.stages.size(); ++i) print(i, graph_.stages[i]);
    out_ += "walk " + numbers(graph_.walk) + "\n";
    print_script();
    return std::move(out_);
  }

 private:
  template <class List, class F>
  static std::string list(const List &items, F &&text) {
    std::string out = "[";
    for (size_t i = 0; i < items.size(); ++i) out += (i ? ", " : "") + text(items[i]);
    return out + "]";
  }
  static std::string strings(const std::vector<std::string> &items) { return list(items, Quoted); }
  static std::string numbers(const std::vector<uint32_t> &items) {
    return list(items, [](uint32_t n) { return std::to_string(n); });
  }
  static std::string types(const std::vector<Type> &items) {
    std::string out = list(items, [](Type type) { return std::string(TypeName(type)); });
    return "(" + out.substr(1, out.size() - 2) + ")";
  }

  static std::string value(const Arg &arg) {
    std::string out;
    switch (arg.type) {
      case Type::Lambda: out = "lambda @" + std::to_string(arg.lambda); break;
      case Type::List: out = list(arg.items, value); break;
      case Type::Star: out = "*"; break;
      case Type::Reference: out = "ref " + Quoted(arg.literal.s); break;
      default: {
        Literal literal = arg.literal;
        literal.type = arg.type;
        out = Scalar(literal);
      }
    }
    return out + At(arg.range);
  }

  void print(const Var &var) {
    out_ += "var " + Quoted(var.name) + " " + std::string(TypeName(var.type));
    if (var.has_value) out_ += " = " + value(var.value);
    if (!var.lambda_text.empty()) out_ += " text " + Quoted(var.lambda_text);
    if (!var.description.empty()) out_ += " description " + Quoted(var.description);
    out_ += "\n";
  }

  static std::string operands(const std::vector<uint32_t> &items) {
    std::string out;
    for (uint32_t item : items) out += " %" + std::to_string(item);
    return out;
  }
  // By name where the name says it all, so that a reader need not count.
  static std::string ref(const Lambda &lambda, uint32_t index) {
    if (index < lambda.refs.size())
      for (size_t i = 0; i < lambda.refs.size(); ++i)
        if (lambda.refs[i] == lambda.refs[index]) {
          if (i == index) return Quoted(lambda.refs[index]);
          break;
        }
    return std::to_string(index);
  }
  static std::string literal_comment(const Lambda &lambda, uint32_t index) {
    return index < lambda.literals.size() ? "  ; " + Scalar(lambda.literals[index]) : "";
  }

  void print(size_t number, const Lambda &lambda) {
    out_ += "lambda @" + std::to_string(number) + " " + Quoted(lambda.text);
    if (lambda.state_size) out_ += " state " + std::to_string(lambda.state_size);
    if (lambda.stateful) out_ += " stateful";
    if (lambda.volatile_) out_ += " volatile";
    if (lambda.costly) out_ += " costly";
    out_ += At(lambda.range) + " {\n";
    if (!lambda.refs.empty()) out_ += "  refs " + strings(lambda.refs) + "\n";
    if (!lambda.literals.empty()) out_ += "  literals " + list(lambda.literals, Scalar) + "\n";
    out_ += "  body {\n";
    for (size_t i = 0; i < lambda.body.size(); ++i) print(i, lambda, lambda.body[i]);
    out_ += "  }\n";
    for (const Variant &variant : lambda.variants) print(lambda, variant);
    out_ += "}\n";
  }

  void print(size_t number, const Lambda &lambda, const Expr &expr) {
    out_ += "    %" + std::to_string(number) + " = ";
    std::string comment;
    switch (expr.op) {
      case ExprOp::Ref: out_ += "ref " + ref(lambda, expr.index); break;
      case ExprOp::Literal:
        out_ += "literal " + std::to_string(expr.index);
        comment = literal_comment(lambda, expr.index);
        break;
      case ExprOp::Negate: out_ += "negate"; break;
      case ExprOp::Not: out_ += "not"; break;
      case ExprOp::Binary: out_ += "binary " + Quoted(RowOf(expr.binary).spelling); break;
      case ExprOp::Call: out_ += "call " + Quoted(expr.function); break;
    }
    out_ += operands(expr.operands);
    if (expr.nested) out_ += " scope " + std::to_string(expr.nested);
    out_ += At(expr.range) + comment + "\n";
  }

  void print(const Lambda &lambda, const Variant &variant) {
    out_ += "  variant " + types(variant.types) + " -> " + std::string(TypeName(variant.result)) +
            (variant.may_fail ? " may_fail {\n" : " {\n");
    for (size_t i = 0; i < variant.insts.size(); ++i) print(i, lambda, variant.insts[i]);
    out_ += "  }\n";
  }

  void print(size_t number, const Lambda &lambda, const Inst &inst) {
    out_ += "    %" + std::to_string(number) + " = " + std::string(InstWord(inst.op)) + " " +
            std::string(TypeName(inst.type));
    std::string comment;
    switch (inst.op) {
      case InstOp::Ref: out_ += " " + ref(lambda, inst.index); break;
      case InstOp::Literal:
        out_ += " " + std::to_string(inst.index);
        comment = literal_comment(lambda, inst.index);
        break;
      case InstOp::Binary: out_ += " " + Quoted(RowOf(inst.binary).spelling); break;
      case InstOp::Call:
        if (inst.function < kFunctionCount) out_ += " " + std::string(kFunctions[inst.function].symbol);
        break;
      default: break;
    }
    out_ += operands(inst.operands);
    if (inst.op == InstOp::Call && inst.state) out_ += " state " + std::to_string(inst.state);
    if (inst.may_fail) out_ += " may_fail";
    out_ += comment + "\n";
  }

  void print(size_t number, const Stage &stage) {
    out_ += "node " + std::to_string(number) + " " + Quoted(stage.name) + " " + Word(stage.kind) + " wants " +
            std::string(EdgeWord(stage.wants)) + " provides " + std::string(EdgeWord(stage.provides)) + " parents " +
            numbers(stage.parents) + " children " + numbers(stage.children) + At(stage.range);
    out_ += " {\n";
    if (graph_.canonical || !stage.needs.empty() || stage.needs_all)
      out_ += "  needs " + std::string(stage.needs_all ? "all " : "") + strings(stage.needs) + "\n";
    if (graph_.canonical || stage.domain || stage.state_offset || stage.state_size)
      out_ += "  domain " + std::to_string(stage.domain) + " state " + std::to_string(stage.state_size) + " offset " +
              std::to_string(stage.state_offset) + "\n";
    if (stage.identity) {
      char hex[24];
      std::snprintf(hex, sizeof hex, "0x%016llx", static_cast<unsigned long long>(stage.identity));
      out_ += std::string("  identity ") + hex + "\n";
    }
    for (const Arg &arg : stage.args) out_ += "  arg " + value(arg) + "\n";
    for (const Property &property : stage.properties) print(property, 1);
    out_ += "}\n";
  }

  void print(const Property &property, int depth) {
    std::string indent(static_cast<size_t>(depth) * 2, ' ');
    out_ += indent + "property " + Word(property.name) + At(property.range);
    if (!property.args.empty()) {
      std::string args = list(property.args, value);
      out_ += " (" + args.substr(1, args.size() - 2) + ")";
    }
    if (property.properties.empty()) {
      out_ += "\n";
      return;
    }
    out_ += " {\n";
    for (const Property &inner : property.properties) print(inner, depth + 1);
    out_ += indent + "}\n";
  }

  // A string a line of the script, so that a dump can be read and compared.
  void print_script() {
    if (graph_.script.empty()) return;
    out_ += "script\n";
    for (size_t begin = 0; begin < graph_.script.size();) {
      size_t end = graph_.script.find('\n', begin);
      end = end == std::string::npos ? graph_.script.size() : end + 1;
      out_ += "  " + Quoted(std::string_view(graph_.script).substr(begin, end - begin)) + "\n";
      begin = end;
    }
  }

  const Graph &graph_;
  std::string out_;
};

}  // namespace

std::string Print(const Graph &graph) { return Printer(graph).print(); }

}  // namespace tick::ir
