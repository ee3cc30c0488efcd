// lower_tagged.cpp - a lambda's untyped tree as native code over tagged values, one row.
//
// The order of evaluation is what users see in messages and counters, so it is Kapacitor's (language.md 4.3):
// a node's type first, then its value. For `left + right`:
//   tl = type(left); tr = type(right);
//   if (tick_dyn_binary_type(context, &sites[i], tl, tr, &type)) goto failed;
//   a = value(left); b = value(right);
//   if (tick_dyn_binary(context, &sites[i], a, b, &out)) goto failed;
// Types depend on the references alone, so each is computed once; where it was computed before the value that
// needs it, it holds. Comparisons, AND, OR and `!` are boolean without a look at their operands. The right value
// of AND and OR is behind a branch, its type is not. Dialect 0.2 has no types beforehand and no branches.
#include "codegen/lower.h"
#include "codegen/sites.h"

namespace tick {
namespace {

class TaggedEmitter {
 public:
  TaggedEmitter(ModuleContext &module, const ir::Lambda &lambda, uint8_t dialect)
      : m_(module), lambda_(lambda), old_(dialect == 2), b_(module.llvm), sites_(SiteIndexes(lambda)),
        types_(lambda.body.size()) {}

  llvm::Function *emit(const std::string &name, uint32_t level) {
    function_ = m_.make(name, llvm::FunctionType::get(m_.i32, std::vector<llvm::Type *>(6, m_.pointer), false), level,
                        /*exported=*/false);
    constexpr const char *kNames[] = {"context", "refs", "literals", "sites", "state", "out"};
    for (unsigned i = 0; i < 6; ++i) function_->getArg(i)->setName(kNames[i]);
    b_.SetInsertPoint(block("entry"));
    failed_ = block("failed");
    uint32_t root = static_cast<uint32_t>(lambda_.body.size() - 1);
    if (!old_) type_of(root);
    copy(function_->getArg(5), value_of(root));
    b_.CreateRet(b_.getInt32(0));
    b_.SetInsertPoint(failed_);
    b_.CreateRet(b_.getInt32(1));
    return function_;
  }

 private:
  // --- types (i8), in Kapacitor's order, each once
  llvm::Value *type_of(uint32_t index) {
    if (!types_[index]) types_[index] = emit_type(index);
    return types_[index];
  }

  llvm::Value *emit_type(uint32_t index) {
    const ir::Expr &expr = lambda_.body[index];
    switch (expr.op) {
      case ir::ExprOp::Ref:
        return b_.CreateLoad(m_.i8, offset(reference(expr), offsetof(tick_value, type)), lambda_.refs[expr.index]);
      case ir::ExprOp::Literal: return type_constant(lambda_.literals[expr.index].type);
      case ir::ExprOp::Not: return type_constant(Type::Bool);
      case ir::ExprOp::Negate: {
        llvm::Value *operand = type_of(expr.operands[0]);
        llvm::Value *out = slot(m_.i8);
        check("tick_dyn_unary_type", {context(), site(index), operand, out});
        return b_.CreateLoad(m_.i8, out);
      }
      case ir::ExprOp::Binary: {
        if (RowOf(expr.binary).kind != OperatorKind::Math) return type_constant(Type::Bool);
        return operation_type(index);
      }
      case ir::ExprOp::Call: break;
    }
    return call_type(index);
  }

  // Types of both operands, then what the operator makes of them.
  llvm::Value *operation_type(uint32_t index) {
    const ir::Expr &expr = lambda_.body[index];
    llvm::Value *left = type_of(expr.operands[0]), *right = type_of(expr.operands[1]);
    auto *left_known = llvm::dyn_cast<llvm::ConstantInt>(left), *right_known = llvm::dyn_cast<llvm::ConstantInt>(right);
    if (left_known && right_known) {
      const OverloadRow *row = FindOverload(expr.binary, static_cast<Type>(left_known->getZExtValue()),
                                            static_cast<Type>(right_known->getZExtValue()));
      if (row) return type_constant(row->result);
    }
    if (RowOf(expr.binary).kind == OperatorKind::Logical) {
      check("tick_dyn_logic_type", {context(), site(index), left, right});
      return type_constant(Type::Bool);
    }
    llvm::Value *out = slot(m_.i8);
    check("tick_dyn_binary_type", {context(), site(index), left, right, out});
    return b_.CreateLoad(m_.i8, out);
  }

