// row_emitter.cpp - the tree of a variant: references, literals, AND and OR.
//
//   bool l = left, e = left_error;
//   // AND, right operand cheap:         // AND, right operand costly:
//   value = l & right;                   if (l && !e) { value = right; error = right_error; }
//   error = e | (l & right_error);       else { value = false; error = e; }
#include "codegen/row_emitter.h"

namespace tick {
namespace {

// Instructions that AND and OR compute for nothing rather than branch.
constexpr unsigned kSpeculated = 16;

uint64_t ElementSize(Type type) { return type == Type::Bool ? 1 : type == Type::String ? sizeof(tick_string) : 8; }

}  // namespace

RowEmitter::RowEmitter(ModuleContext &module, const ir::Lambda &lambda, const ir::Variant &variant,
                       llvm::IRBuilder<> &builder, KernelValues values)
    : m_(module), lambda_(lambda), variant_(variant), b_(builder), values_(std::move(values)) {}

void RowEmitter::load_literals() {
  literals_.resize(lambda_.literals.size());
  for (const ir::Inst &inst : variant_.insts)
    if (inst.op == ir::InstOp::Literal && !literals_[inst.index].value)
      literals_[inst.index] = load(
          b_.CreateConstInBoundsGEP1_64(m_.i8, values_.literals, inst.index * sizeof(tick_payload)), inst.type);
}

Lane RowEmitter::emit_row(llvm::Value *row) {
  row_ = row;
  return emit(static_cast<uint32_t>(variant_.insts.size() - 1));
}

Lane RowEmitter::load(llvm::Value *address, Type type) {
  Lane lane;
  if (type == Type::Bool) {
    lane.value = b_.CreateICmpNE(b_.CreateLoad(m_.i8, address), b_.getInt8(0));
  } else {
    lane.value = b_.CreateLoad(m_.register_type(type), address);
  }
  if (type == Type::String) {
    lane.size = b_.CreateLoad(m_.i64, b_.CreateConstInBoundsGEP1_64(m_.i8, address, offsetof(tick_string, size)));
    lane.address = address;
  }
  return lane;
}

Lane RowEmitter::emit(uint32_t index) {
  const ir::Inst &inst = variant_.insts[index];
  switch (inst.op) {
    case ir::InstOp::Ref: {
      Type type = variant_.types[inst.index];
      if (type == Type::Missing) return {};
      return load(at(values_.columns[inst.index], row_, ElementSize(type)), type);
    }
    case ir::InstOp::Literal: return literals_[inst.index];
    case ir::InstOp::ToFloat: {
      Lane lane = emit(inst.operands[0]);
      lane.value = int_to_float(lane.value);
      return lane;
    }
    case ir::InstOp::Negate: {
      Lane lane = emit(inst.operands[0]);
      lane.value = inst.type == Type::Float  ? b_.CreateFNeg(lane.value)
                   : inst.type == Type::Bool ? b_.CreateNot(lane.value)
                                             : b_.CreateNeg(lane.value);
      return lane;
    }
    case ir::InstOp::Not: {
      Lane lane = emit(inst.operands[0]);
      lane.value = b_.CreateNot(lane.value);
      return lane;
    }
    case ir::InstOp::Binary: return emit_binary(inst);
    case ir::InstOp::And:
    case ir::InstOp::Or: return emit_logic(inst);
    case ir::InstOp::Call: return emit_call(inst);
    case ir::InstOp::Fail: break;
  }
  Lane lane = zero(inst.type);
  lane.error = b_.getTrue();
  return lane;
}

Lane RowEmitter::emit_binary(const ir::Inst &inst) {
  Type left_type = variant_.insts[inst.operands[0]].type, right_type = variant_.insts[inst.operands[1]].type;
  Lane left = emit(inst.operands[0]);
  Lane right;
  // A function that counts its calls is not called where the left operand already failed.
  if (left.error && stateful(inst.operands[1])) {
    right = emit_if(b_.CreateNot(left.error), right_type, zero(right_type), [&] { return emit(inst.operands[1]); });
  } else {
    right = emit(inst.operands[1]);
  }
  Lane result;
  if (inst.binary == Operator::And || inst.binary == Operator::Or) {
    // 0.2's: both sides are evaluated, and an error of either counts.
    result.value = inst.binary == Operator::And ? b_.CreateAnd(left.value, right.value)
                                                : b_.CreateOr(left.value, right.value);
  } else if (RowOf(inst.binary).kind == OperatorKind::Math) {
    result = arithmetic(inst.binary, left, left_type, right, right_type);
  } else {
    result.value = compare(inst.binary, left, left_type, right, right_type);
  }
  result.error = either(result.error, either(left.error, right.error));
  return result;
}

Lane RowEmitter::emit_logic(const ir::Inst &inst) {
  bool is_and = inst.op == ir::InstOp::And;
  Lane left = emit(inst.operands[0]);
  unsigned budget = kSpeculated;
  if (speculative(inst.operands[1], &budget)) {
    Lane right = emit(inst.operands[1]);
    Lane result;
    result.value = is_and ? b_.CreateAnd(left.value, right.value) : b_.CreateOr(left.value, right.value);
    llvm::Value *right_error = right.error;
    if (right_error) right_error = b_.CreateAnd(is_and ? left.value : b_.CreateNot(left.value), right_error);
    result.error = either(left.error, right_error);
    return result;
  }
  llvm::Value *undecided = is_and ? left.value : b_.CreateNot(left.value);
  if (left.error) undecided = b_.CreateAnd(undecided, b_.CreateNot(left.error));
  Lane decided;
  decided.value = b_.getInt1(!is_and);
  decided.error = left.error;
  return emit_if(undecided, Type::Bool, decided, [&] { return emit(inst.operands[1]); });
}

Lane RowEmitter::emit_if(llvm::Value *condition, Type type, Lane otherwise, const std::function<Lane()> &body) {
  llvm::BasicBlock *from = b_.GetInsertBlock();
  llvm::Function *function = from->getParent();
  llvm::BasicBlock *then = llvm::BasicBlock::Create(m_.llvm, "evaluate", function);
  llvm::BasicBlock *join = llvm::BasicBlock::Create(m_.llvm, "decided", function);
  b_.CreateCondBr(condition, then, join);
  b_.SetInsertPoint(then);
  Lane lane = body();
  llvm::BasicBlock *then_end = b_.GetInsertBlock();
  b_.CreateBr(join);
  b_.SetInsertPoint(join);
  auto merge = [&](llvm::Value *evaluated, llvm::Value *other) -> llvm::Value * {
    if (!evaluated) return nullptr;
    llvm::PHINode *phi = b_.CreatePHI(evaluated->getType(), 2);
    phi->addIncoming(evaluated, then_end);
    phi->addIncoming(other, from);
    return phi;
  };
  Lane result;
  result.value = merge(lane.value, otherwise.value);
  if (type == Type::String) result.size = merge(lane.size, otherwise.size);
  if (lane.error || otherwise.error)
    result.error = merge(lane.error ? lane.error : b_.getFalse(), otherwise.error ? otherwise.error : b_.getFalse());
  return result;
}

bool RowEmitter::speculative(uint32_t index, unsigned *budget) const {
  const ir::Inst &inst = variant_.insts[index];
  if (*budget == 0) return false;
  --*budget;
  switch (inst.op) {
    case ir::InstOp::Binary:
      // Divisions of ints and whatever looks at bytes cost more than a branch.
      if (variant_.insts[inst.operands[0]].type == Type::String) return false;
      if (FindOverload(inst.binary, variant_.insts[inst.operands[0]].type, variant_.insts[inst.operands[1]].type) &&
          FindOverload(inst.binary, variant_.insts[inst.operands[0]].type, variant_.insts[inst.operands[1]].type)
              ->may_fail)
        return false;
      break;
    case ir::InstOp::Call:
      if (kFunctions[inst.function].llvm.empty()) return false;
      break;
    default: break;
  }
  for (uint32_t operand : inst.operands)
    if (!speculative(operand, budget)) return false;
  return true;
}

bool RowEmitter::stateful(uint32_t index) const {
  const ir::Inst &inst = variant_.insts[index];
  if (inst.op == ir::InstOp::Call && kFunctions[inst.function].state == Statefulness::Stateful) return true;
  for (uint32_t operand : inst.operands)
    if (stateful(operand)) return true;
  return false;
}

Lane RowEmitter::zero(Type type) {
  Lane lane;
  if (type != Type::Missing) lane.value = llvm::Constant::getNullValue(m_.register_type(type));
  if (type == Type::String) lane.size = b_.getInt64(0);
  return lane;
}

llvm::Value *RowEmitter::either(llvm::Value *a, llvm::Value *b) { return !a ? b : !b ? a : b_.CreateOr(a, b); }

llvm::Value *RowEmitter::slot(llvm::Type *type) {
  llvm::BasicBlock &entry = b_.GetInsertBlock()->getParent()->getEntryBlock();
  return llvm::IRBuilder<>(&entry, entry.begin()).CreateAlloca(type);
}

llvm::Value *RowEmitter::at(llvm::Value *base, llvm::Value *index, uint64_t size) {
  llvm::Type *word = m_.i64;
  return b_.CreateInBoundsGEP(size == 1 ? m_.i8 : size == 8 ? word : m_.string_type, base, index);
}

llvm::Value *RowEmitter::string_address(const Lane &lane) {
  if (lane.address) return lane.address;
  llvm::Value *address = slot(m_.string_type);
  b_.CreateStore(lane.value, address);
  b_.CreateStore(lane.size, b_.CreateConstInBoundsGEP1_64(m_.i8, address, offsetof(tick_string, size)));
  return address;
}

}  // namespace tick
