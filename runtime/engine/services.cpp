// services.cpp - what a program without a service answers a node that needs it.
#include "runtime/engine/services.h"

#include "runtime/engine/row_poster.h"
#include "runtime/engine/scaler.h"
#include "runtime/engine/sideload_source.h"
#include "runtime/engine/udf_session.h"

namespace tick {

std::shared_ptr<SideloadSource> Services::sideload(std::string_view source, std::string *error) {
  *error = "this program does not load '" + std::string(source) + "'";
  return nullptr;
}

std::shared_ptr<RowPoster> Services::row_poster(const RowPostSpec &, std::string *error) {
  *error = "this program sends nothing over HTTP; kapacitord does";
  return nullptr;
}

std::shared_ptr<Scaler> Services::scaler(std::string_view kind, std::string_view, std::string *error) {
  *error = "this program has no connection for " + std::string(kind);
  return nullptr;
}

std::shared_ptr<UdfSession> Services::udf(const UdfRequest &request, std::string *error) {
  *error = "this program does not run the function " + std::string(request.function) + "; kapacitord does";
  return nullptr;
}

}  // namespace tick
