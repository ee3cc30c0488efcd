#!/usr/bin/env python3
"""Tasks that tickc compiled: defined by the command line, kept over a restart, refused where they are no tasks of ours.

    compiled.py BIN [BIN_OF_A_DAEMON_WITHOUT_COMPILER]
"""
import subprocess
import sys
from pathlib import Path

from daemon import API, Checks, Daemon, rows, until

COUNT = "stream|from().measurement('m')|stateCount(lambda: \"v\" > {least}).as('n')|httpOut('count')\n"


def compiled(daemon, tickc, name, script):
    source, target = Path(daemon.folder, f"{name}.tick"), Path(daemon.folder, f"{name}.so")
    source.write_text(script, encoding="utf-8")
    subprocess.run([tickc, source, "-o", target], check=True, capture_output=True)
    return str(target)


def count(daemon):
    code, answer = daemon.ask("GET", f"{API}/tasks/t/count")
    found = rows(answer) if code == 200 else []
    return found[0]["n"] if found else None


def main():
    checks = Checks()
    tickc, bin_dir = Path(sys.argv[1]).resolve() / "tickc", sys.argv[2] if len(sys.argv) > 2 else sys.argv[1]
    with Daemon(bin_dir) as daemon:
        first, second = (compiled(daemon, tickc, f"t{n}", COUNT.format(least=n)) for n in (0, 1))
        daemon.start()
        done = daemon.cli("define", "t", "-so", first, "-dbrp", "db.rp")
        checks.equal((done.returncode, done.stderr), (0, ""), "define -so")
        checks.equal(daemon.cli("enable", "t").returncode, 0, "enable")
        daemon.write("m v=1 1\nm v=1 2\n")
        checks.equal(until(lambda: count(daemon) == 2), True, "it counts")
        code, task = daemon.ask("GET", f"{API}/tasks/t?script-format=raw")
        checks.equal((code, task["script"], task["type"], task["executing"]), (200, COUNT.format(least=0), "stream", True), "the task's object")

        done = daemon.cli("define", "-name", "t", "-so", second)
        checks.equal((done.returncode, done.stderr), (0, ""), "define another one and reload")
        daemon.write("m v=1 3\n")
        checks.equal(until(lambda: count(daemon) == -1), True, "the other one runs")

        daemon.kill()
        daemon.start()
        checks.equal(daemon.ask("GET", f"{API}/tasks/t")[1]["executing"], True, "it runs after a restart")
        daemon.write("m v=5 4\nm v=5 5\nm v=5 6\n")
        checks.equal(until(lambda: count(daemon) == 3), True, "and counts")
        checks.equal(daemon.ask("PATCH", f"{API}/tasks/t", {"id": "u"})[0], 200, "it takes another name")
        checks.equal(daemon.ask("GET", f"{API}/tasks/u")[1]["executing"], True, "and runs under it")
        checks.equal(daemon.ask("PATCH", f"{API}/tasks/u", {"id": "t"})[0], 200, "and back")

        refusals = {"is no compiled task": b"#!/bin/sh\n", "is empty": b"", "is truncated": Path(first).read_bytes()[:3000]}
        for words, content in refusals.items():
            foreign = Path(daemon.folder, "foreign.so")
            foreign.write_bytes(content)
            done = daemon.cli("define", "x", "-so", str(foreign), "-dbrp", "db.rp")
            checks.that(done.returncode != 0 and words in done.stderr and done.stderr.count("\n") == 1, f"{words}: {done}")
            checks.equal(daemon.ask("GET", f"{API}/tasks/x")[0], 404, "nothing was defined")
        checks.equal(daemon.ask("POST", f"{API}/tasks", {"id": "y", "so": "?"})[0], 400, "what is no base64 is refused")
        both = daemon.ask("POST", f"{API}/tasks", {"id": "y", "so": "AAAA", "script": "stream"})
        checks.equal(both[1]["error"], "give a task either a compiled task (so) or a script", "one of both")
        if len(sys.argv) > 2:
            code, answer = daemon.define("s", COUNT.format(least=0))
            checks.that(code == 400 and "compile the script with tickc" in answer["error"], f"a script without compiler: {answer}")
            needed = subprocess.run(["readelf", "-d", Path(bin_dir) / "kapacitord"], capture_output=True, text=True, check=True).stdout
            checks.that("LLVM" not in needed and "antlr" not in needed, "neither LLVM nor ANTLR is linked")
        else:
            checks.equal(daemon.ask("PATCH", f"{API}/tasks/t", {"script": COUNT.format(least=3)})[0], 200, "a script takes its place")
            checks.equal(daemon.ask("GET", f"{API}/tasks/t?script-format=raw")[1]["script"], COUNT.format(least=3), "and is shown")
        checks.equal(daemon.ask("DELETE", f"{API}/tasks/t")[0], 204, "delete")
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
