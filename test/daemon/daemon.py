"""A kapacitord of its own folder and port, for the tests beside this file."""
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse
from pathlib import Path

CONFIG = """hostname = "localhost"
data_dir = "{folder}/data"
[http]
  bind-address = "127.0.0.1:{port}"
  log-enabled = false
  {http}
[replay]
  dir = "{folder}/data/replay"
[storage]
  boltdb = "{folder}/data/kapacitor.db"
[logging]
  file = "STDERR"
  level = "{level}"
[[influxdb]]
  {influx}
[stats]
  enabled = false
"""
API = "/kapacitor/v1"


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Daemon:
    """Not started until start(); close() ends it and removes its folder."""

    def __init__(self, bin_dir, http="", level="ERROR", folder=None, influx="enabled = false"):
        self.bin = Path(bin_dir).resolve()
        self.folder = folder or tempfile.mkdtemp(prefix="kapacitord-test-")
        os.makedirs(f"{self.folder}/data", exist_ok=True)
        self.port = free_port()
        self.config = f"{self.folder}/kapacitor.conf"
        Path(self.config).write_text(CONFIG.format(folder=self.folder, port=self.port, http=http, level=level, influx=influx), encoding="utf-8")
        self.process = None
        self.connection = None
        self.flags = []  # more of the command line

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def spawn(self, **options):
        return subprocess.Popen([self.bin / "kapacitord", "-config", self.config, *self.flags], stdout=subprocess.DEVNULL,
                                stderr=options.pop("stderr", subprocess.DEVNULL), **options)

    def start(self, **options):
        self.process = self.spawn(**options)
        for _ in range(4000):
            try:
                with socket.create_connection(("127.0.0.1", self.port)):
                    return self
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.005)
        raise RuntimeError(f"kapacitord does not start (status {self.process.poll()})")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.disconnect()

    def stop(self):
        self.disconnect()
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode if self.process else None

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def disconnect(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method, path, body=None, connection=None, headers=None):
        """Status and body (from JSON where it is some); on this object's own connection unless one is given."""
        if connection is None:
            connection = self.connection = self.connection or self.connect()
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        text = response.read()
        try:
            return response.status, json.loads(text)
        except ValueError:
            return response.status, text

    def define(self, name, script, status="enabled", connection=None, **more):
        body = {"id": name, "type": "stream", "script": script, "status": status, "dbrps": [{"db": "db", "rp": "rp"}], **more}
        return self.ask("POST", f"{API}/tasks", body, connection)

    def write(self, lines, connection=None, headers=None):
        return self.ask("POST", "/write?db=db&rp=rp", lines, connection, headers)

    def cli(self, *words):
        return subprocess.run([self.bin / "kapacitor", "-url", f"http://127.0.0.1:{self.port}", *words], capture_output=True,
                              text=True, check=False)


INFLUXD = """reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
  dir = "{folder}/meta"
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:{port}"
  log-enabled = false
[logging]
  level = "error"
"""


class Influxd:
    """An InfluxDB 1.x of its own folder and ports. Not started until start(); close() ends it and removes its folder."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="influxd-test-")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.config = f"{self.folder}/influxdb.conf"
        Path(self.config).write_text(INFLUXD.format(folder=self.folder, port=self.port, rpc=free_port()), encoding="utf-8")
        self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        self.process = subprocess.Popen(["influxd", "-config", self.config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if not until(lambda: self.alive(), 60):
            raise RuntimeError(f"influxd does not start (status {self.process.poll()})")
        return self

    def alive(self):
        try:
            return self.ask("GET", "/ping")[0] == 204
        except OSError:
            return False

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def query(self, text, database=""):
        """The series of the answer's first result."""
        status, body = self.ask("POST", "/query?" + urllib.parse.urlencode({"db": database, "q": text}))
        results = json.loads(body).get("results", [{}])
        if status != 200 or "error" in results[0]:
            raise RuntimeError(f"{text}: {status} {body[:300]!r}")
        return results[0].get("series", [])

    def write(self, database, lines):
        return self.ask("POST", "/write?" + urllib.parse.urlencode({"db": database}), lines)[0]


def rows(answer):
    """The points of an httpOut answer."""
    return [dict(zip(series["columns"], values)) for series in answer.get("series") or [] for values in series["values"]]


def until(condition, seconds=10):
    end = time.time() + seconds
    while time.time() < end:
        got = condition()
        if got:
            return got
        time.sleep(0.01)
    return condition()


def ended(daemon, kind, name):
    """A recording or a replay, once it has ended."""
    def answer():
        status, body = daemon.ask("GET", f"{API}/{kind}/{name}")
        return body if status == 200 else None

    return until(answer, 20)


class Checks:
    """Counts what held; report() prints the last line and gives the exit status."""

    def __init__(self):
        self.passed = self.failed = 0

    def that(self, held, sentence):
        self.passed, self.failed = self.passed + bool(held), self.failed + (not held)
        if not held:
            print(f"FAIL {sentence}", flush=True)
        return held

    def equal(self, got, want, sentence):
        return self.that(got == want, f"{sentence}: got {str(got)[:400]!r}, want {str(want)[:400]!r}")

    def report(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed or not self.passed else 0
