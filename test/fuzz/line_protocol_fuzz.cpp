// line_protocol_fuzz.cpp - bodies of any bytes: no crash, no read behind them, and the fast way agrees with the exact one.
//
// Each body is parsed alone (near its end every line goes the exact way), then twice over in a longer body by a parser
// that has learnt its lines. Both must take and refuse the same.
#include <cstdlib>

#include "runtime/io/line_protocol_parser.h"

namespace {

using namespace tick;

class Everybody : public PointRouter {
 public:
  Everybody() {
    auto set = std::make_shared<ReadSet>();
    for (const char *name : {"v", "s"}) set->add(nullptr, Intern(name));
    reads = std::move(set);
  }
  uint32_t find_route(const SeriesEntry &, bool) const override { return 1; }
  uint32_t second(uint32_t) const override { return 0; }
};

WriteResult Parse(LineParser &parser, OriginTable &table, const PointRouter &router, std::string body) {
  return parser.parse({table, router, std::make_shared<const std::string>(std::move(body))},
                      [](std::shared_ptr<RequestBlock> block) {
                        Fields fields;
                        for (uint32_t row = 0; row < block->size(); ++row) block->fields(row, fields);
                        block->column(Intern("never declared"));
                      });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static OriginTable table(InternOrigin("db", "rp"));
  static Everybody router;
  static BlockPool pool;
  static LineParser parser(pool);
  std::string body(reinterpret_cast<const char *>(data), size);
  // An open string or a backslash at the end would reach into what follows.
  WriteResult alone = Parse(parser, table, router, body);
  if (LineEnd(body + "\n#", body.rfind('\n') + 1) != body.size() || body.ends_with('\\') ||
      body.find('"') != std::string::npos)
    return 0;
  WriteResult again = Parse(parser, table, router, body + "\n" + body + "\n" + std::string(100, ' '));
  if (again.accepted != 2 * alone.accepted || again.refused != 2 * alone.refused) std::abort();
  return 0;
}
