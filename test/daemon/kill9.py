#!/usr/bin/env python3
"""A daemon that is killed at random moments a hundred times has after each restart all that it answered with success.

    kill9.py BIN [ROUNDS]
"""
import http.client
import json
import random
import sys
import threading
import time

from daemon import API, Checks, Daemon

WRITERS = 2
GONE = None


class Writer:
    """Defines, changes and deletes tasks of its own names until the daemon is gone."""

    def __init__(self, daemon, number):
        self.daemon, self.number = daemon, number
        self.sure = {}    # name: (script, status) that was answered with success
        self.maybe = {}   # the change under way when the daemon was killed
        self.done = 0
        self.refused = []

    def run(self):
        connection = self.daemon.connect()
        try:
            while True:
                self.change(connection)
        except (OSError, http.client.HTTPException, ValueError):
            pass
        finally:
            connection.close()

    def change(self, connection):
        name = f"w{self.number}_{random.randrange(8)}"
        before = self.sure.get(name, GONE)
        script = f"stream\n    |from()\n        .measurement('m{random.randrange(1000)}')\n"
        status = random.choice(["enabled", "disabled"])
        kind = random.choice(["delete", "status", "script"]) if before else "create"
        after = {"create": (script, status), "delete": GONE, "status": (before or ("", ""))[:1] + (status,),
                 "script": (script,) + (before or ("", ""))[1:]}[kind]
        self.maybe = {name: after}
        path = f"{API}/tasks/{name}"
        if kind == "create":
            code, answer = self.daemon.define(name, script, status, connection)
        elif kind == "delete":
            code, answer = self.daemon.ask("DELETE", path, None, connection)
        else:
            code, answer = self.daemon.ask("PATCH", path, {kind: after[0] if kind == "script" else status}, connection)
        if code >= 300:
            self.refused.append(f"{kind} {name}: {code} {json.dumps(str(answer))}")
        else:
            self.sure[name] = after
            self.done += 1
        self.maybe = {}


def difference(writer, found):
    """What is missing of what the writer knows; afterwards it knows what is there."""
    wrong = []
    for name in set(writer.sure) | set(writer.maybe) | {n for n in found if n.startswith(f"w{writer.number}_")}:
        allowed = [writer.sure.get(name, GONE)] + ([writer.maybe[name]] if name in writer.maybe else [])
        got = found.get(name, GONE)
        if got not in allowed:
            wrong.append(f"{name} is {got}, answered was {allowed}")
        writer.sure[name] = got
    writer.maybe = {}
    return wrong


def main():
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    random.seed(7)
    checks = Checks()
    with Daemon(sys.argv[1]) as daemon:
        writers = [Writer(daemon, n) for n in range(WRITERS)]
        for number in range(rounds):
            daemon.start()
            code, answer = daemon.ask("GET", f"{API}/tasks?limit=-1&fields=script&fields=status&fields=executing&fields=error&script-format=raw")
            found = {task["id"]: (task["script"], task["status"]) for task in answer["tasks"]} if code == 200 else {}
            wrong = [w for writer in writers for w in difference(writer, found)]
            wrong += [f"{t['id']} does not run: {t['error']}" for t in answer["tasks"] if t["executing"] != (t["status"] == "enabled")]
            checks.equal(wrong, [], f"after kill {number}")
            threads = [threading.Thread(target=writer.run) for writer in writers]
            for thread in threads:
                thread.start()
            time.sleep(random.uniform(0.01, 0.25))
            daemon.kill()
            for thread in threads:
                thread.join()
        checks.equal([r for writer in writers for r in writer.refused], [], "refused changes")
        done = sum(writer.done for writer in writers)
        checks.that(done > rounds, f"only {done} changes were answered")
        print(f"{done} changes answered with success, {rounds} kills")
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
