"""What walking or unpickling some bytes costs, in a process of its own with limits.

`python -m tests.unit.portable.unpickling_costs walk|load` reads a pickle from standard input and
writes what came of it, seconds of CPU, and by how many bytes the process grew at its largest.
"""

import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import process_time

SECONDS, ADDRESS_SPACE = 60, 2 * 1024**3
_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Cost:
    """`outcome` is "done" or the name of the exception."""

    outcome: str
    seconds: float
    memory: int


def measured(what: str, data: bytes) -> Cost:
    """The cost of one pickle; AssertionError where the process did not outlive it."""
    child = subprocess.run(
        [sys.executable, "-m", __name__, what],
        input=data,
        capture_output=True,
        cwd=_ROOT,
        check=False,
    )
    assert child.returncode == 0, child.stderr[-500:]
    return Cost(**json.loads(child.stdout))


def _largest() -> int:
    """Bytes of memory that the process has had at most."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


def main() -> None:
    sys.path.insert(0, str(_ROOT / "lambda_src"))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    from portable.pickles import opcodes, unpickler

    data = sys.stdin.buffer.read()
    before, start, outcome = _largest(), process_time(), "done"
    try:
        if sys.argv[1] == "walk":
            opcodes.check_opcodes(data)
        else:
            unpickler.loads(data, scanned=True)
    except Exception as error:
        outcome = type(error).__name__
    seconds = process_time() - start
    print(json.dumps({"outcome": outcome, "seconds": seconds, "memory": _largest() - before}))


if __name__ == "__main__":
    main()
