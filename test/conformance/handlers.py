#!/usr/bin/env python3
"""What alert handlers send, compared with facts/facts-handlers*.jsonl by several daemons at once.

    handlers.py DAEMON

Most of a case is waiting for something that must not come, so the cases are dealt out to a few runs of
facts/handlers.py that do not know of each other. Prints what they print; the last line is 'N passed, N failed'.
"""
import re
import subprocess
import sys
from pathlib import Path

FACTS = Path(__file__).resolve().parent / "facts"
RUNS = 5


def one_run(number, daemon):
    """Every RUNS-th case, in this process."""
    sys.path[0] = str(FACTS)  # instead of this folder, where `handlers` is ourselves
    import handler_cases  # pylint: disable=import-outside-toplevel,import-error
    import handlers  # pylint: disable=import-outside-toplevel,import-error

    handler_cases.CASES = dict(list(handler_cases.CASES.items())[number::RUNS])
    sys.argv = ["handlers.py", "--check", "--daemon", daemon]
    return handlers.main()


def main():
    if len(sys.argv) > 2:
        return one_run(int(sys.argv[2]), sys.argv[1])
    runs = [subprocess.Popen([sys.executable, __file__, sys.argv[1], str(n)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for n in range(RUNS)]
    passed = failed = 0
    for run in runs:
        out, errors = run.communicate()
        closing = re.search(r"^(\d+) passed, (\d+) failed$", out, re.M)
        if not closing:
            print(out[-2000:], errors[-2000:], "a run did not end")
            return 1
        print(out[:closing.start()], end="")
        passed, failed = passed + int(closing.group(1)), failed + int(closing.group(2))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
