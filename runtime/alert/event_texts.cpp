// event_texts.cpp - structs that templates see, and rendering.
#include "runtime/alert/event_texts.h"

#include "runtime/alert/template/escape.h"
#include "runtime/alert/template/functions.h"

namespace tick {
namespace {

using tmpl::Datum;
using tmpl::StructField;
using tmpl::StructType;

const EventView &View(const void *self) { return *static_cast<const EventView *>(self); }

const StructField kServerFields[] = {
    {"Hostname", [](const void *self) { return Datum::String(View(self).texts->hostname()); }},
    {"ClusterID", [](const void *self) { return Datum::String(View(self).texts->cluster_id()); }},
    {"ServerID", [](const void *self) { return Datum::String(View(self).texts->server_id()); }}};
const StructType kServer{"kapacitor.serverInfo", kServerFields};

const StructField kName{"Name", [](const void *self) { return Datum::String(View(self).name); }};
const StructField kGroup{"Group", [](const void *self) { return Datum::String(View(self).group); }};
const StructField kTags{"Tags", [](const void *self) { return Datum::Map(View(self).tags); }};
const StructField kEventId{"ID", [](const void *self) { return Datum::String(View(self).id); }};
const StructField kFields{"Fields", [](const void *self) { return Datum::Map(View(self).fields); }};
const StructField kLevel{"Level", [](const void *self) { return Datum::String(LevelName(View(self).level)); }};

const StructField kIdFields[] = {kName,
                                 {"TaskName", [](const void *self) { return Datum::String(View(self).texts->task()); }},
                                 kGroup,
                                 kTags,
                                 {"ServerInfo", [](const void *self) { return Datum::Struct(kServer, self); }}};
const StructType kId{"kapacitor.idInfo", kIdFields};
const StructField kMessageFields[] = {
    {"idInfo", [](const void *self) { return Datum::Struct(kId, self); }, true},
    kEventId,
    kFields,
    kLevel,
    {"Time", [](const void *self) { return Datum::Time(View(self).time); }},
    {"Duration", [](const void *self) { return Datum::Duration(View(self).duration); }}};
const StructType kMessage{"kapacitor.messageInfo", kMessageFields};
const StructField kDetailsFields[] = {
    {"messageInfo", [](const void *self) { return Datum::Struct(kMessage, self); }, true},
    {"Message", [](const void *self) { return Datum::String(View(self).message); }}};
const StructType kDetails{"kapacitor.detailsInfo", kDetailsFields};

// What Kapacitor 0.2 has of these.
const StructField kOldIdFields[] = {kName, kGroup, kTags};
const StructType kOldId{"kapacitor.idInfo", kOldIdFields};
const StructField kOldMessageFields[] = {
    {"idInfo", [](const void *self) { return Datum::Struct(kOldId, self); }, true}, kEventId, kFields, kLevel};
const StructType kOldMessage{"kapacitor.messageInfo", kOldMessageFields};

}  // namespace

std::unique_ptr<EventTexts> EventTexts::Make(const TextSources &sources, bool old_dialect, std::string task,
                                             const Services &services, std::string *error) {
  auto texts = std::make_unique<EventTexts>();
  texts->old_ = old_dialect;
  texts->task_ = std::move(task);
  texts->hostname_ = services.hostname();
  texts->cluster_id_ = services.cluster_id();
  texts->server_id_ = services.server_id();
  texts->id_ = tmpl::Template::Parse("id", sources.id, tmpl::Mode::Text, error);
  if (!texts->id_) return nullptr;
  texts->message_ = tmpl::Template::Parse("message", sources.message, tmpl::Mode::Text, error);
  if (!texts->message_) return nullptr;
  if (!old_dialect) {
    texts->details_ = tmpl::Template::Parse("details", sources.details, tmpl::Mode::Html, error);
    if (!texts->details_) return nullptr;
  }
  texts->id_reads_tags_ = texts->id_->reads("Tags");
  texts->default_message_ = sources.message == TextSources().message;
  texts->default_details_ = sources.details == TextSources().details;
  return texts;
}

bool EventTexts::id(EventView &view, std::string *out, std::string *error) const {
  view.texts = this;
  return id_->execute(Datum::Struct(old_ ? kOldId : kId, &view), out, error);
}

bool EventTexts::message(EventView &view, std::string *out, std::string *error) const {
  view.texts = this;
  if (default_message_) {
    out->append(view.id).append(" is ").append(LevelName(view.level));
    return true;
  }
  return message_->execute(Datum::Struct(old_ ? kOldMessage : kMessage, &view), out, error);
}

bool EventTexts::details(EventView &view, std::string *out, std::string *error) const {
  view.texts = this;
  if (default_details_ && details_) {
    thread_local std::string json;
    json.clear();
    if (tmpl::AppendJson(&json, Datum::Struct(kDetails, &view))) {
      tmpl::EscapeHtmlText(*out, json);
      *out += '\n';  // as the function `json` ends
      return true;
    }  // the template tells why it fails
  }
  return !details_ || details_->execute(Datum::Struct(kDetails, &view), out, error);
}

}  // namespace tick
