#!/usr/bin/env python3
"""Windows, alerts, state durations and deadmen go on over a kill -9 where the configuration says so; otherwise only
what a deadman knows does.

    state.py BIN
"""
import json
import sys
import time
from pathlib import Path

from daemon import API, Checks, Daemon, rows, until

SECOND = 1_000_000_000
SCRIPTS = {
    "window": "stream|from().measurement('w').groupBy('h')|window().period(10s).every(10s)|sum('v')|httpOut('out')",
    "median": "stream|from().measurement('w').groupBy('h')|window().period(10s).every(10s)|median('v')|httpOut('out')",
    "alert": "stream|from().measurement('a').groupBy('h')|alert().id('{{ .Group }}').crit(lambda: \"v\" > 5).stateChangesOnly().log('@LOG@')",
    "duration": "stream|from().measurement('d').groupBy('h')|stateDuration(lambda: \"v\" > 5)|httpOut('out')",
    "total": "stream|from().measurement('t').groupBy('h')|cumulativeSum('v')|httpOut('out')",
    "joined": "var x = stream|from().measurement('x').groupBy('h')\nvar y = stream|from().measurement('y').groupBy('h')\n"
              "x|join(y).as('x', 'y')|httpOut('out')",
}


def line(measurement, value, second, host="a"):
    return f"{measurement},h={host} v={value} {second * SECOND}\n"


def configured(daemon, what):
    config = Path(daemon.config)
    config.write_text(config.read_text(encoding="utf-8") + f'[task]\n  state-over-restart = "{what}"\n  snapshot-interval = "100ms"\n',
                      encoding="utf-8")


def out(daemon, task):
    _, answer = daemon.ask("GET", f"{API}/tasks/{task}/out")
    return rows(answer)


def before(daemon):
    for name, script in SCRIPTS.items():
        daemon.define(name, script.replace("@LOG@", f"{daemon.folder}/alert.log"))
    daemon.write("".join([line("w", 1.0, 1), line("w", 2.0, 2), line("w", 4.0, 3), line("a", 9.0, 1), line("d", 9.0, 1),
                          line("d", 9.0, 3), line("t", 5.0, 1), line("t", 6.0, 2), line("x", 7.0, 1)]))
    until(lambda: out(daemon, "total"))
    time.sleep(1)  # snapshots are taken meanwhile


def after(daemon):
    daemon.write("".join([line("w", 8.0, 4), line("w", 0.0, 12), line("a", 9.0, 4), line("a", 1.0, 6), line("d", 9.0, 11),
                          line("t", 7.0, 3), line("y", 8.0, 1)]))
    until(lambda: out(daemon, "total"))
    until(lambda: out(daemon, "window"), 2)


def events(daemon):
    log = Path(f"{daemon.folder}/alert.log")
    text = log.read_text(encoding="utf-8") if log.exists() else ""
    return [(event["level"], event["previousLevel"], event["duration"] // SECOND) for event in map(json.loads, text.splitlines())]


def everything(checks, bin_dir):
    with Daemon(bin_dir) as daemon:
        configured(daemon, "all")
        daemon.start()
        before(daemon)
        daemon.kill()
        daemon.start()
        after(daemon)
        checks.equal([row["sum"] for row in out(daemon, "window")], [15], "the window has the points from before the kill")
        checks.equal([row["median"] for row in out(daemon, "median")], [3], "so has one that keeps its points")
        checks.equal(events(daemon), [("CRITICAL", "OK", 0), ("OK", "CRITICAL", 5)], "the alert is said once and recovers")
        checks.equal([row["state_duration"] for row in out(daemon, "duration")], [10], "the state's duration counts from its begin")
        checks.equal([row["cumulativeSum"] for row in out(daemon, "total")], [18], "the sum goes on")
        checks.equal([(row["x.v"], row["y.v"]) for row in until(lambda: out(daemon, "joined"), 2)][:1], [(7, 8)],
                     "a point that waited for its partner meets it")
        broken(checks, daemon)


def broken(checks, daemon):
    """State of another version is said and left; the task runs."""
    daemon.stop()
    import sqlite3
    with sqlite3.connect(f"{daemon.folder}/data/kapacitor.db") as database:
        table = [name for (name,) in database.execute("select name from sqlite_master where type='table'") if name == "objects"]
        checks.equal(table, ["objects"], "the store has a table of objects")
        database.execute("update objects set value = x'0102' where kind = 'state'")
    database.close()
    daemon.start()
    code, task = daemon.ask("GET", f"{API}/tasks/total")
    checks.equal((code, task["executing"], task["error"]), (200, True, ""), "a task whose state is broken begins anew")


def only_groups(checks, bin_dir):
    script = "stream|from().measurement('m').groupBy('h')|deadman(0.0, 300ms).id('{{ index .Tags \"h\" }}').stateChangesOnly().log('@LOG@')"
    with Daemon(bin_dir) as daemon:
        configured(daemon, "stats")
        daemon.start()
        daemon.define("dead", script.replace("@LOG@", f"{daemon.folder}/alert.log"))
        daemon.define("total", SCRIPTS["total"])
        daemon.write(line("m", 1.0, 1, "gone") + line("t", 5.0, 1))
        until(lambda: out(daemon, "total"))
        daemon.stop()
        daemon.start()
        daemon.write(line("t", 7.0, 2))
        until(lambda: out(daemon, "total"))
        checks.equal([row["cumulativeSum"] for row in out(daemon, "total")], [7], "other nodes begin anew, as in Kapacitor")
        until(lambda: events(daemon))
        checks.equal([event[0] for event in events(daemon)][:1], ["CRITICAL"], "a host that went while the daemon was down is missed")


if __name__ == "__main__":
    done = Checks()
    everything(done, sys.argv[1])
    only_groups(done, sys.argv[1])
    sys.exit(done.report())
