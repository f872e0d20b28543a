"""`python -m tools.bench [--quick] [--service NAME | --all] [--crossings]`."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path
from sysconfig import get_path

from tools import PROJECT
from tools.bench import clothes, conditions, measure, packages, readme, report, result
from tools.bench.authority import Authority
from tools.bench.breast_cancer import BreastCancer
from tools.bench.loan_grade import LoanGrade
from tools.bench.made import make_once
from tools.bench.spam_or_ham import SpamOrHam
from tools.local_aws.runtime_api import ProcessDiedError

SERVICES: dict[str, type[SpamOrHam] | type[BreastCancer] | type[LoanGrade]] = {
    "spam_or_ham": SpamOrHam,
    "breast_cancer": BreastCancer,
    "loan_grade": LoanGrade,
}
KERAS = ("loan_grade",)
"""The services whose peers, and therefore all their functions, run on the Python with Keras."""


def _say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


def _crossings() -> int:
    # Here: no other figure needs scikit-learn in this process.
    from tools.bench import crossings

    try:
        crossings.run(PROJECT, result.machine(), result.versions(Path(get_path("purelib"))))
    except OSError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def main() -> int:
    """Prepare, measure, write the report; a failure is one line and exit status 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="fewer rounds and no documents: about three minutes"
    )
    services = (*SERVICES, "clothes")
    parser.add_argument("--service", choices=services, default="spam_or_ham")
    parser.add_argument("--all", action="store_true", help="every service, one after the other")
    parser.add_argument(
        "--crossings",
        action="store_true",
        help="only where scikit-learn overtakes, by text length and number of rows: a minute",
    )
    chosen = parser.parse_args()
    if chosen.crossings:
        return _crossings()
    try:
        for service in services if chosen.all else (chosen.service,):
            if service == "clothes":
                rounds, calls = (3, 10) if chosen.quick else (11, 30)
                clothes.run(rounds, calls, documents=not chosen.quick)
            else:
                _measure(service, quick=chosen.quick)
    except (OSError, ProcessDiedError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    if chosen.quick:
        return 0
    readme.update(PROJECT)
    return _crossings() if chosen.all or chosen.service == "spam_or_ham" else 0


def _measure(name: str, *, quick: bool) -> None:
    """Raises `OSError` and `ProcessDiedError` where nothing could be measured."""
    folder = PROJECT / "build" / "bench" / name
    keras = name in KERAS
    environment = PROJECT / (".venv-keras" if keras else ".venv-bench")
    bench_python = environment / "bin" / "python"
    site = next(environment.glob("lib/python3*/site-packages"), None)
    if site is None:
        raise FileNotFoundError("The peers are not installed: run `make bench`.")
    runtime = PROJECT / "build" / "bench" / ("runtime-keras" if keras else "runtime")
    base = bench_python if keras else Path(sys.executable)
    lock = "requirements/keras.txt" if keras else "requirements/bench.txt"
    sources = [PROJECT / lock, *Path(__file__).parent.glob("[dpw]*.py")]

    def make_runtime(target: Path) -> None:
        packages.make_runtime(target, site, base)

    make_once(runtime, sources, (), make_runtime)
    service = SERVICES[name](PROJECT, folder, bench_python, site)
    bench = service.prepare(_say)
    authority = Authority(folder / "authority")
    sdk_bundle = site / "botocore" / "cacert.pem"
    trusting = [conditions.trusting(v, authority, sdk_bundle) for v in bench.variants]
    bench = replace(bench, variants=tuple(trusting))
    effort = measure.QUICK if quick else measure.FULL
    started = time.monotonic()
    with conditions.conditions(bench.objects, folder / "s3", authority) as measured_under:
        python, log = runtime / "bin" / "python", folder / "output.log"
        lab = measure.run(bench, measured_under, python, log, effort, _say)
    _say("comparing our answers with the training library's")
    parity = service.parity()
    _say(f"measured in {time.monotonic() - started:.0f} s")
    figures = result.figures(name, bench, lab, parity, effort, measured_under)
    # A few rounds on whatever machine this is are no figures for the documents.
    versions = result.versions(site, bench_python)
    report.write(PROJECT, figures, result.machine(), versions, documents=not quick)


if __name__ == "__main__":
    sys.exit(main())
