// smtp_client.h - mail to one SMTP server over a kept connection.
//
// In: a message. Out: "" or the error, with the server's own words, and whether another try does no harm. STARTTLS
// where the server offers it, TLS from the start on port 465, a login where there is a user and the server takes one.
// Thread-safe; one message at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace tick {

struct SmtpServer {
  std::string host;
  int64_t port = 25;
  std::string user, password;
  bool verify = true;             // the server's certificate
  int64_t idle_ns = 0;            // a connection that was idle for so long is not used again
};

struct MailMessage {
  std::string from;               // an address, or a name and the address in angle brackets
  std::vector<std::string> to;
  std::string subject, body;
  std::string content_type = "text/html";
};

struct MailResult {
  std::string error;
  bool again = false;             // the server was not there, or asked to come later
};

class SmtpClient {
 public:
  SmtpClient(SmtpServer server, std::shared_ptr<std::atomic<bool>> cancelled);
  ~SmtpClient();
  SmtpClient(const SmtpClient &) = delete;
  SmtpClient &operator=(const SmtpClient &) = delete;
  MailResult send(const MailMessage &message);

 private:
  const SmtpServer server_;
  std::shared_ptr<std::atomic<bool>> cancelled_;
  std::mutex mutex_;
  void *handle_ = nullptr;        // curl's, with its connection
};

// The address in "Name <a@b>" or "a@b"; "" where there is none.
std::string MailAddress(std::string_view text);
// The message as it goes over the wire, without the dots SMTP doubles.
std::string MailText(const MailMessage &message, int64_t now);

}  // namespace tick
