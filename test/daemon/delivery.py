#!/usr/bin/env python3
"""Alerts reach their receivers: slow, dead and refusing ones hold up nobody, and nothing is lost or said twice over a kill.

    delivery.py BIN
"""
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from daemon import API, Checks, Daemon, until

SCRIPT = """stream
    |from().measurement('cpu').groupBy('host')
    |alert()
        .id('{{{{ index .Tags "host" }}}}')
        .message('{{{{ .ID }}}} is {{{{ .Level }}}}')
        .crit(lambda: "value" > 80.0)
        .stateChangesOnly()
        {handlers}
"""


class Receiver:
    """Notes the posts it gets. mode: 'take', 'hang' (no answer until it is changed) or a status to refuse with."""

    def __init__(self, port=0):
        self.got, self.mode, self.tries = [], "take", 0
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                owner.tries += 1
                while owner.mode == "hang":
                    time.sleep(0.02)
                if owner.mode == "take":
                    event = json.loads(body)
                    owner.got.append((event["id"], event["level"], event["previousLevel"]))
                self.send_response(200 if owner.mode == "take" else owner.mode)
                self.send_header("Content-Length", "0")
                self.end_headers()

        class Server(ThreadingHTTPServer):
            daemon_threads = allow_reuse_address = True
            request_queue_size = 64

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.mode = "take"
        self.server.shutdown()
        self.server.server_close()


def started(bin_dir, alert=""):
    daemon = Daemon(bin_dir)
    with open(daemon.config, "a", encoding="utf-8") as config:
        config.write(f"[alert]\n  {alert}\n")
    return daemon.start()


def points(host, *values, at=1):
    return "\n".join(f"cpu,host={host} value={value} {at + i}" for i, value in enumerate(values))


def within(seconds, action):
    begin = time.time()
    action()
    return time.time() - begin < seconds


def a_hanging_receiver(checks, bin_dir):
    """It holds up neither points nor other handlers; disable, delete and stop do not wait for it."""
    hanging, good = Receiver(), Receiver()
    hanging.mode = "hang"
    daemon = started(bin_dir)
    try:
        log = f"{daemon.folder}/log"
        for name in ("one", "two", "three"):
            daemon.define(name, SCRIPT.format(handlers=f".post('{hanging.url}').post('{good.url}').log('{log}')"))
        checks.that(within(2, lambda: daemon.write(points("a", *[90, 10] * 50))), "points go on while a receiver hangs")
        checks.that(until(lambda: len(good.got) == 300), f"the other handlers go on: {len(good.got)}")
        checks.equal(len(Path(log).read_text(encoding="utf-8").splitlines()), 300, "the log has all of them")
        order = [event[1] for event in good.got if event[0] == "a"]
        checks.equal((order.count("CRITICAL"), order.count("OK")), (150, 150), "levels")
        checks.that(within(2, lambda: daemon.ask("PATCH", f"{API}/tasks/one", {"status": "disabled"})), "disable does not wait")
        checks.that(within(2, lambda: daemon.ask("DELETE", f"{API}/tasks/two")), "delete does not wait")
        checks.that(within(3, daemon.stop), "stop does not wait")
        letters = Path(daemon.folder, "data/dead-letters.log").read_text(encoding="utf-8").splitlines()
        causes = {json.loads(line)["cause"] for line in letters}
        checks.equal(causes, {"its handler was taken away"}, "what waited for disabled tasks is written down")
    finally:
        daemon.close()
        hanging.close()
        good.close()


def tries(checks, bin_dir):
    """A receiver that asks to come later gets the event later, in order; one that refuses does not, and it is told."""
    receiver = Receiver()
    daemon = started(bin_dir, 'retries = 20\n  retry-delay = "20ms"')
    try:
        daemon.define("t", SCRIPT.format(handlers=f".post('{receiver.url}')"))
        receiver.mode = 503
        daemon.write(points("a", 90, 10))
        checks.that(until(lambda: receiver.tries >= 2), "tried again")
        receiver.mode = "take"
        checks.that(until(lambda: len(receiver.got) == 2), "delivered in the end")
        checks.equal(receiver.got, [("a", "CRITICAL", "OK"), ("a", "OK", "CRITICAL")], "in order, once each")
        receiver.mode = 400
        daemon.write(points("b", 90))
        letters = Path(daemon.folder, "data/dead-letters.log")
        checks.that(until(letters.exists), "a refused event is written down")
        letter = json.loads(letters.read_text(encoding="utf-8"))
        checks.equal((letter["topic"], letter["handler"], letter["event"]["id"]), ("main:t:alert2", "post", "b"), "whose it was")
        row = until(lambda: [r for r in counts(daemon) if r["values"]["failed"] == 1])[0]
        checks.equal((row["tags"]["topic"], row["tags"]["handler"], row["values"]["delivered"], row["values"]["queued"]),
                     ("main:t:alert2", "post", 2, 0), "counters")
        checks.that(row["values"]["retried"] >= 1, "tries are counted")
        shown = daemon.cli("show-topic", "main:t:alert2").stdout
        checks.that("Deliveries:" in shown and "post" in shown, f"show-topic tells them: {shown}")
    finally:
        daemon.close()
        receiver.close()


