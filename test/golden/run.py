#!/usr/bin/env python3
"""Golden tasks: the same bytes however a task is run.

    run.py BIN [--update]

Every folder here and in examples/ that has a .tick and an input.lp, and every recorded task of
test/conformance/facts, runs compiled in memory and ahead of time, in blocks of 1, 7 and 4096 rows: what it prints
must not differ by a byte. A folder's want.jsonl, where there is one, must equal what .log() would write.
The last line is 'N passed, N failed'.
"""
import argparse
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "conformance" / "facts"))


def run(*words):
    done = subprocess.run([str(w) for w in words], capture_output=True, timeout=120, check=False)
    # Wall clocks are no part of a task's result.
    return done.returncode, done.stdout, re.sub(rb"ts=\S+", b"ts=", done.stderr)


class Case:
    def __init__(self, name, script, points, want=None, arguments=()):
        self.name, self.script, self.points, self.want, self.arguments = name, script, points, want, arguments


def folders():
    for base in (HERE, ROOT / "examples"):
        for points in sorted(base.glob("*/input.lp")):
            for script in sorted(points.parent.glob("*.tick")):
                want = points.parent / (script.stem + ".want.jsonl")
                yield Case(f"{base.name}/{points.parent.name}/{script.stem}", script, points, want)


def recorded(scratch):
    import pipeline_cases  # pylint: disable=import-outside-toplevel
    for name, case in pipeline_cases.CASES.items():
        if case.get("type", "stream") != "stream" or case.get("vars") or "deadman" in case["script"] or "stats(" in case["script"]:
            continue
        script, points = scratch / f"{name}.tick", scratch / f"{name}.lp"
        script.write_text(case["script"].replace("@LOG@", "/nowhere/alert.log"), encoding="utf-8")
        data = case["data"] if isinstance(case["data"], list) else [case["data"]]
        points.write_text("\n".join(data) + "\n", encoding="utf-8")
        yield Case(f"recorded/{name}", script, points, None, ("--database", "testdb", "--retention-policy", "autogen"))


def check(case, bin_dir, scratch, update):
    """The first difference as a sentence, or ''."""
    first = None
    shared = scratch / case.name.replace("/", "_") / (case.script.stem + ".so")  # a task is named after its file
    shared.parent.mkdir()
    status, _, errors = run(bin_dir / "tickc", case.script, "-o", shared)
    compiled = status == 0
    for program, task in ((bin_dir / "tickc", case.script), (bin_dir / "tickrun", shared)):
        if program.name == "tickrun" and not compiled:
            continue
        for rows in (1, 7, 4096):
            words = [program, *(["run"] if program.name == "tickc" else []), task, "--points", case.points, "--block-rows", rows, *case.arguments]
            got = run(*words)
            if first is None:
                first = got
            elif (got[0], got[1]) != (first[0], first[1]):
                return f"{program.name} in blocks of {rows} differs from tickc in blocks of 1:\n{got[1][:300]!r}\n{first[1][:300]!r}\n{got[2][:300]!r}"
    if not compiled and first[0] == 0:
        return f"runs, but does not compile ahead of time: {errors[:300]!r}"
    if case.want and update:
        case.want.write_bytes(first[1])
    if case.want and case.want.exists() and case.want.read_bytes() != first[1]:
        return f"prints other than {case.want.name}:\n{first[1][:400]!r}"
    return ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin", type=Path)
    parser.add_argument("--update", action="store_true", help="write what is printed into want.jsonl")
    args = parser.parse_args()
    failed = passed = 0
    with tempfile.TemporaryDirectory(prefix="golden-") as folder:
        scratch = Path(folder)
        cases = [*folders(), *recorded(scratch)]
        with ThreadPoolExecutor(2) as pool:
            for case, difference in zip(cases, pool.map(lambda c: check(c, args.bin.resolve(), scratch, args.update), cases)):
                passed, failed = passed + (not difference), failed + bool(difference)
                if difference:
                    print(f"FAIL {case.name}: {difference}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
