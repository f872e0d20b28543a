"""`make score`: every core of this machine, the service's own model, the forms of a batch."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from batch.cutting import items
from batch.errors import Refused
from batch.job import MANIFEST, PLAN, Totals, manifest_lines

from tools.batch.embedded import embedded, entry, published
from tools.batch.folder import Files, Folder, LocalInput, found, held
from tools.batch.options import Options
from tools.batch.parquet import as_lines
from tools.batch.process import Embedded, answer, begin
from tools.batch.progress import Progress, summary

Json = dict[str, Any]
_AHEAD = 4
"""Items handed out for each process: more would only wait."""
_STARTS = 3
"""How often a pool is made anew whose process was killed."""


def score(service_name: str, paths: list[str], output: str, options: Options) -> Json:
    """Scores the rows of some files into a folder, or goes on where an earlier run has stopped;
    prints how far it is and what it came to. Raises `Refused`."""
    service = entry(service_name)
    model = published(service)
    inputs = found(paths)
    job: Json = {
        "service": service.name,
        "model_version": model.version,
        "inputs": [{"key": one.key, "etag": one.etag, "bytes": one.size} for one in inputs],
        "options": options.of_job(several=len(inputs) > 1),
    }
    with held(Path(output), job) as folder:
        content = folder.read(MANIFEST)
        if content is None:
            content = _scored(embedded(service, model), inputs, job, folder, options)
        manifest: Json = json.loads(content)
    print(summary(manifest, output))
    return manifest


def _scored(
    answering: Embedded,
    inputs: list[LocalInput],
    job: Json,
    folder: Folder,
    options: Options,
) -> bytes:
    started = time.monotonic()
    staged = folder.path / "parquet"
    files = [as_lines(one, staged) for one in inputs]
    if folder.read(PLAN) is None:
        keys = [(one.key, one.etag, one.size) for one in files]
        plan = items(keys, Files(files).all, options.range_bytes)
        folder.put_new(PLAN, "".join(f"{json.dumps(item)}\n" for item in plan).encode())
    _work(answering, files, job, folder, options)
    totals = Totals()

    def rest() -> Json:
        seconds = round(time.monotonic() - started, 3)
        return totals.manifest(job, seconds=seconds, dollars=None)

    text = "".join(manifest_lines(totals.walk(_plan(folder), folder), rest)).encode()
    folder.put_new(MANIFEST, text)
    shutil.rmtree(staged, ignore_errors=True)
    return text


def _plan(folder: Folder) -> Iterator[Json]:
    with (folder.path / PLAN).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _work(
    answering: Embedded,
    files: list[LocalInput],
    job: Json,
    folder: Folder,
    options: Options,
) -> None:
    """Has every item answered by a pool of processes; one that is killed is replaced."""
    count = options.processes or len(os.sched_getaffinity(0))
    progress = Progress(sum(1 for _ in _plan(folder)))
    for start in range(1, _STARTS + 1):
        with ProcessPoolExecutor(
            count,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=begin,
            initargs=(answering, files, job["options"], folder),
        ) as pool:
            try:
                _hand_out(pool, _plan(folder), count * _AHEAD, progress)
                return
            except BrokenProcessPool:
                if start == _STARTS:
                    raise Refused(
                        "A process of this job was killed, three times. Give it more memory, and "
                        "run the same command again: it goes on where it has stopped."
                    ) from None
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def _hand_out(
    pool: ProcessPoolExecutor, plan: Iterator[Json], ahead: int, progress: Progress
) -> None:
    waiting: set[Future[int]] = set()
    done = rows = 0
    more = True
    while more or waiting:
        while more and len(waiting) < ahead:
            item = next(plan, None)
            more = item is not None
            if item is not None:
                waiting.add(pool.submit(answer, item))
        ended, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        for future in ended:
            rows += future.result()
            done += 1
        progress.show(done, rows)
