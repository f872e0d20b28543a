"""`python -m tests.bench [--quick] [--service spam_or_ham|breast_cancer]`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tests.bench import measure, packages, report, result
from tests.bench.breast_cancer import BreastCancer
from tests.bench.made import make_once
from tests.bench.s3_process import S3Process
from tests.bench.spam_or_ham import SpamOrHam
from tests.harness.runtime_api import ProcessDiedError

PROJECT = Path(__file__).resolve().parents[2]
SERVICES: dict[str, type[SpamOrHam] | type[BreastCancer]] = {
    "spam_or_ham": SpamOrHam,
    "breast_cancer": BreastCancer,
}


def _say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


def main() -> int:
    """Prepare, measure, write the report; a failure is one line and exit status 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds: about two minutes")
    parser.add_argument("--service", choices=SERVICES, default="spam_or_ham")
    chosen = parser.parse_args()
    folder = PROJECT / "build" / "bench" / chosen.service
    bench_python = PROJECT / ".venv-bench" / "bin" / "python"
    site = next((PROJECT / ".venv-bench").glob("lib/python3*/site-packages"), None)
    if site is None:
        print("The peers are not installed: run `make bench`.", file=sys.stderr)
        return 1
    try:
        runtime = PROJECT / "build" / "bench" / "runtime"
        sources = [PROJECT / "requirements-bench.txt", *Path(__file__).parent.glob("[dpw]*.py")]
        make_once(runtime, sources, (), lambda target: packages.make_runtime(target, site))
        service = SERVICES[chosen.service](PROJECT, folder, bench_python, site)
        bench = service.prepare(_say)
        effort = measure.QUICK if chosen.quick else measure.FULL
        started = time.monotonic()
        with S3Process(bench.objects, folder / "s3") as s3:
            python, log = runtime / "bin" / "python", folder / "output.log"
            lab = measure.run(bench, s3.url, python, log, effort, _say)
        _say("comparing our answers with scikit-learn's")
        parity = service.parity()
        _say(f"measured in {time.monotonic() - started:.0f} s")
    except (OSError, ProcessDiedError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    found = result.figures(chosen.service, bench, lab, parity, effort)
    report.write(PROJECT, found, result.machine(), result.versions(site))
    return 0


if __name__ == "__main__":
    sys.exit(main())
