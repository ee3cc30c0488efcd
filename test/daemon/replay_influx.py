#!/usr/bin/env python3
"""Recordings and replays of what a real InfluxDB answers: a batch task's queries over a range, single queries, live.

    replay_influx.py BIN
"""
import gzip
import json
import sys
import zipfile
from pathlib import Path

from daemon import API, Checks, Daemon, Influxd, ended

BASE = 1577836800
BATCH = """batch
    |query('SELECT mean(v) AS v FROM "db"."autogen"."cpu"').period(10s).every(10s).groupBy('host')
    |alert().crit(lambda: "v" >= 20.0).log('{log}')
"""
STREAM = "stream|from().measurement('cpu')|alert().crit(lambda: \"v\" >= 28.0).log('{log}')\n"


def events(path):
    text = Path(path).read_text(encoding="utf-8") if Path(path).exists() else ""
    Path(path).unlink(missing_ok=True)
    return [(e["id"], e["level"], e["time"]) for e in map(json.loads, text.splitlines())]


def batches(checks, daemon, folder, log):
    code, answer = daemon.ask("POST", f"{API}/tasks", {"id": "b", "type": "batch", "script": BATCH.format(log=log), "dbrps": [{"db": "db", "rp": "autogen"}]})
    checks.equal(code, 200, f"define: {answer}")
    times = {"start": "2020-01-01T00:00:00Z", "stop": "2020-01-01T00:00:30Z"}
    result = daemon.cli("record", "batch", "-task", "b", "-start", times["start"], "-stop", times["stop"], "-recording-id", "b1")
    checks.equal((result.returncode, result.stdout, result.stderr), (0, "b1\n", ""), "record batch")
    with zipfile.ZipFile(folder / "b1.brpl") as archive:
        checks.equal(archive.namelist(), ["0"], "an entry a query")
        read = [json.loads(line) for line in archive.read("0").decode().splitlines()]
    checks.equal([(b["tmax"], b["tags"]["host"], b["points"][0]["fields"]["v"]) for b in read],
                 [(f"2020-01-01T00:00:{stop}Z", host, value + 0.5 * 9 + extra) for stop, value in (("10", 0), ("20", 10), ("30", 20))
                  for host, extra in (("a", 0), ("b", 1))], "three strokes of two groups")
    want = [("cpu:host=a", "CRITICAL", "2020-01-01T00:00:30Z"), ("cpu:host=b", "CRITICAL", "2020-01-01T00:00:30Z")]
    daemon.ask("POST", f"{API}/replays", {"id": "rb", "task": "b", "recording": "b1", "recording-time": True})
    checks.equal((ended(daemon, "replays", "rb")["error"], [e[:2] for e in events(log)]), ("", [w[:2] for w in want]), "replayed")
    result = daemon.cli("replay-live", "batch", "-task", "b", "-start", times["start"], "-stop", times["stop"], "-rec-time", "-replay-id", "lb")
    checks.equal((result.returncode, result.stdout), (0, "lb\n"), "replay-live batch")
    checks.equal([e[:2] for e in events(log)], [w[:2] for w in want], "the same without a recording")
    daemon.ask("POST", f"{API}/recordings/batch", {"id": "wrong", "task": "s", "start": times["start"]})
    checks.equal(ended(daemon, "recordings", "wrong")["error"], "wrong task type", "a stream task has no queries")


def queries(checks, daemon, folder, log):
    query = 'SELECT v FROM "db"."autogen"."cpu" WHERE time >= \'2020-01-01T00:00:25Z\' GROUP BY host'
    result = daemon.cli("record", "query", "-query", query, "-type", "stream", "-recording-id", "q1")
    checks.equal((result.returncode, result.stdout), (0, "q1\n"), f"record query: {result.stderr}")
    lines = gzip.decompress((folder / "q1.srpl").read_bytes()).decode().splitlines()
    checks.equal((len(lines), lines[:6]), (30, ["db", "autogen", f"cpu,host=a v=25 {BASE + 25}000000000", "db", "autogen", f"cpu,host=b v=26 {BASE + 25}000000000"]), "points of all series by time")
    daemon.ask("POST", f"{API}/replays", {"id": "rq", "task": "s", "recording": "q1", "recording-time": True})
    ended(daemon, "replays", "rq")
    recorded = events(log)
    checks.that(recorded and recorded[0][1] == "CRITICAL", f"replayed: {recorded}")
    result = daemon.cli("replay-live", "query", "-task", "s", "-query", query, "-rec-time", "-replay-id", "lq")
    checks.equal((result.returncode, events(log)), (0, recorded), "replay-live query does the same")
    result = daemon.cli("record", "query", "-query", query, "-type", "batch", "-recording-id", "q2")
    with zipfile.ZipFile(folder / "q2.brpl") as archive:
        checks.equal(len(archive.read("0").splitlines()), 2, "a batch a series")
    for text, want in (("SELECT v FROM cpu", "could not determine database and retention policy. Is the query fully qualified?"),
                       ('SELECT v FROM "none"."autogen"."cpu"', "InfluxDB query failed: database not found: none")):
        result = daemon.cli("record", "query", "-query", text, "-type", "stream")
        checks.that(result.returncode == 3 and want in result.stderr, f"{text}: {result.stderr}")


def main():
    checks = Checks()
    with Influxd() as influxd, Daemon(sys.argv[1]) as daemon:
        influxd.start()
        influxd.query("CREATE DATABASE db")
        influxd.write("db", "\n".join(f"cpu,host={host} v={i + extra} {BASE + i}000000000" for i in range(30) for host, extra in (("a", 0), ("b", 1))))
        text = Path(daemon.config).read_text(encoding="utf-8")
        Path(daemon.config).write_text(text.replace("[[influxdb]]\n  enabled = false", f'[[influxdb]]\n  enabled = true\n  default = true\n  name = "main"\n  urls = ["{influxd.url}"]\n  disable-subscriptions = true'), encoding="utf-8")
        daemon.start()
        log, folder = f"{daemon.folder}/alerts.log", Path(daemon.folder, "data/replay")
        daemon.define("s", STREAM.format(log=log), "disabled", dbrps=[{"db": "db", "rp": "autogen"}])
        batches(checks, daemon, folder, log)
        queries(checks, daemon, folder, log)
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
