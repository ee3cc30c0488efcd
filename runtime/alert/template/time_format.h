// time_format.h - times by Go's layouts ("2006-01-02 15:04:05").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tick::tmpl {

// time.Format in UTC or in the process's zone.
void AppendTime(std::string &out, std::string_view layout, int64_t ns, bool local);
// time.String: "1970-01-01 00:00:01 +0000 UTC".
std::string TimeText(int64_t ns, bool local);

}  // namespace tick::tmpl
