// lower_kernel.cpp - a typed variant as a kernel: the loops around the code of a row.
//
//   uint32_t kernel(const tick_kernel_args *args) {
//     return rows(args->out, args->errors, args->rows, args->n, args->states, args->literals, args->context,
//                 args->columns[0], …);
//   }
//   static uint32_t rows(R *restrict out, uint8_t *restrict errors, const uint32_t *rows, uint32_t n, …) {
//     uint32_t failed = 0;
//     if (!rows) for (i = 0; i < n; ++i) { out[i] = value(i); errors[i] = error(i); failed += error(i); }
//     else       for (j = 0; j < n; ++j) { i = rows[j]; … the same … }
//     return failed;
//   }
//
// Two functions because only a parameter can be `restrict`: without it LLVM could not make vectors without
// comparing every pair of addresses first. errors and failed are left out of variants that cannot fail.
#include "codegen/lower.h"
#include "codegen/row_emitter.h"

namespace tick {
namespace {

class KernelEmitter {
 public:
  KernelEmitter(ModuleContext &module, const ir::Lambda &lambda, const ir::Variant &variant)
      : m_(module), lambda_(lambda), variant_(variant), b_(module.llvm) {}

  llvm::Function *emit(const std::string &name, uint32_t level) {
    llvm::Function *rows = emit_rows(name + "_rows", level);
    llvm::Function *entry =
        m_.make(name, llvm::FunctionType::get(m_.i32, {m_.pointer}, false), level, /*exported=*/false);
    llvm::Value *args = entry->getArg(0);
    args->setName("args");
    b_.SetInsertPoint(llvm::BasicBlock::Create(m_.llvm, "entry", entry));
    auto field = [&](llvm::Type *type, size_t offset) {
      return b_.CreateLoad(type, b_.CreateConstInBoundsGEP1_64(m_.i8, args, offset));
    };
    std::vector<llvm::Value *> params = {field(m_.pointer, offsetof(tick_kernel_args, out)),
                                         field(m_.pointer, offsetof(tick_kernel_args, errors)),
                                         field(m_.pointer, offsetof(tick_kernel_args, rows)),
                                         field(m_.i32, offsetof(tick_kernel_args, n)),
                                         field(m_.pointer, offsetof(tick_kernel_args, states)),
                                         field(m_.pointer, offsetof(tick_kernel_args, literals)),
                                         field(m_.pointer, offsetof(tick_kernel_args, context))};
    llvm::Value *columns = field(m_.pointer, offsetof(tick_kernel_args, columns));
    for (size_t i = 0; i < variant_.types.size(); ++i)
      params.push_back(b_.CreateLoad(m_.pointer, b_.CreateConstInBoundsGEP1_64(m_.pointer, columns, i)));
    b_.CreateRet(b_.CreateCall(rows, params));
    return entry;
  }

 private:
  llvm::Function *emit_rows(const std::string &name, uint32_t level) {
    std::vector<llvm::Type *> types = {m_.pointer, m_.pointer, m_.pointer, m_.i32, m_.pointer, m_.pointer, m_.pointer};
    types.insert(types.end(), variant_.types.size(), m_.pointer);
    function_ = m_.make(name, llvm::FunctionType::get(m_.i32, types, false), level, /*exported=*/false);
    function_->addFnAttr(llvm::Attribute::NoInline);
    constexpr const char *kNames[] = {"out", "errors", "rows", "n", "states", "literals", "context"};
    for (unsigned i = 0; i < function_->arg_size(); ++i) {
      llvm::Argument *arg = function_->getArg(i);
      arg->setName(i < std::size(kNames) ? kNames[i] : "column" + std::to_string(i - std::size(kNames)));
    }
    for (unsigned i : {0u, 1u}) function_->addParamAttr(i, llvm::Attribute::NoAlias);
    KernelValues values = {function_->getArg(5), function_->getArg(6), function_->getArg(4), {}};
    for (size_t i = 0; i < variant_.types.size(); ++i)
      values.columns.push_back(function_->getArg(static_cast<unsigned>(7 + i)));

    llvm::BasicBlock *entry = block("entry"), *work = block("work"), *dense = block("dense");
    llvm::BasicBlock *selected = block("selected"), *none = block("none");
    b_.SetInsertPoint(entry);
    n_ = b_.CreateZExt(function_->getArg(3), m_.i64);
    b_.CreateCondBr(b_.CreateICmpEQ(n_, b_.getInt64(0)), none, work);
    b_.SetInsertPoint(work);
    RowEmitter rows(m_, lambda_, variant_, b_, std::move(values));
    rows.load_literals();
    b_.CreateCondBr(b_.CreateIsNull(function_->getArg(2)), dense, selected);
    emit_loop(rows, dense, /*is_selected=*/false);
    emit_loop(rows, selected, /*is_selected=*/true);
    b_.SetInsertPoint(none);
    b_.CreateRet(b_.getInt32(0));
    return function_;
  }

