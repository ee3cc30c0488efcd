// row_calls.cpp - calls of functions.def in typed bodies.
//
//   if (failed(arguments)) → failed, nothing is called that keeps state
//   R r = symbol(context, [state,] a, b);                        // Never
//   R r = 0; error = symbol(context, a, b, &r) != 0;             // MayFail
// A row with an `llvm` column is computed in place instead.
#include "codegen/row_emitter.h"

namespace tick {

Lane RowEmitter::emit_call(const ir::Inst &inst) {
  const FunctionRow &row = kFunctions[inst.function];
  std::vector<Lane> args;
  llvm::Value *error = nullptr;
  for (uint32_t operand : inst.operands) {
    Lane arg;
    Type type = variant_.insts[operand].type;
    if (error && stateful(operand)) {
      arg = emit_if(b_.CreateNot(error), type, zero(type), [&] { return emit(operand); });
    } else {
      arg = emit(operand);
    }
    error = either(error, arg.error);
    args.push_back(arg);
  }
  bool done = false;
  Lane result = emit_inline(inst, row, args, &done);
  if (!done) {
    if (error && row.state == Statefulness::Stateful) {
      result = emit_if(b_.CreateNot(error), row.result, zero(row.result),
                       [&] { return call_symbol(inst, row, args); });
    } else {
      result = call_symbol(inst, row, args);
    }
  }
  result.error = either(result.error, error);
  return result;
}

Lane RowEmitter::emit_inline(const ir::Inst &inst, const FunctionRow &row, const std::vector<Lane> &args, bool *done) {
  *done = true;
  Lane result;
  std::string_view how = row.llvm;
  // isPresent of a field the rows do not have.
  if (row.name == "isPresent" && variant_.insts[inst.operands[0]].type == Type::Missing) {
    result.value = b_.getFalse();
  } else if (how == "true") {
    result.value = b_.getTrue();
  } else if (how == "select") {
    result.value = b_.CreateSelect(args[0].value, args[1].value, args[2].value);
    if (row.result == Type::String) result.size = b_.CreateSelect(args[0].value, args[1].size, args[2].size);
  } else if (how == "identity") {
    result = args[0];
    result.error = nullptr;
  } else if (how == "sitofp") {
    result.value = int_to_float(args[0].value);
  } else if (how == "uitofp") {
    result.value = b_.CreateUIToFP(args[0].value, m_.f64);
  } else if (how == "zext") {
    result.value = b_.CreateZExt(args[0].value, m_.i64);
  } else if (how == "fptosi") {
    result.value = float_to_int(args[0].value);
  } else if (how == "mul") {
    result = arithmetic(Operator::Mult, args[0], row.params[0], args[1], row.params[1]);
  } else if (how == "size") {
    result.value = args[0].size;
  } else if (how == "fabs") {
    result.value = b_.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, args[0].value);
  } else if (how == "ceil") {
    result.value = b_.CreateUnaryIntrinsic(llvm::Intrinsic::ceil, args[0].value);
  } else if (how == "floor") {
    result.value = b_.CreateUnaryIntrinsic(llvm::Intrinsic::floor, args[0].value);
  } else if (how == "trunc") {
    result.value = b_.CreateUnaryIntrinsic(llvm::Intrinsic::trunc, args[0].value);
  } else if (how == "sqrt") {
    result.value = b_.CreateUnaryIntrinsic(llvm::Intrinsic::sqrt, args[0].value);
  } else {
    *done = false;
  }
  return result;
}

Lane RowEmitter::call_symbol(const ir::Inst &inst, const FunctionRow &row, const std::vector<Lane> &args) {
  llvm::SmallVector<llvm::Value *, 8> params = {values_.context};
  if (row.state == Statefulness::Stateful) {
    llvm::Value *state = b_.CreateLoad(m_.pointer, at(values_.states, row_, sizeof(void *)));
    params.push_back(b_.CreateConstInBoundsGEP1_64(m_.i8, state, inst.state));
  }
  for (size_t i = 0; i < args.size(); ++i) {
    if (row.params[i] == Type::String) {
      params.push_back(string_address(args[i]));
    } else if (row.params[i] == Type::Bool) {
      params.push_back(b_.CreateZExt(args[i].value, m_.i8));
    } else {
      params.push_back(args[i].value);
    }
  }
  Lane result;
  bool by_pointer = row.failure == Failure::MayFail || row.result == Type::String;
  llvm::Value *out = nullptr;
  if (by_pointer) {
    llvm::Type *memory = row.result == Type::String ? static_cast<llvm::Type *>(m_.string_type)
                         : row.result == Type::Bool ? m_.i8
                                                    : m_.register_type(row.result);
    out = slot(memory);
    // A failed call leaves it as it is, and what is computed from it must be defined.
    if (row.failure == Failure::MayFail) b_.CreateStore(llvm::Constant::getNullValue(memory), out);
    params.push_back(out);
  }
  llvm::Value *returned = m_.call(b_, m_.function(inst.function), params);
  if (by_pointer) {
    result = load(out, row.result);
  } else {
    result.value = row.result == Type::Bool ? b_.CreateICmpNE(returned, b_.getInt8(0)) : returned;
  }
  if (row.failure == Failure::MayFail) result.error = b_.CreateICmpNE(returned, b_.getInt32(0));
  return result;
}

}  // namespace tick
