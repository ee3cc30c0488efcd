// listener_tls.h - the TLS context of a listener from its options.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <string>

#include "runtime/daemon/listener.h"

namespace tick {

// Loads certificate and key, sets versions and ciphers. An error text or "".
std::string PrepareTls(const ListenOptions &options, boost::asio::ssl::context *context);

// Whether a handshake failed because the client speaks plain HTTP.
bool SpokePlainHttp(const boost::system::error_code &error);

}  // namespace tick
