// ec2.cpp - the desired capacity of EC2's autoscaling groups.
//
// Calls are forms, answers XML of which two elements matter. AWS's own cool-down is left out: the node has one.
#include <charconv>
#include <ctime>

#include "runtime/scale/scalers.h"

namespace tick {
namespace {

constexpr int64_t kTimeout = 10'000'000'000;
constexpr const char *kForm = "application/x-www-form-urlencoded; charset=utf-8";

// The text of the first element of a name; "" where there is none.
std::string Element(const std::string &xml, const std::string &name) {
  size_t begin = xml.find("<" + name + ">");
  if (begin == std::string::npos) return "";
  begin += name.size() + 2;
  size_t end = xml.find("</" + name + ">", begin);
  return end == std::string::npos ? "" : xml.substr(begin, end - begin);
}

// Percent-encoding as AWS wants it: a space is %20.
std::string Encode(std::string_view text) {
  std::string out;
  for (char c : QueryEscape(text)) out += c == '+' ? std::string("%20") : std::string(1, c);
  return out;
}

class Ec2 final : public ScaleApi {
 public:
  explicit Ec2(Ec2Options options) : options_(std::move(options)) {
    if (options_.endpoint.empty()) options_.endpoint = "https://autoscaling." + options_.region + ".amazonaws.com";
    while (options_.endpoint.back() == '/') options_.endpoint.pop_back();
  }

  std::string replicas(const ScaledResource &resource, int64_t *n) override {
    std::string xml, what = "failed to get autoscaling group " + resource.name + ": ";
    std::string error = call("Action=DescribeAutoScalingGroups&AutoScalingGroupNames.member.1=" + Encode(resource.name) + "&Version=2011-01-01", &xml);
    if (!error.empty()) return what + error;
    std::string text = Element(xml, "DesiredCapacity");
    if (text.empty()) return what + "there is no group of this name";
    if (std::from_chars(text.data(), text.data() + text.size(), *n).ptr != text.data() + text.size())
      return what + "its desired capacity is no number";
    return "";
  }

  std::string set_replicas(const ScaledResource &resource, int64_t n) override {
    std::string xml;
    std::string error = call("Action=SetDesiredCapacity&AutoScalingGroupName=" + Encode(resource.name) + "&DesiredCapacity=" +
                                 std::to_string(n) + "&HonorCooldown=false&Version=2011-01-01",
                             &xml);
    return error.empty() ? "" : "failed to set desired capacity of " + resource.name + ": " + error;
  }

 private:
  std::string call(std::string form, std::string *xml) {
    char date[20];
    std::time_t now = std::time(nullptr);
    std::tm utc;
    gmtime_r(&now, &utc);
    std::strftime(date, sizeof date, "%Y%m%dT%H%M%SZ", &utc);
    AwsRequest signed_part{"POST", options_.endpoint.substr(options_.endpoint.find("://") + 3), "/", "", kForm, form, date, options_.region,
                           "autoscaling"};
    HttpCall call;
    call.method = "POST";
    call.url = options_.endpoint + "/";
    call.body = std::move(form);
    call.timeout_ns = kTimeout;
    call.headers = {{"Content-Type", kForm},
                    {"X-Amz-Date", date},
                    {"Authorization", AwsAuthorization(signed_part, options_.access_key, options_.secret_key)}};
    HttpAnswer answer = HttpClient::Shared().send(call);
    if (!answer.error.empty()) return answer.error;
    if (answer.ok()) {
      *xml = std::move(answer.body);
      return "";
    }
    std::string code = Element(answer.body, "Code"), message = Element(answer.body, "Message");
    return "status " + std::to_string(answer.status) + (code.empty() ? "" : ": " + code) + (message.empty() ? "" : ": " + message);
  }

  Ec2Options options_;
};

}  // namespace

std::unique_ptr<ScaleApi> MakeEc2(Ec2Options options) { return std::make_unique<Ec2>(std::move(options)); }

}  // namespace tick
