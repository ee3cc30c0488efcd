// link.h - an object to a shared object, by lld inside this process.
#pragma once

#include <string>

namespace tick {

// The bytes of the shared object; `error` is set where lld refuses. Thread-safe: lld's state is global, so calls
// wait for each other.
std::string LinkSharedObject(const std::string &object, std::string *error);

}  // namespace tick
