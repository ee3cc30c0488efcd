#!/usr/bin/env python3
"""The load directory: read at the start and on SIGHUP, only what changed is touched, mistakes name their file.

    load.py BIN
"""
import signal
import subprocess
import sys
import time
from pathlib import Path

from daemon import API, Checks, Daemon, until

TICK = 'dbrp "db"."rp"\n\nstream\n    |from().measurement(\'{m}\')\n    |log()\n'
TEMPLATE = "var m string\n\nstream\n    |from().measurement(m)\n    |log()\n"
TEMPLATED = "template-id: generic\ndbrps:\n  - db: db\n    rp: rp\nvars:\n  m: {type: string, value: cpu}\n"
HANDLER = "topic: system\nid: logs\nkind: log\nmatch: 'changed() == TRUE'\noptions:\n  path: %s\n"


def hup(daemon):
    daemon.process.send_signal(signal.SIGHUP)


def task(daemon, name):
    return daemon.ask("GET", f"{API}/tasks/{name}?script-format=raw")


def main():
    checks = Checks()
    with Daemon(sys.argv[1]) as daemon:
        folder = Path(daemon.folder, "load")
        for part in ("tasks", "templates", "handlers"):
            (folder / part).mkdir(parents=True)
        (folder / "tasks/a.tick").write_text(TICK.format(m="a"))
        (folder / "tasks/b.yaml").write_text(TEMPLATED)
        (folder / "tasks/notes.txt").write_text("not looked at")
        (folder / "templates/generic.tick").write_text(TEMPLATE)
        (folder / "handlers/h.yaml").write_text(HANDLER % (folder / "alerts.log"))
        compiled = subprocess.run([daemon.bin / "tickc", "-o", folder / "tasks/c.so", "-"], input=TICK.format(m="c"), text=True, capture_output=True, check=False)
        checks.equal(compiled.returncode, 0, f"tickc: {compiled.stderr}")
        with open(daemon.config, "a", encoding="utf-8") as config:
            config.write(f'[load]\n  enabled = true\n  dir = "{folder}"\n')
        daemon.start()
        for name in "abc":
            code, answer = task(daemon, name)
            checks.that(code == 200 and answer["status"] == "enabled" and answer["executing"], f"task {name}: {answer}")
        checks.equal(task(daemon, "b")[1]["vars"]["m"]["value"], "cpu", "vars of a task file")
        code, answer = daemon.ask("GET", f"{API}/alerts/topics/system/handlers/logs")
        checks.equal((code, answer.get("kind")), (200, "log"), "handler")

        before = {name: task(daemon, name)[1]["modified"] for name in "abc"}
        daemon.define("own", TICK.format(m="own"), dbrps=[])
        (folder / "tasks/a.tick").write_text(TICK.format(m="changed"))
        hup(daemon)
        checks.that(until(lambda: "changed" in task(daemon, "a")[1]["script"]), "SIGHUP reads a changed file")
        checks.equal({n: task(daemon, n)[1]["modified"] for n in "bc"}, {n: before[n] for n in "bc"}, "what did not change is not touched")

        (folder / "tasks/a.tick").unlink()
        (folder / "handlers/h.yaml").unlink()
        hup(daemon)
        checks.that(until(lambda: task(daemon, "a")[0] == 404), "a file that is gone takes its task along")
        checks.that(until(lambda: daemon.ask("GET", f"{API}/alerts/topics/system/handlers/logs")[0] == 404), "and its handler")
        checks.equal(task(daemon, "own")[0], 200, "tasks made by hand stay")

        (folder / "tasks/bad.tick").write_text("dbrp \"db\".\"rp\"\nstream|fro()\n")
        hup(daemon)
        time.sleep(0.5)
        checks.equal(daemon.ask("GET", f"{API}/ping")[0], 204, "a mistake does not end a running daemon")
        daemon.stop()
        refused = daemon.spawn(stderr=subprocess.PIPE)
        text = refused.communicate(timeout=60)[1].decode()
        want = f"run: open server: failed to reload tasks/templates/handlers: failed to load tasks: failed to load file {folder}/tasks/bad.tick: failed to create task: invalid TICKscript: "
        checks.that(refused.returncode == 1 and want in text, f"at the start it is refused: {text}")
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
