#!/usr/bin/env python3
"""What the daemon costs: start, memory, defining, taking points in. Prints one table.

    bench/daemon.py build/bin [--small build-without-compiler/bin] [--tickc TICKC] [--only WORD]
                    [--points 500000] [--rounds 3]

Every row is measured on a daemon of its own on a free loopback port. CPU seconds are those of the daemon's process,
the least of the rounds: a shared machine disturbs them less than the clock. --small names a build with
-DTICK_COMPILER=OFF, whose start and memory are measured too.
"""
import argparse
import base64
import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "test" / "daemon"))
from daemon import API, Daemon  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")
LEVELS = ('|alert().info(lambda: "usage_user" > 70.0).warn(lambda: "usage_user" > 85.0).crit(lambda: "usage_user" > 95.0)'
          ".stateChangesOnly().log('/dev/null')")
CPU = "stream|from().measurement('cpu')"
INGEST = {  # name: (tasks, script, CPU-s a million points that it may cost)
    "drop": (1, "stream|from().measurement('nosuch')|log()", 0.35),
    "filter": (1, CPU + ".where(lambda: \"cpu\" == 'cpu-total')" + LEVELS, 0.45),
    "alert": (1, CPU + ".groupBy('host', 'cpu')" + LEVELS, 1.0),
    "eval": (1, CPU + '|eval(lambda: 100.0 - "usage_idle", lambda: "busy" / 100.0).as(\'busy\', \'frac\').keep()'
             '|where(lambda: "frac" > 2.0)' + LEVELS, 0.7),
    "window": (1, CPU + ".groupBy('host')|window().period(10s).every(10s)|mean('usage_user')"
               '|alert().crit(lambda: "mean" > 200.0)', 0.7),
    "tasks100": (100, CPU + ".where(lambda: \"host\" == 'web-@N@')" + LEVELS, 0.6),
}
SEVEN = (CPU + ".where(lambda: \"host\" == 'db-@N@').groupBy('cpu')|eval(lambda: 100.0 - \"usage_idle\").as('busy').keep()"
         "|where(lambda: \"busy\" > @N@.5)|window().period(10s).every(10s)|mean('busy')"
         "|alert().crit(lambda: \"mean\" > @N@.25).id('a@N@').log('/dev/null')")


def lines(n, hosts=100, cpus=4):
    """n lines of Telegraf's cpu measurement: 100 hosts, 4 cpus and a total, 10 fields, 227 bytes."""
    out, second = [], 0
    names = [f"cpu{i}" for i in range(cpus)] + ["cpu-total"]
    while len(out) < n:
        for host in range(hosts):
            for cpu, name in enumerate(names):
                k = (second * 31 + host * 17 + cpu * 7) % 1000
                out.append(f"cpu,cpu={name},dc=eu-{host % 3},host=web-{host} usage_user={k / 10},usage_system={k / 37:.6f},"
                           f"usage_idle={100 - k / 10:.6f},usage_nice=0,usage_iowait={k / 91:.6f},usage_irq=0,"
                           f"usage_softirq={k / 1000},usage_steal=0,usage_guest=0,usage_guest_nice=0 "
                           f"{(1600000000 + second) * 10**9}")
        second += 1
    return out[:n]


