// influx_scan.cpp - the other side of bench/influx.py: receives a query's answer and looks at every byte once.
//
//     bench_influx_scan URL QUERY
//
// Prints the CPU seconds it took, the bytes and the rows. It keeps nothing.
#include <cstdio>
#include <ctime>

#include "runtime/net/http_client.h"

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  tick::HttpCall call;
  call.method = "POST";
  call.url = std::string(argv[1]) + "/query?chunk_size=10000&chunked=true&db=&epoch=ns&q=" + tick::QueryEscape(argv[2]);
  size_t bytes = 0, lists = 0;
  bool quoted = false, escaped = false;
  call.receive = [&](std::string_view piece) {
    bytes += piece.size();
    for (char c : piece) {
      if (quoted) {
        if (escaped)
          escaped = false;
        else if (c == '\\')
          escaped = true;
        else if (c == '"')
          quoted = false;
      } else if (c == '"') {
        quoted = true;
      } else if (c == '[') {
        ++lists;
      }
    }
    return true;
  };
  std::clock_t before = std::clock();
  tick::HttpAnswer answer = tick::HttpClient::Shared().send(call);
  double seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  if (!answer.ok()) {
    std::fprintf(stderr, "%d %s\n", answer.status, answer.error.c_str());
    return 1;
  }
  std::printf("%.3f CPU-s, %zu bytes, %zu lists\n", seconds, bytes, lists);
}
