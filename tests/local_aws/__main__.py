"""`python -m tests.local_aws demo|serve [--port N]`."""

from __future__ import annotations

import argparse
import signal
import sys

from tests.local_aws.demo import demo
from tests.local_aws.emulator import PROJECT
from tests.local_aws.failure import LocalRunFailed
from tests.local_aws.serve import serve

_JOBS = {"demo": demo, "serve": serve}


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Run the chosen job; a failure is one line on standard error and exit status 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.local_aws")
    parser.add_argument("job", choices=_JOBS)
    parser.add_argument("--port", type=int, default=None, help="port on 127.0.0.1; 0: any free one")
    chosen = parser.parse_args()
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    try:
        _JOBS[chosen.job](port=chosen.port, logs=PROJECT / "build" / "logs" / chosen.job)
    except LocalRunFailed as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
