#!/usr/bin/env python3
"""influxDBOut: what it sends, when, and what becomes of it while InfluxDB refuses, is away or is of version 2.

    influx_write.py BIN
"""
import gzip
import json
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from daemon import API, Checks, Daemon, Influxd, until

T = 1_500_000_000


class Fake:
    """Takes writes and answers as told: `answers` are (status, body) of the next ones, None cuts the connection."""

    def __init__(self, port=0):
        self.requests, self.answers, self.v2_only = [], [], False
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def reply(self, status, body=b""):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                self.reply(204)

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                path, _, query = self.path.partition("?")
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                if path == "/query":
                    fake.requests.append((path, query, body.decode(), dict(self.headers), 200))
                    return self.reply(200, b'{"results":[{}]}')
                if fake.v2_only and path == "/write":
                    return self.reply(404, b'{"code":"not found","message":"path not found"}')
                answer = fake.answers.pop(0) if fake.answers else (204, b"")
                fake.requests.append((path, query, body.decode(), dict(self.headers), answer and answer[0]))
                if answer is None:
                    self.close_connection = True
                    return self.connection.close()
                return self.reply(*answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def writes(self, status=None):
        return [r for r in self.requests if r[0] != "/query" and (status is None or r[4] == status)]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def cluster(name, port, more=""):
    return f'enabled = true\n  name = "{name}"\n  urls = ["http://127.0.0.1:{port}"]\n  disable-subscriptions = true\n  {more}\n'


def sends(daemon, fake, checks):
    daemon.define("out", "stream|from().measurement('cpu')|influxDBOut().database('o').retentionPolicy('r').measurement('m x').precision('s')"
                  ".writeConsistency('all').tag('k', 'a b').tag('host', 'z').buffer(2).flushInterval(1h).create()")
    checks.that(until(lambda: fake.requests, 10), "create() asks")
    checks.equal(urllib.parse.parse_qs(fake.requests[0][1])["q"], ["CREATE DATABASE o WITH NAME r"], "for the database")
    daemon.write(f"cpu,host=a v=1.5,n=3i {T}000000000\ncpu,host=b s=\"q\\\"x\",b=true {T + 1}999999999\ncpu,host=c v=1 {T + 2}000000000\n")
    checks.that(until(lambda: fake.writes(), 10), "a full buffer is written")
    path, query, body, headers, _ = fake.writes()[0]
    checks.equal((path, query), ("/write", "consistency=all&db=o&precision=s&rp=r"), "the request's target")
    checks.equal(body, f'm\\ x,host=z,k=a\\ b n=3i,v=1.5 {T}\nm\\ x,host=z,k=a\\ b b=true,s="q\\"x" {T + 1}\n', "its lines")
    checks.equal((headers["Content-Type"], headers["User-Agent"], headers["Content-Encoding"]),
                 ("application/octet-stream", "KapacitorInfluxDBClient", "gzip"), "its headers")
    checks.equal(len(fake.writes()), 1, "what does not fill the buffer waits")
    stats = until(lambda: (lambda s: s if s["points_written"] == 2 else None)(node_stats(daemon, "out", "influxdb_out2")), 10)
    checks.equal(stats and stats["write_errors"], 0, "points are counted")
    daemon.ask("PATCH", f"{API}/tasks/out", {"status": "disabled"})
    checks.that(until(lambda: len(fake.writes()) == 2, 10), "the rest goes when the task stops")
    daemon.ask("DELETE", f"{API}/tasks/out")


def node_stats(daemon, task, node):
    return daemon.ask("GET", f"{API}/tasks/{task}")[1]["stats"]["node-stats"][node]


def intervals(daemon, fake, checks):
    fake.requests.clear()
    daemon.define("soon", "stream|from().measurement('cpu')|influxDBOut().flushInterval(100ms)")
    daemon.write(f"cpu v=1 {T}000000000\n")
    checks.that(until(lambda: fake.writes(), 10), "what waits goes at the interval")
    checks.equal(fake.writes()[0][1:3], ("consistency=&db=db&precision=&rp=rp", f"cpu v=1 {T}000000000\n"), "where it came from, in nanoseconds")
    daemon.ask("DELETE", f"{API}/tasks/soon")
    fake.requests.clear()
    daemon.define("batches", "stream|from().measurement('cpu').groupBy('host')|window().periodCount(2).everyCount(2)|influxDBOut().database('o').flushInterval(50ms)")
    daemon.write(f"cpu,host=a,dc=x v=1 {T}000000000\ncpu,host=a,dc=x v=2 {T}000000001\n")
    checks.that(until(lambda: fake.writes(), 10), "batches are written")
    checks.equal(fake.writes()[0][2], f"cpu,dc=x,host=a v=1 {T}000000000\ncpu,dc=x,host=a v=2 {T}000000001\n", "with all tags of their points")
    daemon.ask("DELETE", f"{API}/tasks/batches")


def refusals(daemon, fake, checks):
    """Outages are waited for, in order and without doubles; refusals are counted and not tried again."""
    fake.requests.clear()
    fake.answers[:] = [(503, b'{"error":"timeout"}'), None, (401, b'{"error":"unauthorized"}'), (204, b"")]
    daemon.define("retry", "stream|from().measurement('cpu')|influxDBOut().buffer(1)")
    daemon.write(f"cpu v=1 {T}000000000\ncpu v=2 {T}000000001\ncpu v=3 {T}000000002\n")
    checks.that(until(lambda: node_stats(daemon, "retry", "influxdb_out2")["points_written"] == 3, 15), "everything arrives")
    checks.equal([r[2].split("v=")[1][0] for r in fake.writes(204)], ["1", "2", "3"], "each once and in order")
    checks.equal(node_stats(daemon, "retry", "influxdb_out2")["write_errors"], 0, "an outage that ends is no error")
    checks.equal(stderr(daemon).count("timeout; trying again"), 1, "it is said once")
    checks.that(until(lambda: "InfluxDB takes writes again" in stderr(daemon), 5), "and that it is over")
    fake.answers[:] = [(400, b'{"error":"partial write: field type conflict: input field \\"v\\" dropped=2"}'), (404, b'{"error":"database not found: \\"db\\""}')]
    daemon.ask("DELETE", f"{API}/tasks/retry")
    daemon.define("partial", "stream|from().measurement('cpu')|influxDBOut().buffer(5)")
    daemon.write("".join(f"cpu v={i} {T}00000000{i}\n" for i in range(5)))
    checks.that(until(lambda: node_stats(daemon, "partial", "influxdb_out2")["write_errors"] == 1, 10), "a partial write is an error")
    checks.equal(node_stats(daemon, "partial", "influxdb_out2")["points_written"], 3, "of which the rest was written")
    checks.that("dropped=2" in stderr(daemon) and "partial write" in stderr(daemon), "it says how many points were dropped")
    daemon.write("".join(f"cpu v={i} {T}00000001{i}\n" for i in range(5)))
    checks.that(until(lambda: node_stats(daemon, "partial", "influxdb_out2")["write_errors"] == 2, 10), "a missing database is an error too")
    daemon.ask("DELETE", f"{API}/tasks/partial")
    status, answer = daemon.define("nowhere", "stream|from()|influxDBOut().cluster('nope')")
    checks.that("no such InfluxDB config nope" in str(answer), f"an unknown cluster is refused: {status} {answer}")


def version_2(daemon, fake, checks):
    fake.v2_only = True
    daemon.define("v2", "stream|from().measurement('cpu')|influxDBOut().cluster('two').database('bucket').retentionPolicy('week').precision('ms').buffer(1)")
    daemon.write(f"cpu v=1 {T}000000000\ncpu v=2 {T}001000000\n")
    checks.that(until(lambda: len(fake.writes(204)) == 2, 10), "InfluxDB 2 is written to")
    path, query, body, headers, _ = fake.writes()[0]
    checks.equal((path, query, body), ("/api/v2/write", "bucket=bucket%2Fweek&precision=ms&org=me", f"cpu v=1 {T}000\n"), "by its own path")
    checks.equal(headers["Authorization"], "Token secret-token", "with the token")
    checks.that("secret-token" not in stderr(daemon), "which is in no log")


def old_form(daemon, fake, checks):
    fake.requests.clear()
    script = "stream.from().measurement('cpu').influxDBOut().database('o').precision('s').tag('k', 'v')"
    query = urllib.parse.urlencode({"name": "old", "type": "stream", "dbrps": json.dumps([{"db": "db", "rp": "rp"}])})
    checks.equal(daemon.ask("POST", f"/api/v1/task?{query}", script)[0], 200, "0.2's form is defined")
    daemon.ask("POST", "/api/v1/enable?name=old")
    daemon.write(f"cpu v=1 {T}000000000\n")
    checks.that(until(lambda: fake.writes(), 10), "it does not wait for a buffer")
    checks.equal(fake.writes()[0][1:3], ("consistency=&db=o&precision=s&rp=", f"cpu,k=v v=1 {T}\n"), "what it writes")
    daemon.ask("DELETE", f"{API}/tasks/old")


def real(bin_dir, checks):
    """A real InfluxDB that is away for a while: every point is there at the end, once."""
    with Influxd() as influxd, Daemon(bin_dir, influx=cluster("real", influxd.port)) as daemon:
        daemon.start()
        daemon.define("out", "stream|from().measurement('cpu')|influxDBOut().database('o').buffer(100).flushInterval(100ms).create()")
        daemon.write("".join(f"cpu,h=a v={i} {T}{i:09}\n" for i in range(500)))
        influxd.start()
        checks.that(until(lambda: node_stats(daemon, "out", "influxdb_out2")["points_written"] == 500, 20), "points written before InfluxDB came")
        daemon.write("".join(f"cpu,h=a v={i} {T}{i:09}\n" for i in range(500, 1000)))
        until(lambda: node_stats(daemon, "out", "influxdb_out2")["points_written"] == 1000, 10)
        count = influxd.query("SELECT count(v), sum(v) FROM cpu", "o")[0]["values"][0]
        checks.equal(count[1:], [1000, 499500], "all points, once")


def start(daemon):
    with open(f"{daemon.folder}/stderr", "w", encoding="utf-8") as log:
        daemon.start(stderr=log)


def stderr(daemon):
    with open(f"{daemon.folder}/stderr", encoding="utf-8") as log:
        return log.read()


def main():
    checks = Checks()
    fake, fake2 = Fake(), Fake()
    settings = cluster("one", fake.port, "default = true") + "[[influxdb]]\n  " + cluster("two", fake2.port, 'token = "secret-token"').replace(
        f"127.0.0.1:{fake2.port}", f"127.0.0.1:{fake2.port}?org=me")
    with Daemon(sys.argv[1], level="INFO", influx=settings) as daemon:
        start(daemon)
        sends(daemon, fake, checks)
        intervals(daemon, fake, checks)
        refusals(daemon, fake, checks)
        version_2(daemon, fake2, checks)
        old_form(daemon, fake, checks)
    with Daemon(sys.argv[1]) as daemon:
        daemon.start()
        answer = daemon.define("out", "stream|from()|influxDBOut()")[1]
        checks.that("no InfluxDB cluster configured cannot use the InfluxDBOutNode" in str(answer), f"without InfluxDB: {answer}")
    real(sys.argv[1], checks)
    fake.close()
    fake2.close()
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
