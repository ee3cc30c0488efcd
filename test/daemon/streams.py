#!/usr/bin/env python3
"""Readers of the log that stall or leave hold up nobody: requests are answered beside more of them than there are
threads for requests, and those that left make room.

    streams.py BIN
"""
import socket
import sys

from daemon import API, Checks, Daemon, until

MOST = 64  # streams a daemon serves at a time


def reader(daemon):
    sock = socket.create_connection(("127.0.0.1", daemon.port), timeout=20)
    sock.sendall(b"GET /kapacitor/v1preview/logs HTTP/1.1\r\nHost: x\r\n\r\n")
    return sock


def main():
    checks = Checks()
    with Daemon(sys.argv[1], http="stall-timeout = \"2s\"") as daemon:
        daemon.start()
        readers = [reader(daemon) for _ in range(MOST)]
        heads = [sock.recv(4096) for sock in readers]
        checks.that(all(head.startswith(b"HTTP/1.1 200") for head in heads), "all of them are served")
        checks.equal(daemon.ask("GET", f"{API}/ping")[0], 204, "others are, beside them")
        refused = reader(daemon)
        checks.that(refused.recv(4096).startswith(b"HTTP/1.1 503"), "one more is told that it is too many")
        refused.close()
        # Nobody reads: each gets what its socket's buffers hold, is cut off after a while, and the daemon goes on.
        daemon.define("says", "stream|from().measurement('m')|log().level('DEBUG').prefix('" + "x" * 1000 + "')")
        lines = "m v=1\n" * 5000
        for _ in range(4):
            checks.equal(daemon.write(lines)[0], 204, "a write while readers stall")
        checks.equal(daemon.ask("GET", f"{API}/ping")[0], 204, "a ping while readers stall")
        for sock in readers:
            sock.close()

        def served():
            sock = reader(daemon)
            with sock:
                return sock.recv(4096).startswith(b"HTTP/1.1 200")
        checks.that(until(served, 20), "readers that are gone make room")
        checks.equal(daemon.stop(), 0, "the daemon ends at once")
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
