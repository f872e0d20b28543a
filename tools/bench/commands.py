"""`python -m tools.bench.commands [COMMAND …]`: how long the project's own commands take.

Each is run as a contributor runs it, one after the other, and its seconds are written into the
table of CONTRIBUTING.md. Commands that need what is not installed are told and keep their row.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time

from tools import PROJECT

TABLE = re.compile(r"(?<=\n)\| command \| seconds \|\n(?:\|.*\n)+")
READY = "Ctrl-C ends it."
"""What `make serve` prints when it is up."""
COMMANDS: dict[str, str] = {
    "first `make demo SERVICE=spam_or_ham`, environments there": "make demo SERVICE=spam_or_ham",
    "`make demo SERVICE=spam_or_ham` again": "make demo SERVICE=spam_or_ham",
    "`make demo`, every service": "make demo",
    "`make serve SERVICE=spam_or_ham`, until it answers": "make serve SERVICE=spam_or_ham PORT=0",
    "`make serve`, every service, until it answers": "make serve PORT=0",
    "`make synth SERVICE=spam_or_ham`": "make synth SERVICE=spam_or_ham",
    "`make synth`": "make synth",
    "`cdk ls`": "node_modules/.bin/cdk ls",
    "`make check`, of one changed module": "make check",
    "`make test`": "make test",
}
_FIRST = next(iter(COMMANDS))


def seconds(command: str) -> float:
    """The wall clock's, until the command ends or says that it is up. Raises `OSError` where it
    fails, with its last words."""
    started = time.monotonic()
    process = subprocess.Popen(
        command.split(), cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    lines: list[str] = []
    passed = 0.0
    for line in process.stdout:
        lines.append(line)
        if READY in line:
            passed = time.monotonic() - started
            # As a terminal's Ctrl-C: make passes nothing on to what it has started.
            os.killpg(process.pid, signal.SIGINT)
    status = process.wait()
    if passed:
        return passed
    if status:
        raise OSError(f"{command} failed: {''.join(lines[-5:]).strip()}")
    return time.monotonic() - started


def with_rows(text: str, measured: dict[str, float]) -> str:
    """CONTRIBUTING's text with the seconds measured; other rows keep theirs. Raises `ValueError`
    where it has no table of them."""
    found = TABLE.search(text)
    if found is None:
        raise ValueError("CONTRIBUTING.md has no table that begins: | command | seconds |")
    before = dict(re.findall(r"^\| (.+?) \| (.+?) \|$", found[0], re.MULTILINE))
    rows = [
        f"| {name} | {measured[name]:.0f} |" if name in measured else f"| {name} | {old} |"
        for name in COMMANDS
        if (old := before.get(name, "not measured")) or name in measured
    ]
    table = "\n".join(["| command | seconds |", "| --- | ---: |", *rows])
    return text[: found.start()] + table + "\n" + text[found.end() :]


def main() -> int:
    """Run, write after each, and end with 1 where one of them failed."""
    # What a shell starts in the background ignores Ctrl-C, and would hand that on.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    chosen = [name for name in COMMANDS if not sys.argv[1:] or any(a in name for a in sys.argv[1:])]
    file = PROJECT / "CONTRIBUTING.md"
    failed = False
    for name in chosen:
        if name == _FIRST:
            # The model is what a first run has to make; environments depend on the network.
            shutil.rmtree(PROJECT / "build" / "models" / "spam_or_ham", ignore_errors=True)
        try:
            measured = {name: seconds(COMMANDS[name])}
        except OSError as error:
            print(error, file=sys.stderr)
            failed = True
            continue
        print(f"{name}: {measured[name]:.1f} s", flush=True)
        file.write_text(with_rows(file.read_text(encoding="utf-8"), measured), encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
