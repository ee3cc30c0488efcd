// row_operators.cpp - operators of typed bodies (language.md 4.2).
//
// int64_t / int64_t:                      double -> int64_t, as x86-64's cvttsd2si:
//   bool error = b == 0;                    bool fits = x >= -0x1p63 && x < 0x1p63;
//   int64_t d = error || b == -1 ? 1 : b;   int64_t r = fits ? (int64_t)x : INT64_MIN;
//   int64_t q = a / d;
//   if (b == -1) q = -a;  // wraps: INT64_MIN / -1 is INT64_MIN
#include "codegen/row_emitter.h"

namespace tick {

llvm::Value *RowEmitter::int_to_float(llvm::Value *value) { return b_.CreateSIToFP(value, m_.f64); }

llvm::Value *RowEmitter::float_to_int(llvm::Value *value) {
  llvm::Value *low = b_.CreateFCmpOGE(value, llvm::ConstantFP::get(m_.f64, -0x1p63));
  llvm::Value *high = b_.CreateFCmpOLT(value, llvm::ConstantFP::get(m_.f64, 0x1p63));
  llvm::Value *fits = b_.CreateAnd(low, high);
  return b_.CreateSelect(fits, b_.CreateFPToSI(value, m_.i64), b_.getInt64(static_cast<uint64_t>(INT64_MIN)));
}

Lane RowEmitter::divide(Operator op, const Lane &left, const Lane &right) {
  Lane result;
  result.error = b_.CreateICmpEQ(right.value, b_.getInt64(0));
  llvm::Value *minus_one = b_.CreateICmpEQ(right.value, b_.getInt64(static_cast<uint64_t>(-1)));
  llvm::Value *divisor = b_.CreateSelect(b_.CreateOr(result.error, minus_one), b_.getInt64(1), right.value);
  if (op == Operator::Mod) {
    // The remainder by 1 is the 0 that -1 gives too.
    result.value = b_.CreateSRem(left.value, divisor);
  } else {
    llvm::Value *quotient = b_.CreateSDiv(left.value, divisor);
    result.value = b_.CreateSelect(minus_one, b_.CreateNeg(left.value), quotient);
  }
  return result;
}

Lane RowEmitter::arithmetic(Operator op, const Lane &left, Type left_type, const Lane &right, Type right_type) {
  Lane result;
  if (left_type == Type::String) {
    llvm::Value *out = slot(m_.string_type);
    m_.call(b_, m_.symbol("tick_str_concat"), {values_.context, string_address(left), string_address(right), out});
    return load(out, Type::String);
  }
  bool left_float = left_type == Type::Float, right_float = right_type == Type::Float;
  if (!left_float && !right_float) {
    switch (op) {
      case Operator::Plus: result.value = b_.CreateAdd(left.value, right.value); return result;
      case Operator::Minus: result.value = b_.CreateSub(left.value, right.value); return result;
      case Operator::Mult: result.value = b_.CreateMul(left.value, right.value); return result;
      default: return divide(op, left, right);
    }
  }
  llvm::Value *a = left_float ? left.value : int_to_float(left.value);
  llvm::Value *b = right_float ? right.value : int_to_float(right.value);
  llvm::Value *value = op == Operator::Plus    ? b_.CreateFAdd(a, b)
                       : op == Operator::Minus ? b_.CreateFSub(a, b)
                       : op == Operator::Mult  ? b_.CreateFMul(a, b)
                                               : b_.CreateFDiv(a, b);
  // A duration scaled by a float is a duration again.
  result.value = left_float && right_float ? value : float_to_int(value);
  return result;
}

llvm::Value *RowEmitter::same_bytes(const Lane &left, const Lane &right) {
  llvm::Value *same_size = b_.CreateICmpEQ(left.size, right.size);
  Lane different;
  different.value = b_.getFalse();
  return emit_if(same_size, Type::Bool, different, [&] {
           Lane same;
           llvm::Value *order = m_.call(b_, m_.memcmp(), {left.value, right.value, left.size});
           same.value = b_.CreateICmpEQ(order, b_.getInt32(0));
           return same;
         }).value;
}

llvm::Value *RowEmitter::compare(Operator op, const Lane &left, Type left_type, const Lane &right, Type right_type) {
  using Predicate = llvm::CmpInst::Predicate;
  if (op == Operator::Match || op == Operator::NotMatch) {
    llvm::Value *found = m_.call(b_, m_.symbol("tick_regex_match"), {right.value, left.value, left.size});
    return op == Operator::Match ? b_.CreateICmpNE(found, b_.getInt8(0)) : b_.CreateICmpEQ(found, b_.getInt8(0));
  }
  struct Row {
    Operator op;
    Predicate of_ints, of_floats;
  };
  // NaN: `!=` holds, everything else does not.
  constexpr Row kRows[] = {{Operator::Equal, Predicate::ICMP_EQ, Predicate::FCMP_OEQ},
                           {Operator::NotEqual, Predicate::ICMP_NE, Predicate::FCMP_UNE},
                           {Operator::Less, Predicate::ICMP_SLT, Predicate::FCMP_OLT},
                           {Operator::LessEqual, Predicate::ICMP_SLE, Predicate::FCMP_OLE},
                           {Operator::Greater, Predicate::ICMP_SGT, Predicate::FCMP_OGT},
                           {Operator::GreaterEqual, Predicate::ICMP_SGE, Predicate::FCMP_OGE}};
  const Row *row = kRows;
  while (row->op != op) ++row;
  if (left_type == Type::String) {
    if (op == Operator::Equal) return same_bytes(left, right);
    if (op == Operator::NotEqual) return b_.CreateNot(same_bytes(left, right));
    llvm::Value *order =
        m_.call(b_, m_.symbol("tick_str_compare"), {string_address(left), string_address(right)});
    return b_.CreateICmp(row->of_ints, order, b_.getInt32(0));
  }
  if (left_type != Type::Float && right_type != Type::Float)
    return b_.CreateICmp(row->of_ints, left.value, right.value);
  llvm::Value *a = left_type == Type::Float ? left.value : int_to_float(left.value);
  llvm::Value *b = right_type == Type::Float ? right.value : int_to_float(right.value);
  return b_.CreateFCmp(row->of_floats, a, b);
}

}  // namespace tick
