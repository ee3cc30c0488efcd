#!/usr/bin/env python3
"""With a real InfluxDB: subscriptions over HTTP and UDP, batch tasks of both dialects, an InfluxDB that comes late,
goes away and comes back.

    influx.py BIN
"""
import base64
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from daemon import API, Checks, Daemon, Influxd, until

ALERT = "stream|from().measurement('cpu')|alert().crit(lambda: \"v\" > 0.0).message('{{{{ index .Fields \"v\" }}}}').log('{log}')"
PIBATCH = """var cup = batch
          .query('select value from "telegraf"."default"."cpu_usage_idle"')
              .every(5s)
              .period(10h)
cup
    .httpOut('pepe')
cup
    .alert()
        .info(lambda: TRUE)
        .log('{log}')
"""
TIME = r"'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z'"


def messages(path):
    text = Path(path).read_text(encoding="utf-8") if Path(path).exists() else ""
    return re.findall(r'"message":"([^"]*)"', text)


def subscriptions(influxd):
    return {(s["name"], v[0]): v[1:] for s in influxd.query("SHOW SUBSCRIPTIONS") for v in s["values"]}


def subscribed(daemon, influxd, checks, log):
    """What is written to InfluxDB reaches a stream task."""
    daemon.define("alert", ALERT.format(log=log), dbrps=[{"db": "db", "rp": "autogen"}])
    checks.that("failed to connect to InfluxDB" in stderr(daemon), "an absent InfluxDB is said")
    influxd.start()
    influxd.query("CREATE DATABASE db")
    checks.that(until(lambda: ("db", "autogen") in subscriptions(influxd), 15), "a subscription is made when InfluxDB comes")
    name, mode, destinations = subscriptions(influxd)[("db", "autogen")]
    cluster = Path(daemon.folder, "data/cluster.id").read_text(encoding="utf-8")
    checks.equal((name, mode, destinations), (f"kapacitor-{cluster}", "ANY", [f"http://localhost:{daemon.port}"]), "its name, mode and destination")
    checks.that(not any(db == "excluded" for db, _ in subscriptions(influxd)), "excluded databases have none")
    checks.equal(stderr(daemon).count("failed to connect to InfluxDB"), 1, "the outage is said once")
    # InfluxDB hears of a new subscription with a delay of its own.
    for i in range(1, 200):
        influxd.write("db", f"cpu v={i}")
        if until(lambda: messages(log), 0.2):
            break
    checks.that(messages(log), "a point written to InfluxDB raises the alert")
    checks.equal(daemon.ask("POST", f"{API}/subscriptions")[0], 204, "linking on demand")
    count = daemon.ask("GET", f"{API}/debug/vars")[1]["num_subscriptions"]
    checks.equal(count, len(subscriptions(influxd)), "subscriptions are counted")


def renewed(daemon, influxd, checks):
    """Subscriptions of other addresses and old names are made anew, dropped ones come back, new databases get one."""
    cluster = Path(daemon.folder, "data/cluster.id").read_text(encoding="utf-8")
    influxd.query(f'DROP SUBSCRIPTION "kapacitor-{cluster}" ON db.autogen')
    influxd.query(f'CREATE SUBSCRIPTION "kapacitor-{cluster}" ON db.autogen DESTINATIONS ANY \'http://elsewhere:9092\'')
    influxd.query("CREATE DATABASE later")
    influxd.query("CREATE DATABASE excluded")
    influxd.query('CREATE SUBSCRIPTION foreign ON later.autogen DESTINATIONS ANY \'http://elsewhere:1\'')
    daemon.ask("POST", f"{API}/subscriptions")
    found = subscriptions(influxd)
    mine = [f"http://localhost:{daemon.port}"]
    checks.equal(found.get(("db", "autogen"), [0, 0, 0])[2], mine, "another address is renewed")
    names = sorted(v[0] for s in influxd.query("SHOW SUBSCRIPTIONS") if s["name"] == "later" for v in [row[1:] for row in s["values"]])
    checks.equal(names, ["foreign", f"kapacitor-{cluster}"], "a new database is subscribed; what others made stays")
    checks.that(("excluded", "autogen") not in found, "an excluded database is not")
    influxd.query("DROP DATABASE later")