def requests(points):
    data, bodies = lines(points), []
    for i in range(0, len(data), 5000):
        body = "\n".join(data[i:i + 5000]).encode()
        bodies.append(f"POST /write?db=db&rp=rp HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    return bodies


def send(port, bodies):
    with socket.create_connection(("127.0.0.1", port)) as sock:
        for body in bodies:
            sock.sendall(body)
            reply = b""
            while b"\r\n\r\n" not in reply:
                got = sock.recv(65536)
                if not got:
                    raise SystemExit("the daemon closed the connection")
                reply += got
            if not reply.startswith(b"HTTP/1.1 204"):
                raise SystemExit(f"a write was refused: {reply[:300]!r}")


def cpu_seconds(daemon):
    fields = Path(f"/proc/{daemon.process.pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def run_time(daemon):
    """Milliseconds that the process's threads ran so far."""
    tasks = Path(f"/proc/{daemon.process.pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text(encoding="ascii").split()[0]) for task in tasks) / 1e6


def resident(daemon):
    status = Path(f"/proc/{daemon.process.pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def collected(daemon, task):
    stats = daemon.ask("GET", f"{API}/tasks/{task}")[1]["stats"]["node-stats"]
    return max((node.get("collected", 0) for node in stats.values()), default=0)


def compiled(tickc, script):
    """The script as a shared object, in base64."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "t.tick"), Path(folder, "t.so")
        source.write_text(script, encoding="utf-8")
        subprocess.run([tickc, source, "-o", target], check=True)
        return base64.b64encode(target.read_bytes()).decode()


def define(daemon, task, script, tickc=None):
    form = {"so": compiled(tickc, script)} if tickc else {"script": script}
    status, reply = daemon.ask("POST", f"{API}/tasks", {"id": task, "type": "stream", "status": "enabled", **form,
                                                        "dbrps": [{"db": "db", "rp": "rp"}]})
    if status != 200:
        raise SystemExit(f"{task} is refused: {reply}")


def ingest(daemon, bodies, tasks, points):
    """Wall and CPU seconds until every task has counted all points."""
    begin, cpu = time.time(), cpu_seconds(daemon)
    threads = [threading.Thread(target=send, args=(daemon.port, bodies[i::2])) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for task in tasks:
        while collected(daemon, task) < points:
            time.sleep(0.005)
    return time.time() - begin, cpu_seconds(daemon) - cpu


def start_time(bin_dir):
    """Milliseconds from the start of the process to the first answered ping, and MiB resident a second later."""
    with Daemon(bin_dir) as daemon:
        begin = time.perf_counter()
        daemon.process = daemon.spawn()
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=5)
                connection.request("GET", f"{API}/ping")
                connection.getresponse().read()
                break
            except OSError:
                time.sleep(0.0005)
        took = (time.perf_counter() - begin) * 1000
        cpu = run_time(daemon)
        connection.close()
        time.sleep(1)
        return took, resident(daemon), cpu


class Table:
    def __init__(self, only):
        self.only = only
        print(f"{'what':58s} {'figure':>12s} {'bound':>10s}")

    def wants(self, *words):
        return not self.only or any(word in self.only for word in words)

    def row(self, what, figure, bound, unit):
        over = " over" if bound and figure > bound else ""
        print(f"{what:58s} {figure:9.2f} {unit:5s}" + (f"{bound:7g} {unit}{over}" if bound else ""), flush=True)


def idle(table, args):
    for bin_dir, name, most in [(args.bin, "with the compiler", 80)] + ([(args.small, "without", 15)] if args.small else []):
        starts = [start_time(bin_dir) for _ in range(5)]
        table.row(f"start to the first answered ping, {name}", min(s[0] for s in starts), 50, "ms")
        table.row(f"the same, time the process ran, {name}", min(s[2] for s in starts), 0, "ms")
        table.row(f"resident when idle, {name}", min(s[1] for s in starts), most, "MiB")


def script_of_its_own(i):
    """One of many shapes, so that no two share their code."""
    stages = ["|where(lambda: \"f{n}\" > {n}.0)", "|eval(lambda: \"f{n}\" * 2.0 + \"g{n}\").as('v{n}').keep()",
              "|eval(lambda: if(\"f{n}\" > 1.0, 'a', 'b')).as('w{n}').keep()", "|window().period(1m).every(1m)|mean('f{n}')"]
    script, n = f"stream|from().measurement('m{i}').groupBy('t{i % 7}')", i
    for place in range(4):
        script += stages[(n + place) % 3].replace("{n}", f"{i}_{place}" if place % 2 else str(i)).replace(f"> {i}_{place}.0", "> 1.0")
        n //= 3
    return script + f"|window().period(10s).every(10s)|mean('f{i}').as('m{i}')|alert().crit(lambda: \"m{i}\" > {i}.0)"


def defining(table, args):
    with Daemon(args.bin) as daemon:
        daemon.start()
        times, ran = [], run_time(daemon)
        for i in range(200):
            begin = time.perf_counter()
            define(daemon, f"t{i}", script_of_its_own(i))
            times.append((time.perf_counter() - begin) * 1000)
        table.row("define to live, median of 200 different scripts", statistics.median(times), 15, "ms")
        table.row("the same, time the process ran, mean", (run_time(daemon) - ran) / 200, 0, "ms")
        table.row("resident with these 200 tasks", resident(daemon), 0, "MiB")


def thousand(table, args):
    bodies = requests(100_000)
    def measure(tasks):
        with Daemon(args.bin) as daemon:
            daemon.start()
            for i in range(tasks):
                define(daemon, f"t{i}", SEVEN.replace("@N@", str(i)))
            rss = resident(daemon)
            # No task wants a point: what a request costs was spent when it is answered.
            costs = [ingest(daemon, bodies * 5, [], 0) for _ in range(args.rounds)]
            return rss, min(c[1] for c in costs) * 2, min(c[0] for c in costs)
    one, many = measure(1), measure(1000)
    table.row("resident with a thousand enabled tasks of seven nodes", many[0], 120, "MiB")
    table.row("five times 100,000 points beside one task that wants another host", one[1], 0, "s/M")
    table.row("the same beside a thousand", many[1], 0, "s/M")


def workloads(table, args):
    bodies = requests(args.points)
    for name, (count, script, most) in INGEST.items():
        if not table.wants("ingest", name):
            continue
        with Daemon(args.bin) as daemon:
            daemon.start()
            tasks = [f"{name}{i}" for i in range(count)]
            for i, task in enumerate(tasks):
                define(daemon, task, script.replace("@N@", str(i)), args.tickc)
            costs = []
            for n in range(args.rounds):
                counted = [] if name == "drop" else tasks[:3]
                costs.append(ingest(daemon, bodies, counted, (n + 1) * args.points))
            table.row(f"{name}, CPU seconds a million points", min(c[1] for c in costs) / args.points * 1e6, most, "s/M")
            table.row(f"{name}, thousand points a second", args.points / min(c[0] for c in costs) / 1000, 0, "k/s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin")
    parser.add_argument("--small")
    parser.add_argument("--tickc", help="the workloads' tasks are compiled by this and taken as shared objects")
    parser.add_argument("--only", action="append", help="idle, define, thousand, ingest, or a workload of the last")
    parser.add_argument("--points", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    table = Table(args.only)
    if table.wants("idle"):
        idle(table, args)
    if table.wants("define"):
        defining(table, args)
    if table.wants("thousand"):
        thousand(table, args)
    workloads(table, args)


if __name__ == "__main__":
    main()
