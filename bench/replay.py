#!/usr/bin/env python3
"""How fast a recording is replayed.

    replay.py BIN [POINTS]

Writes a recording of POINTS (a million) points of 100 hosts and three fields, replays it twice through a task with a
window, a mean and an alert, as fast as it goes. Prints points a second of the daemon's CPU time and of the clock.
"""
import gzip
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "test/daemon"))
from daemon import API, Daemon  # noqa: E402  (the folder is not a package)

SCRIPT = """stream
    |from().measurement('cpu').where(lambda: "host" != 'h99').groupBy('host')
    |window().period(10s).every(10s)
    |mean('usage_idle').as('idle')
    |alert().crit(lambda: "idle" < 1.0).log('/dev/null')
"""


def cpu_seconds(process):
    words = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def main():
    points = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    with Daemon(sys.argv[1]) as daemon:
        folder = Path(daemon.folder, "data/replay")
        folder.mkdir(parents=True)
        text = "".join(f"telegraf\nautogen\ncpu,cpu=cpu-total,host=h{i % 100} usage_idle={50 + i % 50}.25,usage_system={i % 7}.5,usage_user={i % 31}i "
                       f"{1_577_836_800_000_000_000 + i // 100 * 1_000_000_000}\n" for i in range(points))
        folder.joinpath("million.srpl").write_bytes(gzip.compress(text.encode(), 6))
        daemon.start()
        code, answer = daemon.define("t", SCRIPT, "disabled", dbrps=[{"db": "telegraf", "rp": "autogen"}])
        if code != 200:
            raise SystemExit(answer)
        for run in (1, 2):
            began, cpu = time.perf_counter(), cpu_seconds(daemon.process)
            daemon.ask("POST", f"{API}/replays", {"id": f"r{run}", "task": "t", "recording": "million", "recording-time": True})
            while (replay := daemon.ask("GET", f"{API}/replays/r{run}"))[0] == 202:
                time.sleep(0.005)
            seconds, used = time.perf_counter() - began, cpu_seconds(daemon.process) - cpu
            answer = replay[1]
            collected = answer["stats"].get("node-stats", {}).get("from1", {}).get("collected")
            print(f"run {run}: {answer['status']} {answer['error']} {collected} points, {points / used:,.0f} points a CPU second, "
                  f"{points / seconds:,.0f} a second of the clock")


if __name__ == "__main__":
    main()
