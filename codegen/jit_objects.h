// jit_objects.h - the object files the JIT links: code at once, and better code for what turns out to be hot.
//
// The functions of a graph are numbered: kernels of lambda 0, 1, …, then the tagged bodies of lambda 0, 1, ….
#pragma once

#include <string>

#include "frontend/ir/ir.h"

namespace tick {

size_t FunctionCount(const ir::Graph &graph);

// Called by quick code, once a function, when it has done `hot_rows` rows. Must not throw.
using HotFunction = void (*)(void *module, uint32_t function);
inline constexpr const char *kHotSymbol = "tick_jit_hot";

// All functions, compiled in a millisecond or two to plain code. Exports `table`: the address of each function,
// then that of the slots each of them jumps through; storing better code's address in a slot replaces it.
std::string QuickObject(const ir::Graph &graph, const std::string &table, void *module, uint32_t hot_rows);

// Functions [first, last) as vector code. Exports `table`: their addresses.
std::string OptimizedObject(const ir::Graph &graph, const std::string &table, size_t first, size_t last);

}  // namespace tick
