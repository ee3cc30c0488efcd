// code_key.cpp - the fields of lambdas that reach machine code, each followed by where it ends.
#include "codegen/code_key.h"

#include <unordered_map>

namespace tick {
namespace {

class KeyWriter {
 public:
  void number(uint64_t value) {
    // Seven bits a byte: most numbers are small.
    for (; value >= 0x80; value >>= 7) key_ += static_cast<char>(value | 0x80);
    key_ += static_cast<char>(value);
  }
  void text(const std::string &text) {
    number(text.size());
    key_ += text;
  }
  void numbers(const std::vector<uint32_t> &values) {
    number(values.size());
    for (uint32_t value : values) number(value);
  }
  std::string take() { return std::move(key_); }

 private:
  std::string key_;
};

void Write(KeyWriter &key, const ir::Expr &expr) {
  key.number(static_cast<uint64_t>(expr.op));
  key.number(static_cast<uint64_t>(expr.binary));
  key.number(expr.index);
  key.number(expr.nested);
  key.text(expr.function);
  key.numbers(expr.operands);
}

void Write(KeyWriter &key, const ir::Variant &variant) {
  for (Type type : variant.types) key.number(static_cast<uint64_t>(type));
  key.number(static_cast<uint64_t>(variant.result));
  key.number(variant.may_fail);
  key.number(variant.insts.size());
  for (const ir::Inst &inst : variant.insts) {
    key.number(static_cast<uint64_t>(inst.op));
    key.number(static_cast<uint64_t>(inst.type));
    key.number(static_cast<uint64_t>(inst.binary));
    key.number(inst.index);
    key.number(inst.function);
    key.number(inst.state);
    key.numbers(inst.operands);
  }
}

void Write(KeyWriter &key, const ir::Lambda &lambda) {
  key.number(lambda.refs.size());
  key.number(lambda.literals.size());
  for (const ir::Literal &literal : lambda.literals) key.number(static_cast<uint64_t>(literal.type));
  key.number(lambda.body.size());
  for (const ir::Expr &expr : lambda.body) Write(key, expr);
  key.number(lambda.variants.size());
  for (const ir::Variant &variant : lambda.variants) Write(key, variant);
}

}  // namespace

std::string CodeKey(const ir::Lambda &lambda) {
  KeyWriter key;
  Write(key, lambda);
  return key.take();
}

std::string CodeKey(const ir::Graph &graph) {
  KeyWriter key;
  key.number(graph.dialect);
  for (const ir::Lambda &lambda : graph.lambdas) Write(key, lambda);
  return key.take();
}

std::vector<size_t> SharedLambdas(const ir::Graph &graph) {
  std::unordered_map<std::string, size_t> first;
  std::vector<size_t> shared;
  for (size_t i = 0; i < graph.lambdas.size(); ++i)
    shared.push_back(first.emplace(CodeKey(graph.lambdas[i]), i).first->second);
  return shared;
}

}  // namespace tick