  llvm::Value *call_type(uint32_t index) {
    const ir::Expr &expr = lambda_.body[index];
    llvm::Value *out = slot(m_.i8);
    // An unknown name is said before anything about its arguments.
    size_t n = IsFunction(expr.function) ? expr.operands.size() : 0;
    llvm::Value *types = slot(llvm::ArrayType::get(m_.i8, n ? n : 1));
    for (size_t i = 0; i < n; ++i)
      argument(i, [&] { b_.CreateStore(type_of(expr.operands[i]), offset(types, i)); });
    check("tick_dyn_call_type", {context(), site(index), types, b_.getInt32(static_cast<uint32_t>(n)), out});
    return b_.CreateLoad(m_.i8, out);
  }

  // --- values (addresses of tick_values)
  llvm::Value *value_of(uint32_t index) {
    const ir::Expr &expr = lambda_.body[index];
    switch (expr.op) {
      case ir::ExprOp::Ref: return reference(expr);
      case ir::ExprOp::Literal: return literal(expr.index);
      case ir::ExprOp::Negate:
        if (!old_) type_of(index);
        [[fallthrough]];
      case ir::ExprOp::Not: {
        llvm::Value *operand = value_of(expr.operands[0]);
        llvm::Value *out = slot(m_.value_type);
        check(old_ ? "tick_dyn02_unary" : "tick_dyn_unary", {context(), site(index), operand, out});
        return out;
      }
      case ir::ExprOp::Binary: break;
      case ir::ExprOp::Call: return call(index);
    }
    if (!old_) {
      if (RowOf(expr.binary).kind == OperatorKind::Math) {
        type_of(index);
      } else {
        operation_type(index);
      }
      if (RowOf(expr.binary).kind == OperatorKind::Logical) return logic(index);
    }
    llvm::Value *left = value_of(expr.operands[0]);
    llvm::Value *out = slot(m_.value_type);
    stop_if_missing(expr.operands[0], left,
                    [&] { check("tick_dyn02_binary", {context(), site(index), left, left, out}); });
    llvm::Value *right = value_of(expr.operands[1]);
    check(old_ ? "tick_dyn02_binary" : "tick_dyn_binary", {context(), site(index), left, right, out});
    return out;
  }

  // Both types are boolean by now. `out` takes the left value, and the right one where the left does not decide.
  llvm::Value *logic(uint32_t index) {
    const ir::Expr &expr = lambda_.body[index];
    llvm::Value *out = slot(m_.value_type);
    copy(out, value_of(expr.operands[0]));
    llvm::Value *left = b_.CreateICmpNE(b_.CreateLoad(m_.i8, out), b_.getInt8(0));
    llvm::BasicBlock *evaluate = block("evaluate"), *decided = block("decided");
    bool is_and = expr.binary == Operator::And;
    b_.CreateCondBr(left, is_and ? evaluate : decided, is_and ? decided : evaluate);
    b_.SetInsertPoint(evaluate);
    copy(out, value_of(expr.operands[1]));
    b_.CreateBr(decided);
    b_.SetInsertPoint(decided);
    return out;
  }

  llvm::Value *call(uint32_t index) {
    const ir::Expr &expr = lambda_.body[index];
    size_t n = expr.operands.size();
    llvm::Value *args = slot(llvm::ArrayType::get(m_.value_type, n ? n : 1));
    llvm::Value *state = llvm::ConstantPointerNull::get(m_.pointer);
    if (FunctionStateSize(expr.function) > 0) state = offset(function_->getArg(4), ir::StateOffset(lambda_, index));
    llvm::Value *out = slot(m_.value_type);
    for (size_t i = 0; i < n; ++i)
      argument(i, [&] {
        if (!old_) type_of(expr.operands[i]);
        copy(offset(args, i * sizeof(tick_value)), value_of(expr.operands[i]));
        stop_if_missing(expr.operands[i], offset(args, i * sizeof(tick_value)), [&] {
          check("tick_dyn02_call",
                {context(), site(index), args, b_.getInt32(static_cast<uint32_t>(i + 1)), state, out});
        });
      });
    check(old_ ? "tick_dyn02_call" : "tick_dyn_call",
          {context(), site(index), args, b_.getInt32(static_cast<uint32_t>(n)), state, out});
    return out;
  }

