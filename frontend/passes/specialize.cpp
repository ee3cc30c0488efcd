// specialize.cpp - bodies for the types a lambda's references may have.
//
// In: raw lambdas. Out: at most kMaxVariants typed variants each, the likely ones first, the flags, the size of the
// state. A field has whatever type a point brings, so which combinations can work is found by trying them: for
// each reference the types its uses allow, combinations in order of likelihood, each typed by VariantTyper. What
// is not here is evaluated value by value (the tagged body).
#include <algorithm>
#include <functional>

#include "frontend/ir/stage.h"
#include "frontend/ir/state.h"
#include "frontend/passes/steps.h"
#include "frontend/passes/variant.h"

namespace tick {
namespace {

using ir::Expr;
using ir::ExprOp;
using ir::Lambda;
using Set = uint16_t;  // of types: bit 1 << type

constexpr size_t kMaxTries = 1024;
// Past so many instructions a lambda gets no more variants: each is compiled before the first point comes, whether
// or not such points ever do. Two it always gets.
constexpr size_t kMaxInsts = 128;
constexpr size_t kMinVariants = 2;

constexpr Set Bit(Type type) { return static_cast<Set>(1u << static_cast<unsigned>(type)); }
constexpr Set kNumbers = Bit(Type::Int) | Bit(Type::Float) | Bit(Type::Duration) | Bit(Type::Bool);
constexpr Set kAnyValue = kNumbers | Bit(Type::String);
constexpr Type kLikely[] = {Type::Float, Type::Int, Type::String, Type::Bool, Type::Duration, Type::Time};

// What each reference may be so that all that uses it can work.
class UseTypes {
 public:
  UseTypes(const Lambda &lambda, uint8_t dialect) : lambda_(lambda), dialect_(dialect), sets_(lambda.body.size()) {
    for (const std::string &ref : lambda.refs)
      refs_.push_back(ref == "time" && dialect != 2 ? Bit(Type::Time)
                                                    : Set(Bit(Type::Float) | Bit(Type::Int) | Bit(Type::String) |
                                                          Bit(Type::Bool) | (dialect == 2 ? 0 : Bit(Type::Duration))));
    uses_.resize(refs_.size());
  }

  std::vector<Set> find(Set wanted) {
    for (size_t i = 0; i < lambda_.body.size(); ++i) sets_[i] = possible(lambda_.body[i]);
    std::vector<Set> want(lambda_.body.size());
    want.back() = wanted;
    for (size_t i = lambda_.body.size(); i-- > 0;) narrow(lambda_.body[i], want[i], want);
    std::vector<Set> allowed = refs_;
    for (size_t i = 0; i < refs_.size(); ++i) {
      Set all = refs_[i], any = 0;
      for (Set use : uses_[i]) all &= use, any |= use;
      // Uses that exclude each other: one of them is an error, and which is for the values to say.
      allowed[i] = all ? all : any ? any : refs_[i];
    }
    return allowed;
  }

 private:
  Set operand(const Expr &expr, size_t i) const { return sets_[expr.operands[i]]; }

  template <class F>
  void each_overload(const Expr &expr, F &&f) const {
    for (const OverloadRow &row : kOverloads)
      if (row.op == expr.binary && (operand(expr, 0) & Bit(row.left)) && (operand(expr, 1) & Bit(row.right)) &&
          OverloadOf(dialect_, row.op, row.left, row.right))
        f(row);
  }
  template <class F>
  void each_function(const Expr &expr, F &&f) const {
    for (const FunctionRow &row : kFunctions) {
      if (row.name != expr.function || row.n_params != expr.operands.size()) continue;
      bool fits = FunctionOf(dialect_, expr.function, row.params.data(), row.n_params) >= 0;
      for (size_t i = 0; i < expr.operands.size(); ++i) fits &= (operand(expr, i) & Bit(row.params[i])) != 0;
      if (fits) f(row);
    }
  }

