// inputs.h - the inputs beside HTTP that the configuration asks for: UDP lines, Graphite, collectd, OpenTSDB.
//
// In: [[udp]], [[graphite]], [collectd], [opentsdb]. Out: points in the engine. All listeners share one thread.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "runtime/daemon/config.h"
#include "runtime/input/collectd.h"
#include "runtime/input/graphite.h"
#include "runtime/input/input_writer.h"
#include "runtime/input/sockets.h"

namespace tick {

// Counters of a UDP listener; one appears when it is first used.
struct UdpCounts {
  std::string bind;
  std::map<std::string, int64_t> values;
};

class Inputs {
 public:
  Inputs(const Config &config, Engine &engine, Log &log) : config_(config), engine_(engine), log_(log) {}
  ~Inputs() { close(); }
  // Binds all that are enabled and begins to take points; "" or what is wrong with one.
  std::string open();
  void close();
  std::vector<UdpCounts> udp_counts() const;

 private:
  std::string open_udp(const Json &section);
  std::string open_graphite(const Json &section);
  std::string open_collectd(const Json &section);
  std::string open_opentsdb(const Json &section);
  InputWriter &writer(const char *service, const Json &section);
  void take_packet(UdpCounts &counts, InputWriter &writer, std::string_view packet);
  void take_graphite(const GraphiteRules &rules, InputWriter &writer, std::string_view line);

  const Config &config_;
  Engine &engine_;
  Log &log_;
  boost::asio::io_context io_;
  std::vector<std::unique_ptr<InputWriter>> writers_;
  std::vector<std::unique_ptr<GraphiteRules>> graphite_;
  CollectdReader collectd_;
  std::vector<std::unique_ptr<UdpInput>> packets_;
  std::vector<std::unique_ptr<TcpInput>> connections_;
  mutable std::mutex counts_mutex_;
  std::vector<std::unique_ptr<UdpCounts>> counts_;
  std::thread thread_;
};

}  // namespace tick
