// scaler_config.h - the orchestrators of the configuration, for autoscale nodes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "runtime/daemon/config.h"
#include "runtime/engine/scaler.h"

namespace tick {

// kind: the node's, "k8sAutoscale". cluster: the section's id; "" the one without, or the only one that is enabled.
// Null: `error` says what the configuration lacks.
std::shared_ptr<Scaler> ConfiguredScaler(const Config &config, std::string_view kind, std::string_view cluster, std::string *error);

}  // namespace tick
