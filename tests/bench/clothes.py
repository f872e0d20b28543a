"""`python -m tests.bench.clothes`: our function against Keras and TensorFlow, in one run.

Both run under AWS's runtime client on the Python of the Keras environment, with the same network,
and fetch the same picture from a server on loopback. They take turns, each in fresh processes, on
one processor. The Keras peer's network has the layers that training leaves; folding the batch
normalisation away is a part of the export to LiteRT.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.s3_process import S3Process
from tests.harness.deployed_models import VARIANTS
from tests.harness.drawings import draw, encoded
from tests.harness.runtime_api import LambdaProcess, ProcessDiedError

PROJECT = Path(__file__).resolve().parents[2]
PYTHON = PROJECT / ".venv-keras" / "bin" / "python"
FOLDER = PROJECT / "build" / "bench" / "clothes"
OURS, ARTICLE = "ours", "article"
TITLES = {OURS: "ours (LiteRT)", ARTICLE: "Keras and TensorFlow"}
COLD_RATIO, WARM_RATIO = 30, 8
_PICTURE = "/pictures/drawing.jpg"
# A busy machine may take half a minute to import TensorFlow.
_SECONDS = 120


@dataclass(frozen=True)
class Function:
    """A folder of code, its handler and its variables."""

    code: Path
    handler: str
    environ: dict[str, str]

    @contextmanager
    def process(self) -> Iterator[LambdaProcess]:
        with LambdaProcess(
            self.code,
            self.handler,
            environ={**self.environ, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024"},
            python=str(PYTHON),
            remaining_ms=_SECONDS * 1000,
            log=FOLDER / "output.log",
        ) as process:
            yield process


def prepare() -> dict[str, Function]:
    """Both functions' folders, made anew."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    ours, article = FOLDER / OURS, FOLDER / ARTICLE
    deployed = next(v for v in VARIANTS if v.service.name == "clothes")
    deployed.package(ours)
    article.mkdir(parents=True)
    peer = Path(__file__).parent / "peers" / "clothes" / "article.py"
    shutil.copyfile(peer, article / "handler.py")
    command = [
        str(PYTHON),
        "-m",
        "model_training.clothes",
        "rebuild",
        str(article / "clothes.keras"),
    ]
    environ = {"PYTHONPATH": str(PROJECT / "lambda_src"), "PATH": "/usr/bin:/bin"}
    subprocess.run(command, cwd=PROJECT, env=environ, check=True, stdout=sys.stderr)
    environ = {**deployed.environ(), "MODEL_LOCATION": "package", "FETCH_ALLOW": "loopback"}
    return {
        OURS: Function(ours, deployed.service.handler, environ),
        ARTICLE: Function(article, "handler.handler", {}),
    }


def measure(functions: dict[str, Function], event: dict[str, str], rounds: int, calls: int) -> Any:
    """Milliseconds: process start to first answer, and each answer after that."""
    found: dict[str, dict[str, Any]] = {
        name: {"cold": [], "warm": [], "memory": [], "scores": None} for name in functions
    }
    for number in range(-1, rounds):
        for name, function in functions.items():
            with function.process() as process:
                reply = process.invoke(event, timeout=_SECONDS)
                cold = (reply.received - process.spawned) * 1e3
                scores = _scores(reply.payload)
                times = [_timed(process, event) for _ in range(calls)]
                # Round -1 fills the file cache and writes byte code, as a deployment has it.
                if number >= 0:
                    found[name]["cold"].append(cold)
                    found[name]["warm"] += times
                    found[name]["memory"].append(process.memory_kb("VmHWM") / 1024)
                found[name]["scores"] = scores
        print(f"  round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return found


def _timed(process: LambdaProcess, event: dict[str, str]) -> float:
    started = time.perf_counter()
    return (process.invoke(event, timeout=_SECONDS).received - started) * 1e3


def _scores(payload: Any) -> dict[str, float]:
    if not isinstance(payload, dict) or "t-shirt" not in payload:
        raise ProcessDiedError(f"no scores but {str(payload)[:300]}")
    return payload


def summary(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Medians, their ratios, and how far the two functions' scores are apart."""
    functions = {
        name: {
            "title": TITLES[name],
            "cold_ms": median(one["cold"]),
            "warm_ms": median(one["warm"]),
            "memory_mb": median(one["memory"]),
        }
        for name, one in found.items()
    }
    ours, theirs = functions[OURS], functions[ARTICLE]
    scores = [found[name]["scores"] for name in (OURS, ARTICLE)]
    return {
        "service": "clothes",
        "functions": functions,
        "cold_ratio_article": theirs["cold_ms"] / ours["cold_ms"],
        "warm_ratio_article": theirs["warm_ms"] / ours["warm_ms"],
        "max_abs_score_difference": max(abs(scores[0][k] - scores[1][k]) for k in scores[0]),
        "rounds": len(found[OURS]["cold"]),
    }


def main() -> int:
    """Measure, print and write build/bench-clothes.json; 1 where a ratio is below the promise."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.clothes", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="fresh processes of each function")
    parser.add_argument("--calls", type=int, default=20, help="warm calls in each process")
    options = parser.parse_args()
    if not PYTHON.is_file():
        print("Keras is not installed: run `make train SERVICE=clothes ARGS=--help` first.")
        return 1
    functions = prepare()
    # A Lambda function of 1,024 MB has less than one processor; whoever starts threads shares it.
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    # A picture of the size that shops show: nothing is scaled while decoding.
    picture = encoded(draw(side=400), "JPEG", quality=90)
    with S3Process({_PICTURE: picture}, FOLDER / "pictures") as server:
        event = {"url": f"{server.url}{_PICTURE}"}
        result = summary(measure(functions, event, options.rounds, options.calls))
    (PROJECT / "build" / "bench-clothes.json").write_text(json.dumps(result, indent=2) + "\n")
    for one in result["functions"].values():
        print(
            f"{one['title']:24} cold {one['cold_ms']:8.1f} ms   warm {one['warm_ms']:7.2f} ms   "
            f"memory {one['memory_mb']:6.1f} MB"
        )
    cold, warm = result["cold_ratio_article"], result["warm_ratio_article"]
    print(f"cold {cold:.1f} times faster, warm {warm:.1f} times faster")
    return 0 if cold >= COLD_RATIO and warm >= WARM_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
