#!/usr/bin/env python3
"""What must hold of the tree as a whole.

    tree.py BIN

Includes follow the direction of docs/architecture.md; generated pages are current; every diagnostic and function has its test; the small programs link neither
LLVM nor ANTLR and stay small. The last line is 'N passed, N failed'.
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# folder: what its files may include of the project
MAY_INCLUDE = {
    "grammar": {"grammar"},
    "frontend": {"frontend", "grammar"},
    "codegen": {"codegen", "frontend", "grammar", "runtime"},
    "runtime": {"runtime", "grammar"},
    "driver": {"driver", "codegen", "frontend", "grammar", "runtime"},
}
# What only the daemon links.
DAEMON = tuple(f"runtime/{part}/" for part in ("daemon", "net", "services", "influx", "replay", "input", "udf"))
OUTSIDE = [  # pattern of an include, where alone it may stand
    (re.compile(r"^(llvm|lld|llvm-c)/"), "codegen/"),
    (re.compile(r"^(antlr4-runtime|antlr4|TickLexer|TickParser)"), "frontend/parse/"),
    (re.compile(r"^(boost|sqlite3|toml\+\+|curl|mosquitto|librdkafka)/?"), DAEMON),
    (re.compile(r"^CLI/"), "driver/"),
]
# What codegen takes of the runtime: the ABI, the interface of code, and number formats for constants.
CODEGEN_RUNTIME = ("runtime/abi/", "runtime/engine/code.h", "runtime/support/arena.h", "runtime/text/")
# The sizes of node states are a table of the ABI that the layout pass reads.
EXCEPT = {("frontend/passes/layout.cpp", "runtime/abi/state_sizes.def")}
PAGES = {"functions.md": "--list-functions", "nodes.md": "--list-nodes", "diagnostics.md": "--list-diagnostics"}
UNTESTED = {"not-built"}  # no row of nodes.def says No today
SMALL = {"tickrun": 3 << 20}


def includes():
    for folder, allowed in MAY_INCLUDE.items():
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in (".h", ".cpp", ".def", ".inc"):
                continue
            name = path.relative_to(ROOT).as_posix()
            for included in re.findall(r'^\s*#include\s+[<"]([^>"]+)[>"]', path.read_text(encoding="utf-8"), re.M):
                top = included.split("/")[0]
                if (name, included) in EXCEPT:
                    continue
                if top in MAY_INCLUDE and top not in allowed:
                    yield f"{name} includes {included}"
                if folder == "codegen" and top == "runtime" and not included.startswith(CODEGEN_RUNTIME):
                    yield f"{name} includes {included}"
                for pattern, home in OUTSIDE:
                    if pattern.match(included) and not name.startswith(home):
                        yield f"{name} includes {included}, which only {home if isinstance(home, str) else 'the daemon'} may"


def pages(bin_dir):
    for page, flag in PAGES.items():
        made = subprocess.run([bin_dir / "tickc", flag], capture_output=True, text=True, check=True).stdout
        path = ROOT / "docs" / page
        if not path.exists() or path.read_text(encoding="utf-8") != made:
            yield f"docs/{page} is not what tickc {flag} prints"


def tables():
    """Each diagnostic is met in a test, each function of lambdas has its lit file."""
    texts = "".join(path.read_text(encoding="utf-8", errors="replace") for folder in ("lit", "unit")
                    for path in sorted((ROOT / "test" / folder).rglob("*")) if path.is_file())
    for code in re.findall(r'^TICK_DIAG\(\w+, \w+, "([^"]+)"', (ROOT / "grammar/diagnostics.def").read_text(), re.M):
        if f"[{code}]" not in texts and code not in UNTESTED:
            yield f"no test meets the diagnostic {code}"
    for name in sorted(set(re.findall(r'^TICK_FN\("(\w+)"', (ROOT / "grammar/functions.def").read_text(), re.M))):
        if not (ROOT / f"test/lit/lambda/{name}.tick").exists():
            yield f"the function {name} has no test/lit/lambda/{name}.tick"


def programs(bin_dir):
    for program, most in SMALL.items():
        path = bin_dir / program
        needed = subprocess.run(["readelf", "-d", path], capture_output=True, text=True, check=True).stdout
        for library in re.findall(r"NEEDED.*\[(.*?)\]", needed):
            if re.search("LLVM|antlr", library):
                yield f"{program} needs {library}"
        with tempfile.NamedTemporaryFile() as stripped:
            subprocess.run(["strip", "-o", stripped.name, path], check=True)
            size = Path(stripped.name).stat().st_size
        if size > most:
            yield f"{program} has {size} bytes stripped, more than {most}"


def main():
    bin_dir = Path(sys.argv[1]).resolve()
    passed = failed = 0
    for check in (includes(), pages(bin_dir), tables(), programs(bin_dir)):
        wrong = list(check)
        for sentence in wrong:
            print(sentence)
        passed, failed = passed + (not wrong), failed + bool(wrong)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
