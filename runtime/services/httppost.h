// httppost.h - endpoints of [[httppost]], which the post handler and the httpPost node send to.
//
// An endpoint is parsed once for each configuration; who holds one keeps it as it was.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/services/web.h"

namespace tick {

// Headers by name, whatever its letter case.
struct HeaderOrder {
  bool operator()(const std::string &a, const std::string &b) const;
};
using Headers = std::map<std::string, std::string, HeaderOrder>;

// A text over rows: plain, or a template over Name, Tags and Values.
class RowText {
 public:
  static std::unique_ptr<RowText> Parse(std::string_view name, std::string_view text, std::string *error);
  bool render(const RowTemplateView &row, std::string *out, std::string *error) const;

 private:
  std::string text_;
  std::unique_ptr<tmpl::Template> template_;
};

struct PostEndpoint {
  // An endpoint that is only a URL. Null: `error` says why it is no template.
  static std::shared_ptr<const PostEndpoint> OfUrl(const std::string &url, std::string *error);
  // One of the configuration. Null: "failed to get alert-template for endpoint …".
  static std::shared_ptr<const PostEndpoint> Of(const Json &element, std::string *error);

  std::unique_ptr<EventTemplate> url;    // over alert data
  std::unique_ptr<RowText> row_url;      // the same over a row
  Headers headers;
  std::string user, password;
  std::unique_ptr<EventTemplate> alert;  // null: JSON
  std::unique_ptr<RowText> row;          // null: JSON
  bool secret = false;                   // of the configuration: errors do not show its path
};

class HttpPostService final : public SectionService {
 public:
  explicit HttpPostService(const ServiceWorld &world);
  std::string configure(std::vector<Json> elements) override;
  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *error) override;
  Json test_options() const override;
  std::string test(const Json &options) override;

  // Null: there is none of that name.
  std::shared_ptr<const PostEndpoint> endpoint(const std::string &name) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const PostEndpoint>> endpoints_;
};

}  // namespace tick
