// code_hash.cpp - what decides a task's machine code, as one number.
//
// Only lambdas become code: their trees and variants, never the names, texts and values they are given at run
// time. So tasks that differ in thresholds, measurements, messages or handlers share a module.
#include "frontend/ir/hash.h"
#include "frontend/ir/ir.h"

namespace tick::ir {
namespace {

void AddOperands(Hash &hash, const std::vector<uint32_t> &operands) {
  hash.add(operands.size());
  for (uint32_t operand : operands) hash.add(operand);
}

void AddExpr(Hash &hash, const Expr &expr) {
  hash.add(static_cast<uint64_t>(expr.op)).add(static_cast<uint64_t>(expr.binary)).add(expr.index).add(expr.function);
  hash.add(expr.nested);
  AddOperands(hash, expr.operands);
}

void AddInst(Hash &hash, const Inst &inst) {
  hash.add(static_cast<uint64_t>(inst.op))
      .add(static_cast<uint64_t>(inst.type))
      .add(static_cast<uint64_t>(inst.binary));
  hash.add(inst.index).add(inst.state).add(inst.may_fail);
  // By symbol: the number of a function changes with the table.
  hash.add(inst.op == InstOp::Call && inst.function < kFunctionCount ? kFunctions[inst.function].symbol : "");
  AddOperands(hash, inst.operands);
}

void AddLambda(Hash &hash, const Lambda &lambda) {
  hash.add(lambda.refs.size());
  // "time" is no column: which ref it is belongs to the code.
  for (const std::string &ref : lambda.refs) hash.add(ref == "time");
  hash.add(lambda.literals.size());
  for (const Literal &literal : lambda.literals) hash.add(static_cast<uint64_t>(literal.type));
  hash.add(lambda.body.size());
  for (const Expr &expr : lambda.body) AddExpr(hash, expr);
  hash.add(lambda.variants.size());
  for (const Variant &variant : lambda.variants) {
    for (Type type : variant.types) hash.add(static_cast<uint64_t>(type));
    hash.add(static_cast<uint64_t>(variant.result)).add(variant.insts.size());
    for (const Inst &inst : variant.insts) AddInst(hash, inst);
  }
  hash.add(lambda.state_size).add(lambda.stateful).add(lambda.volatile_).add(lambda.costly);
}

}  // namespace

uint64_t CodeHash(const Graph &graph) {
  Hash hash;
  hash.add(graph.dialect).add(graph.canonical).add(graph.lambdas.size());
  for (const Lambda &lambda : graph.lambdas) AddLambda(hash, lambda);
  return hash.value();
}

}  // namespace tick::ir
