// scrapers.cpp - targets, requests, samples to lines.
#include "runtime/input/scrapers.h"

#include <glob.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <sstream>

#include "runtime/daemon/tasks.h"
#include "runtime/input/input_writer.h"
#include "runtime/input/prometheus.h"
#include "runtime/net/http_client.h"
#include "runtime/text/go_duration.h"
#include "runtime/yaml/yaml.h"

namespace tick {
namespace {

constexpr size_t kAtATime = 8;

std::string Text(const Json &section, const char *name) {
  return section.contains(name) && section[name].is_string() ? section[name].get<std::string>() : "";
}

bool Flag(const Json &section, const char *name) {
  return section.contains(name) && section[name].is_boolean() && section[name].get<bool>();
}

int64_t Duration(const Json &section, const char *name, int64_t otherwise) {
  int64_t ns = 0;
  return ParseGoDuration(Text(section, name), &ns) && ns > 0 ? ns : otherwise;
}

std::vector<std::string> Texts(const Json &list) {
  std::vector<std::string> texts;
  if (list.is_array())
    for (const Json &text : list)
      if (text.is_string()) texts.push_back(text.get<std::string>());
  return texts;
}

// {"targets": […], "labels": {…}}
void AddGroup(const Json &group, std::vector<ScrapeTarget> *targets) {
  if (!group.is_object() || !group.contains("targets")) return;
  for (const std::string &address : Texts(group["targets"])) {
    ScrapeTarget &target = targets->emplace_back();
    target.address = address;
    if (group.contains("labels") && group["labels"].is_object())
      for (auto label = group["labels"].begin(); label != group["labels"].end(); ++label)
        target.labels[label.key()] = label->is_string() ? label->get<std::string>() : label->dump();
  }
}

std::string Query(const Json &params) {
  std::string query;
  if (!params.is_object()) return query;
  for (auto param = params.begin(); param != params.end(); ++param)
    for (const std::string &value : param->is_string() ? std::vector{param->get<std::string>()} : Texts(*param))
      query += (query.empty() ? "?" : "&") + QueryEscape(param.key()) + "=" + QueryEscape(value);
  return query;
}

}  // namespace

std::vector<ScrapeTarget> DiscoverTargets(std::string_view kind, const Json &section, std::string *error) {
  std::vector<ScrapeTarget> targets;
  if (kind == "static-discovery") {
    AddGroup(section, &targets);
    return targets;
  }
  if (!section.contains("files")) return targets;
  for (const std::string &pattern : Texts(section["files"])) {
    glob_t found{};
    if (glob(pattern.c_str(), 0, nullptr, &found) != 0) *error = "no file matches " + pattern;
    for (size_t i = 0; i < found.gl_pathc; ++i) {
      std::ifstream file(found.gl_pathv[i]);
      std::ostringstream text;
      text << file.rdbuf();
      Json groups;
      std::string problem = ParseYaml(text.str(), &groups);
      if (!problem.empty() || !groups.is_array()) *error = std::string(found.gl_pathv[i]) + ": " + (problem.empty() ? "it must be a list of targets" : problem);
      else for (const Json &group : groups) AddGroup(group, &targets);
    }
    globfree(&found);
  }
  return targets;
}

std::string Scrapers::open() {
  for (const Json &section : config_.elements("scraper")) {
    if (!Flag(section, "enabled")) continue;
    Scraper scraper{section, Text(section, "discoverer-service"), nullptr, Duration(section, "scrape-interval", 60'000'000'000),
                    Duration(section, "scrape-timeout", 10'000'000'000)};
    std::string name = Text(section, "name"), id = Text(section, "discoverer-id");
    if (name.empty()) return "scraper: must specify a name";
    if (Text(section, "db").empty() || Text(section, "rp").empty()) return "scraper: " + name + " must specify db and rp";
    if (scraper.kind != "static-discovery" && scraper.kind != "file-discovery")
      return "scraper: " + name + " needs a discoverer-service of static-discovery or file-discovery, got \"" + scraper.kind + "\"";
    for (const Json &discovery : config_.elements(scraper.kind))
      if (Flag(discovery, "enabled") && Text(discovery, "id") == id) scraper.discovery = discovery;
    if (scraper.discovery.is_null()) return "scraper: " + name + " finds no enabled [[" + scraper.kind + "]] of id \"" + id + "\"";
    threads_.emplace_back([this, scraper] { run(scraper); });
  }
  return "";
}

void Scrapers::close() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  for (std::thread &thread : threads_) thread.join();
  threads_.clear();
}

void Scrapers::run(const Scraper &scraper) {
  auto next = std::chrono::steady_clock::now();
  while (!closing_) {
    scrape_all(scraper);
    next = std::max(next + std::chrono::nanoseconds(scraper.interval_ns), std::chrono::steady_clock::now());
    std::unique_lock lock(mutex_);
    wake_.wait_until(lock, next, [this] { return closing_.load(); });
  }
}

void Scrapers::scrape_all(const Scraper &scraper) {
  std::string error;
  std::vector<ScrapeTarget> targets = DiscoverTargets(scraper.kind, scraper.discovery, &error);
  if (!error.empty()) log_.error("failed to discover targets", {{"service", "scraper"}, {"name", Text(scraper.section, "name")}, {"err", error}});
  std::vector<std::string> blacklist = scraper.section.contains("blacklist") ? Texts(scraper.section["blacklist"]) : std::vector<std::string>();
  std::erase_if(targets, [&](const ScrapeTarget &target) {
    return std::find(blacklist.begin(), blacklist.end(), target.address) != blacklist.end();
  });
  std::atomic<size_t> next{0};
  auto work = [&] {
    for (size_t i; (i = next.fetch_add(1)) < targets.size() && !closing_;) scrape(scraper, targets[i]);
  };
  std::vector<std::thread> others;
  for (size_t i = 1; i < std::min(kAtATime, targets.size()); ++i) others.emplace_back(work);
  work();
  for (std::thread &thread : others) thread.join();
}

void Scrapers::scrape(const Scraper &scraper, const ScrapeTarget &target) {
  const Json &section = scraper.section;
  std::string scheme = Text(section, "scheme"), path = Text(section, "metrics-path"), name = Text(section, "name");
  HttpCall call;
  call.url = (scheme.empty() ? "http" : scheme) + "://" + target.address + (path.empty() ? "/metrics" : path) +
             Query(section.contains("params") ? section["params"] : Json(nullptr));
  call.headers = {{"Accept", "text/plain;version=0.0.4;q=1,*/*;q=0.1"}};
  call.user = Text(section, "username");
  call.password = Text(section, "password");
  if (std::string token = Text(section, "bearer-token"); !token.empty()) call.headers.emplace_back("Authorization", "Bearer " + token);
  call.timeout_ns = scraper.timeout_ns;
  call.tls = {Text(section, "ssl-ca"), Text(section, "ssl-cert"), Text(section, "ssl-key"), Flag(section, "insecure-skip-verify")};
  call.cancelled = &closing_;
  HttpAnswer answer = HttpClient::Shared().send(call);
  if (closing_) return;
  auto told = [&](const std::string &error) {
    log_.error("failed to scrape", {{"service", "scraper"}, {"name", name}, {"target", target.address}, {"err", error}});
  };
  if (!answer.ok()) return told(answer.error.empty() ? "server returned HTTP status " + std::to_string(answer.status) : answer.error);
  InputWriter writer(engine_, log_, "scraper", Text(section, "db"), Text(section, "rp"), 5000);
  int64_t now = WallClock();
  size_t bad = ReadPrometheus(answer.body, [&](PrometheusSample &sample) {
    // A sample's own labels win over the target's.
    InputWriter::TagList tags = std::move(sample.labels);
    tags.emplace_back("__name__", sample.name);
    tags.insert(tags.end(), target.labels.begin(), target.labels.end());
    tags.emplace_back("instance", target.address);
    tags.emplace_back("job", name);
    if (std::isfinite(sample.value)) writer.add(sample.name, std::move(tags), "value", sample.value, sample.time == 0 ? now : sample.time);
  });
  writer.flush();
  if (bad > 0) told(std::to_string(bad) + " lines are no samples");
}

}  // namespace tick