  // At least one row. `preheader` ends in the loop, the loop in a return.
  void emit_loop(RowEmitter &rows, llvm::BasicBlock *preheader, bool is_selected) {
    llvm::BasicBlock *loop = block(is_selected ? "selected_row" : "dense_row"), *done = block("done");
    b_.SetInsertPoint(preheader);
    b_.CreateBr(loop);
    b_.SetInsertPoint(loop);
    llvm::PHINode *i = b_.CreatePHI(m_.i64, 2, "i");
    i->addIncoming(b_.getInt64(0), preheader);
    llvm::PHINode *failed = nullptr;
    if (variant_.may_fail) {
      failed = b_.CreatePHI(m_.i32, 2, "failed");
      failed->addIncoming(b_.getInt32(0), preheader);
    }
    llvm::Value *row = i;
    if (is_selected)
      row = b_.CreateZExt(b_.CreateLoad(m_.i32, b_.CreateInBoundsGEP(m_.i32, function_->getArg(2), i)), m_.i64, "row");
    Lane lane = rows.emit_row(row);
    llvm::Value *error = store(lane, row);
    llvm::Value *next = b_.CreateNUWAdd(i, b_.getInt64(1));
    llvm::Value *count = failed ? b_.CreateAdd(failed, b_.CreateZExt(error, m_.i32)) : b_.getInt32(0);
    llvm::BasicBlock *latch = b_.GetInsertBlock();
    i->addIncoming(next, latch);
    if (failed) failed->addIncoming(count, latch);
    llvm::BranchInst *back = b_.CreateCondBr(b_.CreateICmpEQ(next, n_), done, loop);
    if (is_selected) back->setMetadata(llvm::LLVMContext::MD_loop, one_by_one());
    b_.SetInsertPoint(done);
    b_.CreateRet(count);
  }

  // out[row] and errors[row]; the error bit.
  llvm::Value *store(const Lane &lane, llvm::Value *row) {
    llvm::Value *error = lane.error ? lane.error : b_.getFalse();
    auto defined = [&](llvm::Value *value) -> llvm::Value * {
      return lane.error ? b_.CreateSelect(error, llvm::Constant::getNullValue(value->getType()), value) : value;
    };
    llvm::Value *out = function_->getArg(0);
    llvm::Value *value = defined(lane.value);
    if (variant_.result == Type::Bool) {
      b_.CreateStore(b_.CreateZExt(value, m_.i8), b_.CreateInBoundsGEP(m_.i8, out, row));
    } else if (variant_.result == Type::String) {
      llvm::Value *element = b_.CreateInBoundsGEP(m_.string_type, out, row);
      b_.CreateStore(value, element);
      b_.CreateStore(defined(lane.size),
                     b_.CreateConstInBoundsGEP1_64(m_.i8, element, offsetof(tick_string, size)));
    } else {
      b_.CreateStore(value, b_.CreateInBoundsGEP(value->getType(), out, row));
    }
    if (variant_.may_fail)
      b_.CreateStore(b_.CreateZExt(error, m_.i8), b_.CreateInBoundsGEP(m_.i8, function_->getArg(1), row));
    return error;
  }

  // Vectors gathered row by row gain nothing and take long to compile.
  llvm::MDNode *one_by_one() {
    auto property = [&](llvm::ArrayRef<llvm::Metadata *> parts) { return llvm::MDNode::get(m_.llvm, parts); };
    llvm::Metadata *no_vectors = property({llvm::MDString::get(m_.llvm, "llvm.loop.vectorize.enable"),
                                           llvm::ConstantAsMetadata::get(b_.getFalse())});
    llvm::Metadata *no_unrolling = property({llvm::MDString::get(m_.llvm, "llvm.loop.unroll.disable")});
    llvm::MDNode *loop = llvm::MDNode::getDistinct(m_.llvm, {nullptr, no_vectors, no_unrolling});
    loop->replaceOperandWith(0, loop);  // a loop's metadata begins with itself
    return loop;
  }

  llvm::BasicBlock *block(const char *name) { return llvm::BasicBlock::Create(m_.llvm, name, function_); }

  ModuleContext &m_;
  const ir::Lambda &lambda_;
  const ir::Variant &variant_;
  llvm::IRBuilder<> b_;
  llvm::Function *function_ = nullptr;
  llvm::Value *n_ = nullptr;
};

}  // namespace

llvm::Function *LowerKernel(ModuleContext &module, const ir::Lambda &lambda, const ir::Variant &variant,
                            const std::string &name, uint32_t level) {
  return KernelEmitter(module, lambda, variant).emit(name, level);
}

}  // namespace tick
