// section_service.h - a service that is configured by the elements of a section.
//
// Readers take a snapshot: what they hold stays as it was when the configuration changes under them.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/services/service.h"

namespace tick {

inline constexpr const char *kNotEnabled = "service is not enabled";

class SectionService : public Service {
 public:
  explicit SectionService(const ServiceWorld &world) : world_(world) {}
  std::string configure(std::vector<Json> elements) override;
  // Of any enabled element.
  bool global() const override;
  bool changes_only() const override;

  const ServiceWorld &world() const { return world_; }
  std::shared_ptr<const std::vector<Json>> elements() const;
  // The section's only element; an empty object where there is none.
  std::shared_ptr<const Json> element() const;
  // The one whose `key` is `name`; with an empty name the one marked `default`, or the only one. Null: none.
  std::shared_ptr<const Json> element(std::string_view key, const std::string &name) const;

 private:
  ServiceWorld world_;
  mutable std::mutex mutex_;
  std::shared_ptr<const std::vector<Json>> elements_ = std::make_shared<const std::vector<Json>>();
};

template <class T>
std::unique_ptr<Service> MakeService(const ServiceWorld &world) {
  return std::make_unique<T>(world);
}

// Checks of configuration: the first row whose option an enabled element leaves empty refuses it.
struct RequiredOption {
  const char *option;
  const char *refusal;
};
std::string CheckRequired(const std::vector<Json> &elements, std::initializer_list<RequiredOption> rows);
// "invalid url "…": …" where it cannot be one.
std::string CheckUrl(const std::string &url);
// `invalid url` of an option of any enabled element.
std::string CheckUrls(const std::vector<Json> &elements, const char *option);
// Of sections whose elements are workspaces: each enabled one has a good url, and one of them is the default.
std::string CheckWorkspaces(const std::vector<Json> &elements, const std::string &service);

// An error of making a handler: of a script with its prefix, of a topic without.
inline std::string HandlerError(const HandlerOrder &order, const std::string &doing, const std::string &error) {
  return order.topic.empty() ? doing + error : error;
}

}  // namespace tick
