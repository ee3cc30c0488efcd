// near_name.cpp - the name that was probably meant.
//
// In: a name nobody knows and the names that would be legal there. Out: the one that is a change of case, or
// one inserted, missing, wrong or swapped byte away; the first such in the caller's order.
#include <algorithm>

#include "frontend/support/diagnostics.h"

namespace tick {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool SameButCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return Lower(x) == Lower(y); });
}

bool OneEdit(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  size_t i = 0;
  while (i < a.size() && a[i] == b[i]) ++i;
  if (a.size() < b.size()) return a.substr(i) == b.substr(i + 1);
  if (i == a.size()) return false;
  if (a.substr(i + 1) == b.substr(i + 1)) return true;
  return i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] && a.substr(i + 2) == b.substr(i + 2);
}

}  // namespace

std::string_view NearName(std::string_view name, const std::vector<std::string_view> &names) {
  for (std::string_view known : names)
    if (known != name && SameButCase(name, known)) return known;
  // Of a name of one or two letters everything is one edit away.
  if (name.size() < 3) return "";
  for (std::string_view known : names)
    if (known.size() > 1 && OneEdit(name, known)) return known;
  return "";
}

}  // namespace tick
