// scrapers.h - pulls Prometheus' text from targets on a schedule (daemon.md 1.9).
//
// In: [[scraper]] sections with the targets of [[static-discovery]] or [[file-discovery]]. Out: a point a sample: its
// name is the measurement and the tag __name__, labels are tags, the value is the field `value`. Each scraper has a
// thread; targets of one are asked a few at a time.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "runtime/daemon/config.h"
#include "runtime/daemon/log.h"
#include "runtime/engine/engine.h"

namespace tick {

struct ScrapeTarget {
  std::string address;  // host:port
  std::map<std::string, std::string> labels;
};

// The targets of a discovery section ("static-discovery", "file-discovery"); what could not be read is said in `error`,
// the rest comes all the same.
std::vector<ScrapeTarget> DiscoverTargets(std::string_view kind, const Json &section, std::string *error);

class Scrapers {
 public:
  Scrapers(const Config &config, Engine &engine, Log &log) : config_(config), engine_(engine), log_(log) {}
  ~Scrapers() { close(); }
  // Starts those that are enabled; "" or what is wrong with one.
  std::string open();
  void close();

 private:
  struct Scraper {
    Json section;
    std::string kind;  // of its discovery
    Json discovery;
    int64_t interval_ns = 0, timeout_ns = 0;
  };
  void run(const Scraper &scraper);
  void scrape_all(const Scraper &scraper);
  void scrape(const Scraper &scraper, const ScrapeTarget &target);

  const Config &config_;
  Engine &engine_;
  Log &log_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> closing_{false};
  std::vector<std::thread> threads_;
};

}  // namespace tick
