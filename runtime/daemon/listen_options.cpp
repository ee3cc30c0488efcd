// listen_options.cpp - where and how the daemon listens, from [http] and [tls].
#include "runtime/daemon/config.h"
#include "runtime/daemon/listener.h"

namespace tick {

ListenOptions ListenOptionsOf(const Config &config) {
  ListenOptions options;
  options.address = config.text("http", "bind-address");
  if (config.flag("http", "unix-socket-enabled")) options.unix_socket = config.text("http", "bind-socket");
  if (int64_t stall = config.duration_ns("http", "stall-timeout"); stall > 0) options.stall_ms = stall / 1'000'000;
  options.tls = config.flag("http", "https-enabled");
  options.certificate = config.text("http", "https-certificate");
  options.private_key = config.text("http", "https-private-key");
  options.min_version = config.text("tls", "min-version");
  options.max_version = config.text("tls", "max-version");
  for (const Json &element : config.elements("tls"))
    if (auto ciphers = element.find("ciphers"); ciphers != element.end() && ciphers->is_array())
      for (const Json &name : *ciphers)
        if (name.is_string()) options.ciphers.push_back(name.get<std::string>());
  return options;
}

}  // namespace tick
