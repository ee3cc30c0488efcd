// event_archive.h - alert events as bytes, and back: what waits for a handler outlives the process.
#pragma once

#include <string>
#include <string_view>

#include "runtime/engine/services.h"

namespace tick {

std::string SaveEvent(const AlertEvent &event);
// False where the bytes are cut or of another version.
bool LoadEvent(std::string_view bytes, AlertEvent *event);

}  // namespace tick
