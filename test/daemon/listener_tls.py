#!/usr/bin/env python3
"""HTTPS and Unix sockets: certificates, versions, what plain HTTP is told, both under the command line.

    listener_tls.py BIN
"""
import http.client
import os
import socket
import ssl
import subprocess
import sys
import tempfile
from pathlib import Path

from daemon import API, Checks, Daemon, rows


def certificate(folder):
    """A certificate of its own, its key, and a file with both."""
    cert, key, both = (f"{folder}/{name}.pem" for name in ("cert", "key", "both"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", cert,
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
                   check=True, capture_output=True)
    Path(both).write_text(Path(cert).read_text("ascii") + Path(key).read_text("ascii"), "ascii")
    return cert, key, both


def https(daemon, cert, most=None):
    context = ssl.create_default_context(cafile=cert)
    if most:
        context.maximum_version = most
    return http.client.HTTPSConnection("localhost", daemon.port, timeout=30, context=context)


def serves(checks, daemon, connection, name):
    status, _ = daemon.ask("GET", f"{API}/ping", connection=connection)
    checks.equal(status, 204, f"{name}: ping")
    daemon.define("t", "stream|from().measurement('m')|stateCount(lambda: TRUE)|httpOut('count')", connection=connection)
    lines = "".join(f"m v={i}i {i + 1}\n" for i in range(20000))
    checks.equal(daemon.ask("POST", "/write?db=db&rp=rp", lines, connection)[0], 204, f"{name}: a body of many pieces")
    chunks = (lines[at:at + 1000].encode() for at in range(0, len(lines), 1000))
    connection.request("POST", "/write?db=db&rp=rp", chunks, encode_chunked=True)
    response = connection.getresponse()
    checks.equal((response.status, response.read()), (204, b""), f"{name}: a chunked body")
    counts = {}
    for _ in range(500):
        answer = daemon.ask("GET", f"{API}/tasks/t/count", connection=connection)[1]
        counts = rows(answer)[0] if rows(answer) else {}
        if counts.get("state_count") == 40000:
            break
    checks.equal(counts.get("state_count"), 40000, f"{name}: every point went to the task")


def plain_answer(daemon):
    with socket.create_connection(("127.0.0.1", daemon.port), timeout=10) as sock:
        sock.sendall(b"GET /kapacitor/v1/ping HTTP/1.1\r\nHost: x\r\n\r\n")
        data = b""
        while part := sock.recv(4096):
            data += part
        return data


def over_tls(checks, bin_dir, cert, key, both):
    http_options = f'https-enabled = true\n  https-certificate = "{cert}"\n  https-private-key = "{key}"'
    with Daemon(bin_dir, http=http_options) as daemon:
        daemon.start()
        serves(checks, daemon, https(daemon, cert), "https")
        checks.equal(plain_answer(daemon), b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n",
                     "plain HTTP is told")
        checks.equal(daemon.ask("GET", f"{API}/ping", connection=https(daemon, cert))[0], 204, "and others are served on")

        def cli(*words):
            return subprocess.run([daemon.bin / "kapacitor", "-url", f"https://127.0.0.1:{daemon.port}", *words], capture_output=True,
                                  text=True, check=False)
        listed = cli("-skipVerify", "list", "tasks")
        checks.that(listed.returncode == 0 and listed.stdout.splitlines()[1].startswith("t "), f"-skipVerify: {listed}")
        refused = cli("list", "tasks")
        checks.that(refused.returncode != 0 and refused.stderr, f"a certificate nobody signed is refused: {refused}")
    with Daemon(bin_dir, http=f'https-enabled = true\n  https-certificate = "{both}"\n[tls]\n  min-version = "tls1.3"') as daemon:
        daemon.start()
        checks.equal(daemon.ask("GET", f"{API}/ping", connection=https(daemon, cert))[0], 204, "key in the certificate's file, TLS 1.3")
        try:
            daemon.ask("GET", f"{API}/ping", connection=https(daemon, cert, ssl.TLSVersion.TLSv1_2))
            checks.that(False, "TLS 1.2 is refused where 1.3 is the least")
        except (ssl.SSLError, OSError):
            checks.that(True, "")


def refusal(bin_dir, options):
    with Daemon(bin_dir, http=options) as daemon:
        process = daemon.spawn(stderr=subprocess.PIPE)
        _, said = process.communicate(timeout=20)
        return process.returncode, said.decode()


def bad_options(checks, bin_dir, cert, key):
    for options, words in [
            ('https-enabled = true\n  https-certificate = "/nonexistent/c.pem"', "open /nonexistent/c.pem: no such file or directory"),
            (f'https-enabled = true\n  https-certificate = "{key}"', "tls: failed to find any PEM data in certificate input"),
            (f'https-enabled = true\n  https-certificate = "{cert}"', "tls: failed to find a private key"),
            (f'https-enabled = true\n  https-certificate = "{cert}"\n  https-private-key = "{key}"\n[tls]\n  min-version = "tls9"',
             'unknown tls version: "tls9"'),
            (f'https-enabled = true\n  https-certificate = "{cert}"\n  https-private-key = "{key}"\n[tls]\n  ciphers = ["NONSENSE"]',
             'unknown cipher suite: "NONSENSE"')]:
        code, said = refusal(bin_dir, options)
        checks.that(code != 0 and words in said, f"a bad option ends the start with its reason {words!r}: {code} {said!r}")


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self.path)


def over_unix(checks, bin_dir, folder):
    path = f"{folder}/k.sock"
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(path)
    stale.close()  # the file stays, as after a kill
    with Daemon(bin_dir, http=f'unix-socket-enabled = true\n  bind-socket = "{path}"') as daemon:
        daemon.start()
        serves(checks, daemon, UnixConnection(path), "unix")
        checks.equal(daemon.ask("GET", f"{API}/ping")[0], 204, "TCP beside it")
        listed = subprocess.run([daemon.bin / "kapacitor", "-url", f"unix://{path}", "list", "tasks"], capture_output=True, text=True,
                                check=False)
        checks.that(listed.returncode == 0 and listed.stdout.splitlines()[1].startswith("t "), f"the command line: {listed}")
        code, said = refusal(bin_dir, f'unix-socket-enabled = true\n  bind-socket = "{path}"')
        checks.that(code != 0 and f"listen unix {path}: bind: address already in use" in said, f"a socket in use is left: {said!r}")
        checks.equal(daemon.ask("GET", f"{API}/ping", connection=UnixConnection(path))[0], 204, "and goes on")
        daemon.stop()
        checks.that(not os.path.exists(path), "the socket's file goes with the daemon")


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        cert, key, both = certificate(folder)
        over_tls(checks, sys.argv[1], cert, key, both)
        bad_options(checks, sys.argv[1], cert, key)
        over_unix(checks, sys.argv[1], folder)
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
