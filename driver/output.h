// output.h - files the programs read and write.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tick {

// The whole of a file, or of standard input for "-". An error text that names the file where it cannot be read.
std::optional<std::string> ReadInput(const std::string &path, std::string *error);

// Writes a file beside its destination and renames it, so that the old file stays whole until the new one is;
// "-" is standard output. Returns an error text that names the file, or "".
std::string WriteOutput(const std::string &path, std::string_view bytes, bool executable = false);

}  // namespace tick
