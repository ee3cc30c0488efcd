#!/usr/bin/env python3
"""What alert handlers send, compared with facts/facts-handlers*.jsonl by several daemons at once.

    handlers.py DAEMON

Most of a case is waiting for something that must not come, so the cases are dealt out to a few runs of
facts/handlers.py that do not know of each other. What differed is run once more, alone: the receivers' threads note
what they got in an order that a busy machine may change. Prints what is left; the last line is 'N passed, N failed'.
"""
import re
import subprocess
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent / "facts")  # instead of this folder, where `handlers` is ourselves
import handler_cases  # noqa: E402  pylint: disable=wrong-import-position,import-error

RUNS = 5


def one_run(daemon, names):
    """These cases, in this process."""
    import handlers  # pylint: disable=import-outside-toplevel,import-error

    handler_cases.CASES = {name: handler_cases.CASES[name] for name in names}
    sys.argv = ["handlers.py", "--check", "--daemon", daemon]
    return handlers.main()


def run_all(daemon, parts):
    """Passed, failed and the text of runs beside each other."""
    runs = [subprocess.Popen([sys.executable, __file__, daemon, *names], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for names in parts]
    passed, failed, text = 0, 0, ""
    for run in runs:
        out, errors = run.communicate()
        closing = re.search(r"^(\d+) passed, (\d+) failed$", out, re.M)
        if not closing:
            sys.exit(f"{out[-2000:]}{errors[-2000:]}\na run did not end")
        text += out[: closing.start()]
        passed, failed = passed + int(closing.group(1)), failed + int(closing.group(2))
    return passed, failed, text


def main():
    if len(sys.argv) > 2:
        return one_run(sys.argv[1], sys.argv[2:])
    names = list(handler_cases.CASES)
    passed, failed, text = run_all(sys.argv[1], [names[n::RUNS] for n in range(RUNS)])
    if failed:
        again, failed, text = run_all(sys.argv[1], [re.findall(r"^FAIL (\S+)", text, re.M)])
        passed += again
    print(text, end="")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
