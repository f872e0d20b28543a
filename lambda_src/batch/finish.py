"""The Lambda entry that ends a job: everything is there and of the inputs as they were planned.

The manifest is put last, so an output that has one is whole.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor

from batch.errors import InputChanged, Unfinished, told
from batch.job import MANIFEST, Totals, manifest_lines
from batch.plan import listed
from batch.prices import dollars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from concurrent.futures import Future
    from typing import Any

    Json = dict[str, Any]

_READERS = 32
_SHORTENED = 50


def handler(event: Json, _context: object) -> Json:
    """Sums the job `event` and puts its manifest; returns it without the inputs.

    Where a range is not answered, returns the job and `again`; or why it is `refused`.
    """
    import boto3  # part of the runtime; not needed to import this module
    from botocore.config import Config

    s3 = boto3.client("s3", config=Config(max_pool_connections=_READERS))
    try:
        return end(event, s3, os.environ)
    except Unfinished:
        return {**event, "again": True}
    except InputChanged as refusal:
        return told(refusal)


def end(job: Json, s3: Any, environ: Mapping[str, str]) -> Json:
    """The manifest without its inputs. Raises `Unfinished`, `InputChanged`."""
    totals = Totals()
    manifest: Json = {}

    def rest() -> Json:
        manifest.update(
            totals.manifest(
                job,
                seconds=round(time.time() - job["started"], 3),
                dollars=round(_dollars(totals, environ), 8),
            )
        )
        return manifest

    plan = s3.get_object(Bucket=job["bucket"], Key=job["plan"])["Body"]
    items = (json.loads(line) for line in plan.iter_lines(1 << 20))
    results = _Results(s3, job["bucket"], job["prefix"])
    inputs = _unchanged(totals.walk(items, results, _several), listed_again(s3, job))
    with tempfile.TemporaryFile() as file:
        for text in manifest_lines(inputs, rest):
            file.write(text.encode())
        file.seek(0)
        s3.put_object(Bucket=job["bucket"], Key=job["prefix"] + MANIFEST, Body=file)
    classes = manifest["classes"]
    # What Step Functions hands on has a limit; the manifest itself holds all.
    return {**manifest, "classes": dict([*classes.items()][:_SHORTENED]), "uncut": []}


def _dollars(totals: Totals, environ: Mapping[str, str]) -> float:
    return dollars(
        worker_seconds=totals.seconds,
        memory_mb=int(environ["WORKER_MEMORY"]),
        items=totals.items,
        parts=totals.parts,
        machine=environ.get("WORKER_ARCHITECTURE", "arm64"),
    )


def listed_again(s3: Any, job: Json) -> Iterator[tuple[str, str]]:
    """Key and ETag of every input as it is now."""
    for key, etag, _ in listed(s3, job["input_bucket"], job["keys"]):
        yield key, etag


def _unchanged(inputs: Iterator[Json], now: Iterator[tuple[str, str]]) -> Iterator[Json]:
    """The inputs of the plan. Raises `InputChanged` where those that are there now are others."""
    for planned in inputs:
        if (planned["key"], planned["etag"]) != next(now, None):
            raise InputChanged(
                f"{planned['key']}, or what stands before it, has changed since the job was "
                "planned. Score it into another OUTPUT."
            )
        yield planned
    added = next(now, None)
    if added is not None:
        raise InputChanged(f"{added[0]} was added since the job was planned.")


def _several(read: Callable[[int], list[Json]], numbers: Iterable[int]) -> Iterator[list[Json]]:
    """`map` with several at once, in order, and not more ahead than there are readers."""
    waiting: deque[Future[list[Json]]] = deque()
    with ThreadPoolExecutor(_READERS) as pool:
        for number in numbers:
            waiting.append(pool.submit(read, number))
            if len(waiting) >= 2 * _READERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


class _Results:
    """The job's results, for reading."""

    def __init__(self, s3: Any, bucket: str, prefix: str) -> None:
        self._s3, self._bucket, self._prefix = s3, bucket, prefix

    def read(self, name: str) -> bytes | None:
        """A small object's content, None where there is none."""
        try:
            body = self._s3.get_object(Bucket=self._bucket, Key=self._prefix + name)["Body"]
        except self._s3.exceptions.NoSuchKey:
            return None
        return bytes(body.read())
