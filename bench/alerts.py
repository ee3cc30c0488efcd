#!/usr/bin/env python3
"""What alerts cost: events a second into a log and with states stored, memory of states, and reading them at the start.

    bench/alerts.py build/bin [--groups 500] [--points 1000000] [--states 1000000]

Every row is measured on a daemon of its own on a free loopback port and a folder under TMPDIR. Events a second are
those of the clock, from the first request until the task has seen the last point; on a machine that is shared, CPU
microseconds of the daemon's process tell more.
"""
import argparse
import http.client
import os
import sqlite3
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "test" / "daemon"))
from daemon import API, Daemon, until  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")
SCRIPT = """stream
    |from().measurement('cpu').groupBy('host')
    |alert()
        .id('{{{{ index .Tags "host" }}}}')
        {details}
        .crit(lambda: "value" > 80.0)
        .stateChangesOnly()
        .log('/dev/null')
"""


def bodies(groups, points, size=5000):
    """Every point of a group has the other level than the one before."""
    out, lines = [], []
    for i in range(points):
        turn, host = divmod(i, groups)
        lines.append(f"cpu,host=web-{host},dc=eu value={90 if turn % 2 == 0 else 10},count={turn}i {1600000000 + turn}000000000")
        if len(lines) == size:
            out.append("\n".join(lines))
            lines = []
    return out + ["\n".join(lines)] * bool(lines)


def resident(daemon):
    for line in Path(f"/proc/{daemon.process.pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    return 0


def cpu(daemon):
    fields = Path(f"/proc/{daemon.process.pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def triggered(daemon):
    stats = daemon.ask("GET", f"{API}/tasks/t")[1]["stats"]["node-stats"]
    return sum(node.get("alerts_triggered", 0) for node in stats.values())


def configured(bin_dir, persist):
    daemon = Daemon(bin_dir)
    with open(daemon.config, "a", encoding="utf-8") as config:
        config.write(f"[alert]\n  persist-topics = {str(persist).lower()}\n")
    return daemon.start()


def events(bin_dir, groups, points, persist, details):
    daemon = configured(bin_dir, persist)
    try:
        daemon.define("t", SCRIPT.format(details=".details('')" if not details else ""))
        parts = bodies(groups, points)
        connection = http.client.HTTPConnection("127.0.0.1", daemon.port)
        begin, used, memory = time.time(), cpu(daemon), []
        for n, body in enumerate(parts):
            connection.request("POST", "/write?db=db&rp=rp", body)
            connection.getresponse().read()
            if n % max(1, len(parts) // 4) == 0:
                memory.append(resident(daemon))
        until(lambda: triggered(daemon) >= points, 120)
        seconds, used = time.time() - begin, cpu(daemon) - used
        memory.append(resident(daemon))
        return [f"{points / seconds:,.0f}", f"{used * 1e6 / points:.2f}", f"{memory[1] / 2**20:.0f} to {memory[-1] / 2**20:.0f}"]
    finally:
        daemon.close()


def states(bin_dir, count):
    """Memory and time of the start with so many stored states, less those of an empty store."""
    daemon = configured(bin_dir, True)
    try:
        empty = resident(daemon)
        daemon.stop()
        daemon.start()
        start_empty = cpu(daemon)
        daemon.stop()
        store = sqlite3.connect(f"{daemon.folder}/data/kapacitor.db")
        details = "{&#34;Name&#34;:&#34;cpu&#34;,&#34;TaskName&#34;:&#34;t&#34;,&#34;Group&#34;:&#34;host=web-%d&#34;}" * 3
        store.executemany("INSERT INTO topic_states VALUES('main:t:alert2',?,3,1600000000000000000,0,?,?)",
                          ((f"cpu:host=web-{i}", f"cpu:host=web-{i} is CRITICAL", details % (i, i, i)) for i in range(count)))
        store.commit()
        store.close()
        begin = time.time()
        daemon.start()
        seconds, used = time.time() - begin, cpu(daemon) - start_empty
        bytes_each = (resident(daemon) - empty) / count
        level = daemon.ask("GET", f"{API}/alerts/topics/main:t:alert2")[1]["level"]
        assert level == "CRITICAL", level
        return [f"{bytes_each:.0f}", f"{seconds:.2f}", f"{used:.2f}"]
    finally:
        daemon.close()


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("bin")
    ap.add_argument("--groups", type=int, default=500)
    ap.add_argument("--points", type=int, default=1_000_000)
    ap.add_argument("--states", type=int, default=1_000_000)
    args = ap.parse_args()
    print(f"{args.groups} groups that change their level with every point, {args.points:,} points, .log('/dev/null')")
    print(f"{'':34} {'events/s':>10} {'CPU us each':>12} {'resident MiB':>14}")
    for name, persist, details in (("states not stored, no details", False, False), ("states not stored", False, True), ("states stored", True, True)):
        row = events(args.bin, args.groups, args.points, persist, details)
        print(f"{name:34} {row[0]:>10} {row[1]:>12} {row[2]:>14}", flush=True)
    row = states(args.bin, args.states)
    print(f"{args.states:,} stored states: {row[0]} bytes each in memory; the daemon starts in {row[1]} s, {row[2]} CPU-s of them reading")


if __name__ == "__main__":
    main()
