// identity.h - who this daemon is: its ids (data_dir/cluster.id, server.id), host name and version.
#pragma once

#include <string>

namespace tick {

struct Identity {
  std::string cluster_id, server_id, hostname, version = "1.8.3", product = "kapacitor", platform = "OSS";
};

// Reads the id files of a folder, making what is missing (the folder too, one level). An error text or "".
std::string ReadIdentity(const std::string &data_dir, Identity *identity);

}  // namespace tick