def counts(daemon):
    return [row for row in daemon.ask("GET", f"{API}/debug/vars")[1]["kapacitor"].values() if row["name"] == "handlers"]


def over_a_kill(checks, bin_dir):
    """What was delivered is not said again, what waited is, and so is a recovery that happened meanwhile."""
    receiver = Receiver()
    daemon = started(bin_dir)
    try:
        daemon.define("t", SCRIPT.format(handlers=f".post('{receiver.url}')"))
        daemon.write(points("told", 90) + "\n" + points("quiet", 90))
        checks.that(until(lambda: len(receiver.got) == 2), "delivered")
        settled = lambda: all(r["values"]["queued"] == 0 for r in counts(daemon))
        until(settled)
        time.sleep(0.7)  # until the deliveries are on disk
        receiver.mode = "hang"
        daemon.write(points("waits", 90) + "\n" + points("waits2", 90))
        until(lambda: receiver.tries >= 3)
        time.sleep(0.7)
        daemon.kill()
        before = list(receiver.got)
        receiver.mode = "take"
        daemon.start()
        new = lambda: [event for event in receiver.got if event not in before]
        checks.that(until(lambda: {e[0] for e in new()} >= {"waits", "waits2"}), f"what waited goes out after the restart: {new()}")
        daemon.write(points("told", 95, at=5) + "\n" + points("waits", 95, at=5))
        daemon.write(points("quiet", 10, at=6))
        checks.that(until(lambda: ("quiet", "OK", "CRITICAL") in receiver.got), "a recovery that happened meanwhile is sent")
        time.sleep(0.5)
        critical = [event[0] for event in receiver.got if event[1] == "CRITICAL"]
        checks.equal((critical.count("told"), critical.count("quiet")), (1, 1), "what was delivered is not said again")
        checks.equal(critical.count("waits2"), 1, "what waited is said once")
        checks.that(critical.count("waits") <= 2, "the one under way twice at most")
    finally:
        daemon.close()
        receiver.close()


def over_a_stop(checks, bin_dir):
    """What waits for a dead receiver when the daemon stops goes out when both are there again."""
    receiver = Receiver()
    daemon = started(bin_dir, 'retries = 1000\n  retry-delay = "50ms"')
    try:
        daemon.define("t", SCRIPT.format(handlers=f".post('{receiver.url}')"))
        daemon.ask("POST", f"{API}/alerts/topics/ops/handlers", {"id": "h", "kind": "post", "options": {"url": receiver.url}})
        receiver.mode = 503
        daemon.write(points("a", 90, 10))
        until(lambda: receiver.tries >= 2)
        checks.that(within(3, daemon.stop), "stop does not wait")
        receiver.mode = "take"
        daemon.start()
        checks.that(until(lambda: len(receiver.got) == 2), "delivered by the next process")
        checks.equal(receiver.got, [("a", "CRITICAL", "OK"), ("a", "OK", "CRITICAL")], "in order, once each")
    finally:
        daemon.close()
        receiver.close()


def over_a_redefine(checks, bin_dir):
    """A task that is defined again, with another receiver, tells that one what waits."""
    hanging, good = Receiver(), Receiver()
    hanging.mode = "hang"
    daemon = started(bin_dir)
    try:
        daemon.define("t", SCRIPT.format(handlers=f".post('{hanging.url}')"))
        daemon.write(points("a", 90, 10, 90))
        until(lambda: hanging.tries == 1)
        status, _ = daemon.ask("PATCH", f"{API}/tasks/t", {"status": "enabled", "script": SCRIPT.format(handlers=f".post('{good.url}')")})
        checks.equal(status, 200, "defined again")
        checks.that(until(lambda: len(good.got) == 2), "what waited goes to the new receiver")
        checks.equal([event[1] for event in good.got], ["OK", "CRITICAL"], "in order")
    finally:
        daemon.close()
        hanging.close()
        good.close()


def main():
    checks = Checks()
    for test in (a_hanging_receiver, tries, over_a_kill, over_a_stop, over_a_redefine):
        test(checks, sys.argv[1])
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
