// local_handlers.cpp - from a script's call to a handler.
#include "runtime/alert/local_handlers.h"

#include <cctype>
#include <system_error>

namespace tick {
namespace {

std::string_view TextArg(const tick_property &spec, uint32_t i) {
  return i < spec.n_args && spec.args[i].type == TICK_STRING ? View(spec.args[i].as.s) : std::string_view();
}

LogOptions LogOptionsOf(const tick_property &spec) {
  LogOptions options{std::string(TextArg(spec, 0))};
  for (uint32_t i = 0; i < spec.n_properties; ++i)
    if (std::string_view(spec.properties[i].name) == "mode" && spec.properties[i].n_args > 0)
      options.mode = spec.properties[i].args[0].as.i;
  return options;
}

ExecOptions ExecOptionsOf(const tick_property &spec) {
  ExecOptions options{std::string(TextArg(spec, 0)), {}};
  for (uint32_t i = 1; i < spec.n_args; ++i) options.args.emplace_back(TextArg(spec, i));
  return options;
}

}  // namespace

std::string FileMode(int64_t mode) {
  std::string text = "-";
  for (int bit = 8; bit >= 0; --bit) text += (mode >> bit) & 1 ? "rwx"[(8 - bit) % 3] : '-';
  return text;
}

std::string ErrnoText(int number) {
  std::string text = std::generic_category().message(number);
  if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])))
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

std::unique_ptr<AlertHandler> MakeLocalHandler(const tick_property &spec, HandlerReport report, std::string *error) {
  std::string_view name = spec.name;
  if (name == "log") return MakeLogHandler(LogOptionsOf(spec), std::move(report), error);
  if (name == "tcp") return MakeTcpHandler({std::string(TextArg(spec, 0))}, std::move(report), error);
  if (name == "exec") return MakeExecHandler(ExecOptionsOf(spec), std::move(report), error);
  return nullptr;
}

}  // namespace tick
