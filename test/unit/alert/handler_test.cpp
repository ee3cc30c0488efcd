// handler_test.cpp - log, tcp and exec against real files, sockets and programs.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "runtime/alert/local_handlers.h"

namespace tick {
namespace {

AlertEvent Event(std::string id) {
  AlertEvent event;
  event.id = std::move(id);
  event.message = "m";
  event.level = Level::Critical;
  return event;
}
std::string Line(const std::string &id) {
  return R"({"id":")" + id + R"(","message":"m","details":"","time":"1970-01-01T00:00:00Z","duration":0,)" +
         R"("level":"CRITICAL","data":{"series":null},"previousLevel":"OK","recoverable":true})";
}

class Handlers : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = "/tmp/handlers-" + std::string(6, 'X');
    folder_ = mkdtemp(name.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  HandlerReport report() {
    return [this](std::string_view message, std::string_view cause, auto fields) {
      std::string text = std::string(message) + "|" + std::string(cause);
      for (const auto &[key, value] : fields) text += "|" + std::string(key) + "=" + value;
      reported_.push_back(text);
    };
  }
  std::string content(const std::string &name) {
    std::ifstream file(folder_ + "/" + name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string folder_;
  std::vector<std::string> reported_;
};

TEST_F(Handlers, LogHasTheEventsInTheFileAfterFlushWithItsMode) {
  std::string error, path = folder_ + "/log";
  auto log = MakeLogHandler({path, 0640}, report(), &error);
  ASSERT_TRUE(log);
  log->handle(Event("a"));
  log->handle(Event("b"));
  log->flush();
  EXPECT_EQ(content("log"), Line("a") + "\n" + Line("b") + "\n");
  struct stat found;
  ASSERT_EQ(stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0640u);
}

TEST_F(Handlers, LogFollowsItsPathWhenTheFileIsMoved) {
  std::string error, path = folder_ + "/log";
  auto log = MakeLogHandler({path, 0600}, report(), &error);
  log->handle(Event("a"));
  log->flush();
  std::filesystem::rename(path, folder_ + "/log.1");
  log->handle(Event("b"));
  log->flush();
  EXPECT_EQ(content("log.1"), Line("a") + "\n");
  EXPECT_EQ(content("log"), Line("b") + "\n");
}

TEST_F(Handlers, LogReportsAFileThatCannotBeOpened) {
  std::string error;
  auto log = MakeLogHandler({folder_ + "/none/log", 0600}, report(), &error);
  log->handle(Event("a"));
  log->flush();
  ASSERT_EQ(reported_.size(), 1u);
  EXPECT_EQ(reported_[0], "failed to open file for alert logging|open " + folder_ +
                              "/none/log: no such file or directory|file=" + folder_ + "/none/log");
}

TEST_F(Handlers, LogRefusesRelativePathsAndModesThatForbidWriting) {
  std::string error;
  EXPECT_FALSE(MakeLogHandler({"relative/path", 0600}, report(), &error));
  EXPECT_EQ(error, "failed to create log alert handler: log path must be absolute: relative/path is not absolute");
  EXPECT_FALSE(MakeLogHandler({"/x", 0444}, report(), &error));
  EXPECT_EQ(error, "failed to create log alert handler: invalid file mode -r--r--r--, must be user writable");
}

TEST_F(Handlers, ExecGivesTheEventToTheProgramsInput) {
  std::string error;
  auto exec =
      MakeExecHandler({"/bin/sh", {"-c", "cat > " + folder_ + "/out; echo \"$1\" >> " + folder_ + "/out", "x", "a b"}},
                      report(), &error);
  exec->handle(Event("a"));
  EXPECT_EQ(content("out"), Line("a") + "\na b\n");
  EXPECT_TRUE(reported_.empty());
}

TEST_F(Handlers, ExecReportsStatusAndOutputOfAProgramThatFails) {
  std::string error;
  auto exec = MakeExecHandler({"/bin/sh", {"-c", "echo out; echo err >&2; exit 3"}}, report(), &error);
  exec->handle(Event("a"));
  ASSERT_EQ(reported_.size(), 1u);
  EXPECT_EQ(reported_[0], "exec command failed|exit status 3|output=out\nerr\n");
}

TEST_F(Handlers, ExecReportsAProgramThatIsNotThere) {
  std::string error;
  MakeExecHandler({"/no/such/program", {}}, report(), &error)->handle(Event("a"));
  MakeExecHandler({"no-such-program", {}}, report(), &error)->handle(Event("a"));
  ASSERT_EQ(reported_.size(), 2u);
  EXPECT_EQ(reported_[0], "exec command failed|fork/exec /no/such/program: no such file or directory|output=");
  EXPECT_EQ(reported_[1], "exec command failed|exec: \"no-such-program\": executable file not found in $PATH|output=");
}

// A program that closes its input at once must not kill this one, nor block it with an event larger than a pipe.
TEST_F(Handlers, ExecBearsAProgramThatDoesNotRead) {
  std::string error;
  AlertEvent event = Event("a");
  event.message.assign(1 << 20, 'x');
  MakeExecHandler({"/bin/true", {}}, report(), &error)->handle(event);
  EXPECT_TRUE(reported_.empty());
}

TEST_F(Handlers, TcpSendsTheEventAndTwoLineBreaks) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr *>(&address), size), 0);
  ASSERT_EQ(listen(listener, 1), 0);
  ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size), 0);
  std::string to = "127.0.0.1:" + std::to_string(ntohs(address.sin_port)), error, got;
  std::thread receiver([&] {
    int connection = accept(listener, nullptr, nullptr);
    char buffer[4096];
    for (ssize_t n; (n = read(connection, buffer, sizeof buffer)) > 0;) got.append(buffer, static_cast<size_t>(n));
    close(connection);
  });
  MakeTcpHandler({to}, report(), &error)->handle(Event("a"));
  receiver.join();
  close(listener);
  EXPECT_EQ(got, Line("a") + "\n\n");
  MakeTcpHandler({to}, report(), &error)->handle(Event("a"));
  ASSERT_EQ(reported_.size(), 1u);
  EXPECT_EQ(reported_[0],
            "tcp handler failed to connect|dial tcp " + to + ": connect: connection refused|address=" + to);
}

}  // namespace
}  // namespace tick
