// check_rules_test.cpp - what each node's validation says (nodes.md, nodes-alert.md), in Kapacitor's words.
#include <gtest/gtest.h>

#include "test/unit/frontend/check_script.h"

namespace tick {
namespace {

struct Case {
  const char *name, *script, *kapacitor;  // kapacitor "": accepted
};
class NodeRules : public testing::TestWithParam<Case> {};

TEST_P(NodeRules, SayWhatKapacitorSays) {
  Checked checked = CheckScript(GetParam().script);
  EXPECT_EQ(checked.kapacitor, GetParam().kapacitor);
  EXPECT_EQ(checked.ok(), std::string(GetParam().kapacitor).empty());
  EXPECT_LE(checked.diagnostics.size(), 1u);
}

#define FROM "stream|from()"
#define TWO "var a = stream|from()\nvar b = stream|from()\na|join(b)"
#define QUERY "batch|query('q')"
const Case kCases[] = {
    {"FromEmptyDimension", FROM ".groupBy('')|log()", "dimensions cannot not be the empty string"},
    {"FromTimeDimension", FROM ".groupBy(time(5s))|log()", "invalid dimension object of type kapacitor.TimeDimension"},
    {"FromIntDimension", FROM ".groupBy(5)|log()", "invalid dimension object of type int64"},
    {"GroupByStarAndName", FROM "|groupBy(*, 'a')", "cannot group by both '*' and named dimensions."},
    {"GroupByExclude", FROM "|groupBy('a').exclude('b')", "exclude requires '*'"},
    {"GroupByStarExclude", FROM "|groupBy(*).exclude('b').exclude('c')", ""},
    {"QueryTwoSchedules", QUERY ".every(1s).cron('* * * * *')|log()",
     "must not set both 'every' and 'cron' properties"},
    {"QueryNegative", QUERY ".every(-1s)|log()", "'every' duration must must non-negative"},
    {"QueryFill", QUERY ".every(1s).fill('zero')|log()", "unexpected fill option zero"},
    {"QueryFillNumber", QUERY ".every(1s).fill(0)|log()", ""},
    {"QueryTwoTimes", QUERY ".every(1s).groupBy(time(1s), time(2s))|log()",
     "groupBy cannot have more than one time dimension"},
    {"QueryTimeAndTags", QUERY ".every(1s).groupBy(time(1s, 500ms), 'a', *)|log()", ""},
    {"QueryTimeAndList", "var d = ['a', 'b']\n" QUERY ".every(1s).groupBy(time(1s), d)|log()", ""},
    {"QueryBadDimension", QUERY ".every(1s).groupBy(5)|log()",
     "invalid dimension type:int64, must be string or time.Duration"},
    {"EvalNames", FROM "|eval(lambda: 1, lambda: 2).as('x')",
     "must specify same number of expressions and .as() names: got 1 as names, and 2 expressions."},
    {"EvalNoNames", FROM "|eval(lambda: 1)",
     "must specify same number of expressions and .as() names: got 0 as names, and 1 expressions."},
    {"EvalTags", FROM "|eval(lambda: 'a').as('x').tags('y')",
     "invalid tag name \"y\", name is not present is .as() names"},
    {"WindowBoth", FROM "|window().period(1s).periodCount(5)", "cannot specify both period and periodCount"},
    {"WindowAlignCount", FROM "|window().periodCount(5).everyCount(5).align()",
     "can only align windows based off time, not count"},
    {"WindowEveryCount", FROM "|window().periodCount(5)", "everyCount must be greater than zero"},
    {"WindowNoLength", FROM "|window().every(5s)",
     "window node must have either a non zero period or non zero period count"},
    {"WindowEveryZero", FROM "|window().period(5s).every(0s)", ""},
    {"SampleZero", FROM "|sample(0)", "invalid sample rate: must be positive integer or duration"},
    {"SampleZeroDuration", FROM "|sample(0s)", "invalid sample rate: must be positive integer or duration"},
    {"ShiftZero", FROM "|shift(0s)", "invalid shift value: must be non zero duration"},
    {"DefaultField", FROM "|default().field('f', 5s)",
     "unsupported type time.Duration for field \"f\", field default values must be float,int,string or bool"},
    {"DefaultFields", FROM "|default().field('f', 5).field('g', TRUE).field('h', 'x').field('i', 1.0).tag('t', '')",
     ""},
    {"StatsInterval", FROM "|stats(0s)", "stats node must have positive interval"},
    {"BarrierNeither", FROM "|barrier()", "idle must be greater than zero"},
    {"BarrierBoth", FROM "|barrier().idle(1s).period(1s)", "cannot specify both idle and period"},
    {"BarrierNegative", FROM "|barrier().period(-1s)", "period must be greater than zero"},
    {"BarrierDelete", FROM "|barrier().idle(1s).delete(TRUE)", ""},
    {"JoinNoNames", TWO, "a call to join.as() is required to specify the output stream prefixes."},
    {"JoinCount", TWO ".as('a')", "number of prefixes specified by join.as() must match the number of joined streams"},
    {"JoinEmptyName", TWO ".as('a', '')", "must provide a prefix name for the join node, see .as() property method"},
    {"JoinDelimiter", TWO ".as('a', 'b.c')", "cannot use name b.c as field prefix, it contains the delimiter \".\"\t"},
    {"JoinOtherDelimiter", TWO ".as('a', 'b.c').delimiter('#')", ""},
    {"JoinSameName", TWO ".as('a', 'a')", "cannot use the same prefix name see .as() property method"},
    {"JoinFill", TWO ".as('a', 'b').fill('previous')", "unexpected fill option previous"},
    {"CombineNoNames", FROM "|combine(lambda: TRUE, lambda: FALSE)",
     "a call to combine.as() is required to specify the output stream prefixes."},
    {"CombineCount", FROM "|combine(lambda: TRUE, lambda: FALSE).as('a')",
     "number of prefixes specified by combine.as() must match the number of combine expressions"},
    {"CombineDelimiter", FROM "|combine(lambda: TRUE, lambda: FALSE).as('a', 'b.c')",
     "cannot use name b.c as field prefix, it contains the delimiter character ."},
    {"EndpointTwice", FROM "|httpOut('o')|httpOut('o')", "http: multiple registrations for o"},
    {"AlertFlapping", FROM "|alert().flapping(25.0, 50.0)",
     "alert flap thresholds are percentages and should be between 0 and 1"},
    {"LogRelative", FROM "|alert().log('relative/path')",
     "failed to create log alert handler: log path must be absolute: relative/path is not absolute"},
    {"LogMode", FROM "|alert().log('/tmp/x').mode(0444)",
     "failed to create log alert handler: invalid file mode -r--r--r--, must be user writable"},
    {"PostHeader", FROM "|alert().post('http://x').header('Authenticate', 'x')",
     "invalid post: cannot set 'authenticate' header"},
    {"PostNowhere", FROM "|alert().post()", "Either URL or endpoint must be non-empty"},
    {"PostEndpoint", FROM "|alert().post().endpoint('e')", ""},
    {"SnmpTrapOid", FROM "|alert().snmpTrap('')", "invalid SNMP trap \"\": you must supply a trap Oid"},
    {"SnmpTrapType", FROM "|alert().snmpTrap('1.3.6.1').data('1.3.6.1.1', 'x', '1')",
     "invalid SNMP trap \"1.3.6.1\": unsupported data type \"x\" for data entry \"1.3.6.1.1\""},
};
INSTANTIATE_TEST_SUITE_P(Nodes, NodeRules, testing::ValuesIn(kCases),
                         [](const auto &info) { return std::string(info.param.name); });

}  // namespace
}  // namespace tick
