#!/usr/bin/env python3
"""Autoscale nodes against servers that answer as the APIs of Kubernetes, Docker Swarm and EC2 do.

    autoscale.py BIN
"""
import hashlib
import hmac
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from daemon import API, Checks, Daemon, until

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


class World:
    """What there is to scale, and the calls that were made."""
    deployments = {"web": 2, "old": 1}
    services = {"api": [3, 10]}  # replicas and version
    groups = {"workers": 4}
    calls = []
    broken = False


class Orchestrators(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status, body):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.serve("")

    def do_PATCH(self):
        self.serve(self.body().decode())

    def do_POST(self):
        self.serve(self.body().decode())

    def serve(self, body):
        World.calls.append((self.command, self.path, body))
        if World.broken:
            return self.answer(500, {"message": "out of order"})
        if self.path.startswith("/apis/"):
            return self.kubernetes(body)
        if self.path.startswith("/services/"):
            return self.swarm(body)
        return self.ec2(body)

    def kubernetes(self, body):
        if self.headers.get("Authorization") != "Bearer secret":
            return self.answer(401, {"kind": "Status", "message": "Unauthorized"})
        start, name = "/apis/apps/v1/namespaces/shop/deployments/", self.path.split("/")[-2]
        if name == "old":
            start = "/apis/extensions/v1beta1/namespaces/shop/deployments/"
        if name not in World.deployments or self.path != f"{start}{name}/scale":
            return self.answer(404, {"kind": "Status", "message": f"{name} not found"})
        if self.command == "PATCH":
            if self.headers.get("Content-Type") != "application/json-patch+json":
                return self.answer(415, {"message": "no patch"})
            patch, = json.loads(body)
            assert (patch["op"], patch["path"]) == ("replace", "/spec/replicas")
            World.deployments[name] = patch["value"]
        return self.answer(200, {"kind": "Scale", "metadata": {"name": name}, "spec": {"replicas": World.deployments[name]}})

    def swarm(self, body):
        name = self.path.split("/")[2].removeprefix("id-")
        if name not in World.services:
            return self.answer(404, {"message": f"service {name} not found"})
        replicas, version = World.services[name]
        if self.command == "POST":
            spec = json.loads(body)
            if self.path != f"/services/id-{name}/update?version={version}" or spec["Labels"] != {"kept": "yes"}:
                return self.answer(500, {"message": "update out of sequence"})
            World.services[name] = [spec["Mode"]["Replicated"]["Replicas"], version + 1]
            return self.answer(200, {"Warnings": None})
        return self.answer(200, {"ID": f"id-{name}", "Version": {"Index": version},
                                 "Spec": {"Name": name, "Labels": {"kept": "yes"}, "Mode": {"Replicated": {"Replicas": replicas}}}})

    def ec2(self, body):
        if self.headers["Authorization"] != self.signature(body):
            return self.answer(403, b"<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error></ErrorResponse>")
        form = {key: values[0] for key, values in parse_qs(body).items()}
        if form["Action"] == "DescribeAutoScalingGroups":
            name = form["AutoScalingGroupNames.member.1"]
            member = f"<member><DesiredCapacity>{World.groups[name]}</DesiredCapacity></member>" if name in World.groups else ""
            return self.answer(200, f"<R><Groups>{member}</Groups></R>".encode())
        if form["HonorCooldown"] != "false":
            return self.answer(400, b"<R/>")
        World.groups[form["AutoScalingGroupName"]] = int(form["DesiredCapacity"])
        return self.answer(200, b"<SetDesiredCapacityResponse/>")

    def signature(self, body):
        """AWS Signature Version 4, by the standard library."""
        date = self.headers["X-Amz-Date"]
        scope = f"{date[:8]}/eu-west-1/autoscaling/aws4_request"
        canonical = "\n".join(["POST", "/", "", f"content-type:{self.headers['Content-Type']}", f"host:{self.headers['Host']}",
                               f"x-amz-date:{date}", "", "content-type;host;x-amz-date", hashlib.sha256(body.encode()).hexdigest()])
        text = "\n".join(["AWS4-HMAC-SHA256", date, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = ("AWS4" + SECRET).encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return (f"AWS4-HMAC-SHA256 Credential=AKID/{scope}, SignedHeaders=content-type;host;x-amz-date, "
                f"Signature={hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}")


def configuration(port):
    return f"""
[[kubernetes]]
  enabled = true
  id = "k"
  api-servers = ["http://127.0.0.1:{port}/"]
  token = "secret"
[[swarm]]
  enabled = true
  id = "s"
  servers = ["http://127.0.0.1:{port}"]
[[ec2]]
  enabled = true
  id = "e"
  region = "eu-west-1"
  access-key = "AKID"
  secret-key = "{SECRET}"
  endpoint = "http://127.0.0.1:{port}"
"""


def define(daemon, checks, name, node):
    script = f"stream|from().measurement('{name}').groupBy('app')|{node}|httpOut('out')"
    status, answer = daemon.define(name, script)
    checks.that(status == 200 and not answer["error"], f"{name}: {status} {answer}")


def changes(daemon, name):
    answer = daemon.ask("GET", f"{API}/tasks/{name}/out")[1]
    return [(s["tags"], *(dict(zip(s["columns"], s["values"][-1]))[key] for key in ("old", "new"))) for s in answer.get("series") or []]


def counters(daemon, name):
    stats = daemon.ask("GET", f"{API}/tasks/{name}")[1]["stats"]["node-stats"]
    return next(row for node, row in stats.items() if "autoscale" in node)


def kubernetes(daemon, checks):
    define(daemon, checks, "k8s", "k8sAutoscale().cluster('k').resourceNameTag('app').namespace('shop').currentField('now').min(2).max(6)"
           ".increaseCooldown(10s).decreaseCooldown(20s).replicas(lambda: \"now\" + int(\"more\"))")
    daemon.write("k8s,app=web more=3 10000000000")
    got = until(lambda: changes(daemon, "k8s"))
    checks.equal(got, [({"app": "web", "kind": "deployments", "namespace": "shop", "resource": "web"}, 2, 5)], "2 to 5")
    checks.equal(World.deployments["web"], 5, "the cluster has as many")
    second = 1_000_000_000
    points = [(19, 1), (20, 4), (21, -9), (40, -1), (41, -1)]
    daemon.write("\n".join(f"k8s,app=web more={more} {at * second}" for at, more in points))
    until(lambda: counters(daemon, "k8s")["decrease_events"] == 1)
    stats = counters(daemon, "k8s")
    # 19: hot. 20: 5+4, at most 6. 21: 6-9, at least 2. 40: at the least already; 41 too.
    checks.equal((World.deployments["web"], stats["increase_events"], stats["decrease_events"], stats["cooldown_drops"]), (2, 2, 1, 1),
                 "cool-downs by the points' times, limits first")
    daemon.write("k8s,app=old more=1 1")
    checks.that(until(lambda: World.deployments["old"] == 2), "a cluster with the API of before")
    daemon.write("k8s,app=none more=1 1")
    checks.that(until(lambda: counters(daemon, "k8s")["errors"] == 1), "a resource that is not there is an error")


def swarm(daemon, checks):
    define(daemon, checks, "swarm", "swarmAutoscale().cluster('s').serviceName('api').outputServiceNameTag('service').replicas(lambda: int(\"n\"))")
    daemon.write("swarm n=5 1\nswarm n=5 2\nswarm n=1 3")
    got = until(lambda: World.services["api"] == [1, 12])
    checks.that(got, f"two changes in order: {World.services}")
    got = until(lambda: [row[1:] for row in changes(daemon, "swarm")] == [(5, 1)])
    checks.that(got, f"the last change: {changes(daemon, 'swarm')}")
    World.broken = True
    daemon.write("swarm n=9 4")
    checks.that(until(lambda: counters(daemon, "swarm")["errors"] == 1), "a call that fails is an error")
    World.broken = False
    daemon.write("swarm n=9 5")
    checks.that(until(lambda: World.services["api"][0] == 9), "and the next point makes the change")


def ec2(daemon, checks):
    define(daemon, checks, "ec2", "ec2Autoscale().cluster('e').groupName('workers').outputGroupNameTag('asg').replicas(lambda: int(\"n\"))")
    daemon.write("ec2 n=7 1")
    got = until(lambda: changes(daemon, "ec2"))
    checks.equal(got, [({"app": "", "asg": "workers"}, 4, 7)], "4 to 7")
    checks.equal(World.groups["workers"], 7, "the group's capacity")


def main():
    checks = Checks()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Orchestrators)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with Daemon(sys.argv[1]) as daemon:
        path = Path(daemon.config)
        path.write_text(path.read_text(encoding="utf-8") + configuration(server.server_port), encoding="utf-8")
        daemon.start()
        for part in (kubernetes, swarm, ec2):
            part(daemon, checks)
        status, answer = daemon.define("none", "stream|from()|k8sAutoscale().cluster('x').resourceName('a').replicas(lambda: 1)")
        checks.that('no kubernetes cluster "x" is configured' in answer["error"], f"{status} {answer}")
    server.shutdown()
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
