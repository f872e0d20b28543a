"""`python -m tools.judge [sklearn.tree …]`: run scikit-learn's tests, compare, and say how it went.

Without names all of scikit-learn's packages are tested, about ten minutes of two cores;
`--every 20` takes every twentieth test of them.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from importlib.util import find_spec

from tools.judge.record import BUILD, PARTS, RESULT, merged

# How pytest exits: what scikit-learn's own tests say of scikit-learn is not at issue.
_PASSED, _FAILED = 0, 1


def main() -> int:
    """Exit with 1 where an answer was different or the portable runtime crashed."""
    parser = argparse.ArgumentParser(prog="python -m tools.judge", description=__doc__)
    parser.add_argument("packages", nargs="*", default=["sklearn"])
    parser.add_argument("-n", "--processes", default="auto", help="for pytest-xdist; default auto")
    parser.add_argument("-k", default="", help="as pytest's")
    parser.add_argument("--every", type=int, default=1, help="of so many tests, one; default 1")
    asked = parser.parse_args()
    if asked.every < 1:
        parser.error("--every is a number of tests, 1 or more")
    for part in PARTS.glob("*.json"):
        part.unlink()
    command = _command(asked.packages, asked.processes, asked.k, asked.every)
    # Where no tests of this project are: pytest would take up their settings.
    PARTS.mkdir(parents=True, exist_ok=True)
    status = subprocess.run(command, cwd=PARTS, env=_environment(), check=False).returncode
    if status not in (_PASSED, _FAILED):
        print(f"pytest ran no tests of {' '.join(asked.packages)} (it exits with {status}).")
        return 1
    record = merged(sorted(PARTS.glob("*.json")))
    record.packages, record.every = asked.packages, asked.every
    record.write(RESULT)
    print(
        f"{record.comparisons:,} comparisons of {record.rows:,} rows by {len(record.estimators)} "
        f"estimators: {len(record.different)} different, {len(record.crashed)} crashed, "
        f"{sum(record.refused.values()):,} refused; {record.in_hand:,} of what a fit still had in "
        f"hand. Details are in {RESULT}."
    )
    return int(bool(record.different or record.crashed))


def _command(packages: list[str], processes: str, expression: str, every: int) -> list[str]:
    command = [sys.executable, "-m", "pytest", "--pyargs", *packages, "-q", "--no-header"]
    # Not this project's settings, and nothing is written beside scikit-learn's files.
    command += ["-c", os.devnull, "--rootdir", str(PARTS), "-p", "no:cacheprovider"]
    command += ["-p", "tools.judge.plugin", "-W", "ignore", "--tb=no"]
    command += [f"--judge-every={every}"]
    if expression:
        command += ["-k", expression]
    if processes != "1" and find_spec("xdist") is not None:
        command += ["-n", processes]
    return command


def _environment() -> dict[str, str]:
    root = str(BUILD.parent)
    path = os.pathsep.join((root, os.path.join(root, "lambda_src")))
    return {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


if __name__ == "__main__":
    sys.exit(main())
