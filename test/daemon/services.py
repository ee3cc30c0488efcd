#!/usr/bin/env python3
"""Alerts over other protocols than HTTP reach real servers: mosquitto plain and over TLS, snmptrapd, mail with STARTTLS.

    services.py BIN
"""
import shutil
import sys
import tempfile
import time

from daemon import API, Checks, Daemon, until
from receivers import MailServer, Mosquitto, Subscriber, TrapDaemon, certificate

SCRIPT = """stream
    |from().measurement('cpu').groupBy('host')
    |alert()
        .id('{{ index .Tags "host" }}')
        .message('{{ .ID }} is {{ .Level }}')
        .details('<b>{{ .ID }}</b>')
        .crit(lambda: "value" > 80.0)
        .stateChangesOnly()
        HANDLERS
"""


def configured(bin_dir, sections):
    daemon = Daemon(bin_dir)
    with open(daemon.config, "a", encoding="utf-8") as config:
        config.write(sections)
    return daemon.start()


def mqtt(checks, bin_dir, folder, tls):
    """Both ports; a broker that is not there keeps nothing from starting, and is found again."""
    broker = Mosquitto(folder, tls)
    daemon = configured(bin_dir, f"""
[alert]
  retries = 100
  retry-delay = "50ms"
[[mqtt]]
  enabled = true
  name = "plain"
  default = true
  url = "tcp://127.0.0.1:{broker.port}"
  username = "me"
  password = "secret"
[[mqtt]]
  enabled = true
  name = "tls"
  url = "ssl://localhost:{broker.tls_port}"
  ssl-ca = "{tls[0]}"
[[mqtt]]
  enabled = true
  name = "stranger"
  url = "ssl://localhost:{broker.tls_port}"
""")
    plain = over_tls = None
    try:
        daemon.define("t", SCRIPT.replace("HANDLERS", ".mqtt('p/{{ .ID }}').qos(1)\n .mqtt('s/x').brokerName('tls').qos(2)\n .mqtt('q').brokerName('stranger')"))
        daemon.write("cpu,host=early value=90 1")
        broker.start()
        plain, over_tls = Subscriber(broker.port, "me", "secret"), Subscriber(broker.tls_port, tls=tls[0])
        checks.that(until(lambda: len([m for m in plain.got if m[0] == "p/early"]) == 1, 30), f"a broker that comes late gets what waited: {plain.got}")
        daemon.write("cpu,host=a value=90 1\ncpu,host=a value=10 2")
        want = [("p/a", "a is CRITICAL"), ("p/a", "a is OK")]
        checks.that(until(lambda: [m for m in plain.got if m[0] == "p/a"] == want), f"plain, with a password: {plain.got}")
        checks.that(until(lambda: ("s/x", "a is OK") in over_tls.got), f"over TLS with a CA of our own: {over_tls.got}")
        checks.that(not any(topic == "q" for topic, _ in over_tls.got), "a broker with a certificate of nobody we know gets nothing")
        broker.stop()
        plain.close()
        time.sleep(0.3)
        broker.start()
        plain = Subscriber(broker.port, "me", "secret")
        daemon.write("cpu,host=again value=90 1")
        checks.that(until(lambda: ("p/again", "again is CRITICAL") in plain.got, 30), f"a connection that was lost is made again: {plain.got}")
        begin = time.time()
        daemon.stop()
        checks.that(time.time() - begin < 3, f"stop does not wait for brokers: {time.time() - begin:.1f} s")
    finally:
        daemon.close()
        broker.stop()
        for subscriber in (plain, over_tls):
            if subscriber:
                subscriber.close()


def mail(checks, bin_dir, tls):
    """STARTTLS where it is offered, the login behind it, one connection for several messages."""
    server = MailServer(tls)
    section = f"""
[smtp]
  enabled = true
  host = "localhost"
  port = {server.port}
  username = "me"
  password = "secret"
  from = "k@example.com"
  to = ["config@example.com"]
  no-verify = true
"""
    daemon = configured(bin_dir, section)
    try:
        daemon.define("t", SCRIPT.replace("HANDLERS", ".email('one@example.com', 'two@example.com')"))
        daemon.write("cpu,host=a value=90 1\ncpu,host=a value=10 2\ncpu,host=b value=90 1")
        checks.that(until(lambda: len(server.got) == 3), f"{len(server.got)} of 3 messages")
        encrypted, login, sender, to, text = server.got[0]
        checks.equal((encrypted, login, sender, to), (True, ["me", "secret"], "k@example.com", ["one@example.com", "two@example.com"]), "envelope")
        checks.that("Subject: a is CRITICAL\r\n" in text and text.endswith("\r\n\r\n<b>a</b>"), f"message {text!r}")
        checks.equal(server.connections, 1, "one connection")
        status, answer = daemon.ask("POST", f"{API}/service-tests/smtp", {"to": ["three@example.com"], "subject": "s", "body": "b"})
        checks.equal((status, answer), (200, {"success": True, "message": ""}), "service test")
        checks.equal(server.got[-1][3], ["three@example.com"], "its recipient")
        daemon.ask("POST", f"{API}/config/smtp/", {"set": {"no-verify": False}})
        status, answer = daemon.ask("POST", f"{API}/service-tests/smtp", {"subject": "s"})
        checks.that(answer["success"] is False and "certificate" in answer["message"], f"a stranger's certificate is refused: {answer}")
        checks.equal(len(server.got), 4, "and it gets nothing")
    finally:
        daemon.close()
        server.close()


def traps(checks, bin_dir, folder):
    receiver = TrapDaemon(folder)
    daemon = configured(bin_dir, f"""
[snmptrap]
  enabled = true
  addr = "127.0.0.1:{receiver.port}"
  community = "public"
""")
    try:
        daemon.define("t", SCRIPT.replace("HANDLERS", ".snmpTrap('1.3.6.1.4.1.9.1').data('1.3.6.1.4.1.9.2', 's', '{{ .Message }}').data('1.3.6.1.4.1.9.3', 'i', '-5')"
                                                      ".data('1.3.6.1.4.1.9.4', 'c', '18').data('1.3.6.1.4.1.9.5', 't', '100')"))
        daemon.write("cpu,host=a value=90 1")
        checks.that(until(receiver.lines), "a trap came")
        line = receiver.lines()[0] if receiver.lines() else ""
        for part in (".1.3.6.1.6.3.1.1.4.1.0 = OID: .1.3.6.1.4.1.9.1", ".1.3.6.1.4.1.9.2 = STRING: \"a is CRITICAL\"", ".1.3.6.1.4.1.9.3 = INTEGER: -5",
                     ".1.3.6.1.4.1.9.4 = Counter64: 18", ".1.3.6.1.4.1.9.5 = Timeticks: (100)"):
            checks.that(part in line, f"{part} in {line}")
    finally:
        daemon.close()
        receiver.stop()


def main():
    checks, folder = Checks(), tempfile.mkdtemp(prefix="services-test-")
    try:
        tls = certificate(folder)
        mqtt(checks, sys.argv[1], folder, tls)
        mail(checks, sys.argv[1], tls)
        traps(checks, sys.argv[1], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
