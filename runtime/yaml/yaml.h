// yaml.h - YAML and JSON files of definitions (tasks, handlers) as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace tick {

// Plain scalars become null, booleans, numbers or strings by YAML's rules; quoted ones are strings. An error text
// with the line where the text is no YAML, or "".
std::string ParseYaml(const std::string &text, nlohmann::ordered_json *value);

}  // namespace tick
