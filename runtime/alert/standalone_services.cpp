// standalone_services.cpp - handlers that print, and the rest of a runner's services.
#include "runtime/alert/standalone_services.h"

#include <unistd.h>

#include <chrono>

#include "runtime/alert/event_json.h"
#include "runtime/alert/local_handlers.h"
#include "runtime/alert/row.h"
#include "runtime/engine/row_poster.h"
#include "runtime/engine/scaler.h"
#include "runtime/text/go_float.h"
#include "runtime/text/go_time.h"

namespace tick {
namespace {

constexpr uint64_t kPointsShown = 10;  // of those written back, one by one; the rest is only counted

// `.log('/path')` of a runner: the lines go to standard output.
class PrintedLog final : public AlertHandler {
 public:
  PrintedLog(LineOutput &out, bool readable) : out_(out), readable_(readable) {}

  void handle(const AlertEvent &event) override {
    if (readable_) {
      append_readable(event);
    } else if (!AppendEventJson(out_.buffer(), event)) {
      std::fprintf(stderr, "error: %s cannot be written as JSON: %s\n", event.id.c_str(), NotFinite(event).c_str());
      return;
    }
    out_.end_line();
  }
  void flush() override { out_.flush(); }

 private:
  void append_readable(const AlertEvent &event) {
    constexpr const char *kColours[] = {"\033[32m", "\033[36m", "\033[33m", "\033[31;1m"};
    std::string &line = *out_.buffer();
    AppendRfc3339(line, event.time);
    line += ' ';
    line += kColours[static_cast<size_t>(event.level)];
    std::string_view level = LevelName(event.level);
    line += level;
    line += "\033[0m";
    line.append(9 - level.size(), ' ');
    size_t start = line.size();
    line += event.message;
    for (size_t i = start; i < line.size(); ++i)
      if (static_cast<unsigned char>(line[i]) < 0x20) line[i] = ' ';  // one line an event, and no terminal codes
  }

  LineOutput &out_;
  bool readable_;
};

// Any other handler: says what it would do.
class ToldHandler final : public AlertHandler {
 public:
  ToldHandler(std::string_view node, const tick_property &spec) : call_(std::string(node) + "." + spec.name + "(") {
    // Arguments may hold keys and passwords in other handlers; an address or a program is what one wants to see.
    if (std::string_view(spec.name) == "tcp" || std::string_view(spec.name) == "exec")
      if (spec.n_args > 0 && spec.args[0].type == TICK_STRING)
        call_ += "'" + std::string(View(spec.args[0].as.s)) + "'";
    call_ += ")";
  }
  void handle(const AlertEvent &event) override {
    std::fprintf(stderr, "%s would send %s %s: %s\n", call_.c_str(), Rfc3339(event.time).c_str(),
                 std::string(LevelName(event.level)).c_str(), event.message.c_str());
  }

