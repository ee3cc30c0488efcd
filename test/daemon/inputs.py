#!/usr/bin/env python3
"""Points by UDP lines, Graphite, collectd and OpenTSDB arrive as what the configuration says they mean.

    inputs.py BIN
"""
import gzip
import hashlib
import hmac
import http.client
import json
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

from daemon import API, Checks, Daemon, free_port, rows, until

CONFIG = """
[[udp]]
  enabled = true
  bind-address = "127.0.0.1:{udp}"
  database = "udpdb"
  retention-policy = "rp"
[[graphite]]
  enabled = true
  bind-address = "127.0.0.1:{graphite}"
  retention-policy = "rp"
  separator = "_"
  tags = ["region=eu"]
  templates = ["servers.* .host.measurement* kind=server", "stats.* .host.measurement.field"]
[[graphite]]
  enabled = true
  protocol = "udp"
  bind-address = "127.0.0.1:{graphite}"
  retention-policy = "rp"
[collectd]
  enabled = true
  bind-address = "127.0.0.1:{collectd}"
  retention-policy = "rp"
  typesdb = "{folder}/types.db"
  security-level = "{security}"
  auth-file = "{folder}/auth"
[opentsdb]
  enabled = true
  bind-address = "127.0.0.1:{opentsdb}"
  retention-policy = "rp"
"""
SCRIPT = "stream|from().groupBy(*).groupByMeasurement()|httpOut('last')\n"


def last(daemon, name):
    """What arrived last of each series: {measurement: (tags, fields)}."""
    code, answer = daemon.ask("GET", f"{API}/tasks/{name}/last")
    found = {}
    for series in (answer.get("series") or []) if code == 200 else []:
        row = rows({"series": [series]})[-1]
        found[series["name"]] = (series.get("tags") or {}, row)
    return found


def part(kind, body):
    return struct.pack(">HH", kind, 4 + len(body)) + body


def packet(when, plugin, values):
    texts = [(0, "h1"), (2, plugin), (3, "0"), (4, "load3"), (5, "avg")]
    data = part(8, struct.pack(">Q", when << 30)) + b"".join(part(kind, text.encode() + b"\0") for kind, text in texts)
    gauges = b"".join(struct.pack("<d", v) for v in values)
    return data + part(6, struct.pack(">H", len(values)) + b"\1" * len(values) + gauges)


def signed(data, user, password):
    digest = hmac.new(password.encode(), user.encode() + data, hashlib.sha256).digest()
    return part(0x200, digest + user.encode()) + data


def encrypted(data, user, password):
    vector, key = bytes(range(16)), hashlib.sha256(password.encode()).hexdigest()
    sealed = subprocess.run(["openssl", "enc", "-aes-256-ofb", "-nosalt", "-K", key, "-iv", vector.hex()], input=hashlib.sha1(data).digest() + data,
                            capture_output=True, check=True).stdout
    return part(0x210, struct.pack(">H", len(user)) + user.encode() + vector + sealed)


def udp(port, data):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(data, ("127.0.0.1", port))


def lines_and_graphite(checks, daemon, ports):
    udp(ports["udp"], b"m,host=a v=1 1000000000\nm,host=a v=2 2000000000")
    checks.that(until(lambda: last(daemon, "udpdb").get("m", ({}, {}))[1].get("v") == 2), f"UDP lines: {last(daemon, 'udpdb')}")
    udp(ports["udp"], b"m,host=a v=5 3000000000\nm bad")
    udp(ports["udp"], b"n v=1 4000000000")
    until(lambda: "n" in last(daemon, "udpdb"))
    checks.equal(last(daemon, "udpdb")["m"][1]["v"], 2, "a packet with a bad line is dropped whole")
    with socket.create_connection(("127.0.0.1", ports["graphite"])) as sender:
        sender.sendall(b"servers.web1.cpu.load 1.5 1000\nstats.db1.disk.used 7 1000.5\nfree.form.name 3 1000\nbad line with words\nservers.web1.nan NaN 1000\n")
    checks.that(until(lambda: len(last(daemon, "graphite")) >= 3), "Graphite over TCP")
    got = last(daemon, "graphite")
    checks.equal(got.get("cpu_load"), ({"host": "web1", "kind": "server", "region": "eu"}, {"time": "1970-01-01T00:16:40Z", "value": 1.5}), "template")
    checks.equal(got.get("disk"), ({"host": "db1", "region": "eu"}, {"time": "1970-01-01T00:16:40.5Z", "used": 7}), "template with a field")
    checks.equal(got.get("free_form_name"), ({"region": "eu"}, {"time": "1970-01-01T00:16:40Z", "value": 3}), "no template")
    udp(ports["graphite"], b"by.packet 4 1000\n")
    checks.that(until(lambda: "by.packet" in last(daemon, "graphite")), "Graphite over UDP")


