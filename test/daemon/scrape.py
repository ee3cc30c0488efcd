#!/usr/bin/env python3
"""Points that the daemon brings itself - Prometheus' targets, its own statistics - and those of InfluxDB 2's clients.

    scrape.py BIN
"""
import http.server
import json
import sys
import threading
from pathlib import Path

from daemon import API, Checks, Daemon, rows, until

CONFIG = """
[[scraper]]
  enabled = true
  name = "fixed"
  db = "prom"
  rp = "rp"
  discoverer-id = "mine"
  discoverer-service = "static-discovery"
  scrape-interval = "200ms"
  bearer-token = "sesame"
  [scraper.params]
    kind = ["a", "b"]
[[static-discovery]]
  enabled = true
  id = "mine"
  targets = ["127.0.0.1:{port}"]
  [static-discovery.labels]
    zone = "z1"
[[scraper]]
  enabled = true
  name = "listed"
  db = "prom2"
  rp = "rp"
  discoverer-id = "files"
  discoverer-service = "file-discovery"
  scrape-interval = "200ms"
  metrics-path = "/other"
  blacklist = ["127.0.0.1:1"]
[[file-discovery]]
  enabled = true
  id = "files"
  files = ["{folder}/targets*.json"]
"""
TEXT = '# TYPE hits counter\nhits{code="200",zone="own"} 5\nload 0.5\nnothing NaN\n'
SCRIPT = "stream|from().groupBy(*).groupByMeasurement()|httpOut('last')\n"


class Target(http.server.BaseHTTPRequestHandler):
    asked = []

    def do_GET(self):
        self.asked.append((self.path, self.headers.get("Authorization")))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(TEXT.encode())

    def log_message(self, *_):
        pass


def last(daemon, name):
    code, answer = daemon.ask("GET", f"{API}/tasks/{name}/last")
    return {s["name"]: (s.get("tags") or {}, rows({"series": [s]})[-1]) for s in (answer.get("series") or [])} if code == 200 else {}


def scrapers(checks, daemon, port):
    checks.that(until(lambda: len(last(daemon, "prom")) == 2), "samples arrive")
    got = last(daemon, "prom")
    tags = {"__name__": "hits", "code": "200", "instance": f"127.0.0.1:{port}", "job": "fixed", "zone": "own"}
    checks.equal((got["hits"][0], got["hits"][1]["value"]), (tags, 5), "a sample's labels are tags and win over the target's")
    checks.equal(got["load"][0]["zone"], "z1", "labels of the target")
    checks.that(("/metrics?kind=a&kind=b", "Bearer sesame") in Target.asked, f"the request: {Target.asked[:2]}")
    checks.that(until(lambda: "load" in last(daemon, "prom2")), "targets of a file")
    checks.equal(last(daemon, "prom2")["load"][0]["team"], "web", "labels of the file")
    Path(daemon.folder, "targets.json").write_text(json.dumps([{"targets": [f"127.0.0.1:{port}"], "labels": {"team": "db"}}]), encoding="utf-8")
    checks.that(until(lambda: any(s.get("team") == "db" for s in [s.get("tags") or {} for s in daemon.ask("GET", f"{API}/tasks/prom2/last")[1]["series"]])),
                "a file that changes is read again")


def statistics(checks, daemon):
    checks.that(until(lambda: {"kapacitor", "nodes", "edges", "ingress", "runtime"} <= set(last(daemon, "stats"))), f"statistics are points: {set(last(daemon, 'stats'))}")
    got = last(daemon, "stats")
    checks.equal(got["kapacitor"][1]["num_enabled_tasks"], 4, "of the daemon")
    checks.that(isinstance(got["nodes"][1]["avg_exec_time_ns"], int) and {"task", "node", "kind", "host"} <= set(got["nodes"][0]), f"of nodes: {got['nodes']}")


def buckets(checks, daemon):
    checks.equal(daemon.ask("POST", "/api/v2/write?org=o&bucket=v2/rp&precision=us", "m v=1 1500000")[0], 204, "a bucket with a policy")
    checks.that(until(lambda: "m" in last(daemon, "v2")), "arrives")
    checks.equal(last(daemon, "v2")["m"][1]["time"], "1970-01-01T00:00:01.5Z", "us are microseconds there")
    checks.equal(daemon.ask("POST", "/api/v2/write?org=o", "m v=1")[0], 400, "without a bucket")


def storage(checks, daemon):
    stores = [s["name"] for s in daemon.ask("GET", f"{API}/storage/stores")[1]["storage"]]
    checks.that({"tasks", "recordings", "replays", "handler-specs", "overrides"} <= set(stores), f"stores: {stores}")
    for name, body, want in (("tasks", {"action": "rebuild"}, 204), ("tasks", {"action": "x"}, 400), ("none", {"action": "rebuild"}, 404)):
        checks.equal(daemon.ask("POST", f"{API}/storage/stores/{name}", body)[0], want, f"{name} {body}")


def main():
    checks = Checks()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Target)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    with Daemon(sys.argv[1]) as daemon:
        text = Path(daemon.config).read_text(encoding="utf-8").replace("[stats]\n  enabled = false", '[stats]\n  stats-interval = "200ms"')
        Path(daemon.config).write_text(text + CONFIG.format(port=port, folder=daemon.folder), encoding="utf-8")
        Path(daemon.folder, "targets.json").write_text(json.dumps([{"targets": [f"127.0.0.1:{port}", "127.0.0.1:1"], "labels": {"team": "web"}}]), encoding="utf-8")
        daemon.start()
        for name, database, policy in (("prom", "prom", "rp"), ("prom2", "prom2", "rp"), ("v2", "v2", "rp"), ("stats", "_kapacitor", "autogen")):
            checks.equal(daemon.define(name, SCRIPT, dbrps=[{"db": database, "rp": policy}])[0], 200, f"define {name}")
        scrapers(checks, daemon, port)
        statistics(checks, daemon)
        buckets(checks, daemon)
        storage(checks, daemon)
        checks.equal(daemon.stop(), 0, "stops")
    server.shutdown()
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
