#!/usr/bin/env python3
"""At debug level the edges of 0.2's tasks tell every point; at other levels, and for today's tasks, they tell none.

    edges.py BIN
"""
import re
import sys
import tempfile

from daemon import Checks, Daemon, until

OLD = "stream.from().measurement('m').alert().crit(lambda: \"v\" > 0)"
TODAY = "stream|from().measurement('m')|where(lambda: TRUE)"
LINE = re.compile(r"^\[edge:(\w+)\|stream1->alert2\] \d{4}/\d\d/\d\d \d\d:\d\d:\d\d D! (collect point c: \d+ e: \d+)$", re.M)


def edges(checks, bin_dir, level):
    with tempfile.TemporaryFile("w+") as log, Daemon(bin_dir, level=level) as daemon:
        daemon.start(stderr=log)
        path = "/api/v1/task?name=high_cpu_alert&type=stream&dbrps=%5B%7B%22db%22%3A%22db%22%2C%22rp%22%3A%22rp%22%7D%5D"
        checks.equal(daemon.ask("POST", path, OLD)[0], 200, "define")
        checks.equal(daemon.ask("POST", "/api/v1/enable?name=high_cpu_alert")[0], 200, "enable")
        checks.equal(daemon.define("today", TODAY)[0], 200, "define today's")
        daemon.write("m v=1i 1\nm v=2i 2\n")

        def told():
            log.seek(0)
            return LINE.findall(log.read())
        until(lambda: len(told()) >= 2, 5 if level == "DEBUG" else 0.3)
        log.seek(0)
        checks.that("[edge:today" not in log.read(), "today's tasks tell no edges")
        return told()


def main():
    checks = Checks()
    checks.equal(edges(checks, sys.argv[1], "DEBUG"),
                 [("high_cpu_alert", "collect point c: 0 e: 0"), ("high_cpu_alert", "collect point c: 1 e: 1")], "lines at debug level")
    checks.equal(edges(checks, sys.argv[1], "INFO"), [], "lines at info level")
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
