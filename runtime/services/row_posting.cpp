// row_posting.cpp - queues of rows, and the requests made of them.
#include "runtime/services/row_posting.h"

#include <condition_variable>
#include <deque>

#include "runtime/alert/row.h"
#include "runtime/engine/waker.h"
#include "runtime/services/httppost.h"

namespace tick {

extern const ServiceSpec kHttpPostService;

namespace {

constexpr size_t kMostWaiting = 5000;
constexpr auto kLongestWait = std::chrono::seconds(10);
constexpr const char *kNotCaptured = "unknown error, use .captureResponse() to capture the HTTP response";

// What a request is made of; says how it ended.
class RowRequest {
 public:
  RowRequest(const HttpPostService &service, const RowPostSpec &spec, std::shared_ptr<const PostEndpoint> url)
      : service_(service), spec_(spec), url_(std::move(url)) {}

  RowPostEnd send(const Row &row, const std::atomic<bool> *cancelled) const {
    // The configured endpoint as it is now; one that was removed since goes on as it was.
    std::shared_ptr<const PostEndpoint> endpoint = spec_.endpoint.empty() ? nullptr : service_.endpoint(spec_.endpoint);
    if (!endpoint) endpoint = url_;
    HttpCall call;
    call.method = "POST";
    call.user = endpoint->user;
    call.password = endpoint->password;
    call.timeout_ns = spec_.timeout_ns;
    call.cancelled = cancelled;
    RowPostEnd end;
    Headers headers = endpoint->headers;
    for (const auto &[name, value] : spec_.headers) headers[name] = value;
    if (!compose(*endpoint, row, &call, &headers, &end)) return end;
    call.headers.assign(headers.begin(), headers.end());
    HttpAnswer answer = HttpClient::Shared().send(call);
    end.status = answer.status;
    if (!answer.error.empty()) {
      end = {0, "failed to POST data", endpoint->secret ? HideUrl(answer.error, call.url) : answer.error};
    } else if (answer.status / 100 != 2) {
      end.message = "POST returned non 2xx status code";
      end.cause = std::to_string(answer.status) + ": " + (spec_.capture_response ? answer.body : kNotCaptured);
    }
    return end;
  }

 private:
  static bool compose(const PostEndpoint &endpoint, const Row &row, HttpCall *call, Headers *headers, RowPostEnd *end) {
    RowTemplateView view(row);
    if (!endpoint.row_url->render(view, &call->url, &end->cause)) return end->message = "failed to evaluate URL template", false;
    if (endpoint.row) {
      if (endpoint.row->render(view, &call->body, &end->cause)) return true;
      end->message = "failed to execute row template";
      return false;
    }
    call->body = "{\"series\":[";
    if (!AppendRow(&call->body, row, NonFinite::Refuse)) {
      *end = {0, "failed to marshal row data json", "json: a number is not finite"};
      return false;
    }
    call->body += "]}\n";
    (*headers)["Content-Type"] = "application/json";
    return true;
  }

  const HttpPostService &service_;
  RowPostSpec spec_;
  std::shared_ptr<const PostEndpoint> url_;
};

}  // namespace

struct RowPosting::Line {
  Line(RowRequest request, std::shared_ptr<Waker> waker) : request(std::move(request)), waker(std::move(waker)) {}
  RowRequest request;
  std::mutex mutex;
  std::condition_variable more, ended;
  std::deque<Row> rows;
  std::vector<RowPostEnd> ends;
  size_t under_way = 0;  // rows without an end
  bool gone = false;     // the thread has returned
  std::shared_ptr<Waker> waker;
  std::atomic<bool> any{false}, closed{false};
};

class RowPosting::LinePoster final : public RowPoster {
 public:
  LinePoster(RowPosting &set, std::shared_ptr<Line> line) : set_(set), line_(std::move(line)), thread_([line = line_] { serve(line); }) {}
  ~LinePoster() override {
    {
      std::lock_guard lock(line_->mutex);
      line_->closed = true;
      line_->waker = nullptr;
    }
    line_->more.notify_all();
    set_.bury(std::move(thread_), line_);
  }

  bool post(Row row) override {
    {
      std::lock_guard lock(line_->mutex);
      if (line_->rows.size() >= kMostWaiting) return false;
      line_->rows.push_back(std::move(row));
      ++line_->under_way;
    }
    line_->more.notify_one();
    return true;
  }
  bool pending() const override { return line_->any.load(std::memory_order_acquire); }
  std::vector<RowPostEnd> take() override {
    std::lock_guard lock(line_->mutex);
    line_->any.store(false, std::memory_order_release);
    return std::exchange(line_->ends, {});
  }
  bool wait() override {
    std::unique_lock lock(line_->mutex);
    if (line_->under_way == 0 && line_->ends.empty()) return false;
    return line_->ended.wait_for(lock, kLongestWait, [&] { return !line_->ends.empty(); });
  }
  void connect(std::shared_ptr<Waker> waker) override {
    std::lock_guard lock(line_->mutex);
    line_->waker = std::move(waker);
  }

 private:
  RowPosting &set_;
  std::shared_ptr<Line> line_;
  std::thread thread_;
};

RowPosting::RowPosting(const ServiceSet &services) : service_(static_cast<HttpPostService &>(services.of(kHttpPostService))) {}

RowPosting::~RowPosting() {
  for (auto &[thread, line] : ended_) thread.join();
}

std::shared_ptr<RowPoster> RowPosting::poster(const RowPostSpec &spec, std::string *error) {
  std::shared_ptr<const PostEndpoint> first;
  if (spec.endpoint.empty()) {
    first = PostEndpoint::OfUrl(spec.url, error);
  } else if (first = service_.endpoint(spec.endpoint); !first) {
    *error = "endpoint '" + spec.endpoint + "' does not exist";
  }
  if (!first) return nullptr;
  return std::make_shared<LinePoster>(*this, std::make_shared<Line>(RowRequest(service_, spec, std::move(first)), spec.waker));
}

void RowPosting::serve(const std::shared_ptr<Line> &line) {
  std::unique_lock lock(line->mutex);
  for (;;) {
    line->more.wait(lock, [&] { return line->closed || !line->rows.empty(); });
    if (line->closed) break;
    Row row = std::move(line->rows.front());
    line->rows.pop_front();
    lock.unlock();
    RowPostEnd end = line->request.send(row, &line->closed);
    lock.lock();
    line->ends.push_back(std::move(end));
    --line->under_way;
    line->any.store(true, std::memory_order_release);
    std::shared_ptr<Waker> waker = line->waker;
    line->ended.notify_all();
    lock.unlock();
    if (waker) waker->wake();
    lock.lock();
  }
  line->gone = true;
}

// Keeps a thread until it has returned.
void RowPosting::bury(std::thread thread, std::shared_ptr<Line> line) {
  std::lock_guard lock(mutex_);
  std::erase_if(ended_, [](auto &old) {
    {
      std::lock_guard of(old.second->mutex);
      if (!old.second->gone) return false;
    }
    old.first.join();
    return true;
  });
  ended_.emplace_back(std::move(thread), std::move(line));
}

}  // namespace tick