  Set possible(const Expr &expr) const {
    Set set = 0;
    switch (expr.op) {
      case ExprOp::Ref: return refs_[expr.index];
      case ExprOp::Literal: return Bit(lambda_.literals[expr.index].type);
      case ExprOp::Not: return Bit(Type::Bool);
      case ExprOp::Negate: return operand(expr, 0) & kNumbers;
      case ExprOp::Binary:
        if (RowOf(expr.binary).kind != OperatorKind::Math) return Bit(Type::Bool);
        each_overload(expr, [&](const OverloadRow &row) { set |= Bit(row.result); });
        return set;
      case ExprOp::Call: each_function(expr, [&](const FunctionRow &row) { set |= Bit(row.result); }); return set;
    }
    return set;
  }

  // What is wanted of a node's operands, given what is wanted of it.
  void narrow(const Expr &expr, Set wanted, std::vector<Set> &want) {
    switch (expr.op) {
      case ExprOp::Ref: uses_[expr.index].push_back(wanted & refs_[expr.index]); return;
      case ExprOp::Literal: return;
      case ExprOp::Not: want[expr.operands[0]] = Bit(Type::Bool); return;
      case ExprOp::Negate: want[expr.operands[0]] = wanted & kNumbers; return;
      case ExprOp::Binary:
        each_overload(expr, [&](const OverloadRow &row) {
          if (!(wanted & Bit(row.result))) return;
          want[expr.operands[0]] |= Bit(row.left);
          want[expr.operands[1]] |= Bit(row.right);
        });
        return;
      case ExprOp::Call:
        each_function(expr, [&](const FunctionRow &row) {
          if (!(wanted & Bit(row.result))) return;
          for (size_t i = 0; i < expr.operands.size(); ++i) want[expr.operands[i]] |= Bit(row.params[i]);
        });
        return;
    }
  }

  const Lambda &lambda_;
  const uint8_t dialect_;
  std::vector<Set> refs_;                // by reference: what a point can bring
  std::vector<Set> sets_;                // by node: what it can be
  std::vector<std::vector<Set>> uses_;   // by reference: what each use wants
};

// A point may lack what the lambda asks isPresent of.
std::vector<uint8_t> AskedFor(const Lambda &lambda) {
  std::vector<uint8_t> asked(lambda.refs.size());
  for (const Expr &expr : lambda.body)
    if (expr.op == ExprOp::Call && expr.function == "isPresent" && expr.operands.size() == 1)
      if (const Expr &operand = lambda.body[expr.operands[0]]; operand.op == ExprOp::Ref) asked[operand.index] = 1;
  return asked;
}

// The types of each reference, likely ones first.
std::vector<std::vector<Type>> Choices(const Lambda &lambda, uint8_t dialect, Set wanted) {
  std::vector<Set> allowed = UseTypes(lambda, dialect).find(wanted);
  std::vector<uint8_t> asked = AskedFor(lambda);
  std::vector<std::vector<Type>> choices(lambda.refs.size());
  for (size_t i = 0; i < choices.size(); ++i) {
    for (Type type : kLikely)
      if (allowed[i] & Bit(type)) choices[i].push_back(type);
    if (asked[i] && dialect != 2 && choices[i][0] != Type::Time)
      choices[i].insert(choices[i].begin() + 1, Type::Missing);
  }
  return choices;
}

class Search {
 public:
  Search(const Lambda &lambda, uint8_t dialect, Set wanted)
      : typer_(lambda, dialect), choices_(Choices(lambda, dialect, wanted)), wanted_(wanted) {}

  std::vector<ir::Variant> run() {
    // All references alike, then by how far a combination is from the likeliest one.
    for (Type type : kLikely) {
      std::vector<Type> types;
      for (const std::vector<Type> &choice : choices_)
        types.push_back(std::find(choice.begin(), choice.end(), type) != choice.end() ? type : choice[0]);
      try_types(types);
    }
    reach_.assign(choices_.size() + 1, 0);
    for (size_t i = choices_.size(); i-- > 0;) reach_[i] = reach_[i + 1] + choices_[i].size() - 1;
    std::vector<Type> types;
    for (size_t distance = 0; distance <= reach_[0] && !done(); ++distance) at_distance(distance, types);

    size_t best =
        found_.empty() ? 0 : std::min_element(found_.begin(), found_.end(), [](const Found &a, const Found &b) {
                               return a.mismatches < b.mismatches;
                             })->mismatches;
    std::vector<ir::Variant> variants;
    size_t insts = 0;
    for (const Found &found : found_) {
      if (found.mismatches > best) continue;
      typer_.type(found.types);
      ir::Variant variant = typer_.build();
      insts += variant.insts.size();
      if (variants.size() == ir::kMaxVariants || (insts > kMaxInsts && variants.size() >= kMinVariants)) break;
      variants.push_back(std::move(variant));
    }
    return variants;
  }

