"""`python -m tools.local_aws demo|serve|invoke`: what `make demo`, `serve` and `invoke` run."""

from __future__ import annotations

import argparse
import re
import signal
import sys
from pathlib import Path

from tools import PROJECT
from tools.local_aws.demo import demo
from tools.local_aws.failure import LocalRunFailed
from tools.local_aws.serve import serve

_LAST_PORT = 65_535


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _port(text: str | None) -> int | None:
    """The number of a port; raises `LocalRunFailed` for what is none."""
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > _LAST_PORT:
        raise LocalRunFailed(
            f"There is no port {text!r}: choose one from 1 to {_LAST_PORT}, or 0 for any free one."
        )
    return int(text)


def main() -> int:
    """Run the chosen job; a failure is one line on standard error and exit status 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.local_aws")
    parser.add_argument("job", choices=["demo", "serve", "invoke"])
    parser.add_argument("--port", default=None, help="port on 127.0.0.1; 0: any free one")
    parser.add_argument("--service", default=None, help="one service; all without it")
    parser.add_argument("--watch", action="store_true", help="serve: deploy what is changed")
    parser.add_argument("--event", type=Path, default=None, help="invoke: another recorded event")
    chosen = parser.parse_args()
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    try:
        if chosen.job == "invoke":
            # It brings the CDK along, which the other jobs leave to its own command line.
            from tools.local_aws.invoke import invoke

            invoke(service=chosen.service, event=chosen.event)
            return 0
        logs = PROJECT / "build" / "logs" / chosen.job
        port = _port(chosen.port)
        if chosen.job == "serve":
            serve(port=port, logs=logs, service=chosen.service, watch=chosen.watch)
        else:
            demo(port=port, logs=logs, service=chosen.service)
    except LocalRunFailed as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
