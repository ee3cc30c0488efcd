// alert_services.h - from a call in a script or a topic handler's options to a handler that sends.
//
// In: the table of services, configured from the daemon's sections. Out: handlers behind queues; what they complain of
// goes to the log with the service's name and the task or topic. From any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "runtime/daemon/config.h"
#include "runtime/daemon/delivery.h"
#include "runtime/daemon/identity.h"
#include "runtime/daemon/log.h"
#include "runtime/services/row_posting.h"
#include "runtime/services/service.h"

namespace tick {

class AlertServices {
 public:
  // journal: where events that wait for handlers outlive the process; null: nowhere.
  AlertServices(const Config &config, const Identity &identity, Log &log, Topics &topics, DeliveryJournal *journal);
  ~AlertServices() { close(); }
  // Gives every service its section; "" or why one of them cannot work with it.
  std::string configure(const Config &config);

  // Null: `error` says why not.
  std::unique_ptr<AlertHandler> of_script(std::string_view task, std::string_view node, const tick_property &call, std::string *error);
  std::unique_ptr<AlertHandler> of_topic(const std::string &topic, const std::string &id, const std::string &kind, const Json &options,
                                         std::string *error);
  // Tells the log of a topic handler's failures.
  HandlerReport topic_report(std::string_view service, const std::string &topic, const std::string &id) const;
  ServiceSet &services() { return services_; }
  Delivery &delivery() { return *delivery_; }
  // Lets waiting events go out for a moment; then nothing is sent any more.
  void close();
  RowPosting &posting() { return posting_; }

 private:
  HandlerReport script_report(std::string_view service, std::string_view task, std::string_view node) const;

  Log &log_;
  ServiceWorld world_;
  ServiceSet services_;
  RowPosting posting_{services_};
  std::shared_ptr<Delivery> delivery_;
};

}  // namespace tick
