#!/usr/bin/env python3
"""Recordings and replays: both APIs, both command lines, the files, and what is wrong with damaged ones.

    replay.py BIN
"""
import gzip
import io
import json
import os
import pty
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

from daemon import API, Checks, Daemon, ended, until

ALERT = """stream
    |from().measurement('cpu').groupBy('host')
    |window().period(10s).every(10s)
    |mean('v')
    |alert().crit(lambda: "mean" > 50.0).stateChangesOnly().log('{log}')
"""
BATCH = """var a = batch|query('select v from "db"."rp"."cpu"').period(10s).every(10s).groupBy('host')
a|sum('v').as('sum')|alert().crit(lambda: "sum" > 3.0).log('{log}')
"""
SECOND = 1_000_000_000


def events(path):
    """Ids, levels and times of an alert log, in order."""
    if not Path(path).exists():
        return []
    return [(e["id"], e["level"], e["time"]) for e in map(json.loads, Path(path).read_text(encoding="utf-8").splitlines())]


def record_stream(checks, daemon, log):
    checks.equal(daemon.define("cpu", ALERT.format(log=log), "disabled")[0], 200, "define")
    stop = "2020-01-01T00:01:00Z"
    code, made = daemon.ask("POST", f"{API}/recordings/stream", {"id": "r1", "task": "cpu", "stop": stop})
    checks.equal((code, made["status"], made["type"], made["size"]), (201, "running", "stream", 0), "a stream recording runs at once")
    checks.equal(daemon.ask("GET", f"{API}/recordings/r1")[0], 202, "reading one that runs")
    base = 1577836800
    lines = [f"cpu,host={h},b=x\\ y v={90 if h == 'a' else 10}.5,n={i}i,s=\"q\\\"t\",ok=true {(base + i) * SECOND}"
             for i in range(60) for h in "ab"]
    lines += [f"other v=1 {base * SECOND}", f"cpu,host=a v=1 {(base + 61) * SECOND}", f"cpu,host=a v=2 {(base + 62) * SECOND}"]
    checks.equal(daemon.write("\n".join(lines))[0], 204, "write")
    done = ended(daemon, "recordings", "r1")
    checks.equal((done["status"], done["progress"], done["error"]), ("finished", 1, ""), "a later point ends it")
    path = Path(f"{daemon.folder}/data/replay/r1.srpl")
    text = gzip.decompress(path.read_bytes()).decode().split("\n")
    checks.equal(len(text), 120 * 3 + 1, "three lines a point; other measurements and later points are left out")
    checks.equal(text[:3], ["db", "rp", f"cpu,b=x\\ y,host=a n=0i,ok=true,s=\"q\\\"t\",v=90.5 {base * SECOND}"], "a point as Kapacitor writes it")
    checks.equal(done["size"], path.stat().st_size, "size")
    code, again = daemon.ask("POST", f"{API}/recordings/stream", {"id": "r1", "task": "cpu", "stop": stop})
    checks.equal((code, again["error"]), (500, "recording already exists"), "an id that is taken")


