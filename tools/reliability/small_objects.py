"""The plan of very many small objects, which is made without holding them all."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from typing import Any

from batch import plan as planner
from batch.cutting import MOST_PIECES, RANGE_BYTES

from tools import PROJECT
from tools.batch.targets import local_client
from tools.local_aws.emulator import Emulator, free_port

Facts = dict[str, Any]
MOST_PEAK_BYTES = 8_000_000
"""A page of the listing, a thousand objects, takes nearly three as botocore reads it."""
_BODY = b'"free"\n'
_AT_ONCE = 8
_PAGE = 1_000


def run(objects: int) -> Facts:
    """The facts of a plan of so many objects in the S3 of a local AWS that has nothing else."""
    log = PROJECT / "build" / "logs" / "small-objects" / "emulator.log"
    with Emulator(port=free_port(), log=log) as emulator:
        s3 = local_client(emulator.url)("s3")
        s3.create_bucket(Bucket="small-objects")
        return planned(s3, "small-objects", "small/", objects)


def planned(s3: Any, bucket: str, prefix: str, count: int) -> Facts:
    """Plans so many objects of a line each, without running them; what memory that takes.

    The plan is compared with what was put: each object once, in the order of the keys.
    """
    started = time.monotonic()
    _put(s3, bucket, prefix, count)
    put = time.monotonic()
    target = f"plan-of-{prefix.replace('/', '-')}"
    tracemalloc.start()
    try:
        planner.write_plan(s3, bucket, [prefix], bucket, target, RANGE_BYTES)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    ended = time.monotonic()
    text = s3.get_object(Bucket=bucket, Key=target)["Body"].read()
    items = [json.loads(line)["pieces"] for line in text.splitlines()]
    pieces = [piece for item in items for piece in item]
    astray = sum(
        piece is None or (piece["key"], piece["start"], piece["end"]) != (key, 0, len(_BODY))
        for key, piece in zip_longest(_keys(prefix, count), pieces)
    )
    return {
        "small_objects": count, "small_objects_planned": len(pieces),
        "small_objects_astray": astray, "small_objects_ranges": len(items),
        "put_seconds": round(put - started, 1), "plan_seconds": round(ended - put, 1),
        "plan_peak_bytes": peak, "plan_bytes": len(text),
    }  # fmt: skip


def complaints(facts: Facts) -> list[str]:
    """What went wrong, a sentence each."""
    said = []
    count, ranges = facts["small_objects"], facts["small_objects_ranges"]
    if facts["small_objects_planned"] != count or facts["small_objects_astray"]:
        said.append(
            f"plan: of {count} small objects {facts['small_objects_planned']} are planned, "
            f"{facts['small_objects_astray']} of them not where they belong"
        )
    if ranges != -(-count // MOST_PIECES):
        said.append(f"plan: {ranges} ranges where each may have {MOST_PIECES} of {count} objects")
    if facts["plan_peak_bytes"] > MOST_PEAK_BYTES:
        said.append(f"plan: {facts['plan_peak_bytes']} bytes were held at once")
    return said


def _keys(prefix: str, count: int) -> Iterator[str]:
    return (f"{prefix}{number:06}.jsonl" for number in range(count))


def _put(s3: Any, bucket: str, prefix: str, count: int) -> None:
    def put(key: str) -> None:
        s3.put_object(Bucket=bucket, Key=key, Body=_BODY)

    keys = _keys(prefix, count)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        # Not all at once: a pool holds what it is given.
        while some := [key for _, key in zip(range(_PAGE), keys, strict=False)]:
            list(pool.map(put, some))