def returns(daemon, influxd, checks, log):
    influxd.stop()
    checks.that(until(lambda: stderr(daemon).count("failed to connect to InfluxDB") == 2, 10), "that InfluxDB went is said once more")
    influxd.start()
    checks.that(until(lambda: stderr(daemon).count("connected to InfluxDB") >= 2, 15), "and that it is back")
    before = len(messages(log))
    for i in range(1000, 1200):
        influxd.write("db", f"cpu v={i}")
        if until(lambda: len(messages(log)) > before, 0.2):
            break
    checks.that(len(messages(log)) > before, "points reach the task after InfluxDB came back")


def batches(daemon, influxd, checks, log):
    influxd.query('CREATE DATABASE telegraf WITH NAME "default"')
    now = time.time_ns()
    influxd.write("telegraf", "\n".join(f"cpu_usage_idle,cpu=cpu{c} value={i} {now - i * 1_000_000_000 - c}" for c in (0, 1) for i in range(1, 4)))
    status, answer = daemon.ask("POST", "/api/v1/task?name=pibatch&type=batch&dbrps=%5B%7B%22db%22%3A%22telegraf%22%2C%22rp%22%3A%22default%22%7D%5D",
                                PIBATCH.format(log=f"{log}.old"))
    checks.equal(status, 200, f"pibatch is defined: {answer}")
    checks.equal(daemon.ask("POST", "/api/v1/enable?name=pibatch")[0], 200, "and enabled")
    script = """batch|query('SELECT mean(value) AS m, count(value) FROM telegraf."default".cpu_usage_idle WHERE cpu != \\'x\\'')
        .every(1s).period(1h).align().groupBy('cpu')
        |httpOut('means')
        |alert().crit(lambda: "m" > 0.0).id('{{ .Group }}').message('{{ .ID }} {{ index .Fields "m" }} {{ index .Fields "count" }}').log('%s')""" % f"{log}.new"
    status, answer = daemon.define("means", script, type="batch", dbrps=[{"db": "telegraf", "rp": "default"}])
    checks.equal(status, 200, f"a batch task of today's form starts: {answer}")
    checks.that(until(lambda: len(set(messages(f"{log}.new"))) >= 2, 10), "the batch task alerts")
    checks.equal(sorted(set(messages(f"{log}.new")))[:2], ["cpu=cpu0 2 3", "cpu=cpu1 2 3"], "a batch a series")
    stats = daemon.ask("GET", f"{API}/tasks/means")[1]["stats"]["node-stats"]["query1"]
    checks.that(stats["batches_queried"] >= 2 and stats["points_queried"] >= 2, f"batches and points are counted: {stats}")

    # What is refused, and with which words.
    for name, query, want in (("b1", "select a from other.rp.m", 'batch query is not allowed to request data from "other"."rp"'),
                              ("b2", "select a frm b", "failed to parse InfluxQL query: found frm, expected FROM at line 1, char 10"),
                              ("b3", "show databases", "query is not a select statement")):
        status, answer = daemon.define(name, f"batch|query('{query}').every(1s).period(1s)|log()", type="batch", dbrps=[{"db": "telegraf", "rp": "default"}])
        checks.that(want in str(answer), f"{query}: {answer}")
    status, answer = daemon.define("b4", "batch|query('select a from telegraf.\"default\".m').every(1s).period(1s).cluster('nope')|log()", type="batch",
                                   dbrps=[{"db": "telegraf", "rp": "default"}])
    checks.that("no such InfluxDB config nope" in str(answer), f"an unknown cluster: {answer}")

    # A query that fails is counted and said; the schedule goes on.
    daemon.define("bad", "batch|query('select nofunction(value) from telegraf.\"default\".cpu_usage_idle').every(300ms).period(1s)|log()", type="batch",
                  dbrps=[{"db": "telegraf", "rp": "default"}])
    errors = until(lambda: daemon.ask("GET", f"{API}/tasks/bad")[1]["stats"]["node-stats"]["query1"]["errors"] >= 2, 10)
    checks.that(errors and "undefined function nofunction()" in stderr(daemon), "a failing query is counted and said")
    checks.that(daemon.ask("GET", f"{API}/tasks/bad")[1]["executing"], "and its task goes on")

    answer = until(lambda: (lambda a: a if a.get("Series") else None)(daemon.ask("GET", "/api/v1/pibatch/pepe")[1]), 10)
    checks.that(answer and answer["Err"] is None, f"/api/v1/pibatch/pepe answers: {answer}")
    if answer:
        series = answer["Series"][0]
        checks.equal((series["name"], series["columns"], len(series["values"])), ("cpu_usage_idle", ["time", "value"], 6), "its last result")
    checks.that(until(lambda: messages(f"{log}.old"), 10), "pibatch alerts")
    asked = rf"SELECT value FROM telegraf\.\"default\"\.cpu_usage_idle WHERE time > {TIME} AND time < {TIME}"
    checks.that(re.search(r"\[pibatch:batch1\] .* D! starting next batch query: " + asked, stderr(daemon)), "0.2's query text")
    asked = rf"SELECT mean\(value\) AS m, count\(value\) FROM telegraf\.\\\"default\\\"\.cpu_usage_idle WHERE cpu != 'x' AND time >= {TIME} AND time < {TIME} GROUP BY cpu"
    checks.that(re.search(asked, stderr(daemon)), "today's query text")
    for name in ("pibatch", "means", "bad"):
        daemon.ask("DELETE", f"{API}/tasks/{name}")


