#!/usr/bin/env python3
"""Runs one comparison of facts/ against our programs and checks the differences against known.json.

    run.py BIN COMPARISON

Starts what it needs on loopback ports of its own and ends it. The last line is 'N passed, N failed', where a
difference that known.json explains has passed.
"""
import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "daemon"))
from daemon import Influxd  # noqa: E402

CONFIG = """hostname = "localhost"
data_dir = "{dir}/data"
[http]
  bind-address = "127.0.0.1:{port}"
  log-enabled = false
  whole-requests = true
[replay]
  dir = "{dir}/data/replay"
[storage]
  boltdb = "{dir}/data/kapacitor.db"
[logging]
  file = "{dir}/kapacitord.log"
  level = "INFO"
[task]
  keep-state = "0s"
[[influxdb]]
  {influx}
[stats]
  enabled = false
"""
COMPARISONS = {
    "lambda": "conform.py --check --only lambda/ --url {url} --spawn {spawn}",
    "pipeline": "conform.py --check --only pipeline/ --url {url} --spawn {spawn}",
    "batch": "conform.py --check --only pipeline/batch_ --url {url} --spawn {spawn} --influx {influx}",
    "dotted": "conform.py --check --dialect 0.2 --url {url} --spawn {spawn}",
    "surface": "surface.py --check --url {url} --spawn {spawn} --data {data} --cli {bin}/kapacitor",
    "surface-0.2": "surface.py --dialect 0.2 --check --url {url} --spawn {spawn} --data {data} --cli {bin}/kapacitor",
    "fmt": "fmt.py --check -- {bin}/tickc fmt -",
    "handlers": "../handlers.py {bin}/kapacitord",
    "reports": "reports.py --url {url} --spawn {spawn}",
}


def command(name, bin_dir, folder, influx):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = Path(folder, "k.conf")
    config.write_text(CONFIG.format(dir=folder, port=port, influx=f'urls = ["{influx}"]\n  disable-subscriptions = true' if influx else "enabled = false"), encoding="utf-8")
    os.makedirs(f"{folder}/data", exist_ok=True)
    fill = {"{url}": f"http://127.0.0.1:{port}", "{spawn}": f"{bin_dir}/kapacitord -config {config}", "{data}": f"{folder}/data",
            "{influx}": influx}
    words = [fill.get(w, w.replace("{bin}", str(bin_dir))) for w in COMPARISONS[name].split()]
    return [sys.executable, str(HERE / "facts" / words[0]), *words[1:]]


def main():
    bin_dir, name = Path(sys.argv[1]).resolve(), sys.argv[2]
    known = json.loads((HERE / "known.json").read_text(encoding="utf-8")).get(name, {})
    environment = dict(os.environ, TZ="UTC")
    if name == "surface-0.2":
        environment["KAPACITOR_DIALECT"] = "0.2"
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder, contextlib.ExitStack() as ended:
        # Batch tasks query a real InfluxDB.
        influx = ended.enter_context(Influxd()).start().url if "{influx}" in COMPARISONS[name] else ""
        done = subprocess.run(command(name, bin_dir, folder, influx), capture_output=True, text=True, env=environment, check=False)
    failed = {}
    for line in done.stdout.splitlines():
        match = re.match(r"FAIL ([^ ]+:? ?(?:.*)?)", line)
        if match:
            case = match.group(1).split(" want ")[0].strip().rstrip(":")
            case = case if name.startswith("surface") else case.split(" ")[0].rstrip(":")
            failed[case] = line
    closing = re.findall(r"^(\d+) passed, (\d+) failed", done.stdout, re.M)
    if not closing or int(closing[-1][1]) < len(failed):
        print(done.stdout[-2000:], done.stderr[-2000:], "the comparison did not end")
        print("0 passed, 1 failed")
        return 1
    unexpected = [case for case in failed if case not in known]
    gone = [case for case in known if case not in failed]
    for case in unexpected:
        at = done.stdout.index(failed[case])
        print("\n".join(line[:600] for line in done.stdout[at:].splitlines()[:3]))
    for case in gone:
        print(f"{case} differs no more: take it out of known.json ({known[case]})")
    total = int(closing[-1][0]) + int(closing[-1][1])
    bad = len(unexpected) + len(gone)
    print(f"{total - bad} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
