#!/usr/bin/env python3
"""The requests of programs people have, byte for byte as they send them: the command lines of today and of 0.2,
Chronograf, Telegraf, an InfluxDB with a subscription. Each is answered as the program expects.

    clients.py BIN
"""
import datetime
import gzip
import json
import socket
import sys
import urllib.parse

from daemon import Checks, Daemon, rows, until

B = "/kapacitor/v1"
SCRIPT = "stream\n    |from()\n        .measurement('cpu')\n    |httpOut('last')\n"


def answer_of(sock):
    """Status, headers and body (unzipped) of one answer."""
    data = b""
    while b"\r\n\r\n" not in data:
        got = sock.recv(65536)
        if not got:
            raise OSError(f"closed after {data!r}")
        data += got
    head, body = data.split(b"\r\n\r\n", 1)
    first, *rest = head.decode("latin1").split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) if ": " in line else (line.rstrip(":"), "") for line in rest)}
    while len(body) < int(headers.get("content-length", 0)):
        body += sock.recv(65536)
    if headers.get("content-encoding") == "gzip" and body:
        body = gzip.decompress(body)
    return int(first.split()[1]), headers, body


class Client:
    """Sends requests as a program writes them, over one connection as it keeps it."""

    def __init__(self, daemon, agent, extra="", fields="Accept-Encoding: gzip\r\n"):
        self.daemon, self.agent, self.extra, self.fields = daemon, agent, extra, fields
        self.sock = socket.create_connection(("127.0.0.1", daemon.port), timeout=30)

    def send(self, method, target, body=b"", content_type="application/json", more=""):
        if isinstance(body, (dict, list)):
            body = json.dumps(body, separators=(",", ":")).encode() + b"\n"  # as Go's encoder ends
        text = f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{self.daemon.port}\r\nUser-Agent: {self.agent}\r\n"
        if body or method in ("POST", "PUT", "PATCH"):
            text += f"Content-Length: {len(body)}\r\n"
        if body:
            text += f"Content-Type: {content_type}\r\n"
        self.sock.sendall((text + more + self.extra + self.fields + "\r\n").encode() + body)
        return answer_of(self.sock)

    def json(self, *args, **options):
        status, _, body = self.send(*args, **options)
        return status, json.loads(body) if body else None


def go_query(**values):
    """As url.Values.Encode writes it: sorted."""
    return "?" + "&".join(f"{key.replace('_', '-')}={urllib.parse.quote_plus(str(value))}" for key, value in sorted(values.items()))


SHOW = go_query(dot_view="attributes", replay_id="", script_format="formatted")


def listing(fields, pattern=""):
    wanted = "&".join(f"fields={field}" for field in fields)
    return f"?dot-view=attributes&{wanted}&limit=100&offset=0&pattern={urllib.parse.quote_plus(pattern)}&replay-id=&script-format=formatted"


# --- the command line of 1.8 --------------------------------------------------------------------------

def define(checks, cli):
    status, reply = cli.json("GET", f"{B}/tasks/cpu_alert{SHOW}")
    checks.equal((status, reply["error"]), (404, "no task exists"), "define asks for the task first")
    status, reply = cli.json("POST", f"{B}/tasks", {"id": "cpu_alert", "type": "stream", "script": SCRIPT, "status": "disabled",
                                                   "dbrps": [{"db": "telegraf", "rp": "autogen"}]})
    checks.that(status == 200 and reply["link"] == {"rel": "self", "href": f"{B}/tasks/cpu_alert"}, f"define creates: {status} {reply}")
    for state in ("disabled", "enabled"):
        status, reply = cli.json("PATCH", f"{B}/tasks/cpu_alert", {"status": state})
        checks.that(status == 200 and reply["status"] == state, f"reload's {state}: {status} {reply}")
    status, reply = cli.json("PATCH", f"{B}/tasks/cpu_alert", {"type": "stream", "dbrps": [{"db": "telegraf", "rp": "autogen"}],
                                                              "script": SCRIPT})
    checks.equal(status, 200, "define again patches")
    status, reply = cli.json("GET", f"{B}/tasks/cpu_alert{SHOW}")
    checks.that(status == 200 and reply["executing"] and reply["script"] == SCRIPT and reply["dot"].startswith("digraph cpu_alert {")
                and {"node-stats", "task-stats"} <= set(reply["stats"]), f"show: {reply}")