def collectd(checks, daemon, port):
    udp(port, packet(1000, "early", [1, 2, 3]))
    udp(port, signed(packet(1000, "wrong", [1, 2, 3]), "user", "other"))
    udp(port, signed(packet(1000, "load", [0.5, 0.25, 0.125]), "user", "secret"))
    checks.that(until(lambda: len(last(daemon, "collectd")) >= 3), f"collectd: {last(daemon, 'collectd')}")
    got = last(daemon, "collectd")
    tags = {"host": "h1", "instance": "0", "type": "load3", "type_instance": "avg"}
    checks.equal(got.get("load_midterm"), (tags, {"time": "1970-01-01T00:16:40Z", "value": 0.25}), "collectd's mapping")
    checks.equal(sorted(got), ["load_longterm", "load_midterm", "load_shortterm"], "unsigned packets are refused")
    udp(port, encrypted(packet(1000, "other", [1, 2, 3]), "user", "other"))
    udp(port, encrypted(packet(1000, "secret", [1, 2, 3]), "user", "secret"))
    checks.that(until(lambda: "secret_longterm" in last(daemon, "collectd")), "an encrypted packet")
    checks.that("other_longterm" not in last(daemon, "collectd"), "with the right password only")


def opentsdb(checks, daemon, port):
    with socket.create_connection(("127.0.0.1", port)) as sender:
        sender.sendall(b"version\nput sys.cpu 1000000000 1.5 host=a\nput sys.ms 1000000000500 2 host=a\nput bad 12 1\n")
        checks.equal(sender.recv(100), b"InfluxDB TSDB proxy\n", "version")
    checks.that(until(lambda: len(last(daemon, "opentsdb")) == 2), "telnet puts")
    got = last(daemon, "opentsdb")
    checks.equal(got["sys.cpu"], ({"host": "a"}, {"time": "2001-09-09T01:46:40Z", "value": 1.5}), "seconds")
    checks.equal(got["sys.ms"][1]["time"], "2001-09-09T01:46:40.5Z", "milliseconds")
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    one = {"metric": "web", "timestamp": 1000000001, "value": 3, "tags": {"host": "b"}}
    for body, headers, want in ((json.dumps(one).encode(), {}, 204), (gzip.compress(json.dumps([one, {**one, "metric": "web2"}]).encode()), {"Content-Encoding": "gzip"}, 204),
                                (b"[{]", {}, 400), (b'{"metric":"x"}', {}, 400)):
        client.request("POST", "/api/put", body, headers)
        response = client.getresponse()
        text = response.read()
        checks.that(response.status == want and (want == 204) == (text == b""), f"{body[:30]}: {response.status} {text}")
    client.close()
    checks.that(until(lambda: {"web", "web2"} <= set(last(daemon, "opentsdb"))), "HTTP puts")


def main():
    checks = Checks()
    with Daemon(sys.argv[1]) as daemon:
        ports = {name: free_port() for name in ("udp", "graphite", "collectd", "opentsdb")}
        Path(daemon.folder, "types.db").write_text("# types\nload3 shortterm:GAUGE:0:5000, midterm:GAUGE:0:5000, longterm:GAUGE:0:5000\n")
        Path(daemon.folder, "auth").write_text("user: secret\n")
        with open(daemon.config, "a", encoding="utf-8") as config:
            config.write(CONFIG.format(folder=daemon.folder, security="sign", **ports))
        daemon.start()
        for database in ("udpdb", "graphite", "collectd", "opentsdb"):
            code, answer = daemon.define(database, SCRIPT, dbrps=[{"db": database, "rp": "rp"}])
            checks.equal(code, 200, f"define: {answer}")
        lines_and_graphite(checks, daemon, ports)
        collectd(checks, daemon, ports["collectd"])
        opentsdb(checks, daemon, ports["opentsdb"])
        statistics = daemon.ask("GET", f"{API}/debug/vars")[1]["kapacitor"].values()
        counts = [s for s in statistics if s["name"] == "udp"]
        checks.that(len(counts) == 1 and counts[0]["values"]["points_rx"] == 3 and counts[0]["values"]["points_parse_fail"] == 1, f"counters: {counts}")
        began = time.time()
        checks.equal(daemon.stop(), 0, "stops")
        checks.that(time.time() - began < 10, "at once")
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