 private:
  std::string call_;
};

void AppendLogValue(std::string &line, std::string_view value) {
  bool plain = !value.empty() && value.find_first_of(" =\"\n") == value.npos;
  if (plain) {
    line += value;
    return;
  }
  line += '"';
  for (char c : value) {
    if (c == '"' || c == '\\') line += '\\';
    if (c == '\n')
      line += "\\n";
    else
      line += c;
  }
  line += '"';
}

}  // namespace

void LineOutput::flush() {
  if (buffer_.empty()) return;
  std::fwrite(buffer_.data(), 1, buffer_.size(), file_);
  std::fflush(file_);
  buffer_.clear();
}

StandaloneServices::StandaloneServices(bool live, bool json)
    : live_(live), readable_(!json && isatty(fileno(stdout)) != 0) {}

StandaloneServices::~StandaloneServices() = default;

void StandaloneServices::finish() {
  out_.flush();
  for (const auto &[path, json] : last_shown_) std::fprintf(stderr, "%s: %s\n", path.c_str(), json.c_str());
  last_shown_.clear();
  if (written_back_ > kPointsShown)
    std::fprintf(stderr, "%llu points would be written\n", static_cast<unsigned long long>(written_back_));
  written_back_ = 0;
}

void StandaloneServices::log(const LogRecord &record) {
  if (record.level == "debug") return;
  std::string line(record.level);
  line.append(": ").append(record.node).append(": ").append(record.message);
  if (!record.cause.empty()) line.append(": ").append(record.cause);
  for (const auto &[key, value] : record.fields) {
    line.append(" ").append(key).append("=");
    AppendLogValue(line, value);
  }
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

int64_t StandaloneServices::now() const {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::unique_ptr<AlertHandler> StandaloneServices::live_handler(std::string_view task, std::string_view node,
                                                               const tick_property &spec, std::string *error) {
  HandlerReport report = [this, task = std::string(task), node = std::string(node)](
                             std::string_view message, std::string_view cause, auto fields) {
    log({.level = "error",
         .task = task,
         .node = node,
         .message = message,
         .cause = cause,
         .fields = std::move(fields)});
  };
  std::unique_ptr<AlertHandler> handler = MakeLocalHandler(spec, std::move(report), error);
  if (!handler && error->empty())
    *error =
        "this program cannot act for ." + std::string(spec.name) + "(): run the task in kapacitord, or without --live";
  return handler;
}

std::unique_ptr<AlertHandler> StandaloneServices::alert_handler(std::string_view task, std::string_view node,
                                                                const tick_property &spec, std::string *error) {
  if (live_) return live_handler(task, node, spec, error);
  if (std::string_view(spec.name) != "log") return std::make_unique<ToldHandler>(node, spec);
  // Made and thrown away: what a daemon would refuse is refused here too.
  if (!MakeLocalHandler(
          spec, [](auto, auto, auto) {}, error))
    return nullptr;
  return std::make_unique<PrintedLog>(out_, readable_);
}

bool StandaloneServices::remembered(std::string_view topic, std::string_view id, Level *level, int64_t *time) {
  std::optional<EventState> state = topics_.state(topic, id);
  if (!state) return false;
  *level = state->level;
  *time = state->time;
  return true;
}

std::string StandaloneServices::publish_endpoint(std::string_view task, std::string_view path,
                                                 const HttpOutSource *source) {
  std::string url = "/kapacitor/v1/tasks/" + std::string(task) + (path.starts_with('/') ? "" : "/") + std::string(path);
  if (!endpoints_.emplace(url, source).second) return "http: multiple registrations for " + url;
  return "";
}

void StandaloneServices::withdraw_endpoint(std::string_view, std::string_view, const HttpOutSource *source) {
  for (auto at = endpoints_.begin(); at != endpoints_.end(); ++at) {
    if (at->second != source) continue;
    last_shown_.emplace_back(at->first, source->json(false));
    endpoints_.erase(at);
    return;
  }
}

void StandaloneServices::loopback(const Series &series, int64_t time, const Fields &fields) {
  if (++written_back_ > kPointsShown) return;
  std::string line = SeriesKey(series);
  for (size_t i = 0; i < fields.size(); ++i) {
    line.append(i ? "," : " ").append(*fields[i].name).append("=");
    const Value &value = fields[i].value;
    switch (TypeOf(value)) {
      case Type::Bool:
        line += value.as.b ? "true" : "false";
        break;
      case Type::Float:
        AppendFloat(line, value.as.f, 'g', -1);
        break;
      case Type::String:
        line.append("\"").append(StringOf(value)).append("\"");
        break;
      default:
        line += std::to_string(value.as.i) + "i";
        break;
    }
  }
  std::fprintf(stderr, "would write %s %lld\n", line.c_str(), static_cast<long long>(time));
}

// Line protocol on standard error, each write under a comment of where it would go.
std::unique_ptr<InfluxOut> StandaloneServices::influx_out(const InfluxOutSpec &, std::string *) {
  class Printed final : public InfluxOut {
   public:
    void send(InfluxLines lines) override {
      std::string head = "# would write to " + lines.database + (lines.retention_policy.empty() ? "" : "." + lines.retention_policy) + ":\n";
      std::fwrite(head.data(), 1, head.size(), stderr);
      std::fwrite(lines.lines.data(), 1, lines.lines.size(), stderr);
      written_ += lines.points;
    }
    int64_t points_written() const override { return written_; }
    int64_t write_errors() const override { return 0; }

   private:
    int64_t written_ = 0;
  };
  return std::make_unique<Printed>();
}

// The body of each request on standard error, answered as if it had gone well.
std::shared_ptr<RowPoster> StandaloneServices::row_poster(const RowPostSpec &spec, std::string *) {
  class Printed final : public RowPoster {
   public:
    explicit Printed(std::string head) : head_(std::move(head)) {}
    bool post(Row row) override {
      std::string line = head_ + "{\"series\":[";
      AppendRow(&line, row, NonFinite::Null);
      line += "]}\n";
      std::fwrite(line.data(), 1, line.size(), stderr);
      ends_.push_back({200, "", ""});
      return true;
    }
    bool pending() const override { return !ends_.empty(); }
    std::vector<RowPostEnd> take() override { return std::exchange(ends_, {}); }
    bool wait() override { return false; }
    void connect(std::shared_ptr<Waker>) override {}

   private:
    std::string head_;
    std::vector<RowPostEnd> ends_;
  };
  std::string to = spec.endpoint.empty() ? spec.url.substr(0, spec.url.find('?')) : "endpoint " + spec.endpoint;
  return std::make_shared<Printed>(spec.node + " would post to " + to + ": ");
}

std::shared_ptr<Scaler> StandaloneServices::scaler(std::string_view, std::string_view, std::string *) {
  class Printed final : public Scaler {
   public:
    void ask(const ScaledResource &resource, Done done) override { done(replicas_.emplace(resource, 1).first->second, ""); }
    void set(const ScaledResource &resource, int64_t n, Done done) override {
      std::string name = resource.space.empty() ? resource.name : resource.space + "/" + resource.kind + "/" + resource.name;
      std::fprintf(stderr, "would scale %s to %lld\n", name.c_str(), static_cast<long long>(n));
      replicas_[resource] = n;
      done(n, "");
    }

   private:
    std::map<ScaledResource, int64_t> replicas_;
  };
  return std::make_shared<Printed>();
}

std::string StandaloneServices::hostname() const {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
}

}  // namespace tick
