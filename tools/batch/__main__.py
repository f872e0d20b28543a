"""`python -m tools.batch score|run`: what `make score` and `make batch` run."""

from __future__ import annotations

import argparse
import signal
import sys

from batch.cutting import RANGE_BYTES
from batch.errors import Refused

from tools.batch.options import Options
from tools.batch.score import score
from tools.local_aws.failure import LocalRunFailed


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Run the chosen job; a failure is one line on standard error and exit status 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.batch")
    parser.add_argument("job", choices=["score", "run"])
    parser.add_argument("inputs", nargs="+", metavar="INPUT")
    parser.add_argument("--service", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--keep", default="", help="columns to copy into the answers: a,b")
    parser.add_argument("--form", default="jsonl", choices=["jsonl", "csv"], help="of the answers")
    parser.add_argument("--range-bytes", type=int, default=RANGE_BYTES)
    parser.add_argument("--processes", type=int, default=0, help="score: all cores without it")
    parser.add_argument("--stage", default="", help="run: a stage on AWS; the local AWS without it")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, _interrupt)
    options = Options(
        keep=tuple(name for name in chosen.keep.split(",") if name), form=chosen.form,
        range_bytes=max(1, chosen.range_bytes), processes=chosen.processes,
    )  # fmt: skip
    try:
        if chosen.job == "score":
            score(chosen.service, chosen.inputs, chosen.output, options)
        else:
            # It brings clients of AWS along, which scoring on this machine does without.
            from tools.batch.run import run

            run(chosen.service, chosen.inputs, chosen.output, options, stage=chosen.stage)
    except (Refused, LocalRunFailed) as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on where this has stopped.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