def lists(checks, cli):
    status, reply = cli.json("GET", f"{B}/tasks{listing(['type', 'status', 'executing', 'dbrps'])}")
    checks.that(status == 200 and reply["tasks"][0]["id"] == "cpu_alert" and
                set(reply["tasks"][0]) == {"link", "id", "type", "status", "executing", "dbrps"}, f"list tasks: {reply}")
    status, reply = cli.json("GET", f"{B}/tasks{listing(['link'], 'cpu_*')}")
    checks.equal([task["link"]["href"] for task in reply["tasks"]], [f"{B}/tasks/cpu_alert"], "enable, reload and delete list links")
    for kind, fields in [("templates", ["type", "vars"]), ("recordings", ["type", "size", "date", "status"]),
                         ("replays", ["task", "recording", "status", "clock", "date"])]:
        wanted = "&".join(f"fields={field}" for field in fields)
        more = "&script-format=formatted" if kind == "templates" else ""
        status, reply = cli.json("GET", f"{B}/{kind}?{wanted}&limit=100&offset=0&pattern={more}")
        checks.that(status == 200 and isinstance(reply[kind], list), f"list {kind}: {status} {reply}")


def templates(checks, cli):
    script = "var level float\nstream\n    |from()\n        .measurement('cpu')\n    |where(lambda: \"v\" > level)\n"
    checks.equal(cli.json("GET", f"{B}/templates/limit?script-format=formatted")[0], 404, "define-template asks first")
    status, reply = cli.json("POST", f"{B}/templates", {"id": "limit", "type": "stream", "script": script})
    checks.that(status == 200 and "level" in reply["vars"], f"define-template creates: {status} {reply}")
    checks.equal(cli.json("PATCH", f"{B}/templates/limit", {"type": "stream", "script": script})[0], 200, "define-template again")
    checks.that("level" in cli.json("GET", f"{B}/templates/limit?script-format=formatted")[1]["vars"], "show-template")
    checks.equal(cli.send("DELETE", f"{B}/templates/limit")[0], 204, "delete templates")


def topics(checks, cli):
    handler = {"id": "file", "kind": "log", "options": {"path": "/dev/null"}, "match": ""}
    path = f"{B}/alerts/topics/system/handlers"
    checks.equal(cli.json("GET", f"{path}/file")[0], 404, "define-topic-handler asks first")
    checks.equal(cli.json("POST", path, handler)[0], 200, "define-topic-handler creates")
    checks.equal(cli.json("PUT", f"{path}/file", handler)[0], 200, "define-topic-handler again")
    checks.equal(cli.json("GET", f"{path}/file")[1]["kind"], "log", "show-topic-handler")
    status, topic = cli.json("GET", f"{B}/alerts/topics/system")
    checks.equal(status, 200, "show-topic")
    for link in ("events-link", "handlers-link"):
        checks.equal(cli.json("GET", topic[link]["href"] + ("?min-level=OK" if link == "events-link" else "?pattern="))[0], 200, f"its {link}")
    status, reply = cli.json("GET", f"{B}/alerts/topics?min-level=OK&pattern=")
    checks.that(status == 200 and any(topic["id"] == "system" for topic in reply["topics"]), f"list topics: {reply}")
    checks.equal(cli.send("DELETE", f"{path}/file")[0], 204, "delete topic-handlers")
    checks.equal(cli.send("DELETE", f"{B}/alerts/topics/system")[0], 204, "delete topics")


def recordings(checks, cli, daemon):
    stop = (datetime.datetime.utcnow() + datetime.timedelta(seconds=1)).isoformat() + "Z"
    status, recording = cli.json("POST", f"{B}/recordings/stream", {"task": "cpu_alert", "stop": stop})
    if not checks.that(status == 201 and recording["status"] == "running", f"record stream: {status} {recording}"):
        return
    daemon.ask("POST", "/write?db=telegraf&rp=autogen", "cpu,host=a v=1 1\n")
    href = recording["link"]["href"]
    checks.that(cli.json("GET", href)[0] in (200, 202), "its link while it runs")

    def recorded():
        daemon.ask("POST", "/write?db=telegraf&rp=autogen", "cpu,host=a v=1\n")  # the first point after its end ends it
        got = cli.json("GET", href)
        return got if got[0] == 200 else None
    done = until(recorded)
    checks.that(done and done[1]["status"] == "finished", f"a finished recording: {done}")
    status, replay = cli.json("POST", f"{B}/replays", {"id": "", "task": "cpu_alert", "recording": recording["id"],
                                                      "recording-time": False, "clock": "fast"})
    checks.that(status == 201, f"replay: {status} {replay}")
    done = until(lambda: (lambda got: got if got[0] == 200 else None)(cli.json("GET", replay["link"]["href"])))
    checks.that(done and done[1]["status"] == "finished", f"a finished replay: {done}")
    checks.equal(cli.send("DELETE", replay["link"]["href"])[0], 204, "delete replays")
    checks.equal(cli.send("DELETE", href)[0], 204, "delete recordings")


