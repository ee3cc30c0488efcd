#!/usr/bin/env python3
"""What keeps a daemon from starting is said in one sentence that tells what to do, and no file is lost.

    faults.py BIN
"""
import os
import pwd
import socket
import subprocess
import sys
from pathlib import Path

from daemon import API, Checks, Daemon

TASK = "stream|from().measurement('m')"
DISK = 1 << 20


def refusal(daemon, **options):
    """Exit status and what was said as an error, without the lines of the log."""
    done = subprocess.run([daemon.bin / "kapacitord", "-config", daemon.config], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True, timeout=60, check=False, **options)
    said = [line for line in done.stderr.splitlines() if line and not line.startswith(("ts=", "Using configuration"))]
    return done.returncode, said


def one_sentence(checks, got, words, about):
    status, said = got
    checks.equal(status, 1, f"{about}: exit status")
    checks.that(len(said) == 1 and said[0].startswith("run: ") and all(w in said[0] for w in words), f"{about}: {said}")


def broken_database(checks, bin_dir):
    with Daemon(bin_dir) as daemon:
        path = Path(daemon.folder, "data", "kapacitor.db")
        path.write_bytes(b"no database at all" * 1000)
        one_sentence(checks, refusal(daemon), [str(path), "restore a backup"], "broken database")
        checks.equal(path.read_bytes(), b"no database at all" * 1000, "the broken file is as it was")


def cut_database(checks, bin_dir):
    """A database of ours whose first page is overwritten: refused, left, and good again when it is put back."""
    with Daemon(bin_dir) as daemon:
        daemon.start()
        checks.equal(daemon.define("t", TASK)[0], 200, "define")
        daemon.stop()
        path = Path(daemon.folder, "data", "kapacitor.db")
        good = path.read_bytes()
        bad = b"\0" * 4096 + good[4096:]
        path.write_bytes(bad)
        one_sentence(checks, refusal(daemon), [str(path)], "overwritten database")
        checks.equal(path.read_bytes(), bad, "the overwritten file is as it was")
        path.write_bytes(good)
        daemon.start()
        checks.equal(daemon.ask("GET", f"{API}/tasks/t")[0], 200, "the task is there with the good file")


def port_in_use(checks, bin_dir):
    with Daemon(bin_dir) as daemon, socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", daemon.port))
        other.listen()
        one_sentence(checks, refusal(daemon), [f"127.0.0.1:{daemon.port}", "address already in use"], "port in use")


def read_only_folder(checks, bin_dir):
    with Daemon(bin_dir) as daemon:
        os.chmod(daemon.folder, 0o755)
        os.chmod(f"{daemon.folder}/data", 0o555)
        options = {}
        if os.geteuid() == 0:  # root may write everywhere
            nobody = pwd.getpwnam("nobody")
            options = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        try:
            one_sentence(checks, refusal(daemon, **options), [f"{daemon.folder}/data"], "read-only folder")
        except PermissionError:
            print("skipped: read-only folder (the programs cannot be run as another user)")
        os.chmod(f"{daemon.folder}/data", 0o755)


def fill(path):
    with open(path, "wb", buffering=0) as ballast:
        try:
            while ballast.write(b"x" * 4096):
                pass
        except OSError:
            pass


def full_disk(checks, bin_dir):
    with Daemon(bin_dir) as daemon:
        data = f"{daemon.folder}/data"
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", data], capture_output=True, check=False).returncode:
            print("skipped: full disk (a tmpfs may not be mounted here)")
            return
        try:
            fill(f"{data}/ballast")
            status, said = refusal(daemon)
            checks.that(status == 1 and len(said) == 1, f"full disk at the start: {status} {said}")
            os.unlink(f"{data}/ballast")
            daemon.start()
            checks.equal(daemon.define("kept", TASK)[0], 200, "define with room")
            daemon.stop()
            fill(f"{data}/ballast")
            one_sentence(checks, refusal(daemon), [data], "full disk at a later start")
            os.unlink(f"{data}/ballast")
            daemon.start()
            fill(f"{data}/ballast")
            answers = [daemon.define(f"t{n}", TASK + "\n// " + "x" * 20000) for n in range(40)]
            refused = [answer for code, answer in answers if code != 200]
            checks.that(refused and all("free space" in str(answer) for answer in refused), f"full disk while running: {refused[:1]}")
            accepted = {f"t{n}" for n, (code, _) in enumerate(answers) if code == 200} | {"kept"}
            daemon.kill()
            os.unlink(f"{data}/ballast")
            daemon.start()
            there = {task["id"] for task in daemon.ask("GET", f"{API}/tasks?limit=-1")[1]["tasks"]}
            checks.equal(there, accepted, "what was accepted is there, the rest is not")
            daemon.stop()
        finally:
            subprocess.run(["umount", data], check=False)


def main():
    checks = Checks()
    for case in (broken_database, cut_database, port_in_use, read_only_folder, full_disk):
        case(checks, sys.argv[1])
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
