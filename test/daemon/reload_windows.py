#!/usr/bin/env python3
"""What a reload says of a window is so: it goes on where the next function can use what was kept, and is named among
those that begin anew where not.

    reload_windows.py BIN
"""
import sys

from daemon import API, Checks, Daemon, rows, until

SCRIPT = "stream|from().measurement('m')|window().period(10s).every(10s)|{function}('{field}').as('v')|httpOut('out')"
SECOND = 1_000_000_000


def change(checks, daemon, name, before, after, carried, value):
    """Two points, a reload to another function, a third point, the window's end."""
    daemon.define(name, SCRIPT.format(function=before[0], field=before[1]))
    daemon.write(f"m a=1,b=10 {SECOND}\nm a=2,b=20 {2 * SECOND}\n")
    until(lambda: daemon.ask("GET", f"{API}/tasks/{name}")[1]["stats"]["node-stats"]["window2"]["collected"] == 2)
    daemon.ask("PATCH", f"{API}/tasks/{name}", {"script": SCRIPT.format(function=after[0], field=after[1])})
    status, report = daemon.ask("POST", f"{API}/reload/{name}")
    what = f"{before} to {after}"
    checks.equal((status, "window2" in report["carried"], "window2" in report["fresh"]), (200, carried, not carried), f"the report, {what}")
    daemon.write(f"m a=6,b=60 {3 * SECOND}\nm a=0,b=0 {20 * SECOND}\n")
    got = until(lambda: rows(daemon.ask("GET", f"{API}/tasks/{name}/out")[1]))
    checks.equal(got and got[0]["v"], value, f"what the window held, {what}")
    daemon.ask("DELETE", f"{API}/tasks/{name}")


def main():
    checks = Checks()
    with Daemon(sys.argv[1]) as daemon:
        daemon.start()
        change(checks, daemon, "same", ("mean", "a"), ("mean", "a"), True, 3)
        change(checks, daemon, "sums", ("mean", "a"), ("sum", "a"), True, 9)
        change(checks, daemon, "points", ("median", "a"), ("mean", "a"), True, 3)
        change(checks, daemon, "no_points", ("mean", "a"), ("median", "a"), False, 6)
        change(checks, daemon, "field", ("mean", "a"), ("mean", "b"), False, 60)
        change(checks, daemon, "kept_field", ("median", "a"), ("median", "b"), False, 60)
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
