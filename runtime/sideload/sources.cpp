// sources.cpp - opening, sharing and reloading sideload sources.
#include "runtime/sideload/sources.h"

#include <atomic>

namespace tick {

class SideloadSources::Source final : public SideloadSource {
 public:
  Source(std::string name, std::string directory) : name_(std::move(name)), directory_(std::move(directory)) {}

  uint64_t version() const override { return version_.load(std::memory_order_acquire); }
  std::shared_ptr<const SideloadTables> tables() const override {
    std::lock_guard lock(mutex_);
    return tables_;
  }
  // What could not be read; that part of the content stays as it was.
  std::vector<std::string> read(const Fetch &fetch) { return directory_.empty() ? read_answer(fetch) : read_files(); }

 private:
  std::vector<std::string> read_files() {
    std::vector<SideloadFailure> failures;
    SideloadTables tables = ReadSideloadDirectory(directory_, &failures);
    std::vector<std::string> said;
    std::shared_ptr<const SideloadTables> before = this->tables();
    auto stays = [&](const std::string &path) { return before && before->count(path) ? "; its last content stays" : ""; };
    bool whole = false;
    for (const SideloadFailure &failure : failures) {
      whole |= failure.path.empty();
      said.push_back(failure.reason + (failure.path.empty() ? (before ? "; the last content stays" : "") : stays(failure.path)));
    }
    if (before)
      for (const auto &[path, table] : *before) {
        if (tables.count(path)) continue;
        bool told = whole;
        for (const SideloadFailure &failure : failures) told |= failure.path == path;
        if (!told) said.push_back(directory_ + "/" + path + " is no longer there; its last content stays");
        tables[path] = table;
      }
    set(std::move(tables));
    return said;
  }

  std::vector<std::string> read_answer(const Fetch &fetch) {
    std::string body, error = fetch(name_, &body);
    SideloadTables tables;
    if (error.empty()) error = ReadSideloadObject(body, &tables);
    if (!error.empty()) return {name_ + ": " + error + (this->tables() ? "; the last content stays" : "")};
    set(std::move(tables));
    return {};
  }

  void set(SideloadTables tables) {
    {
      std::lock_guard lock(mutex_);
      tables_ = std::make_shared<const SideloadTables>(std::move(tables));
    }
    version_.fetch_add(1, std::memory_order_acq_rel);
  }

  std::string name_, directory_;  // no directory: fetched
  mutable std::mutex mutex_;
  std::shared_ptr<const SideloadTables> tables_;
  std::atomic<uint64_t> version_{0};
};

std::shared_ptr<SideloadSource> SideloadSources::open(std::string_view name, std::string *error) {
  std::lock_guard lock(mutex_);
  if (auto known = sources_.find(name); known != sources_.end()) return known->second;
  constexpr std::string_view kFile = "file://";
  std::string directory;
  if (name.starts_with(kFile)) {
    directory = name.substr(kFile.size());
    if (!directory.starts_with('/')) {
      *error = "sideload source path must be absolute \"" + directory + "\"";
      return nullptr;
    }
    while (directory.size() > 1 && directory.back() == '/') directory.pop_back();
  } else if (size_t at = name.find("://"); at != std::string_view::npos && !name.starts_with("http://") && !name.starts_with("https://")) {
    *error = "unsupported source scheme \"" + std::string(name.substr(0, at)) + "\", must be 'file', 'http', or 'https'";
    return nullptr;
  }
  auto source = std::make_shared<Source>(std::string(name), std::move(directory));
  if (std::vector<std::string> failures = source->read(fetch_); !failures.empty()) {
    *error = "failed to load sideload source: " + failures[0];
    return nullptr;
  }
  sources_.emplace(name, source);
  return source;
}

std::vector<std::string> SideloadSources::reload() {
  std::vector<std::shared_ptr<Source>> all;
  {
    std::lock_guard lock(mutex_);
    for (const auto &[name, source] : sources_) all.push_back(source);
  }
  std::vector<std::string> failures;
  for (const auto &source : all)
    for (std::string &failure : source->read(fetch_)) failures.push_back(std::move(failure));
  return failures;
}

}  // namespace tick
