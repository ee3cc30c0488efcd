// link.h - objects to a shared object, by lld inside this process.
#pragma once

#include <span>
#include <string>

namespace tick {

// The bytes of the shared object; `error` is set where lld refuses. Thread-safe: lld's state is global, so calls
// wait for each other.
std::string LinkSharedObject(std::span<const std::string> objects, std::string *error);

}  // namespace tick
