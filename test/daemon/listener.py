#!/usr/bin/env python3
"""What clients do to an HTTP listener: idle, stalling, cut off, chunked, pipelined, large.

    listener.py BIN
"""
import gzip
import resource
import socket
import sys
import time

from daemon import API, Checks, Daemon, until

IDLE = 10_000
LEAST_IDLE = 2_000
STALL = 1.0


def talk(daemon, *parts, pause=0.0, seconds=10):
    """Sends the parts with pauses between, reads until the daemon closes or is silent; what came and how long it took."""
    with socket.create_connection(("127.0.0.1", daemon.port), timeout=seconds) as peer:
        began = time.time()
        for part in parts:
            peer.sendall(part)
            time.sleep(pause)
        came = b""
        try:
            while piece := peer.recv(65536):
                came += piece
        except (TimeoutError, ConnectionResetError):
            pass
        return came, time.time() - began


def post(path, body, *headers, close=True):
    lines = [f"POST {path} HTTP/1.1", "Host: k", f"Content-Length: {len(body)}", *headers, *(["Connection: close"] if close else [])]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


WRITE = "/write?db=db&rp=rp"


def received(daemon):
    return daemon.ask("GET", f"{API}/tasks/t")[1]["stats"]["node-stats"]["from1"]["collected"]


def taken(daemon, before, want):
    """Points that reached the task since; waits for them, because a write is answered when they are queued."""
    until(lambda: received(daemon) - before >= want, 30)
    return received(daemon) - before


def idle_connections(checks, daemon):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(IDLE, hard - 200)
    if wanted < LEAST_IDLE:
        print(f"skipped: idle connections (a process may have {hard} descriptors)")
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    peers = []
    try:
        for _ in range(wanted):
            peers.append(socket.create_connection(("127.0.0.1", daemon.port), timeout=10))
    except OSError as error:
        print(f"{len(peers)} connections: {error}")
    began = time.time()
    code = daemon.ask("GET", f"{API}/ping", None, daemon.connect())[0]
    checks.that(len(peers) >= LEAST_IDLE and code == 204 and time.time() - began < 1,
                f"a new client beside {len(peers)} idle ones: {code} after {time.time() - began:.2f} s")
    peers[0].sendall(b"GET /kapacitor/v1/ping HTTP/1.1\r\nHost: k\r\n\r\n")
    checks.that(peers[0].recv(100).startswith(b"HTTP/1.1 204"), "an idle one is served when it speaks")
    for peer in peers:
        peer.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def stalled(checks, daemon):
    for name, sent in (("in the header", b"POST /write HTTP/1.1\r\nHost:"), ("in the body", post(WRITE, b"m v=1i 1\n")[:-4])):
        came, spent = talk(daemon, sent)
        checks.that(STALL * 0.5 < spent < STALL + 3 and b" 204 " not in came, f"a client that stalls {name}: {came!r} after {spent:.1f} s")
    slow = post(WRITE, b"m v=1i 1\n")
    came, spent = talk(daemon, slow[:-8], slow[-8:-4], slow[-4:], pause=STALL * 0.6)
    checks.that(came.startswith(b"HTTP/1.1 204"), f"a slow one that goes on is served: {came!r}")


def cut(checks, daemon):
    before = received(daemon)
    with socket.create_connection(("127.0.0.1", daemon.port)) as peer:
        peer.sendall(post(WRITE, b"m v=1i 1\nm v=1i 2\n")[:-5])
    time.sleep(0.2)
    checks.equal(received(daemon), before, "nothing is taken of a body that is cut in the middle")


def bodies(checks, daemon):
    before = received(daemon)
    chunks = b"5\r\nm v=1\r\n6\r\ni 11\nm\r\n8\r\n v=1i 12\r\n0\r\n\r\n"
    head = f"POST {WRITE} HTTP/1.1\r\nHost: k\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode()
    came, _ = talk(daemon, head + chunks)
    checks.that(came.startswith(b"HTTP/1.1 204"), f"chunked: {came!r}")
    came, _ = talk(daemon, head, chunks[:9], chunks[9:], pause=0.05)
    checks.that(came.startswith(b"HTTP/1.1 204"), f"chunked in pieces: {came!r}")

    request = post(WRITE, b"m v=1i 1\n", "Expect: 100-continue")
    split = request.index(b"\r\n\r\n") + 4
    came, _ = talk(daemon, request[:split], request[split:], pause=0.2)
    checks.that(came.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204"), f"expect: {came!r}")

    pipelined = b"".join(post(WRITE, f"m v=1i {n}\n".encode(), close=n == 9) for n in range(10))
    came, _ = talk(daemon, pipelined)
    checks.equal(came.count(b"HTTP/1.1 204"), 10, "ten requests in one piece get ten answers")
    came, _ = talk(daemon, post(WRITE, gzip.compress(b"m v=1i 1\nm v=1i 2\n"), "Content-Encoding: gzip"))
    checks.that(came.startswith(b"HTTP/1.1 204"), f"gzip: {came!r}")
    came, _ = talk(daemon, post(WRITE, b"no gzip at all", "Content-Encoding: gzip"))
    checks.that(came.startswith(b"HTTP/1.1 400"), f"what is no gzip: {came!r}")
    checks.equal(taken(daemon, before, 2 + 2 + 1 + 10 + 2), 2 + 2 + 1 + 10 + 2, "points of these bodies")

    came, _ = talk(daemon, b"HEAD /kapacitor/v1/ping HTTP/1.1\r\nHost: k\r\nConnection: close\r\n\r\n")
    checks.that(came.startswith(b"HTTP/1.1 204") and came.endswith(b"\r\n\r\n"), f"HEAD: {came!r}")
    came, _ = talk(daemon, b"this is no HTTP\r\n\r\n")
    checks.that(came.startswith(b"HTTP/1.1 400"), f"no HTTP: {came!r}")


def large(checks, daemon):
    before = received(daemon)
    lines = (50 << 20) // 25
    body = b"".join(b"m v=1i %017d\n" % (n + 1) for n in range(lines))
    checks.equal(daemon.write(body)[0], 204, f"a body of {len(body)} bytes")
    checks.equal(taken(daemon, before, lines), lines, "all its points")
    checks.equal(daemon.ask("GET", f"{API}/ping")[0], 204, "the connection goes on")


def main():
    checks = Checks()
    with Daemon(sys.argv[1], http=f'stall-timeout = "{STALL:.0f}s"') as daemon:
        daemon.start()
        checks.equal(daemon.define("t", "stream|from().measurement('m')|where(lambda: FALSE)")[0], 200, "define")
        for case in (stalled, cut, bodies, large, idle_connections):
            case(checks, daemon)
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
