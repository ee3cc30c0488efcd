// event_template.h - templates of services over an event.
//
// In: a text template and an event. Out: text. What templates see is Kapacitor's TemplateData (ID, Message, Level,
// Time, Duration, Details, Name, TaskName, Group, Tags, Fields, Recoverable) or its alert data, the object that is
// sent as JSON (ID, Message, Details, Time, Duration, Level, Data, PreviousLevel, Recoverable), which has `json` too.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/alert/template/template.h"
#include "runtime/engine/services.h"

namespace tick {

enum class TemplateView : uint8_t { Event, AlertData };

class EventTemplate {
 public:
  // Null: `error` says where the text does not parse. A text without actions is not run.
  static std::unique_ptr<EventTemplate> Parse(std::string_view name, std::string_view text, TemplateView view, std::string *error);
  // Appends. False: `error` says why it failed on this event.
  bool render(const AlertEvent &event, std::string *out, std::string *error) const;
  const std::string &text() const { return text_; }

 private:
  std::string text_;
  TemplateView view_ = TemplateView::Event;
  std::unique_ptr<tmpl::Template> template_;  // null: the text is plain
};

// Several of a handler by name; those never added are empty.
class EventTemplates {
 public:
  bool add(std::string_view name, std::string_view text, std::string *error);
  bool has(std::string_view name) const { return templates_.find(name) != templates_.end(); }
  // Nothing is set, and the result "", after the first failure.
  std::string render(std::string_view name, const AlertEvent &event, std::string *error) const;
  const std::string &text(std::string_view name) const;

 private:
  std::map<std::string, std::unique_ptr<EventTemplate>, std::less<>> templates_;
};

// A row as templates of rows see it: Name, Tags, Values, a list of maps from column to value.
class RowTemplateView {
 public:
  explicit RowTemplateView(const Row &row);
  ~RowTemplateView();
  tmpl::Datum datum() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tick
