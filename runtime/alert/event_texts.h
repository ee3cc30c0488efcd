// event_texts.h - the id, message and details of an alert node's events.
//
// In: the script's templates; later, what an event is about. Out: texts. What templates see are Kapacitor's
// idInfo, messageInfo and detailsInfo (nodes-alert.md 7).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "runtime/alert/template/template.h"
#include "runtime/engine/services.h"

namespace tick {

// What an event is about, as templates see it. Refers to everything it shows.
struct EventView {
  EventView(std::string_view name, std::string_view group, const Tags &tags, const Fields &fields)
      : name(name), group(group), tags(tags), fields(fields) {}
  std::string_view name, group;
  tmpl::TagsMap tags;
  tmpl::FieldsMap fields;
  std::string_view id, message;
  Level level = Level::Ok;
  int64_t time = 0, duration = 0;
  const class EventTexts *texts = nullptr;  // of the task and server
};

struct TextSources {
  std::string id = "{{ .Name }}:{{ .Group }}";
  std::string message = "{{ .ID }} is {{ .Level }}";
  std::string details = "{{ json . }}";
};

class EventTexts {
 public:
  // Null: `error` says which template does not parse and where. The old dialect has no details.
  static std::unique_ptr<EventTexts> Make(const TextSources &sources, bool old_dialect, std::string task,
                                          const Services &services, std::string *error);

  // Append a text. False: the template failed on this event.
  bool id(EventView &view, std::string *out, std::string *error) const;
  bool message(EventView &view, std::string *out, std::string *error) const;
  bool details(EventView &view, std::string *out, std::string *error) const;

  // Whether the id depends on tags beyond the group's.
  bool id_reads_tags() const { return id_reads_tags_; }

  const std::string &task() const { return task_; }
  const std::string &hostname() const { return hostname_; }
  const std::string &cluster_id() const { return cluster_id_; }
  const std::string &server_id() const { return server_id_; }

 private:
  bool old_ = false;
  bool id_reads_tags_ = true;
  bool default_message_ = false, default_details_ = false;  // what most nodes have needs no walk over a template
  std::string task_, hostname_, cluster_id_, server_id_;
  std::unique_ptr<tmpl::Template> id_, message_, details_;
};

}  // namespace tick
