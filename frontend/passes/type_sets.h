// type_sets.h - which types an expression can have, as far as the script alone tells.
//
// In: a raw lambda of today's dialect and what is known of its references. Out: a set of types for each node of the
// tree. A node that no types fit keeps every type, so that one mistake does not become several.
#pragma once

#include <string_view>
#include <vector>

#include "frontend/ir/ir.h"

namespace tick {

using TypeSet = uint16_t;
constexpr TypeSet SetOf(Type type) { return static_cast<TypeSet>(1u << static_cast<unsigned>(type)); }
inline constexpr TypeSet kAnyField =
    SetOf(Type::Bool) | SetOf(Type::Int) | SetOf(Type::Float) | SetOf(Type::String) | SetOf(Type::Duration);
inline constexpr TypeSet kAnyValue = kAnyField | SetOf(Type::Time) | SetOf(Type::Regex);
constexpr bool IsOne(TypeSet set) { return set && !(set & (set - 1)); }

struct TypedLambda {
  std::vector<TypeSet> types;  // by node of the body
  std::vector<bool> fits;      // by node: some types of its operands are ones it can take
};

// `references`: the types of each of the lambda's references.
TypedLambda TypesOf(const ir::Lambda &lambda, const std::vector<TypeSet> &references);

// What a field can be in the output of a node: what the nodes above make of it, or anything.
TypeSet FieldTypes(const ir::Graph &graph, uint32_t stage, std::string_view field);
// The types of a lambda's references where it belongs to a node.
std::vector<TypeSet> ReferenceTypes(const ir::Graph &graph, uint32_t stage, const ir::Lambda &lambda);

}  // namespace tick
