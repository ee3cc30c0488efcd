#!/usr/bin/env python3
"""sideload in the daemon: the example's files, URLs and endpoints, reloads that go wrong.

    sideload.py BIN
"""
import json
import shutil
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from daemon import API, Checks, Daemon, rows, until

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "sideload"


class Tables(BaseHTTPRequestHandler):
    body, seen = b'{"a":{"limit":5}}', []

    def do_GET(self):
        self.seen.append((self.path, self.headers.get("Authorization"), self.headers.get("X-Key")))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_):
        pass



def rows_with_tags(daemon, task):
    answer = daemon.ask("GET", f"{API}/tasks/{task}/loaded")[1]
    return {s["tags"]["host"]: {**dict(zip(s["columns"], s["values"][0])), **s["tags"]} for s in answer.get("series") or []}


def files(daemon, checks):
    hosts = Path(daemon.folder) / "hosts"
    shutil.copytree(EXAMPLE / "hosts", hosts)
    script = (EXAMPLE / "task.tick").read_text(encoding="utf-8").replace("/tmp/alerts.log", f"{daemon.folder}/alerts.log")
    variables = {"directory": {"type": "string", "value": f"file://{hosts}"}}
    status, answer = daemon.define("hosts", script, vars=variables)
    checks.that(status == 200 and not answer["error"], f"the example: {status} {answer}")

    def written(points, wanted):
        daemon.write(points)
        return until(lambda: (got := rows_with_tags(daemon, "hosts")) and wanted(got) and got) or rows_with_tags(daemon, "hosts")

    got = written("cpu,host=db1 usage=85 1\ncpu,host=web usage=85 2", lambda got: len(got) == 2)
    checks.equal([(got[host]["warn"], got[host]["crit"], got[host]["owner"]) for host in ("db1", "web")],
                 [(60, 95, "data"), (60, 80, "nobody")], "a host's file, then the default's")
    lines = [json.loads(line) for line in Path(f"{daemon.folder}/alerts.log").read_text(encoding="utf-8").splitlines()]
    checks.equal([(line["id"], line["level"]) for line in lines], [("db1", "WARNING"), ("web", "CRITICAL")], "levels by the files")

    (hosts / "host" / "db1.yml").write_text("crit: 99\nowner: data\n", encoding="utf-8")
    checks.equal(daemon.ask("POST", f"{API}/sideload/reload")[0], 204, "a reload that goes well")
    got = written("cpu,host=db1 usage=1 3", lambda got: got["db1"]["usage"] == 1)
    checks.equal(got["db1"]["crit"], 99, "the reloaded value")

    (hosts / "host" / "db1.yml").write_text("crit: [", encoding="utf-8")
    (hosts / "default.yml").unlink()
    status, answer = daemon.ask("POST", f"{API}/sideload/reload")
    checks.that(status == 500 and "db1.yml" in answer["error"] and "default.yml is no longer there" in answer["error"], f"{status} {answer}")
    got = written("cpu,host=db1 usage=2 4", lambda got: got["db1"]["usage"] == 2)
    checks.equal((got["db1"]["warn"], got["db1"]["crit"]), (60, 99), "what broke or vanished keeps its last content")


def http(daemon, checks, port):
    script = "stream|from().measurement('h').groupBy('host')|sideload().source('%s').order('{{.host}}').field('limit', 1)|httpOut('loaded')"
    for name, source in (("url", f"http://127.0.0.1:{port}/tables"), ("endpoint", "limits")):
        status, answer = daemon.define(name, script % source)
        checks.that(status == 200 and not answer["error"], f"{name}: {status} {answer}")
        daemon.write("h,host=a v=1 1\nh,host=b v=1 2")
        got = until(lambda name=name: len(rows_with_tags(daemon, name)) == 2 and rows_with_tags(daemon, name))
        checks.equal([got[host]["limit"] for host in "ab"], [5, 1], f"{name}: limits")
    checks.that(("/tables", None, None) in Tables.seen, f"the URL was asked: {Tables.seen}")
    checks.that(("/endpoint", "Basic dTpw", "k") in Tables.seen, f"the endpoint was asked with its headers: {Tables.seen}")
    Tables.body = b"<html>"
    status, answer = daemon.ask("POST", f"{API}/sideload/reload")
    checks.that(status == 500 and "the last content stays" in answer["error"], f"{status} {answer}")
    for source, words in (("nothing", "endpoint 'nothing' does not exist"), ("file:///nowhere/x", "/nowhere/x is not there")):
        status, answer = daemon.define("refused-" + source[:4].strip(":"), script % source)
        error = answer.get("error", "")
        checks.that(words in error, f"{source}: {status} {answer}")


def loopback(daemon, checks):
    status, answer = daemon.define("reader", "stream|from().measurement('n').groupBy('host')|httpOut('loaded')",
                                   dbrps=[{"db": "other", "rp": "rp"}])
    checks.equal(status, 200, f"reader: {answer}")
    script = "stream|from().measurement('l')|kapacitorLoopback().database('%s').retentionPolicy('rp').measurement('n').tag('host', 'x')"
    status, answer = daemon.define("writer", script % "other")
    checks.that(status == 200 and not answer["error"], f"writer: {status} {answer}")
    daemon.write("l v=4 1")
    got = until(lambda: rows_with_tags(daemon, "reader"))
    checks.equal(got and got["x"]["v"], 4, "a point went around")
    stats = daemon.ask("GET", f"{API}/tasks/writer")[1]["stats"]["node-stats"]["kapacitor_loopback2"]
    checks.equal(stats["points_written"], 1, "points written")
    status, answer = daemon.define("loop", script % "db")
    checks.that('loop detected on dbrp: "db"."rp"' in answer["error"], f"loop: {status} {answer}")


def main():
    checks = Checks()
    server = HTTPServer(("127.0.0.1", 0), Tables)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with Daemon(sys.argv[1]) as daemon:
        path = Path(daemon.config)
        path.write_text(path.read_text(encoding="utf-8") + f"""
[[httppost]]
  endpoint = "limits"
  url = "http://127.0.0.1:{server.server_port}/endpoint"
  headers = {{ "X-Key" = "k" }}
  basic-auth = {{ username = "u", password = "p" }}
""", encoding="utf-8")
        daemon.start()
        files(daemon, checks)
        http(daemon, checks, server.server_port)
        loopback(daemon, checks)
    server.shutdown()
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
