// graph_builder.cpp - names, arguments, properties, lambdas and variables of the finished graph.
#include "frontend/check/graph_builder.h"

#include "frontend/ast/format.h"
#include "frontend/check/lambda_builder.h"

namespace tick::check {
namespace {

class Builder {
 public:
  Builder(const Pipeline &pipeline, const Evaluator &evaluator, Context &context)
      : pipeline_(pipeline), evaluator_(evaluator), context_(context) {}

  ir::Graph build() {
    graph_.batch = evaluator_.batch();
    graph_.dialect = context_.dotted() ? 2 : 1;
    graph_.dbrps = evaluator_.dbrps();
    graph_.script = context_.source.text;
    for (uint32_t i = 0; i < pipeline_.size(); ++i) stage(pipeline_.node(i));
    graph_.walk = pipeline_.walk();
    for (const auto &[name, declared] : evaluator_.declared()) graph_.vars.push_back(variable(name, declared));
    return std::move(graph_);
  }

 private:
  void stage(const PipeNode &node) {
    ir::Stage stage;
    stage.kind = node.row->method;
    if (node.udf) stage.kind += node.udf->name;  // "@name" is no kind of the table, whatever it is called
    stage.name = node.name();
    stage.wants = node.wants;
    stage.provides = node.provides;
    stage.parents = node.parents;
    stage.children = node.children;
    stage.range = node.range;
    for (const Value &value : node.args) stage.args.push_back(arg(value));
    // What stats counts is no parent: no data come from there.
    if (node.row->id == NodeId::Stats) stage.args.push_back(arg(MakeString(pipeline_.node(node.measured).name())));
    for (const PropertyCall &call : node.properties) stage.properties.push_back(property(call, node.row->id));
    graph_.stages.push_back(std::move(stage));
  }

  ir::Property property(const PropertyCall &call, NodeId node) {
    ir::Property property;
    property.name = call.name;
    property.range = call.range;
    bool dimensions = (node == NodeId::Query || node == NodeId::DottedQuery) && call.name == "groupBy";
    for (const Value &value : call.args) {
      // Dimensions of a query may be mixed with lists of them.
      if (dimensions && value.kind == ValueKind::List)
        for (const Value &item : value.items) property.args.push_back(arg(item));
      else
        property.args.push_back(arg(value));
    }
    for (const PropertyCall &inner : call.properties) property.properties.push_back(this->property(inner, node));
    return property;
  }

  ir::Arg arg(const Value &value) {
    ir::Arg arg;
    arg.type = TypeOf(value);
    arg.range = value.range;
    switch (value.kind) {
      case ValueKind::Scalar:
        arg.literal = value.scalar;
        break;
      case ValueKind::Lambda:
        arg.lambda = lambda(value);
        break;
      case ValueKind::List:
        for (const Value &item : value.items) arg.items.push_back(this->arg(item));
        break;
      case ValueKind::Reference:
        arg.type = Type::Reference;
        arg.literal = {.type = Type::String, .s = value.scalar.s};
        break;
      // time(5s) is a duration, time(5s, 1s) a list of two.
      case ValueKind::Dimension:
        if (value.items.size() == 1) return this->arg(value.items[0]);
        arg.type = Type::List;
        for (const Value &item : value.items) arg.items.push_back(this->arg(item));
        break;
      default:
        break;
    }
    return arg;
  }

  uint32_t lambda(const Value &value) {
    // A template may leave a lambda open; its type is as unknown as a reference's.
    ast::ReferenceNode open;
    open.range = value.range;
    graph_.lambdas.push_back(BuildLambda(value.lambda ? *value.lambda : open, value.range, context_));
    return static_cast<uint32_t>(graph_.lambdas.size() - 1);
  }

  // The variable's own lambda is text only: nobody evaluates it.
  ir::Var variable(const std::string &name, const Evaluator::Declared &declared) {
    ir::Var var;
    var.name = name;
    var.description = declared.description;
    var.type = declared.type;
    var.has_value = declared.has_value;
    if (declared.type == Type::Lambda && declared.value.lambda) var.lambda_text = FormatExpr(*declared.value.lambda);
    if (declared.type == Type::Lambda)
      var.value.type = Type::Lambda;
    else
      var.value = arg(declared.value);
    return var;
  }

  const Pipeline &pipeline_;
  const Evaluator &evaluator_;
  Context &context_;
  ir::Graph graph_;
};

}  // namespace

ir::Graph BuildGraph(const Pipeline &pipeline, const Evaluator &evaluator, Context &context) {
  return Builder(pipeline, evaluator, context).build();
}

}  // namespace tick::check
