// event_archive.cpp - the parts of an event, in one order for both ways.
#include "runtime/daemon/event_archive.h"

#include "runtime/engine/state_archive.h"

namespace tick {
namespace {

constexpr uint32_t kVersion = 1;

void ArchiveRow(StateArchive &archive, Row &row) {
  archive.text(row.name);
  archive.tags(row.tags);
  size_t columns = archive.length(row.columns.size());
  if (archive.loading()) row.columns.resize(columns);
  for (std::string &column : row.columns) archive.text(column);
  size_t lines = archive.length(row.values.size());
  if (archive.loading()) row.values.resize(lines);
  for (std::vector<Value> &line : row.values) {
    size_t n = archive.length(line.size());
    if (archive.loading()) line.resize(n);
    for (Value &value : line) archive.value(value);
  }
}

void ArchiveEvent(StateArchive &archive, AlertEvent &event) {
  uint32_t version = kVersion;
  archive.number(version);
  if (version != kVersion) return archive.fail();
  for (std::string *text : {&event.id, &event.message, &event.details, &event.name, &event.task_name, &event.group, &event.category})
    archive.text(*text);
  archive.number(event.time);
  archive.number(event.duration);
  archive.number(event.level);
  archive.number(event.previous_level);
  archive.number(event.recoverable);
  archive.number(event.dialect);
  archive.tags(event.tags);
  size_t fields = archive.length(event.fields.size());
  if (archive.loading()) event.fields.resize(fields);
  for (Field &field : event.fields) {
    archive.name(field.name);
    archive.value(field.value);
    if (archive.loading() && !field.name) return archive.fail();
  }
  size_t rows = archive.length(event.data.size());
  if (archive.loading()) event.data.resize(rows);
  for (Row &row : event.data) ArchiveRow(archive, row);
}

}  // namespace

std::string SaveEvent(const AlertEvent &event) {
  StateArchive archive;
  ArchiveEvent(archive, const_cast<AlertEvent &>(event));  // saving only reads
  return archive.take();
}

bool LoadEvent(std::string_view bytes, AlertEvent *event) {
  // Values point into the bytes: the event owns a copy of them.
  auto memory = std::make_shared<const std::string>(bytes);
  StateArchive archive(*memory);
  ArchiveEvent(archive, *event);
  event->memory = memory;
  for (Row &row : event->data) row.memory = memory;
  return archive.ok();
}

}  // namespace tick
