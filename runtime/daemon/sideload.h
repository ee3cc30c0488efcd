// sideload.h - sideload sources in the daemon: where answers come from, and reading everything again.
#pragma once

#include "runtime/daemon/api.h"
#include "runtime/daemon/config.h"
#include "runtime/daemon/log.h"
#include "runtime/sideload/sources.h"

namespace tick {

// Gets URLs, and the endpoints of [[httppost]] by name. The configuration must outlive it.
SideloadSources::Fetch SideloadFetch(const Config &config);
// Reads all sources again and logs what could not be read; those sentences in one text.
std::string ReloadSideloads(SideloadSources &sources, Log &log);
// POST B/sideload/reload.
void AddSideloadRoutes(Router *router, SideloadSources &sources, Log &log);

}  // namespace tick
