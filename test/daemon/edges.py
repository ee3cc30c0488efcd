#!/usr/bin/env python3
"""The edges of 0.2's tasks tell what goes over them: at debug level every point, from the daemon's own edge on, and in
any case what it was when they close. Today's tasks tell only the latter, as a debug record.

    edges.py BIN
"""
import re
import sys
import tempfile

from daemon import API, Checks, Daemon, until

OLD = "stream.from().measurement('m').alert().crit(lambda: \"v\" > 0)"
TODAY = "stream|from().measurement('m')|where(lambda: TRUE)"
LINE = re.compile(r"^\[edge:(\w+\|[\w>-]+)\] \d{4}/\d\d/\d\d \d\d:\d\d:\d\d ([DI]! .*)$", re.M)


def edges(checks, bin_dir, level):
    with tempfile.TemporaryFile("w+") as log, Daemon(bin_dir, level=level) as daemon:
        daemon.start(stderr=log)
        path = "/api/v1/task?name=high_cpu_alert&type=stream&dbrps=%5B%7B%22db%22%3A%22db%22%2C%22rp%22%3A%22rp%22%7D%5D"
        checks.equal(daemon.ask("POST", path, OLD)[0], 200, "define")
        checks.equal(daemon.ask("POST", "/api/v1/enable?name=high_cpu_alert")[0], 200, "enable")
        checks.equal(daemon.define("today", TODAY)[0], 200, "define today's")
        daemon.write("m v=1i 1\nm v=2i 2\n")
        # Both are stopped behind the points: what they tell is complete then.
        checks.equal(daemon.ask("POST", "/api/v1/disable?name=high_cpu_alert")[0], 200, "disable")
        checks.equal(daemon.ask("PATCH", f"{API}/tasks/today", {"status": "disabled"})[0], 200, "disable today's")

        def text():
            log.seek(0)
            return log.read()
        until(lambda: "closing" in text(), 5)
        checks.that("[edge:today" not in text(), "today's tasks tell no edges in the old form")
        return LINE.findall(text()), text()


def of(lines, edge):
    return [text for name, text in lines if name == edge]


def main():
    checks = Checks()
    points = [f"D! {verb} point c: {n} e: {n}" for n in (0, 1) for verb in ("next", "collect")]
    lines, text = edges(checks, sys.argv[1], "DEBUG")
    checks.equal(of(lines, "TASK_MASTER|write_points->stream"), points, "the edge before all tasks")
    for edge in ("stream->stream0", "stream0->stream1", "stream1->alert2"):
        checks.equal(of(lines, f"high_cpu_alert|{edge}"), [*points, "I! closing c: 2 e: 2"], f"lines of {edge} at debug level")
    checks.that(re.search(r'lvl=debug msg="closing edge" .*task=today .*parent=from1 child=where2 collected=2 emitted=2', text),
                f"today's edges close with a record: {text}")
    lines, text = edges(checks, sys.argv[1], "INFO")
    checks.equal(of(lines, "high_cpu_alert|stream1->alert2"), ["I! closing c: 2 e: 2"], "lines at info level")
    checks.that("closing edge" not in text, "records at info level")
    checks.equal(edges(checks, sys.argv[1], "ERROR")[0], [], "lines at error level")
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
