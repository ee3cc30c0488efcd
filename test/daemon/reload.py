#!/usr/bin/env python3
"""A counting task that is redefined and reloaded all the while counts every point that was accepted, once.

    reload.py BIN [--long]

--long writes for twenty seconds with reloads and twenty without, and prints rates and the slowest answers.
"""
import sys
import threading
import time

from daemon import API, Checks, Daemon, rows, until

WRITERS = 4
LINES = 500
PAUSE = 0.05
TASK = "stream|from().measurement('m').groupBy('w')|stateCount(lambda: \"v\" > {literal}).as('n')|httpOut('count')\n"


class Writer(threading.Thread):
    """Posts points of its own series until told to end; counts what was accepted."""

    def __init__(self, daemon, number, ending):
        super().__init__()
        self.daemon_, self.number, self.ending = daemon, number, ending
        self.accepted, self.times, self.refused = 0, [], []

    def run(self):
        connection = self.daemon_.connect()
        body = "".join(f"m,w={self.number} v=1i {i + 1}\n" for i in range(LINES))
        while not self.ending.is_set():
            began = time.perf_counter()
            code, answer = self.daemon_.write(body, connection)
            self.times.append(time.perf_counter() - began)
            if code == 204:
                self.accepted += LINES
            else:
                self.refused.append((code, answer))
        connection.close()


def counts(daemon):
    code, answer = daemon.ask("GET", f"{API}/tasks/t/count")
    return {series["tags"]["w"]: row["n"] for series in (answer.get("series") or []) for row in rows({"series": [series]})} if code == 200 else {}


def run(checks, bin_dir, seconds, reloading):
    with Daemon(bin_dir) as daemon:
        daemon.start()
        checks.equal(daemon.define("t", TASK.format(literal=-1))[0], 200, "define")
        ending = threading.Event()
        writers = [Writer(daemon, n, ending) for n in range(WRITERS)]
        for writer in writers:
            writer.start()
        began, reloads, wrong = time.time(), 0, []
        while time.time() - began < seconds:
            next_at = time.time() + PAUSE
            if reloading:
                reloads += 1
                stored = daemon.ask("PATCH", f"{API}/tasks/t", {"script": TASK.format(literal=-1 - reloads % 50)})
                done = daemon.ask("POST", f"{API}/reload/t")
                if stored[0] != 200 or done[0] != 200 or "state_count2" not in done[1].get("carried", []):
                    wrong.append((stored[0], done))
            time.sleep(max(0, next_at - time.time()))
        ending.set()
        for writer in writers:
            writer.join()
        spent = time.time() - began
        want = {str(w.number): w.accepted for w in writers}
        until(lambda: counts(daemon) == want, 20)
        checks.equal(wrong, [], "reloads that failed or lost state")
        checks.equal([r for w in writers for r in w.refused], [], "writes refused")
        checks.equal(counts(daemon), want, f"points counted after {reloads} reloads")
        times = sorted(t for w in writers for t in w.times)
        p99 = times[int(len(times) * 0.99)] * 1000
        print(f"{sum(want.values()) / spent:.0f} points/s, {reloads} reloads, p99 of a write {p99:.1f} ms")
        return p99


def main():
    checks = Checks()
    if "--long" in sys.argv:
        still = run(checks, sys.argv[1], 20, False)
        reloaded = run(checks, sys.argv[1], 20, True)
        print(f"p99 of /write: {still:.1f} ms without reloads, {reloaded:.1f} ms with one every {PAUSE * 1000:.0f} ms")
    else:
        run(checks, sys.argv[1], 4, True)
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
