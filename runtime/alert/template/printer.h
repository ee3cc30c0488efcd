// printer.h - one value by one verb of Go's fmt.
#pragma once

#include <string>
#include <string_view>

#include "runtime/alert/template/datum.h"

namespace tick::tmpl {

struct Format {
  bool minus = false, plus = false, sharp = false, space = false, zero = false;
  bool plus_v = false;  // %+v: names of struct fields
  int width = -1, precision = -1;
};

// A verb with its flags, printing to one string.
class Printer {
 public:
  Printer(std::string &out, const Format &format) : out_(out), format_(format) {}
  void print(const Datum &datum, char32_t verb, bool nested = false);

 private:
  void bad_verb(const Datum &datum, char32_t verb);
  void pad(std::string_view text);
  void pad_number(std::string text);
  void integer(int64_t value, char32_t verb, const Datum &datum);
  void digits(uint64_t size, bool negative, int base, bool upper);
  void real(double value, char32_t verb, const Datum &datum);
  void string(std::string_view text, char32_t verb, const Datum &datum);
  void hex(std::string_view text, bool upper);
  void map(const MapSource &map, char32_t verb);
  void list(const ListSource &list, char32_t verb);
  void object(const Datum &datum, char32_t verb);

  std::string &out_;
  const Format &format_;
};

}  // namespace tick::tmpl