def the_rest(checks, cli):
    checks.equal(cli.send("POST", f"{B}/loglevel", {"level": "ERROR"})[0], 204, "level")
    status, variables = cli.json("GET", f"{B}/debug/vars")
    ingress = [row for row in variables["kapacitor"].values() if row["name"] == "ingress"]
    checks.that(status == 200 and all({"task_master", "database", "retention_policy", "measurement"} <= set(row["tags"]) and
                                      "points_received" in row["values"] for row in ingress), f"stats ingress: {ingress}")
    status, headers, body = cli.send("GET", f"{B}/storage/backup")
    checks.equal((status, headers.get("content-type"), int(headers.get("content-length", -1))),
                 (200, "application/octet-stream", len(body)), "backup")
    status, reply = cli.json("GET", f"{B}/service-tests?pattern=")
    checks.that(status == 200 and any(test["name"] == "smtp" for test in reply["services"]), f"list service-tests: {status}")
    status, reply = cli.json("POST", f"{B}/service-tests/smtp", b"null\n")
    checks.that(status == 200 and reply["success"] is False, f"service-tests: {status} {reply}")
    checks.equal(cli.send("GET", "/kapacitor/v1/api/v2/tasks")[0], 404, "flux is told that there is none")
    status, headers, _ = cli.send("GET", f"{B}/ping")
    checks.that(status == 204 and headers.get("x-kapacitor-version"), f"ping tells the version: {headers}")


