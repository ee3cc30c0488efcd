// section_service.cpp - elements of a section, and checks they have in common.
#include "runtime/services/section_service.h"

#include "runtime/text/utf8.h"

namespace tick {

std::string SectionService::configure(std::vector<Json> elements) {
  auto taken = std::make_shared<const std::vector<Json>>(std::move(elements));
  std::lock_guard lock(mutex_);
  elements_ = std::move(taken);
  return "";
}

std::shared_ptr<const std::vector<Json>> SectionService::elements() const {
  std::lock_guard lock(mutex_);
  return elements_;
}

bool SectionService::global() const {
  for (const Json &element : *elements())
    if (OptionFlag(element, "enabled") && OptionFlag(element, "global")) return true;
  return false;
}

bool SectionService::changes_only() const {
  for (const Json &element : *elements())
    if (OptionFlag(element, "enabled") && OptionFlag(element, "global") && OptionFlag(element, "state-changes-only")) return true;
  return false;
}

std::shared_ptr<const Json> SectionService::element() const {
  static const auto kEmpty = std::make_shared<const Json>(Json::object());
  std::shared_ptr<const std::vector<Json>> all = elements();
  if (all->empty()) return kEmpty;
  return {all, &all->front()};
}

std::shared_ptr<const Json> SectionService::element(std::string_view key, const std::string &name) const {
  std::shared_ptr<const std::vector<Json>> all = elements();
  for (const Json &element : *all)
    if (name.empty() ? OptionFlag(element, "default") || all->size() == 1 : OptionText(element, key) == name)
      return {all, &element};
  return nullptr;
}

std::string CheckRequired(const std::vector<Json> &elements, std::initializer_list<RequiredOption> rows) {
  for (const Json &element : elements) {
    if (!OptionFlag(element, "enabled")) continue;
    for (const RequiredOption &row : rows)
      if (OptionText(element, row.option).empty()) return row.refusal;
  }
  return "";
}

std::string CheckUrl(const std::string &url) {
  auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
  std::string why;
  for (size_t i = 0; i < url.size() && why.empty(); ++i) {
    unsigned char c = static_cast<unsigned char>(url[i]);
    if (c == '%' && (i + 2 >= url.size() || !hex(url[i + 1]) || !hex(url[i + 2])))
      why = "invalid URL escape " + GoQuote(url.substr(i, 3));
    else if (c < 0x20 || c == 0x7f)
      why = "net/url: invalid control character in URL";
  }
  if (why.empty() && url.starts_with(':')) why = "missing protocol scheme";
  return why.empty() ? "" : "invalid url " + GoQuote(url) + ": parse " + GoQuote(url) + ": " + why;
}

std::string CheckUrls(const std::vector<Json> &elements, const char *option) {
  for (const Json &element : elements)
    if (OptionFlag(element, "enabled"))
      if (std::string error = CheckUrl(OptionText(element, option)); !error.empty()) return error;
  return "";
}

std::string CheckWorkspaces(const std::vector<Json> &elements, const std::string &service) {
  bool enabled = false, chosen = false;
  for (const Json &element : elements) {
    enabled |= OptionFlag(element, "enabled");
    chosen |= OptionFlag(element, "default");
  }
  std::string error = CheckRequired(elements, {{"url", "must specify url"}});
  if (error.empty()) error = CheckUrls(elements, "url");
  if (error.empty() && enabled && !chosen) error = "at least one " + service + " config must be set as default";
  return error;
}

}  // namespace tick