 private:
  struct Found {
    std::vector<Type> types;
    size_t mismatches;
  };

  bool done() const { return tries_ >= kMaxTries || perfect_ >= ir::kMaxVariants; }

  void at_distance(size_t distance, std::vector<Type> &types) {
    if (done() || distance > reach_[types.size()]) return;
    if (types.size() == choices_.size()) {
      try_types(types);
      return;
    }
    const std::vector<Type> &choice = choices_[types.size()];
    for (size_t i = 0; i < choice.size() && i <= distance; ++i) {
      types.push_back(choice[i]);
      at_distance(distance - i, types);
      types.pop_back();
    }
  }

  void try_types(const std::vector<Type> &types) {
    if (std::any_of(found_.begin(), found_.end(), [&](const Found &found) { return found.types == types; })) return;
    ++tries_;
    if (!typer_.type(types) || !(wanted_ & Bit(typer_.result()))) return;
    found_.push_back({types, typer_.mismatches()});
    perfect_ += found_.back().mismatches == 0;
  }

  VariantTyper typer_;
  std::vector<std::vector<Type>> choices_;
  std::vector<size_t> reach_;  // by reference: the longest distance it and those behind it can add
  const Set wanted_;
  std::vector<Found> found_;
  size_t tries_ = 0, perfect_ = 0;
};

// The results that whoever uses the lambda takes (language.md 4.4).
Set Wanted(const ir::Graph &graph, const ir::Stage &stage, const ir::LambdaUse &use) {
  if (stage.kind == "eval" && use.property.empty()) {
    if (graph.dialect == 2) return Bit(Type::Float);
    return kAnyValue;
  }
  return use.property == "replicas" ? Bit(Type::Int) : Bit(Type::Bool);
}

bool HasRow(const std::string &name, const std::function<bool(const FunctionRow &)> &holds) {
  return std::any_of(std::begin(kFunctions), std::end(kFunctions),
                     [&](const FunctionRow &row) { return row.name == name && holds(row); });
}

void SetFlags(Lambda &lambda) {
  for (const Expr &expr : lambda.body) {
    if (expr.op == ExprOp::Binary && (expr.binary == Operator::Match || expr.binary == Operator::NotMatch))
      lambda.costly = true;
    if (expr.op == ExprOp::Literal && lambda.literals[expr.index].type == Type::String) lambda.costly = true;
    if (expr.op != ExprOp::Call) continue;
    lambda.stateful |= FunctionStateSize(expr.function) > 0;
    lambda.volatile_ |= expr.function == "now" || expr.function == "rand";
    lambda.costly |=
        !IsFunction(expr.function) || HasRow(expr.function, [](const FunctionRow &row) { return row.llvm.empty(); });
  }
  for (const ir::FunctionState &state : FunctionStates(lambda)) lambda.state_size = state.offset + state.size;
}

}  // namespace

void Specialize(ir::Graph &graph) {
  std::vector<Set> wanted(graph.lambdas.size());
  for (const ir::Stage &stage : graph.stages)
    for (const ir::LambdaUse &use : LambdasOf(stage)) wanted[use.lambda] |= Wanted(graph, stage, use);
  for (size_t i = 0; i < graph.lambdas.size(); ++i) {
    SetFlags(graph.lambdas[i]);
    graph.lambdas[i].variants = Search(graph.lambdas[i], graph.dialect, wanted[i] ? wanted[i] : kAnyValue).run();
  }
}

}  // namespace tick
