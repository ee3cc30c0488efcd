// dotted_nodes.h - which links of a Kapacitor 0.2 chain are nodes, and which are properties.
//
// In: the statements of a program in order. Out: for a link of a chain, whether it makes a node; in 0.2 both
// follow a `.`, and a name is a property if the node at hand has one of that name, else a node.
#pragma once

#include <map>
#include <string>

#include "frontend/ast/ast.h"

namespace tick {

class DottedNodes {
 public:
  // Remembers what a `var` holds.
  void note(const ast::Node &statement);
  // The node an expression stands for, as its method is spelled: "from"; "" if unknown.
  std::string kind_of(const ast::Node &expr) const;
  // Whether `right`, called on a node of kind `left`, makes a node.
  static bool is_node(const std::string &left, const ast::Node &right);
  // The kind at hand behind `right`.
  static std::string behind(const std::string &left, const ast::Node &right);

 private:
  std::map<std::string, std::string> vars_;
};

}  // namespace tick
