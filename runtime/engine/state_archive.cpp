// state_archive.cpp - parts of nodes' state, both ways.
#include "runtime/engine/state_archive.h"

namespace tick {

std::string_view StateArchive::cut(size_t n) {
  if (!ok_ || n > in_.size()) {
    ok_ = false;
    return {};
  }
  std::string_view part = in_.substr(0, n);
  in_.remove_prefix(n);
  return part;
}

size_t StateArchive::length(size_t n) {
  auto count = static_cast<uint64_t>(n);
  number(count);
  if (!loading_) return n;
  if (count > in_.size()) ok_ = false;
  return ok_ ? static_cast<size_t>(count) : 0;
}

std::string_view StateArchive::part_view() { return cut(length(0)); }

void StateArchive::text(std::string &text) {
  size_t n = length(text.size());
  if (!loading_) out_ += text;
  else text = cut(n);
}

void StateArchive::name(Name &name) {
  bool any = name != nullptr;
  number(any);
  std::string copy = name ? *name : std::string();
  if (any) text(copy);
  if (loading_) name = any && ok_ ? Intern(copy) : nullptr;
}

void StateArchive::tags(Tags &tags) {
  size_t n = length(tags.size());
  if (loading_) tags.resize(n);
  for (Tag &tag : tags) {
    name(tag.key);
    text(tag.value);
    if (loading_ && !tag.key) return fail();
  }
}

void StateArchive::group(Name &group_name, bool &by_name, Tags &group_tags) {
  name(group_name);
  if (!group_name) return;
  number(by_name);
  tags(group_tags);
}

// A number: 0 for none, one of those written before, or the next and then what it is.
void StateArchive::series(const Series *&series) {
  uint32_t number_of = 0;
  bool fresh = false;
  if (!loading_ && series) {
    auto [at, made] = known_.try_emplace(series, static_cast<uint32_t>(known_.size() + 1));
    number_of = at->second;
    fresh = made;
  }
  number(number_of);
  if (loading_) {
    series = nullptr;
    if (number_of == 0) return;
    if (number_of <= loaded_.size()) {
      series = loaded_[number_of - 1];
      return;
    }
  } else if (!fresh) {
    return;
  }
  std::string database = series ? series->origin->database : "", policy = series ? series->origin->retention_policy : "";
  Name measurement = series ? series->measurement : nullptr;
  Tags all = series ? series->tags : Tags();
  text(database);
  text(policy);
  name(measurement);
  tags(all);
  if (!loading_) return;
  if (!ok_ || !measurement) return fail();
  series = InternSeries(InternOrigin(database, policy), measurement, std::move(all));
  loaded_.push_back(series);
}

void StateArchive::value(Value &value) {
  number(value.type);
  if (TypeOf(value) != Type::String) return number(value.as.i);
  size_t n = length(loading_ ? 0 : value.as.s.size);
  if (!loading_) {
    out_.append(value.as.s.data, n);
    return;
  }
  value.as.s = {};
  std::string_view text = cut(n);
  value = MakeString(text);
}

}  // namespace tick
