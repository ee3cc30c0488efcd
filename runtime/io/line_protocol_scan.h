// line_protocol_scan.h - finding and reading parts of a line sixteen bytes at a time.
//
// Every function may read up to kScanSlack bytes behind the place it is given; callers make sure that they are there.
// SSE2 is what every x86-64 has, and the parts of a line are short: wider registers gain nothing here.
#pragma once

#include <emmintrin.h>

#include <charconv>
#include <cstdint>
#include <cstring>

namespace tick::scan {

inline constexpr size_t kSlack = 64;

inline __m128i Load(const char *at) { return _mm_loadu_si128(reinterpret_cast<const __m128i *>(at)); }
inline uint32_t Mask(__m128i bytes) { return static_cast<uint32_t>(_mm_movemask_epi8(bytes)); }
inline uint32_t Equal(__m128i bytes, char c) { return Mask(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c))); }
inline uint32_t Digits(__m128i bytes) {
  __m128i from_zero = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
  return Mask(_mm_cmpeq_epi8(_mm_min_epu8(from_zero, _mm_set1_epi8(9)), from_zero));
}

// The first of three characters in [at, end), or end.
inline const char *FindAny(const char *at, const char *end, char a, char b, char c) {
  for (; at < end; at += 16) {
    __m128i bytes = Load(at);
    if (uint32_t hit = Equal(bytes, a) | Equal(bytes, b) | Equal(bytes, c)) {
      const char *found = at + __builtin_ctz(hit);
      return found < end ? found : end;
    }
  }
  return end;
}

// The number that n (1 to 8) digits make.
inline uint64_t EightDigits(const char *at, unsigned n) {
  uint64_t word;
  std::memcpy(&word, at, 8);
  word = word << (64 - 8 * n) & 0x0f0f0f0f0f0f0f0fu;  // the digits last, zeros before them
  word = word * 2561 >> 8;
  word = (word & 0x00ff00ff00ff00ffu) * 6553601 >> 16;
  return (word & 0x0000ffff0000ffffu) * 42949672960001 >> 32;
}
// n from 0 to 19.
inline uint64_t ReadDigits(const char *at, unsigned n) {
  constexpr uint64_t kTens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
  uint64_t value = 0;
  while (n > 0) {
    unsigned part = n < 8 ? n : 8;
    value = value * kTens[part] + EightDigits(at, part);
    at += part;
    n -= part;
  }
  return value;
}

// A number in the form most have: digits, perhaps a point, perhaps a minus before them.
struct Number {
  unsigned size;    // bytes up to what stands behind it; 0: not of this form, or longer than 31 bytes
  unsigned point;   // where the point is; size if none
  unsigned digits;
  bool negative;
};
inline Number ScanNumber(const char *at) {
  Number number;
  number.negative = *at == '-';
  at += number.negative;
  __m128i bytes = Load(at);
  uint32_t points = Equal(bytes, '.'), all = Digits(bytes) | points;
  if (all == 0xffff) {
    bytes = Load(at + 16);
    uint32_t more = Equal(bytes, '.');
    points |= more << 16;
    all |= (Digits(bytes) | more) << 16;
    if (all == ~0u) all = 0;
  }
  auto length = static_cast<unsigned>(__builtin_ctz(~all));
  points &= (1u << length) - 1;
  number.digits = length - (points != 0);
  // One point at most, and a digit at least.
  bool good = (points & (points - 1)) == 0 && number.digits > 0;
  number.size = good ? length + number.negative : 0;
  number.point = points ? static_cast<unsigned>(__builtin_ctz(points)) + number.negative : number.size;
  return number;
}
// Where a number of that form ends which nobody wants, its `i` included; null where the exact way is needed: another
// form, or nothing that ends a value behind it.
inline const char *SkipNumber(const char *at) {
  __m128i bytes = Load(at);
  uint32_t points = Equal(bytes, '.'), negative = Equal(bytes, '-') & 1;
  uint32_t all = Digits(bytes) | points | negative;
  auto length = static_cast<unsigned>(__builtin_ctz(~all));  // the upper half of ~all is set
  points &= (1u << length) - 1;
  if (length == 16 || (points & (points - 1)) || length - negative <= (points != 0)) return nullptr;
  at += length;
  if (*at == 'i' && points == 0) ++at;
  return *at == ',' || *at == ' ' || *at == '\n' ? at : nullptr;
}

// Its value, correctly rounded: at most 15 digits and a power of ten are both exact doubles.
inline double ReadFloat(const char *at, const Number &number) {
  constexpr double kTens[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  constexpr uint64_t kIntTens[] = {1,
                                   10,
                                   100,
                                   1000,
                                   10000,
                                   100000,
                                   1000000,
                                   10000000,
                                   100000000,
                                   1000000000,
                                   10000000000,
                                   100000000000,
                                   1000000000000,
                                   10000000000000,
                                   100000000000000,
                                   1000000000000000};
  unsigned whole = number.point - number.negative;
  uint64_t digits = ReadDigits(at + number.negative, whole);
  double value;
  if (number.point < number.size) {
    unsigned fraction = number.size - number.point - 1;
    value = static_cast<double>(digits * kIntTens[fraction] + ReadDigits(at + number.point + 1, fraction)) /
            kTens[fraction];
  } else {
    value = static_cast<double>(digits);
  }
  return number.negative ? -value : value;
}

// The value of more digits than that.
inline double ReadLong(const char *at, const char *end) {
  double value = 0;
  std::from_chars(at, end, value);
  return value;
}

}  // namespace tick::scan
