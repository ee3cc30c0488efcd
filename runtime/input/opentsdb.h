// opentsdb.h - OpenTSDB's two ways to bring points, over one port: telnet lines and HTTP (daemon.md 1.8).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/input/input_writer.h"
#include "runtime/input/sockets.h"

namespace tick {

// A line "put METRIC TIME VALUE k=v …" into the writer; why it is none, or "".
std::string TakePut(std::string_view line, InputWriter &writer);
// The points of an HTTP body: an object or a list of them; why it is refused, or "".
std::string TakePutJson(const std::string &body, InputWriter &writer);

// refused: told each line that is none.
std::unique_ptr<TcpSession> MakeOpenTsdbSession(InputWriter &writer, std::function<void(std::string_view line, const std::string &why)> refused);

}  // namespace tick