  // 0.2 asks for a name where it stands: what comes behind one that the point lacks is not evaluated, which shows
  // where that keeps state. `fail` makes the call that says so.
  template <class Fail>
  void stop_if_missing(uint32_t operand, llvm::Value *value, Fail fail) {
    if (!old_ || !lambda_.stateful || lambda_.body[operand].op != ir::ExprOp::Ref) return;
    llvm::BasicBlock *missing = block("missing"), *there = block("there");
    llvm::Value *type = b_.CreateLoad(m_.i8, offset(value, offsetof(tick_value, type)));
    b_.CreateCondBr(b_.CreateICmpEQ(type, type_constant(Type::Missing)), missing, there);
    b_.SetInsertPoint(missing);
    fail();
    b_.CreateBr(there);
    b_.SetInsertPoint(there);
  }

  // What fails inside `body` is said to be about argument number `i` (from 0) of a call.
  template <class Body>
  void argument(size_t i, Body body) {
    if (old_) return body();
    llvm::BasicBlock *outer = failed_;
    failed_ = block("argument_failed");
    body();
    if (failed_->use_empty()) {
      failed_->eraseFromParent();
    } else {
      llvm::IRBuilder<> b(failed_);
      m_.call(b, m_.symbol("tick_dyn_argument"), {context(), b.getInt32(static_cast<uint32_t>(i + 1))});
      b.CreateBr(outer);
    }
    failed_ = outer;
  }

  void check(const char *symbol, std::initializer_list<llvm::Value *> params) {
    llvm::Value *status = m_.call(b_, m_.symbol(symbol), llvm::ArrayRef<llvm::Value *>(params));
    llvm::BasicBlock *next = block("next");
    b_.CreateCondBr(b_.CreateICmpEQ(status, b_.getInt32(0)), next, failed_);
    b_.SetInsertPoint(next);
  }

  llvm::Value *literal(uint32_t index) {
    llvm::Value *out = slot(m_.value_type);
    b_.CreateMemCpy(out, llvm::Align(8), offset(function_->getArg(2), index * sizeof(tick_payload)), llvm::Align(8),
                    sizeof(tick_payload));
    b_.CreateStore(type_constant(lambda_.literals[index].type), offset(out, offsetof(tick_value, type)));
    return out;
  }
  llvm::Value *reference(const ir::Expr &expr) {
    return offset(function_->getArg(1), expr.index * sizeof(tick_value));
  }
  void copy(llvm::Value *to, llvm::Value *from) {
    b_.CreateMemCpy(to, llvm::Align(8), from, llvm::Align(8), sizeof(tick_value));
  }
  llvm::Value *context() { return function_->getArg(0); }
  llvm::Value *site(uint32_t index) { return offset(function_->getArg(3), sites_[index] * sizeof(tick_site)); }
  llvm::Value *type_constant(Type type) { return b_.getInt8(static_cast<uint8_t>(type)); }
  llvm::Value *offset(llvm::Value *base, uint64_t bytes) {
    return b_.CreateConstInBoundsGEP1_64(m_.i8, base, bytes);
  }
  llvm::Value *slot(llvm::Type *type) {
    llvm::BasicBlock &entry = function_->getEntryBlock();
    llvm::AllocaInst *memory = llvm::IRBuilder<>(&entry, entry.begin()).CreateAlloca(type);
    memory->setAlignment(llvm::Align(8));
    return memory;
  }
  llvm::BasicBlock *block(const char *name) { return llvm::BasicBlock::Create(m_.llvm, name, function_); }

  ModuleContext &m_;
  const ir::Lambda &lambda_;
  const bool old_;
  llvm::IRBuilder<> b_;
  std::vector<uint32_t> sites_;
  std::vector<llvm::Value *> types_;  // by node; null until computed
  llvm::Function *function_ = nullptr;
  llvm::BasicBlock *failed_ = nullptr;
};

}  // namespace

llvm::Function *LowerTagged(ModuleContext &module, const ir::Lambda &lambda, uint8_t dialect, const std::string &name,
                            uint32_t level) {
  return TaggedEmitter(module, lambda, dialect).emit(name, level);
}

}  // namespace tick