def replay_stream(checks, daemon, log):
    runs = []
    for name in ("one", "two"):
        Path(log).unlink(missing_ok=True)
        code, made = daemon.ask("POST", f"{API}/replays", {"id": name, "task": "cpu", "recording": "r1", "recording-time": True})
        checks.equal((code, made["clock"], made["recording-time"]), (201, "fast", True), "replay")
        done = ended(daemon, "replays", name)
        checks.equal((done["status"], done["error"], done["progress"]), ("finished", "", 1), "replay finishes")
        checks.equal(done["stats"]["node-stats"]["from1"]["collected"], 120, "counters of the end of the data")
        runs.append(events(log))
    checks.equal(runs[0], [("cpu:host=a", "CRITICAL", "2020-01-01T00:00:10Z")], "handlers run, with the recording's times")
    checks.equal(runs[1], runs[0], "a second replay does the same, whatever the first left behind")
    Path(log).unlink()
    began = time.time()
    daemon.ask("POST", f"{API}/replays", {"id": "now", "task": "cpu", "recording": "r1", "handlers": True})
    ended(daemon, "replays", "now")
    stamp = events(log)[0][2]
    checks.that(abs(time.mktime(time.strptime(stamp[:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone - began - 10) < 30, f"times shifted to now: {stamp}")
    Path(log).unlink()
    daemon.ask("POST", f"{API}/replays", {"id": "quiet", "task": "cpu", "recording": "r1", "handlers": False})
    checks.equal(ended(daemon, "replays", "quiet")["status"], "finished", "a quiet replay")
    checks.equal(events(log), [], "calls no handler")
    checks.equal(daemon.ask("GET", f"{API}/tasks/cpu")[1]["executing"], False, "the live task is not touched")
    ids = [r["id"] for r in daemon.ask("GET", f"{API}/replays?fields=id")[1]["replays"]]
    checks.equal(sorted(ids), ["now", "one", "quiet", "two"], "listed")
    checks.equal(daemon.ask("DELETE", f"{API}/replays/now")[0], 204, "deleted")


def real_clock(checks, daemon, folder):
    points = [("db", "rp", f"cpu,host=a v={i} {SECOND + i * SECOND // 5}") for i in range(6)]
    Path(f"{daemon.folder}/data/replay").joinpath("never").write_text("x", encoding="utf-8")
    store(folder, "slow.srpl", points)
    daemon.stop()
    daemon.start()
    listed = {r["id"]: r for r in daemon.ask("GET", f"{API}/recordings")[1]["recordings"]}
    checks.equal((listed["slow"]["status"], listed["slow"]["type"]), ("finished", "stream"), "a file in the folder is a recording after a start")
    checks.equal(listed["r1"]["status"], "finished", "recordings are kept")
    began = time.time()
    daemon.ask("POST", f"{API}/replays", {"id": "real", "task": "cpu", "recording": "slow", "clock": "real"})
    code, running = daemon.ask("GET", f"{API}/replays/real")
    checks.that(code == 202 and running["status"] == "running" and "points" in running, f"a replay that runs: {running}")
    # It is compiled first.
    seen = until(lambda: next((a for c, a in [daemon.ask("GET", f"{API}/tasks/cpu?replay-id=real")] if c == 200), None), 5)
    checks.that(seen and seen["executing"] and "processed" in seen["dot"], f"the task as the replay has it: {seen}")
    code, seen = daemon.ask("GET", f"{API}/tasks/cpu?replay-id=none")
    checks.equal((code, seen["error"]), (400, "no running replay with ID: none"), "a replay that does not run")
    checks.equal(ended(daemon, "replays", "real")["status"], "finished", "real clock")
    checks.that(time.time() - began >= 1, "a real clock waits as long as the data took")


def store(folder, name, points):
    text = "".join(f"{d}\n{r}\n{line}\n" for d, r, line in points)
    Path(folder, name).write_bytes(gzip.compress(text.encode()))


def damaged(checks, daemon, folder):
    points = [("db", "rp", f"cpu,host=h{i} v={i * 7919 % 1000} {(i + 1) * SECOND}") for i in range(20000)]
    store(folder, "whole.srpl", points)
    data = Path(folder, "whole.srpl").read_bytes()
    Path(folder, "cut.srpl").write_bytes(data[:len(data) // 2])
    Path(folder, "broken.srpl").write_bytes(data[:len(data) // 2] + b"\0\1\2\3" * 8 + data[len(data) // 2 + 32:])
    store(folder, "short.srpl", points[:2] + [("db", "rp", "cpu v=1 3")])
    short = gzip.decompress(Path(folder, "short.srpl").read_bytes()).decode().rsplit("\n", 2)[0] + "\n"
    Path(folder, "short.srpl").write_bytes(gzip.compress(short.encode()))
    store(folder, "bad.srpl", points[:2] + [("db", "rp", "cpu v=oops 3")])
    Path(folder, "nogz.srpl").write_bytes(b"hello there")
    Path(folder, "nozip.brpl").write_bytes(b"hello there")
    daemon.stop()
    daemon.start()
    for name, parts in {"cut": ["running replay: unexpected EOF (point ", " byte ", "cut.srpl"],
                        "broken": ["running replay: ", "point "],
                        "short": ["invalid replay file format, expected another line (point 3"],
                        "bad": ["running replay: unable to parse 'cpu v=oops", "invalid boolean", "(point 3 of the recording)"],
                        "nogz": ["running replay: data source open: gzip: invalid header"]}.items():
        daemon.ask("POST", f"{API}/replays", {"id": f"of-{name}", "task": "cpu", "recording": name})
        done = ended(daemon, "replays", f"of-{name}")
        checks.that(done["status"] == "failed" and all(p in done["error"] for p in parts), f"{name}: {done['error']}")
    result = daemon.cli("replay", "-recording", "cut", "-task", "cpu", "-replay-id", "byhand")
    checks.that(result.returncode == 3 and "unexpected EOF" in result.stderr and result.stdout == "byhand\n", f"command line: {result}")


def batches(checks, daemon, folder, log):
    Path(log).unlink(missing_ok=True)
    entry = "".join(json.dumps({"name": "cpu", "tmax": f"2020-01-01T00:00:{10 * n:02d}Z", "group": f"host={h}", "tags": {"host": h},
                                "points": [{"fields": {"v": n + p, "s": "x"}, "tags": {"host": h}, "time": f"2020-01-01T00:00:{10 * n + p - 10:02d}Z"}
                                           for p in range(3)]}) + "\n" for n in (1, 2) for h in "ab")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0", entry)
    Path(folder, "b1.brpl").write_bytes(packed.getvalue())
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0", entry)
        archive.writestr("1", entry)
    Path(folder, "b2.brpl").write_bytes(packed.getvalue())
    daemon.stop()
    daemon.start()
    code, answer = daemon.ask("POST", f"{API}/tasks", {"id": "sums", "type": "batch", "script": BATCH.format(log=log), "dbrps": [{"db": "db", "rp": "rp"}]})
    checks.equal(code, 200, f"define a batch task: {answer}")
    daemon.ask("POST", f"{API}/replays", {"id": "b", "task": "sums", "recording": "b1", "recording-time": True})
    done = ended(daemon, "replays", "b")
    checks.equal((done["status"], done["error"]), ("finished", ""), "a batch recording")
    checks.equal(events(log), [("cpu:host=a", "CRITICAL", "2020-01-01T00:00:10Z"), ("cpu:host=b", "CRITICAL", "2020-01-01T00:00:10Z"),
                               ("cpu:host=a", "CRITICAL", "2020-01-01T00:00:20Z"), ("cpu:host=b", "CRITICAL", "2020-01-01T00:00:20Z")], "its batches")
    for name, text in {"b2": "unexpected number of batch collectors. exp 2 got 1", "nozip": "zip: not a valid zip file"}.items():
        daemon.ask("POST", f"{API}/replays", {"id": f"of-{name}", "task": "sums", "recording": name})
        checks.that(text in ended(daemon, "replays", f"of-{name}")["error"], name)
    code, answer = daemon.ask("POST", f"{API}/replays/batch", {"task": "cpu", "start": "2020-01-01T00:00:00Z"})
    checks.equal((code, answer["error"]), (400, "cannot replay batch against stream task: cpu"), "live batch of a stream task")


def read_all(terminal):
    shown = b""
    try:
        while part := os.read(terminal, 65536):
            shown += part
    except OSError:  # nobody writes any more
        pass
    os.close(terminal)
    return shown.decode()


def command_line(checks, daemon):
    table = daemon.cli("list", "recordings", "r1").stdout.split("\n")
    checks.that(table[0] == "ID Type    Status    Size      Date                   " and table[1].startswith("r1 stream  finished  "), f"list recordings: {table}")
    result = daemon.cli("replay", "-recording", "r1", "-task", "cpu", "-replay-id", "c1", "-rec-time")
    checks.equal((result.returncode, result.stdout, result.stderr), (0, "c1\n", ""), "replay prints its id")
    result = daemon.cli("replay", "-recording", "r1", "-task", "cpu", "-replay-id", "c2", "-no-wait")
    checks.equal((result.returncode, result.stdout), (0, ""), "-no-wait prints nothing")
    table = daemon.cli("list", "replays", "c1").stdout.split("\n")
    checks.that(table[0].startswith("ID Task Recording Status   Clock   Date") and table[1].startswith("c1 cpu  r1        finished fast    "), f"list replays: {table}")
    terminal, end = pty.openpty()
    result = subprocess.run([daemon.bin / "kapacitor", "-url", f"http://127.0.0.1:{daemon.port}", "replay", "-recording", "slow", "-task", "cpu", "-real-clock"],
                            stdout=subprocess.PIPE, stderr=end, check=False)
    os.close(end)
    shown = read_all(terminal)
    checks.that(result.returncode == 0 and "points/s" in shown and shown.endswith("\r\x1b[K"), f"a terminal sees progress, which is gone at the end: {shown!r}")
    writer = threading.Thread(target=lambda: (time.sleep(0.5), daemon.write(f"cpu,host=a v=1 {time.time_ns()}\ncpu,host=a v=1 {time.time_ns() + 3600 * SECOND}", daemon.connect())))
    writer.start()
    result = daemon.cli("record", "stream", "-task", "cpu", "-duration", "60s", "-recording-id", "byhand")
    writer.join()
    checks.equal((result.returncode, result.stdout), (0, "byhand\n"), "record prints its id")
    checks.equal(daemon.cli("delete", "recordings", "byhand", "c*").returncode, 0, "delete")
    checks.equal(daemon.ask("GET", f"{API}/recordings/byhand")[1]["error"], "error finding recording: no recording exists", "it is gone")


def old_dialect(checks, daemon, log):
    Path(log).unlink(missing_ok=True)
    script = f"stream.from().measurement('cpu').alert().crit(lambda: \"v\" > 50.0).log('{log}')"
    code, answer = daemon.ask("POST", "/api/v1/task?name=old&type=stream&dbrps=" + '[{"db":"db","rp":"rp"}]'.replace('"', "%22"), script)
    checks.equal(code, 200, f"define by 0.2's API: {answer}")
    code, answer = daemon.ask("POST", "/api/v1/record?type=stream&name=old&duration=10s")
    checks.equal(code, 200, "record")
    name = answer["RecordingID"]
    waiting = {}
    waiter = threading.Thread(target=lambda: waiting.update(answer=daemon.ask("GET", f"/api/v1/record?id={name}", connection=daemon.connect())))
    waiter.start()
    daemon.write("".join(f"cpu v={i * 20} {(1000 + i) * SECOND}\n" for i in range(5)) + f"cpu v=1 {2000 * SECOND}")
    waiter.join()
    code, info = waiting["answer"]
    checks.that(code == 200 and info["ID"] == name and info["Size"] > 0 and "Type" not in info, f"a call waits for its end: {info}")
    result = daemon.cli("replay", "-name", "old", "-id", name, "-fast", "-rec-time")
    checks.equal((result.returncode, result.stdout, result.stderr), (0, "", ""), "0.2's replay")
    checks.equal([e[1] for e in events(log)], ["CRITICAL", "CRITICAL"], "its alerts")
    code, answer = daemon.ask("POST", "/api/v1/replay?name=sums&id=" + name)
    checks.equal((code, answer["Error"]), (404, "replay find: found recording of wrong type, check task type matches recording."), "wrong type")
    listed = daemon.ask("GET", f"/api/v1/recordings?rids={name},none")[1]["Recordings"]
    checks.equal([r["ID"] for r in listed], [name], "0.2's list")
    checks.equal(daemon.ask("DELETE", f"/api/v1/recording?rid={name}"), (200, b""), "0.2's delete")


def interrupted(checks, daemon):
    daemon.ask("POST", f"{API}/recordings/stream", {"id": "cutoff", "task": "cpu", "stop": "2100-01-01T00:00:00Z"})
    daemon.stop()
    daemon.start()
    answer = daemon.ask("GET", f"{API}/recordings/cutoff")[1]
    checks.equal((answer["status"], answer["error"]), ("failed", "unexpected Kapacitor shutdown"), "a stop fails what runs")


def main():
    checks = Checks()
    with Daemon(sys.argv[1]) as daemon:
        daemon.start()
        folder, log = f"{daemon.folder}/data/replay", f"{daemon.folder}/alerts.log"
        record_stream(checks, daemon, log)
        replay_stream(checks, daemon, log)
        real_clock(checks, daemon, folder)
        damaged(checks, daemon, folder)
        batches(checks, daemon, folder, log)
        command_line(checks, daemon)
        old_dialect(checks, daemon, log)
        interrupted(checks, daemon)
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
