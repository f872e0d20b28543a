"""`make bench SERVICE=clothes`: our function against Keras and TensorFlow, in one run.

All run under AWS's runtime client on the Python of the Keras environment and fetch the same picture
from a server on loopback. They take turns, each in fresh processes, on one processor. One Keras
peer has our own network, with the layers that training leaves: folding the batch normalisation
away is a part of the export to LiteRT. The other has the article's, an Xception at 299 pixels, with
weights that mean nothing: what they are changes no time.
"""

from __future__ import annotations

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

from tools import PROJECT
from tools.bench.authority import Authority
from tools.bench.drawings import draw, encoded
from tools.bench.measure import spread
from tools.bench.result import machine
from tools.bench.s3_process import S3Process
from tools.local_aws.runtime_api import LambdaProcess, ProcessDiedError
from tools.local_aws.served_models import VARIANTS

PYTHON = PROJECT / ".venv-keras" / "bin" / "python"
FOLDER = PROJECT / "build" / "bench" / "clothes"
OURS, ARTICLE, SAME = "ours", "article", "same"
TITLES = {
    OURS: "ours (LiteRT)",
    ARTICLE: "Keras and TensorFlow, the article's network",
    SAME: "Keras and TensorFlow, our network",
}
COLD_RATIO, WARM_RATIO = 24, 8
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


def prepare(authority: Authority) -> dict[str, Function]:
    """The functions' folders, made anew; all trust the authority beside the usual ones."""
    site = next((PROJECT / ".venv-keras").glob("lib/python3*/site-packages"))
    # As in Amazon Linux, where the system's certificates are one file of some 140.
    trusted = {"SSL_CERT_FILE": str(authority.added_to(site / "botocore" / "cacert.pem"))}
    deployed = next(v for v in VARIANTS if v.service.name == "clothes")
    deployed.package(FOLDER / OURS)
    located = {"MODEL_LOCATION": "package", "FETCH_ALLOW": "loopback"}
    environ = {**deployed.environ(), **located, **trusted}
    functions = {OURS: Function(FOLDER / OURS, deployed.service.handler, environ)}
    peers = Path(__file__).parent / "peers" / "clothes"
    makers = {
        ARTICLE: [str(peers / "xception.py")],
        SAME: ["-m", "model_training.clothes", "rebuild"],
    }
    for name, maker in makers.items():
        folder = FOLDER / name
        folder.mkdir(parents=True)
        shutil.copyfile(peers / "article.py", folder / "handler.py")
        command = [str(PYTHON), *maker, str(folder / "clothes.keras")]
        environ = {"PYTHONPATH": str(PROJECT / "lambda_src"), "PATH": "/usr/bin:/bin"}
        subprocess.run(command, cwd=PROJECT, env=environ, check=True, stdout=sys.stderr)
        functions[name] = Function(folder, "handler.handler", trusted)
    return functions


