// text_words.h - the words of the IR's text, for printer and reader.
#pragma once

#include <cstdint>
#include <string_view>

#include "frontend/ir/ir.h"

namespace tick::ir {

// Raised whenever text of before would be read as something else.
inline constexpr uint32_t kTextVersion = 1;

struct DurationUnit {
  std::string_view name;
  int64_t ns;
};
inline constexpr DurationUnit kDurationUnits[] = {
    {"w", 604'800'000'000'000}, {"d", 86'400'000'000'000}, {"h", 3'600'000'000'000}, {"m", 60'000'000'000},
    {"s", 1'000'000'000},       {"ms", 1'000'000},         {"u", 1'000},             {"ns", 1}};

inline constexpr std::string_view kInstWords[] = {"ref", "literal", "to_float", "negate", "not",
                                                  "binary", "and", "or", "call", "fail"};
constexpr std::string_view InstWord(InstOp op) { return kInstWords[static_cast<size_t>(op)]; }

inline constexpr std::string_view kEdgeWords[] = {"none", "stream", "batch"};
constexpr std::string_view EdgeWord(Edge edge) { return kEdgeWords[static_cast<size_t>(edge)]; }

constexpr bool IsWordByte(char c, bool first) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (!first && c >= '0' && c <= '9');
}
constexpr bool IsWord(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i)
    if (!IsWordByte(text[i], i == 0)) return false;
  return !text.empty();
}

}  // namespace tick::ir