def logs(checks, daemon):
    """What `kapacitor watch` reads: lines of a task as they come."""
    with socket.create_connection(("127.0.0.1", daemon.port), timeout=30) as sock:
        sock.sendall(f"GET /kapacitor/v1preview/logs?task=cpu_alert HTTP/1.1\r\nHost: 127.0.0.1:{daemon.port}\r\n"
                     "User-Agent: KapacitorClient\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        head = b""
        while b"\r\n\r\n" not in head:
            head += sock.recv(4096)
        checks.that(b"Content-Type: application/logfmt\r\n" in head, f"watch: {head!r}")


# --- others ------------------------------------------------------------------------------------------------

def last_value(daemon):
    got = rows(daemon.ask("GET", f"{B}/tasks/cpu_alert/last")[1])
    return got[0]["v"] if got else None


def telegraf(checks, daemon):
    agent = Client(daemon, "Telegraf/1.28.5 Go/1.21.4")
    status, _, _ = agent.send("POST", "/query", b"q=CREATE+DATABASE+%22telegraf%22", "application/x-www-form-urlencoded")
    checks.equal(status, 404, "Telegraf's CREATE DATABASE is no route; it logs that and writes")
    zipped = gzip.compress(b"cpu,host=a v=10 1600000000000000000\ncpu,host=a v=11 1600000001000000000\n")
    head = (f"POST /write?consistency=any&db=telegraf&precision=ns&rp=autogen HTTP/1.1\r\nHost: 127.0.0.1:{daemon.port}\r\n"
            "User-Agent: Telegraf/1.28.5 Go/1.21.4\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"
            "Content-Type: text/plain; charset=utf-8\r\nAccept-Encoding: gzip\r\n\r\n")
    for value, body in [(11, zipped), (12, gzip.compress(b"cpu,host=a v=12 1600000002000000000\n"))]:  # the connection is kept
        agent.sock.sendall(head.encode() + f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n")
        checks.equal(answer_of(agent.sock)[0], 204, "Telegraf's write")
        checks.equal(until(lambda value=value: last_value(daemon) == value), True, f"and its points: {last_value(daemon)}")
    status, _, body = agent.send("POST", "/write?db=telegraf&rp=autogen", b"cpu v=\n", "text/plain; charset=utf-8")
    checks.that(status == 400 and b"unable to parse" in body, f"a partial write is told as Telegraf looks for it: {status} {body}")
    status, reply = Client(daemon, "Telegraf/1.28.5").json("GET", f"{B}/debug/vars")
    checks.that(status == 200 and {"cluster_id", "server_id", "host", "memstats", "num_tasks", "num_enabled_tasks",
                                   "num_subscriptions", "kapacitor"} <= set(reply), "Telegraf's inputs.kapacitor")


def subscription(checks, daemon):
    influx = Client(daemon, "InfluxDBClient")
    status, _, _ = influx.send("POST", "/write?consistency=&db=telegraf&precision=ns&rp=autogen",
                               b"cpu,host=a v=20 1600000010000000000\n", content_type="")
    checks.equal(status, 204, "a subscription's write")
    checks.equal(until(lambda: last_value(daemon) == 20), True, "and its points")
    token = Client(daemon, "InfluxDBClient", extra="Authorization: Basic fnN1YnNjcmliZXI6dG9rZW4=\r\n")
    checks.equal(token.send("POST", "/write?consistency=&db=telegraf&precision=ns&rp=autogen", b"cpu,host=a v=21 1600000011000000000\n",
                            content_type="")[0], 204, "credentials do no harm where nobody asks for them")


def chronograf(checks, daemon):
    web = Client(daemon, "KapacitorClient")
    checks.equal(web.send("GET", f"{B}/ping")[0], 204, "Chronograf connects")
    status, config = web.json("GET", f"{B}/config")
    checks.that(status == 200 and {"slack", "smtp", "opsgenie2", "pagerduty2", "victorops"} <= set(config["sections"]), "its list of handlers")
    for path, body, name in [("config/slack", {"add": {"workspace": "ops", "url": "http://127.0.0.1:1/x", "enabled": False}}, "adds"),
                             ("config/slack/ops", {"set": {"channel": "#x"}}, "sets an element"),
                             ("config/slack", {"remove": ["ops"]}, "removes"),
                             ("config/smtp/", {"set": {"host": "127.0.0.1"}}, "sets a section")]:
        checks.equal(web.send("POST", f"{B}/{path}", body)[0], 204, f"Chronograf {name}")
    checks.equal(web.json("GET", f"{B}/config/smtp")[1]["elements"][0]["options"]["host"], "127.0.0.1", "and reads it back")
    rule = {"id": "chronograf-v1-1", "type": "stream", "dbrps": [{"db": "telegraf", "rp": "autogen"}], "script": SCRIPT, "status": "enabled"}
    status, reply = web.json("POST", f"{B}/tasks", rule)
    checks.that(status == 200 and {"id", "script", "status", "executing", "error", "vars", "dbrps", "created", "modified", "last-enabled"}
                <= set(reply), f"a rule: {status} {reply}")
    for change in ({"status": "disabled"}, {"id": "chronograf-v1-1", "script": SCRIPT, "dbrps": rule["dbrps"], "status": "enabled"}):
        checks.equal(web.json("PATCH", f"{B}/tasks/chronograf-v1-1", change)[0], 200, f"a change of it: {list(change)}")
    status, reply = web.json("GET", f"{B}/tasks?dot-view=attributes&fields=status&limit=100&offset=0&pattern=&replay-id=&script-format=formatted")
    checks.that(status == 200 and len(reply["tasks"]) == 2, f"its list: {reply}")
    checks.equal(web.json("GET", f"{B}/alerts/topics")[0], 200, "topics")
    checks.equal(web.send("DELETE", f"{B}/tasks/chronograf-v1-1")[0], 204, "its end")
    with socket.create_connection(("127.0.0.1", daemon.port), timeout=30) as sock:
        sock.sendall(f"GET /kapacitor/v1preview/logs?task=cpu_alert HTTP/1.1\r\nHost: 127.0.0.1:{daemon.port}\r\n"
                     "Accept: application/json\r\n\r\n".encode())
        checks.that(b"Content-Type: application/json\r\n" in sock.recv(4096), "the log view of a task")


def old_cli(checks, daemon):
    """Kapacitor 0.2's command line reads `Error` and no codes."""
    old = Client(daemon, "Go 1.1 package http")
    dbrps = urllib.parse.quote_plus('[{"db":"telegraf","rp":"default"}]')
    status, _, body = old.send("POST", f"/api/v1/task?dbrps={dbrps}&name=old&type=stream", b"stream.from().measurement('m').httpOut('o')",
                               "application/octet-stream")
    checks.equal((status, body), (200, b""), "define")
    for word in ("enable", "disable"):
        checks.equal(old.send("POST", f"/api/v1/{word}?name=old")[2], b"", word)
    status, reply = old.json("GET", "/api/v1/tasks?tasks=")
    checks.that(any(task["Name"] == "old" for task in reply["Tasks"]), f"list: {reply}")
    status, reply = old.json("GET", "/api/v1/task?name=old")
    checks.that(reply["Name"] == "old" and "TICKscript" in reply, f"show: {reply}")
    checks.that("Error" in old.json("GET", "/api/v1/task?name=none")[1], "an error")
    checks.equal(old.send("DELETE", "/api/v1/task?name=old")[2], b"", "delete")
    checks.equal(old.send("POST", "/api/v1/loglevel?level=ERROR")[2], b"", "level")


def main():
    checks = Checks()
    with Daemon(sys.argv[1]) as daemon:
        daemon.start()
        cli = Client(daemon, "KapacitorClient")
        define(checks, cli)
        lists(checks, cli)
        templates(checks, cli)
        topics(checks, cli)
        recordings(checks, cli, daemon)
        the_rest(checks, cli)
        logs(checks, daemon)
        telegraf(checks, daemon)
        subscription(checks, daemon)
        chronograf(checks, daemon)
        old_cli(checks, daemon)
        checks.equal(cli.send("DELETE", f"{B}/tasks/cpu_alert")[0], 204, "delete tasks")
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
