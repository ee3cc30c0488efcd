#!/usr/bin/env python3
"""What InfluxDB costs the daemon: a large batch query against receiving and scanning its answer, and influxDBOut.

    bench/influx.py build/bin [--rows 1000000] [--groups 100] [--points 1000000] [--rounds 3]

A real influxd on a free loopback port holds ROWS points in GROUPS series. The daemon runs a batch task of one query
over all of them, a mean and an alert a group; the other side is bench_influx_scan (built with -DTICK_BENCH=ON), which
receives the same answer with the same client and looks at every byte once. CPU seconds are those of the process, the
least of the rounds. Memory is the peak over what the daemon had before the first query. influxDBOut is measured on
points written to the daemon, which it writes to a receiver that takes everything; what taking the same points in
costs without the node is shown beside it.
"""
import argparse
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "test" / "daemon"))
from daemon import API, Daemon, Influxd, until  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")


def cpu(pid):
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(pid, key):
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(key):
            return int(line.split()[1]) / 1024
    return 0


def fill(influxd, rows, groups):
    influxd.query("CREATE DATABASE bench")
    each = rows // groups
    for group in range(groups):
        for first in range(0, each, 5000):
            lines = "".join(f"cpu,host=server-{group:03} usage={(i * 7919 + group) % 10007 / 100} {1500000000 + i}\n" for i in range(first, min(first + 5000, each)))
            status, body = influxd.ask("POST", "/write?db=bench&precision=s", lines)
            if status != 204:
                raise RuntimeError(f"{status} {body[:300]}")


def batch(bin_dir, influxd, args):
    query = 'SELECT usage FROM bench.autogen.cpu'
    script = (f"batch|query('{query}').every(@EVERY@).period(20000d).groupBy('host')|mean('usage')"
              "|alert().crit(lambda: \"mean\" > 0.0).stateChangesOnly()")
    best, peak = None, 0
    for _ in range(args.rounds):
        with Daemon(bin_dir, influx=f'enabled = true\n  urls = ["{influxd.url}"]\n  disable-subscriptions = true') as daemon:
            daemon.start()
            daemon.write("x v=1")
            idle, before = memory(daemon.process.pid, "VmRSS"), cpu(daemon.process.pid)
            began = time.time()
            daemon.define("bench", script.replace("@EVERY@", "20s"), type="batch", dbrps=[{"db": "bench", "rp": "autogen"}])
            defined, idle_from = cpu(daemon.process.pid), time.time()

            def done():
                stats = daemon.ask("GET", f"{API}/tasks/bench")[1]["stats"]["node-stats"]["query1"]
                time.sleep(1)
                return stats["points_queried"] >= args.rows
            while time.time() < idle_from + 15:  # the query begins after 20 s; until then this is what idling costs
                done()
            rate = (cpu(daemon.process.pid) - defined) / (time.time() - idle_from)
            defined, idle_from = cpu(daemon.process.pid), time.time()
            if not until(done, 300):
                raise RuntimeError("the query did not end")
            spent = cpu(daemon.process.pid) - defined - rate * (time.time() - idle_from)
            peak = max(peak, memory(daemon.process.pid, "VmHWM") - idle)
            print(f"  batch: {spent:.2f} CPU-s, idling {rate * 1000:.1f} ms a second, {time.time() - began:.1f} s, peak {memory(daemon.process.pid, 'VmHWM') - idle:.0f} MB over idle ({before:.2f} CPU-s before)", flush=True)
            best = spent if best is None else min(best, spent)
    scan = None
    program = Path(bin_dir, "bench_influx_scan")
    if program.exists():
        for _ in range(args.rounds):
            text = subprocess.run([program, influxd.url, f"{query} WHERE time >= '1970-01-01T00:00:00Z' GROUP BY host"], capture_output=True, text=True, check=True).stdout
            print(f"  scan: {text.strip()}")
            seconds = float(text.split()[0])
            scan = seconds if scan is None else min(scan, seconds)
    print(f"batch of {args.rows} rows in {args.groups} groups: {best:.2f} CPU-s, peak {peak:.0f} MB over idle"
          + (f"; receive and scan {scan:.2f} CPU-s; ratio {best / scan:.2f}" if scan else ""))


class Sink(threading.Thread):
    """Takes HTTP requests with a content length and answers 204, without looking at them."""

    def __init__(self):
        super().__init__(daemon=True)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.start()

    def run(self):
        while True:
            connection, _ = self.server.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    @staticmethod
    def serve(connection):
        data = b""
        while True:
            while b"\r\n\r\n" not in data:
                piece = connection.recv(1 << 20)
                if not piece:
                    return
                data += piece
            head, data = data.split(b"\r\n\r\n", 1)
            length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0)
            while len(data) < length:
                data += connection.recv(1 << 20)
            data = data[length:]
            connection.sendall(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n")


def out(bin_dir, args):
    sink = Sink()
    bodies = [("".join(f"cpu,host=server-{i % 100:03} usage={(i * 7919) % 10007 / 100} {1500000000 + i}000000000\n" for i in range(at, at + 5000)))
              for at in range(0, args.points, 5000)]
    print(f"  {sum(map(len, bodies)) / args.points:.0f} bytes a line")
    best = {}
    for name, script in (("influxDBOut", "stream|from().measurement('cpu')|influxDBOut().database('o').buffer(5000)"), ("taking points in alone", "stream|from().measurement('cpu').where(lambda: \"usage\" < 0.0)|log()")):
        for _ in range(args.rounds):
            with Daemon(bin_dir, influx=f'enabled = true\n  urls = ["http://127.0.0.1:{sink.port}"]\n  disable-subscriptions = true') as daemon:
                daemon.start()
                daemon.define("out", script)
                before = cpu(daemon.process.pid)
                for body in bodies:
                    daemon.write(body)
                if name == "influxDBOut":
                    until(lambda: daemon.ask("GET", f"{API}/tasks/out")[1]["stats"]["node-stats"]["influxdb_out2"]["points_written"] >= args.points, 60)
                spent = (cpu(daemon.process.pid) - before) * 1e6 / args.points
                best[name] = min(spent, best.get(name, spent))
        print(f"{name}: {best[name]:.2f} CPU-s a million points", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin")
    parser.add_argument("--rows", type=int, default=1000000)
    parser.add_argument("--groups", type=int, default=100)
    parser.add_argument("--points", type=int, default=1000000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    if args.only in ("", "out"):
        out(args.bin, args)
    if args.only in ("", "batch"):
        with Influxd() as influxd:
            influxd.start()
            fill(influxd, args.rows, args.groups)
            batch(args.bin, influxd, args)


if __name__ == "__main__":
    main()
