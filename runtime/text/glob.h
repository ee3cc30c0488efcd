// glob.h - shell globs on whole texts, as Go's path.Match has them.
#pragma once

#include <string_view>

namespace tick {

// `*` (any run without '/'), `?`, `[a-z]`, `[^a]`, `\x`; "" matches all. A malformed pattern matches nothing and
// sets `*bad`.
bool MatchesGlob(std::string_view pattern, std::string_view text, bool *bad = nullptr);

}  // namespace tick
