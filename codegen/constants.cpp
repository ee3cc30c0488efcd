// constants.cpp - walks the ABI's structs and writes each as a constant struct.
//
// Fields are given in the order of tick_abi.h with the types C gives them, so LLVM's layout is C's; the size of
// each struct is compared with C's. Equal strings are written once.
#include "codegen/constants.h"

#include <map>

#include "codegen/fault.h"
#include "runtime/abi/so_note.h"

namespace tick {
namespace {

class ConstantWriter {
 public:
  explicit ConstantWriter(ModuleContext &module) : m_(module) {}

  using Fields = std::initializer_list<llvm::Constant *>;

  llvm::Constant *u8(uint8_t value) { return llvm::ConstantInt::get(m_.i8, value); }
  llvm::Constant *u32(uint32_t value) { return llvm::ConstantInt::get(m_.i32, value); }
  llvm::Constant *u64(uint64_t value) { return llvm::ConstantInt::get(m_.i64, value); }
  llvm::Constant *null() { return llvm::ConstantPointerNull::get(m_.pointer); }

  // A struct that must be as large as C's.
  llvm::Constant *record(size_t size, Fields fields) {
    llvm::Constant *constant = llvm::ConstantStruct::getAnon(m_.llvm, llvm::ArrayRef<llvm::Constant *>(fields));
    Require(m_.module.getDataLayout().getTypeAllocSize(constant->getType()) == size, "a struct of tick_abi.h grew");
    return constant;
  }

  llvm::Constant *bytes(const char *data, size_t size) {
    llvm::Constant *&known = strings_[std::string(data, size)];
    if (!known) {
      llvm::Constant *text = llvm::ConstantDataArray::getString(m_.llvm, llvm::StringRef(data, size));
      known = global("text", text, llvm::Align(1));
    }
    return known;
  }
  llvm::Constant *text(const char *string) { return string ? bytes(string, std::strlen(string)) : null(); }

  // The address of an array of make(i) for i < n; null where there are none. Elements may be of several types:
  // a union is written as the member it holds.
  template <class Make>
  llvm::Constant *array(const char *name, size_t n, Make make) {
    if (n == 0) return null();
    std::vector<llvm::Constant *> elements;
    for (size_t i = 0; i < n; ++i) elements.push_back(make(i));
    return global(name, llvm::ConstantStruct::getAnon(m_.llvm, elements), llvm::Align(8));
  }
  llvm::Constant *texts(const char *name, const char *const *strings, size_t n) {
    return array(name, n, [&](size_t i) { return text(strings[i]); });
  }
  llvm::Constant *numbers(const char *name, const uint32_t *values, size_t n) {
    return array(name, n, [&](size_t i) { return u32(values[i]); });
  }

  llvm::GlobalVariable *global(const char *name, llvm::Constant *value, llvm::Align align) {
    return m_.constant(name + std::to_string(n_globals_++), value, llvm::GlobalValue::PrivateLinkage, align);
  }

 private:
  ModuleContext &m_;
  std::map<std::string, llvm::Constant *> strings_;
  size_t n_globals_ = 0;
};

class DescriptorWriter {
 public:
  DescriptorWriter(ModuleContext &module, const ir::Graph &graph, const std::vector<LoweredLambda> &lambdas,
                   const std::vector<uint32_t> &levels)
      : m_(module), w_(module), graph_(graph), lambdas_(lambdas), levels_(levels) {}

  llvm::Constant *task(const tick_task &task) {
    auto dbrp = [&](size_t i) {
      return w_.record(sizeof(tick_dbrp),
                       {w_.text(task.dbrps[i].database), w_.text(task.dbrps[i].retention_policy)});
    };
    auto read = [&](size_t i) {
      const tick_measurement_fields &each = task.reads[i];
      return w_.record(sizeof(each), {w_.text(each.measurement), w_.texts("fields", each.fields, each.n_fields),
                                      w_.u32(each.n_fields)});
    };
    auto var = [&](size_t i) {
      const tick_var &each = task.vars[i];
      return w_.record(sizeof(each), {w_.text(each.name), w_.text(each.type), w_.text(each.description),
                                      w_.text(each.value)});
    };
    return w_.record(
        sizeof(tick_task),
        {w_.u32(task.magic), w_.u32(task.abi_version), w_.u32(task.size), w_.u8(task.type), w_.u8(task.dialect),
         w_.array("dbrps", task.n_dbrps, dbrp), w_.u32(task.n_dbrps),
         w_.array("nodes", task.n_nodes, [&](size_t i) { return node(task.nodes[i]); }), w_.u32(task.n_nodes),
         w_.numbers("walk", task.walk, task.n_nodes),
         w_.array("lambdas", task.n_lambdas, [&](size_t i) { return lambda(task.lambdas[i]); }),
         w_.u32(task.n_lambdas),
         w_.array("codes", levels_.size(), [&](size_t i) { return code(i); }),
         w_.u32(static_cast<uint32_t>(levels_.size())), w_.array("reads", task.n_reads, read), w_.u32(task.n_reads),
         w_.numbers("domain_sizes", task.domain_sizes, task.n_domains), w_.u32(task.n_domains),
         w_.array("vars", task.n_vars, var), w_.u32(task.n_vars), w_.text(task.script), w_.text(task.dot),
         w_.u64(task.script_hash), w_.u64(task.code_hash)});
  }