def measure(functions: dict[str, Function], event: dict[str, str], rounds: int, calls: int) -> Any:
    """Milliseconds: process start to first answer, and each answer after that."""
    measured: dict[str, dict[str, Any]] = {
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
                    measured[name]["cold"].append(cold)
                    measured[name]["warm"] += times
                    measured[name]["memory"].append(process.memory_kb("VmHWM") / 1024)
                measured[name]["scores"] = scores
        print(f"  round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return measured


def _timed(process: LambdaProcess, event: dict[str, str]) -> float:
    started = time.perf_counter()
    return (process.invoke(event, timeout=_SECONDS).received - started) * 1e3


def _scores(payload: Any) -> dict[str, float]:
    if not isinstance(payload, dict) or "t-shirt" not in payload:
        raise ProcessDiedError(f"no scores but {str(payload)[:300]}")
    return payload


def summary(measured: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Medians, their ratios, and how far the two functions' scores are apart."""
    functions = {
        name: {
            "title": TITLES[name],
            "cold_ms": median(one["cold"]),
            "warm_ms": median(one["warm"]),
            "memory_mb": median(one["memory"]),
            "quartiles": {"cold_ms": spread(one["cold"]), "warm_ms": spread(one["warm"])},
        }
        for name, one in measured.items()
    }
    ours = functions[OURS]
    scores = [measured[name]["scores"] for name in (OURS, SAME)]
    ratios = {
        f"{kind}_ratio_{peer}": functions[peer][f"{kind}_ms"] / ours[f"{kind}_ms"]
        for kind in ("cold", "warm")
        for peer in (ARTICLE, SAME)
    }
    return {
        "service": "clothes",
        "functions": functions,
        **ratios,
        "max_abs_score_difference": max(abs(scores[0][k] - scores[1][k]) for k in scores[0]),
        "rounds": len(measured[OURS]["cold"]),
    }


def run(rounds: int, calls: int, *, documents: bool) -> None:
    """Measure, print and, with `documents`, write the page.

    `rounds` fresh processes of each function, `calls` warm calls in each. Raises `OSError` and
    `ProcessDiedError` where nothing could be measured.
    """
    if not PYTHON.is_file():
        raise FileNotFoundError("Keras is not installed: run `make bench SERVICE=clothes`.")
    shutil.rmtree(FOLDER, ignore_errors=True)
    authority = Authority(FOLDER / "authority")
    functions = prepare(authority)
    # A Lambda function of 1,024 MB has less than one processor; whoever starts threads shares it.
    processors = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(processors)})
    # A picture of the size that shops show: nothing is scaled while decoding.
    picture = encoded(draw(side=400), "JPEG", quality=90)
    with S3Process({_PICTURE: picture}, FOLDER / "pictures", authority.server) as server:
        event = {"url": f"{server.url}{_PICTURE}"}
        result = summary(measure(functions, event, rounds, calls))
    os.sched_setaffinity(0, processors)
    write(PROJECT, result, documents=documents)


def write(project: Path, result: dict[str, Any], *, documents: bool) -> None:
    """Print the page and write build/bench-clothes.json; with `documents`, the page too."""
    body = {**result, "quick": not documents}
    (project / "build" / "bench-clothes.json").write_text(json.dumps(body, indent=2) + "\n")
    text = page(result, machine())
    print(text)
    if documents:
        (project / "docs" / "benchmarks-clothes.md").write_text(text)


_TEXT = """
The article's network is an Xception at 299 pixels, which gets 0.894 of the test pictures right.
Ours is smaller and right more often ([clothes](clothes.md)), so the comparison with it is one of
two services. The comparison with our own network in Keras is one of runtimes alone; there
`predict` spends more time around the network than in it.

The goals are for a service against Keras with TensorFlow; where a ratio is below, it is said here
and not hidden. What is left of our own cold start, by processor time: a quarter is importing
numpy, a seventh Python and AWS's runtime client, a tenth Pillow with the decoder of one form of
files, and a tenth each the layout of the network in memory, the golden answer that is checked
before anybody is answered, and the answer itself. Another tenth, TLS with the certificates to
trust, is paid by a start that is asked for an address, and by no other.
"""


def _between(function: dict[str, Any], name: str) -> str:
    low, high = function["quartiles"][name]
    return f"{low:,.1f} to {high:,.1f}"


def page(result: dict[str, Any], machine: str) -> str:
    """The page of the documents: figures, goals and what they mean."""
    rows = "".join(
        f"| {one['title']} | {one['cold_ms']:,.0f} | {_between(one, 'cold_ms')} "
        f"| {one['warm_ms']:.1f} | {_between(one, 'warm_ms')} | {one['memory_mb']:.0f} |\n"
        for one in result["functions"].values()
    )
    goals = "".join(
        f"| {kind}, {TITLES[peer]} ÷ ours | {goal_text} | {result[f'{kind}_ratio_{peer}']:.1f} |\n"
        for kind, goal in (("cold", COLD_RATIO), ("warm", WARM_RATIO))
        for peer, goal_text in ((ARTICLE, f"at least {goal}"), (SAME, ""))
    )
    return (
        "# Benchmarks: clothes\n\n"
        f"Written by `make bench SERVICE=clothes`; do not edit it by hand. {machine}.\n"
        f"Medians of {result['rounds']} fresh processes of each function, in turn, on one "
        "processor: a function of\n1,024 MB has less. Every request fetches a picture from "
        "loopback over TLS, decodes it and scores it.\n\n"
        "| function | cold start, ms | quartiles | warm request, ms | quartiles | memory, MB |\n"
        f"| --- | ---: | ---: | ---: | ---: | ---: |\n{rows}\n"
        f"| ratio | asked for | measured |\n| --- | ---: | ---: |\n{goals}{_TEXT}\n"
        "Scores of our network under LiteRT and under Keras differ by "
        f"{result['max_abs_score_difference']:.1e} at most here.\n"
    )
