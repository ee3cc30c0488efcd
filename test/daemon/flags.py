#!/usr/bin/env python3
"""What may not be used is not: handlers that -disable-handlers names, addresses that -blacklist-cidrs covers.

    flags.py BIN
"""
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from daemon import API, Checks, Daemon, until

SCRIPT = "stream|from().measurement('m')|alert().crit(lambda: TRUE)%s.log('@LOG@')"


class Receiver(BaseHTTPRequestHandler):
    posts = 0

    def do_POST(self):
        Receiver.posts += 1
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def start(daemon, *flags):
    daemon.stderr = open(f"{daemon.folder}/stderr", "w+b")
    daemon.flags = flags
    return daemon.start(stderr=daemon.stderr)


def disabled(checks, bin_dir):
    with Daemon(bin_dir) as daemon:
        config = Path(daemon.config)
        config.write_text(config.read_text(encoding="utf-8") + '[[slack]]\n  enabled = true\n  default = true\n  global = true\n'
                          '  url = "http://127.0.0.1:1/x"\n', encoding="utf-8")
        start(daemon, "-disable-handlers", "exec, slack")
        log = f"{daemon.folder}/alert.log"
        define = lambda name, call: daemon.define(name, (SCRIPT % call).replace("@LOG@", log))
        code, answer = define("runs", ".exec('/bin/true')")
        checks.that(code >= 400 and "alert handler exec is disabled" in answer["error"], f"a script with exec: {code} {answer}")
        checks.equal(define("plain", "")[0], 200, "a script without, whatever is global")
        daemon.write("m v=1 1\n")
        checks.that(until(lambda: Path(log).exists() and Path(log).read_text(encoding="utf-8")), "its alert")
        code, answer = daemon.ask("POST", f"{API}/alerts/topics/t/handlers", {"id": "s", "kind": "slack", "options": {}})
        checks.that(code >= 400 and "is disabled" in answer["error"], f"a topic's handler: {code} {answer}")
        daemon.stderr.seek(0)
        checks.that(b"slack" not in daemon.stderr.read().split(b"alert handler")[0], "nothing was sent to slack")


def blacklisted(checks, bin_dir):
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for flags, reached in ((["-blacklist-cidrs", "private"], False), ([], True)):
        Receiver.posts = 0
        with Daemon(bin_dir) as daemon:
            start(daemon, *flags)
            call = f".post('http://localhost:{server.server_port}/x')"
            daemon.define("posts", (SCRIPT % call).replace("@LOG@", f"{daemon.folder}/alert.log"))
            daemon.write("m v=1 1\n")

            def said():
                daemon.stderr.seek(0)
                return b"blacklist-cidrs forbids" in daemon.stderr.read()
            until(lambda: Receiver.posts or said())
            checks.equal((Receiver.posts > 0, said()), (reached, not reached), f"with {flags}")
    server.shutdown()


def refused(checks, bin_dir):
    done = subprocess.run([Path(bin_dir) / "kapacitord", "-blacklist-cidrs", "10.0.0.0/40"], capture_output=True, text=True, timeout=20, check=False)
    checks.equal((done.returncode, done.stderr.strip()), (1, "flag error: improper CIDRs: invalid CIDR address: 10.0.0.0/40"), "a bad list")


if __name__ == "__main__":
    done = Checks()
    disabled(done, sys.argv[1])
    blacklisted(done, sys.argv[1])
    refused(done, sys.argv[1])
    sys.exit(done.report())