 private:
  // A union as the member that `type` says, which leaves the rest zero.
  llvm::Constant *payload(const tick_payload &as, uint8_t type) {
    switch (type) {
      case TICK_STRING:
      case TICK_REGEX:
      case TICK_REFERENCE:
        return w_.record(sizeof as, {as.s.data ? w_.bytes(as.s.data, as.s.size) : w_.null(), w_.u64(as.s.size)});
      case TICK_FLOAT: return w_.record(sizeof as, {llvm::ConstantFP::get(m_.f64, as.f), w_.u64(0)});
      case TICK_BOOL: return w_.record(sizeof as, {w_.u64(as.b), w_.u64(0)});
      default: return w_.record(sizeof as, {w_.u64(static_cast<uint64_t>(as.i)), w_.u64(0)});
    }
  }

  llvm::Constant *args(const tick_arg *args, uint32_t n) {
    return w_.array("args", n, [&](size_t i) {
      const tick_arg &arg = args[i];
      return w_.record(sizeof arg, {w_.u8(arg.type), payload(arg.as, arg.type), this->args(arg.items, arg.n_items),
                                    w_.u32(arg.n_items)});
    });
  }
  llvm::Constant *properties(const tick_property *properties, uint32_t n) {
    return w_.array("properties", n, [&](size_t i) {
      const tick_property &each = properties[i];
      return w_.record(sizeof each, {w_.text(each.name), args(each.args, each.n_args), w_.u32(each.n_args),
                                     this->properties(each.properties, each.n_properties),
                                     w_.u32(each.n_properties)});
    });
  }
  llvm::Constant *node(const tick_node &node) {
    return w_.record(
        sizeof node,
        {w_.text(node.kind), w_.text(node.name), args(node.args, node.n_args), w_.u32(node.n_args),
         properties(node.properties, node.n_properties), w_.u32(node.n_properties),
         w_.numbers("parents", node.parents, node.n_parents), w_.u32(node.n_parents),
         w_.numbers("children", node.children, node.n_children), w_.u32(node.n_children), w_.u8(node.wants),
         w_.u8(node.provides), w_.u64(node.identity), w_.texts("needs", node.needs, node.n_needs),
         w_.u32(node.n_needs), w_.u8(node.needs_all), w_.u32(node.domain), w_.u32(node.state_offset),
         w_.u32(node.state_size), w_.u32(node.line), w_.u32(node.column)});
  }

  llvm::Constant *lambda(const tick_lambda &lambda) {
    // All sites of a lambda share the list of its references.
    llvm::Constant *refs = w_.texts("refs", lambda.refs, lambda.n_refs);
    auto literal = [&](size_t i) {
      const tick_value &each = lambda.literals[i];
      return w_.record(sizeof each, {payload(each.as, each.type), w_.u8(each.type)});
    };
    auto site = [&](size_t i) {
      const tick_site &each = lambda.sites[i];
      return w_.record(sizeof each, {w_.text(each.name), w_.u8(each.op), w_.u8(each.n_args),
                                     w_.texts("ref_names", each.ref_names, each.n_args),
                                     w_.texts("operands", each.texts, each.n_args), refs, w_.u32(each.n_scope)});
    };
    return w_.record(sizeof lambda,
                     {w_.text(lambda.text), refs, w_.u32(lambda.n_refs),
                      w_.array("literals", lambda.n_literals, literal), w_.u32(lambda.n_literals),
                      w_.array("sites", lambda.n_sites, site), w_.u32(lambda.n_sites), w_.null(),
                      w_.u32(lambda.n_kernels), w_.null(), w_.u32(lambda.state_size), w_.u32(lambda.flags)});
  }

  // The kernels of one level; their types are the same at each.
  llvm::Constant *code(size_t level) {
    auto kernels = [&](size_t l) {
      const std::vector<ir::Variant> &variants = graph_.lambdas[l].variants;
      return w_.array("kernels", variants.size(), [&](size_t i) {
        const ir::Variant &variant = variants[i];
        llvm::Constant *types = w_.array("types", variant.types.size(), [&](size_t t) {
          return w_.u8(static_cast<uint8_t>(variant.types[t]));
        });
        return w_.record(sizeof(tick_kernel_entry), {types, w_.u8(static_cast<uint8_t>(variant.result)),
                                                     w_.u8(variant.may_fail), lambdas_[l].kernels[level][i]});
      });
    };
    return w_.record(sizeof(tick_code),
                     {w_.u32(levels_[level]), w_.array("kernels_of", lambdas_.size(), kernels),
                      w_.array("tagged_of", lambdas_.size(),
                               [&](size_t l) -> llvm::Constant * { return lambdas_[l].tagged; })});
  }

  ModuleContext &m_;
  ConstantWriter w_;
  const ir::Graph &graph_;
  const std::vector<LoweredLambda> &lambdas_;
  const std::vector<uint32_t> &levels_;
};

void EmitNote(ModuleContext &m, uint32_t lowest_level) {
  SoNote note;
  note.abi_version = TICK_ABI_VERSION;
  note.lowest_level = lowest_level;
  note.task_size = sizeof(tick_task);
  llvm::Constant *bytes = llvm::ConstantDataArray::getRaw(
      llvm::StringRef(reinterpret_cast<const char *>(&note), sizeof note), sizeof note, m.i8);
  llvm::GlobalVariable *variable = m.constant("note", bytes, llvm::GlobalValue::PrivateLinkage, llvm::Align(4));
  variable->setSection(".note.tick");
  llvm::appendToCompilerUsed(m.module, {variable});
}

}  // namespace

void EmitDescriptor(ModuleContext &m, const tick_task &task, const ir::Graph &graph,
                    const std::vector<LoweredLambda> &lambdas, const std::vector<uint32_t> &levels) {
  llvm::Constant *value = DescriptorWriter(m, graph, lambdas, levels).task(task);
  m.constant(TICK_TASK_SYMBOL, value, llvm::GlobalValue::ExternalLinkage, llvm::Align(8));
  EmitNote(m, levels.front());
}

}  // namespace tick
