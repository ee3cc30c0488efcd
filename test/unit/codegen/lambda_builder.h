// lambda_builder.h - canonical lambdas written in C++, so that codegen is tested without the frontend.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "frontend/ir/ir.h"

namespace tick::test {

struct Term;
using T = std::shared_ptr<const Term>;
struct Term {
  ir::ExprOp op;
  Operator binary{};
  std::string name;  // of a reference or function
  ir::Literal literal;
  std::vector<T> operands;
};

T Ref(std::string name);
T Int(int64_t value);
T Float(double value);
T Bool(bool value);
T Str(std::string value);
T Dur(int64_t ns);
T Regex(std::string pattern);
T Neg(T operand);
T Not(T operand);
T Bin(T left, Operator op, T right);
T Call(std::string function, std::vector<T> args);

// A lambda with a variant for each list of reference types; references in order of first use. A list that does
// not type-check fails the test.
ir::Lambda MakeLambda(const T &root, const std::vector<std::vector<Type>> &types);

// A canonical stream task that holds these lambdas and nothing else of interest.
ir::Graph MakeGraph(std::vector<ir::Lambda> lambdas);

}  // namespace tick::test
