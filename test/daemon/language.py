#!/usr/bin/env python3
"""Templates with variables, and errors of the language as the API, the log and `kapacitor show` tell them.

    language.py BIN
"""
import json
import sys
from pathlib import Path

from daemon import API, Checks, Daemon, until

TEMPLATE = """// What is measured
var measurement string
// Above this it is critical
var limit = 90.0
var where_filter = lambda: TRUE
var groups = [*]
var window = 10s
var host = /web.*/
stream
    |from()
        .measurement(measurement)
        .where(where_filter)
        .groupBy(groups)
    |window()
        .period(window)
        .every(window)
    |mean('usage')
    |alert()
        .crit(lambda: "mean" > limit AND "host" =~ host)
"""
VARS = {"measurement": {"type": "string", "value": "cpu"}, "limit": {"type": "float", "value": 5},
        "groups": {"type": "list", "value": [{"type": "string", "value": "host"}]},
        "where_filter": {"type": "lambda", "value": "\"host\" != 'x'"}, "window": {"type": "duration", "value": "1m"},
        "host": {"type": "regex", "value": "db.*"}}
DBRPS = [{"db": "db", "rp": "rp"}]


def templates(checks, daemon):
    folder = Path(daemon.folder)
    (folder / "t.tick").write_text(TEMPLATE, encoding="utf-8")
    (folder / "vars.json").write_text(json.dumps(VARS), encoding="utf-8")
    done = daemon.cli("define-template", "temp", "-tick", f"{folder}/t.tick", "-type", "stream")
    checks.equal((done.returncode, done.stderr), (0, ""), "define-template")
    listed = daemon.cli("list", "templates").stdout
    checks.that("temp" in listed and "measurement" in listed, f"list templates: {listed}")
    shown = daemon.cli("show-template", "temp").stdout
    for words in (["measurement", "string", "<required>", "What is measured"], ["limit", "float", "90"], ["groups", "list", "[*]"],
                  ["window", "duration", "10s"], ["host", "regex", "web.*"], ["where_filter", "lambda", "TRUE"]):
        checks.that(any(all(word in line for word in words) for line in shown.splitlines()), f"show-template has {words}: {shown}")

    for name in ("one", "two"):
        done = daemon.cli("define", name, "-template", "temp", "-vars", f"{folder}/vars.json", "-dbrp", "db.rp")
        checks.equal((done.returncode, done.stderr), (0, ""), f"define {name}")
        daemon.cli("enable", name)
    task = daemon.ask("GET", f"{API}/tasks/one")[1]
    checks.equal((task["template-id"], task["executing"], task["vars"]["window"]["value"]), ("temp", True, 60000000000), "a task of it")
    checks.that(".measurement(measurement)" in task["script"], "the task has the template's script")

    # A value that is missing, or of another type, refuses the task and says which.
    code, answer = daemon.ask("POST", f"{API}/tasks", {"id": "none", "template-id": "temp", "dbrps": DBRPS, "vars": {}})
    checks.that(code == 400 and 'missing value for var "measurement"' in answer["error"], f"missing: {code} {answer}")
    wrong = {**VARS, "limit": {"type": "int", "value": 5}}
    code, answer = daemon.ask("POST", f"{API}/tasks", {"id": "none", "template-id": "temp", "dbrps": DBRPS, "vars": wrong})
    checks.that(code == 400 and "invalid type supplied for limit, got int exp float" in answer["error"], f"wrong: {code} {answer}")
    checks.equal(daemon.ask("GET", f"{API}/tasks/none")[0], 404, "nothing was made")

    # An update reaches all tasks made from it, or none.
    code, answer = daemon.ask("PATCH", f"{API}/templates/temp", {"script": TEMPLATE.replace("'usage'", "'idle'")})
    checks.equal(code, 200, f"update {answer}")
    for name in ("one", "two"):
        checks.that("'idle'" in daemon.ask("GET", f"{API}/tasks/{name}")[1]["script"], f"{name} follows")
    broken = TEMPLATE.replace("var limit = 90.0", "var limit = 90")
    code, answer = daemon.ask("PATCH", f"{API}/templates/temp", {"script": broken})
    checks.that(code >= 400 and "limit" in str(answer), f"an update that two tasks do not fit: {code} {answer}")
    for path in ("templates/temp", "tasks/one", "tasks/two"):
        script = daemon.ask("GET", f"{API}/{path}")[1]["script"]
        checks.that("var limit = 90.0" in script and "'idle'" in script, f"{path} is as it was")
    checks.that(daemon.ask("GET", f"{API}/tasks/one")[1]["executing"], "and runs")
    checks.equal(daemon.cli("delete", "templates", "temp").returncode, 0, "delete templates")
    checks.equal(daemon.ask("GET", f"{API}/templates/temp")[0], 404, "it is gone")
    checks.equal(daemon.cli("delete", "tasks", "one", "two").returncode, 0, "delete tasks")


def errors(checks, daemon, log):
    code, answer = daemon.define("bad", "stream|from()|alert().crit(lambda: TRUE).message('{{ .Level')")
    checks.that(code == 400 and "template: message:1: unclosed action" in answer["error"], f"a template that ends early: {answer}")
    script = "stream|from().measurement('m').groupBy('host')|eval(lambda: \"v\" + 1).as('w')|log()"
    checks.equal(daemon.define("typed", script)[0], 200, "define")
    daemon.write("m,host=a v=1i 1\n" + "".join(f"m,host=a v=1.5 {i}\n" for i in range(2, 100)) + "m,host=b v=\"x\" 200\n")

    def counted():
        stats = daemon.ask("GET", f"{API}/tasks/typed")[1]["stats"]
        return stats if sum(error["count"] for error in stats.get("node-errors", {}).get("eval2", [])) == 99 else None

    checks.that(until(counted), "99 errors are counted by cause")
    shown = daemon.cli("show", "typed").stdout
    line = next((line for line in shown.splitlines() if line.startswith("eval2 ") and "float + int" in line), "")
    checks.that(line.split()[1:2] == ["98"], f"show counts the error that came 98 times: {shown}")
    lines = [line for line in Path(log).read_text(encoding="utf-8").splitlines() if "task=typed" in line and "got float + int" in line]
    checks.that(lines and len(lines) <= 3, f"the log says it once, and its count at round numbers: {len(lines)}")
    for part in ("node=eval2", 'lambda="\\"v\\" + 1"', "field=v", "wanted=int", "found=float", 'series=m,host=a'):
        checks.that(lines and part in lines[0], f"the log names {part}: {lines[:1]}")


def main():
    checks = Checks()
    with Daemon(sys.argv[1]) as daemon:
        log = f"{daemon.folder}/log"
        with open(log, "w", encoding="utf-8") as out:
            daemon.start(stderr=out)
            templates(checks, daemon)
            errors(checks, daemon, log)
            daemon.stop()
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
