// row_emitter.h - the code of one typed variant for one row.
//
// In: a verified ir::Variant and the registers of the kernel around it. Out: instructions at the builder's
// place that compute the row's value and whether it failed. Failure is a value, not a branch, so that LLVM can
// make vectors of it. Every lane that failed still has a defined value, so what follows it may be computed.
#pragma once

#include <functional>

#include "codegen/module_context.h"
#include "frontend/ir/ir.h"

namespace tick {

// What an instruction gave.
struct Lane {
  llvm::Value *value = nullptr;    // i1, i64, double, a regex, or a string's data; null for a missing reference
  llvm::Value *size = nullptr;     // of a string
  llvm::Value *address = nullptr;  // of a string that already lies in memory as a tick_string
  llvm::Value *error = nullptr;    // i1; null: cannot fail
};

// Registers that hold for all rows of a kernel.
struct KernelValues {
  llvm::Value *literals, *context, *states;
  std::vector<llvm::Value *> columns;  // by reference
};

class RowEmitter {
 public:
  RowEmitter(ModuleContext &module, const ir::Lambda &lambda, const ir::Variant &variant,
             llvm::IRBuilder<> &builder, KernelValues values);

  // Loads the literals the variant uses; called once, before the loops.
  void load_literals();
  // The result for row number `row` (i64).
  Lane emit_row(llvm::Value *row);

 private:
  // row_emitter.cpp: the tree, what it reads, what decides what is evaluated
  Lane emit(uint32_t inst);
  Lane load(llvm::Value *address, Type type);
  Lane emit_logic(const ir::Inst &inst);
  Lane emit_binary(const ir::Inst &inst);
  // Emits `body` so that it runs only where `condition`; `otherwise` elsewhere.
  Lane emit_if(llvm::Value *condition, Type type, Lane otherwise, const std::function<Lane()> &body);
  bool speculative(uint32_t inst, unsigned *budget) const;
  bool stateful(uint32_t inst) const;

  // row_operators.cpp
  Lane arithmetic(Operator op, const Lane &left, Type left_type, const Lane &right, Type right_type);
  Lane divide(Operator op, const Lane &left, const Lane &right);
  llvm::Value *compare(Operator op, const Lane &left, Type left_type, const Lane &right, Type right_type);
  llvm::Value *same_bytes(const Lane &left, const Lane &right);
  llvm::Value *float_to_int(llvm::Value *value);
  llvm::Value *int_to_float(llvm::Value *value);

  // row_calls.cpp
  Lane emit_call(const ir::Inst &inst);
  Lane emit_inline(const ir::Inst &inst, const FunctionRow &row, const std::vector<Lane> &args, bool *done);
  Lane call_symbol(const ir::Inst &inst, const FunctionRow &row, const std::vector<Lane> &args);

  // Common
  Lane zero(Type type);
  llvm::Value *either(llvm::Value *a, llvm::Value *b);  // of two error bits
  llvm::Value *string_address(const Lane &lane);
  llvm::Value *slot(llvm::Type *type);  // memory of the function's frame
  llvm::Value *at(llvm::Value *base, llvm::Value *index, uint64_t size);

  ModuleContext &m_;
  const ir::Lambda &lambda_;
  const ir::Variant &variant_;
  llvm::IRBuilder<> &b_;
  KernelValues values_;
  std::vector<Lane> literals_;  // by literal; loaded
  llvm::Value *row_ = nullptr;
};

}  // namespace tick