def by_udp(bin_dir, influxd, checks):
    with Daemon(bin_dir, level="INFO", influx=f'enabled = true\n  name = "udp"\n  urls = ["{influxd.url}"]\n  subscription-protocol = "udp"\n'
                '  subscription-mode = "server"\n  udp-bind = "127.0.0.1"\n  [influxdb.subscriptions]\n    db = ["autogen"]') as daemon:
        log = f"{daemon.folder}/udp.log"
        start(daemon)
        daemon.define("alert", ALERT.format(log=log), dbrps=[{"db": "db", "rp": "autogen"}])
        name = "kapacitor-" + Path(daemon.folder, "data/server.id").read_text(encoding="utf-8")
        own = until(lambda: [v[3] for s in influxd.query("SHOW SUBSCRIPTIONS") for v in s["values"] if v[1] == name], 10)
        checks.that(own and len(own) == 1 and own[0][0].startswith("udp://localhost:"), f"one subscription, over UDP: {own}")
        for i in range(1, 200):
            influxd.write("db", f"cpu v={i}")
            if until(lambda: messages(log), 0.2):
                break
        checks.that(messages(log), "points come by UDP")
        port = own[0]
        daemon.stop()
        start(daemon)
        taken = until(lambda: "started UDP listener" in stderr(daemon), 10)
        own = [v[3] for s in influxd.query("SHOW SUBSCRIPTIONS") for v in s["values"] if v[1] == name]
        checks.that(taken and own == [port], f"a restart listens where the subscription points: {own}")


def refused(bin_dir, checks):
    """An InfluxDB that answers 401 is asked again until it does not; the password is in no log."""
    asked, refuses = [], [True]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(204)
            self.end_headers()

        def do_POST(self):
            asked.append(self.headers.get("Authorization"))
            body = b'{"error":"authorization failed"}' if refuses[0] else b'{"results":[{}]}'
            self.send_response(401 if refuses[0] else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with Daemon(bin_dir, level="INFO", influx=f'enabled = true\n  urls = ["http://127.0.0.1:{server.server_address[1]}"]\n  username = "me"\n'
                '  password = "pass-word"\n  subscriptions-sync-interval = "100ms"') as daemon:
        start(daemon)
        checks.that(until(lambda: len(asked) >= 3, 20), "a refusal is not the end")
        checks.equal(asked[0], "Basic " + base64.b64encode(b"me:pass-word").decode(), "credentials are sent")
        checks.equal(stderr(daemon).count("authorization failed"), 1, "it is said once")
        refuses[0] = False
        checks.that(until(lambda: "connected to InfluxDB" in stderr(daemon), 20), "and that it is over")
        checks.that("pass-word" not in stderr(daemon), "without the password")
    server.shutdown()


def start(daemon):
    with open(f"{daemon.folder}/stderr", "w", encoding="utf-8") as log:
        daemon.start(stderr=log)


def stderr(daemon):
    return Path(daemon.folder, "stderr").read_text(encoding="utf-8")


def main():
    checks = Checks()
    with Influxd() as influxd:
        settings = (f'enabled = true\n  urls = ["{influxd.url}"]\n  subscriptions-sync-interval = "300ms"\n'
                    '  [influxdb.excluded-subscriptions]\n    excluded = ["autogen"]')
        with Daemon(sys.argv[1], level="DEBUG", influx=settings) as daemon:
            log = f"{daemon.folder}/alert.log"
            start(daemon)
            until(lambda: "failed to connect" in stderr(daemon), 10)
            subscribed(daemon, influxd, checks, log)
            renewed(daemon, influxd, checks)
            batches(daemon, influxd, checks, log)
            returns(daemon, influxd, checks, log)
            checks.equal(daemon.stop(), 0, "a clean stop")
        by_udp(sys.argv[1], influxd, checks)
    refused(sys.argv[1], checks)
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
