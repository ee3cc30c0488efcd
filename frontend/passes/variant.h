// variant.h - a lambda's tree typed for given types of its references.
#pragma once

#include <optional>
#include <vector>

#include "frontend/ir/ir.h"

namespace tick {

// What a node of the tree is for given types of the references (language.md 4.3).
struct Typing {
  Type type = Type::Invalid;  // Missing: a reference without value
  bool no_type = false;       // its type cannot be said: an error for whoever needs the type
  bool refused = false;       // its operands do not fit: an error where it is evaluated, whatever they are
  bool fails = false;         // it never has a value
  bool missing = false;       // a reference below has no value
  int function = -1;          // Call: index into kFunctions
};

class VariantTyper {
 public:
  VariantTyper(const ir::Lambda &lambda, uint8_t dialect)
      : lambda_(lambda), dialect_(dialect), typings_(lambda.body.size()) {}

  // Types the tree; false where the lambda has no value for these types, whatever the values are. After it:
  bool type(const std::vector<Type> &types);
  Type result() const { return typings_.back().type; }
  // Nodes that are an error where they are evaluated, though no reference below them lacks a value.
  size_t mismatches() const;
  ir::Variant build() const;

 private:
  Typing type(const ir::Expr &expr, const std::vector<Type> &types) const;
  Typing type_unary(const ir::Expr &expr) const;
  Typing type_binary(const ir::Expr &expr) const;
  Typing type_call(const ir::Expr &expr) const;

  const ir::Lambda &lambda_;
  const uint8_t dialect_;
  std::vector<Type> types_;
  std::vector<Typing> typings_;
};

// Whether `op` computes with these operands, and what it gives; 0.2 knows fewer (language.md 4.2, 6.4).
const OverloadRow *OverloadOf(uint8_t dialect, Operator op, Type left, Type right);
// The function that takes these types, or -1; 0.2 knows fewer (language.md 5, 6.4).
int FunctionOf(uint8_t dialect, const std::string &name, const Type *types, size_t n);

}  // namespace tick
