#!/usr/bin/env python3
"""The shapes of Kapacitor's own benchmark, ten tasks each, through this daemon.

    shapes.py BIN

Starts BIN/kapacitord, defines ten equal tasks, writes the points and waits until all tasks have seen the last one.
Prints the daemon's CPU seconds and the wall time of each shape, beside what Kapacitor 1.5.0 took on a machine of two
cores, and how many times less ours is.
"""
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "test" / "daemon"))
from daemon import API, Daemon, until  # noqa: E402

SECOND = 1_000_000_000
FROM = "stream|from().measurement('packets')"
SHAPES = {
    # name: script, points, seconds of Kapacitor
    "SimpleTask": (FROM + "|httpOut('out')", 5_000, 0.025),
    "SimpleTask, not matching": ("stream|from().measurement('nobody')", 5_000, 0.008),
    "CountTask": (FROM + "|window().period(10s).every(10s)|count('value')|httpOut('out')", 50_000, 0.40),
    "JoinTask": ("var a = stream|from().measurement('packets')|window().period(10s).every(10s)|count('value')\n"
                 "var b = stream|from().measurement('packets')|window().period(10s).every(10s)|sum('value')\n"
                 "a|join(b).as('a', 'b')|eval(lambda: \"a.count\" / \"b.sum\").as('r')|httpOut('out')", 50_000, 62.0),
    "AlertTask": (FROM + "|window().period(10s).every(10s)|count('value')|alert().crit(lambda: \"count\" > 0).log('/dev/null')", 50_000, 5.95),
}


def cpu(process):
    """Seconds that the threads which still live have run; none of them ends between two calls."""
    threads = Path(f"/proc/{process.pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text(encoding="ascii").split()[0]) for thread in threads) / 1e9


def seen(daemon):
    """Points that the from nodes of all tasks have taken."""
    total = 0
    for number in range(10):
        _, task = daemon.ask("GET", f"{API}/tasks/t{number}")
        total += task["stats"]["node-stats"].get("stream0", {}).get("collected", 0)
    return total


REQUEST = 5_000


def requests(points):
    line = "packets value={} {}\n"
    for at in range(0, points, REQUEST):
        yield "".join(line.format(i % 1000, (1_500_000_000 + i) * SECOND) for i in range(at, at + REQUEST)).encode()


def run(bin_dir, script, points):
    """Short shapes are run over twenty times their points, so that there is something to measure."""
    times = max(1, 100_000 // points)
    bodies = list(requests(points * times))
    with Daemon(bin_dir) as daemon:
        daemon.start()
        for number in range(10):
            code, answer = daemon.define(f"t{number}", script)
            if code != 200:
                sys.exit(f"refused: {answer}")
        wanted = 0 if "nobody" in script else 10 * points * times
        before, begin = cpu(daemon.process), time.perf_counter()
        for body in bodies:
            daemon.write(body)
        until(lambda: seen(daemon) >= wanted, 60)
        return (cpu(daemon.process) - before) / times, (time.perf_counter() - begin) / times


if __name__ == "__main__":
    print(f"{'shape':<26}{'CPU ms':>9}{'wall ms':>9}{'Kapacitor ms':>14}{'times less':>12}")
    for name, (script, points, reference) in SHAPES.items():
        used, wall = run(sys.argv[1], script, points)
        print(f"{name:<26}{used * 1e3:>9.2f}{wall * 1e3:>9.2f}{reference * 1e3:>14.0f}{reference / used:>12.0f}")
