#!/usr/bin/env python3
"""User-defined functions in the daemon: streams and batches, Python and C++, pipes and sockets, options, snapshots, and
what becomes of a task whose function goes wrong.

    udf.py BIN
"""
import subprocess
import sys
import time
from pathlib import Path

from daemon import API, Checks, Daemon, rows, until

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parents[1] / "examples" / "udf"
WAYS = ("refuse", "die-at-init", "die", "hang", "nonsense", "html", "huge", "batch", "error", "flood")


def configuration(bin_dir, folder):
    python = f'prog = "{sys.executable}"\n timeout = "10s"'
    text = f"""
[udf.functions.movingAverage]
 {python}
 args = ["-u", "{EXAMPLES}/moving_average.py"]
[udf.functions.overSocket]
 socket = "{folder}/average.sock"
 timeout = "5s"
[udf.functions.outliers]
 prog = "{bin_dir}/udf_outliers"
 timeout = "10s"
[udf.functions.missing]
 prog = "/nowhere/at/all"
 timeout = "5s"
[udf.functions.again]
 {python}
 args = ["-u", "{HERE}/agents/faulty.py", "die-once"]
 restart = "on-failure"
 restart-delay = "10ms"
"""
    for way in WAYS:
        timeout = "4s" if way == "hang" else "10s"
        text += f'[udf.functions.{way.replace("-", "_")}]\n prog = "{sys.executable}"\n timeout = "{timeout}"\n'
        text += f' args = ["-u", "{HERE}/agents/faulty.py", "{way}"]\n'
    return text


def out(daemon, task, path="out"):
    return rows(daemon.ask("GET", f"{API}/tasks/{task}/{path}")[1])


def task(daemon, name):
    return daemon.ask("GET", f"{API}/tasks/{name}")[1]


def streams(daemon, checks):
    for name, function in (("mean", "movingAverage"), ("socket", "overSocket")):
        script = (f"stream|from().measurement('{name}').groupBy('host')@{function}().field('v').size(2).as('mean')"
                  "|eval(lambda: \"mean\" * 10.0).as('ten').keep()|httpOut('out')")
        status, answer = daemon.define(name, script)
        checks.that(status == 200 and not answer["error"], f"{name}: {status} {answer}")
        daemon.write(f"{name},host=a v=1 1\n{name},host=b v=5 2\n{name},host=a v=3i 3")
        got = until(lambda: [row for row in out(daemon, name) if row["mean"] == 2] and out(daemon, name))
        checks.equal([(row["mean"], row["ten"]) for row in got or []], [(2, 20), (5, 50)], f"{name}: means of two points a group")


def batches(daemon, checks):
    status, answer = daemon.define("batches", "stream|from().measurement('b').groupBy('host')|window().period(10s).every(10s)"
                                   "@outliers().field('v').scale(2.0)|count('v').as('n')|httpOut('out')")
    checks.that(status == 200 and not answer["error"], f"batches: {status} {answer}")
    lines = [f"b,host=a v={100 if i == 7 else i % 2} {i}000000000" for i in range(13)]
    daemon.write("\n".join(lines))
    got = until(lambda: out(daemon, "batches"))
    checks.equal([row["n"] for row in got or []], [1], "one outlier in the batch")


def refusals(daemon, checks):
    cases = {
        "@movingAverage().field('v', 'w')": "unexpected number of args to field, got 2 expected 1",
        "@movingAverage().field('v').size('x')": "unexpected arg to size, got STRING expected INT",
        "@movingAverage().sise(3)": "sise",
        "@nothing()": "nothing",
        "@missing()": "/nowhere/at/all",
        "@outliers().field('v').scale(2.0)": "stream -> outliers",
    }
    for i, (call, words) in enumerate(cases.items()):
        status, answer = daemon.define(f"refused{i}", f"stream|from(){call}|log()", "disabled")
        checks.that(status == 400 and words in answer["error"], f"{call}: {status} {answer}")
    for name, call, words in (("init", "@movingAverage().size(2)", "must supply field"), ("refuse", "@refuse()", "this one refuses"),
                              ("dies", "@die_at_init()", "exit status 3")):
        status, answer = daemon.define(f"start-{name}", f"stream|from(){call}|log()")
        error = task(daemon, f"start-{name}").get("error", "") if status == 200 else answer["error"]
        checks.that(words in error, f"{call} at the start: {status} {answer} {error}")


def faults(daemon, checks):
    words = {"die": "process exited unexpectedly: exit status 7", "hang": "keepalive timedout", "nonsense": "no message of the protocol",
             "html": "no message of the protocol", "huge": "no message of the protocol", "batch": "provides a stream, and sent a batch",
             "error": "out of luck", "flood": "it floods"}
    for way in words:
        daemon.define(f"fault-{way}", f"stream|from().measurement('f')@{way}()|httpOut('out')")
    daemon.write("f v=1 1")
    for way, message in words.items():
        ended = until(lambda way=way: task(daemon, f"fault-{way}")["error"], 30)
        checks.that(ended and message in ended and not task(daemon, f"fault-{way}")["executing"], f"{way}: {ended!r}")
    checks.equal(daemon.ask("GET", f"{API}/ping")[0], 204, "the daemon is there after all of them")


def restarts(daemon, checks):
    daemon.define("again", "stream|from().measurement('again')@again()|httpOut('out')")
    daemon.write("again v=1i 1")
    until(lambda: out(daemon, "again"))
    daemon.write("again v=2i,die=true 2")
    time.sleep(0.3)
    daemon.write("again v=3i 3")
    got = until(lambda: [row for row in out(daemon, "again") if row["v"] == 3])
    checks.that(got and task(daemon, "again")["executing"], "a function that may be restarted goes on")


def snapshots(daemon, checks):
    body = {"script": "stream|from().measurement('mean').groupBy('host')@movingAverage().field('v').size(3).as('mean')|httpOut('out')",
            "status": "enabled"}
    daemon.ask("PATCH", f"{API}/tasks/mean", {"status": "disabled"})
    status, _ = daemon.ask("PATCH", f"{API}/tasks/mean", body)
    checks.equal(status, 200, "the task is redefined")
    daemon.write("mean,host=a v=5 4")
    got = until(lambda: [row["mean"] for row in out(daemon, "mean") if row["mean"] == 3])
    checks.equal(got, [3], "the next version knows the values before")
    daemon.stop()
    daemon.start()
    daemon.write("mean,host=a v=10 5")
    got = until(lambda: [row["mean"] for row in out(daemon, "mean") if row["mean"] == 6])
    checks.equal(got, [6], "so does the task after a restart of the daemon")
    daemon.ask("DELETE", f"{API}/tasks/mean")


def main():
    checks = Checks()
    bin_dir = Path(sys.argv[1]).resolve()
    with Daemon(bin_dir) as daemon:
        path = Path(daemon.config)
        path.write_text(path.read_text(encoding="utf-8") + configuration(bin_dir, daemon.folder), encoding="utf-8")
        server = subprocess.Popen([sys.executable, EXAMPLES / "moving_average.py", "--socket", f"{daemon.folder}/average.sock"])
        try:
            until(Path(f"{daemon.folder}/average.sock").exists)
            daemon.start()
            for part in (streams, batches, refusals, faults, restarts, snapshots):
                part(daemon, checks)
        finally:
            server.kill()
            server.wait()
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
