"""Files to S3 and back: inputs of a job on this machine, and its results in a folder."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from batch.errors import Refused
from batch.job import JOB, MANIFEST
from batch.plan import address

from tools.batch.folder import Folder, LocalInput, found
from tools.batch.parquet import as_lines

_AT_ONCE = 8
_SUMMARIES = "summaries/"


@dataclass(frozen=True)
class Target:
    """Where jobs of a service run: clients, the state machine's ARN, and the s3:// prefixes that
    rows may be under and that results go to."""

    service: str
    s3: Any
    states: Any
    machine: str
    input_url: str
    output_url: str


class Objects:
    """Objects under an s3:// prefix, by names within it."""

    def __init__(self, s3: Any, url: str) -> None:
        self._s3 = s3
        self._bucket, self._prefix = address(url)

    def names(self, prefix: str = "") -> Iterator[str]:
        """The names that begin with `prefix`."""
        pages = self._s3.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix + prefix):
            for one in page.get("Contents", []):
                yield one["Key"].removeprefix(self._prefix)

    def read(self, name: str) -> bytes | None:
        """An object's content, None where there is none."""
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=self._prefix + name)
        except self._s3.exceptions.NoSuchKey:
            return None
        return bytes(answer["Body"].read())

    def put_new(self, name: str, content: bytes) -> None:
        """Puts an object unless there is one."""
        try:
            self._s3.put_object(
                Bucket=self._bucket, Key=self._prefix + name, Body=content, IfNoneMatch="*"
            )
        except self._s3.exceptions.ClientError as error:
            if error.response["Error"]["Code"] not in ("PreconditionFailed", "412"):
                raise


def uploaded(target: Target, inputs: Sequence[str], say: Callable[[str], None]) -> list[str]:
    """The s3:// addresses of some inputs; files are put there, unless they are there already.

    Raises `Refused` for files and addresses together, and for what is not there.
    """
    remote = [one for one in inputs if one.startswith("s3://")]
    if remote and len(remote) < len(inputs):
        raise Refused("Name either files or s3:// addresses: a job reads from one place.")
    if remote:
        return remote
    files = found(inputs)
    bucket, prefix = address(target.input_url)
    with tempfile.TemporaryDirectory(prefix="batch-") as scratch:
        staged = [as_lines(one, Path(scratch)) for one in files]
        return [_upload(target.s3, bucket, prefix, one, say) for one in staged]


def _upload(s3: Any, bucket: str, prefix: str, one: LocalInput, say: Callable[[str], None]) -> str:
    # The same file has the same key, however often the command is run.
    digest = hashlib.sha256(f"{one.key}\n{one.etag}".encode()).hexdigest()[:16]
    key = f"{prefix}{digest}/{Path(one.key).name}"
    try:
        there = s3.head_object(Bucket=bucket, Key=key)["ContentLength"] == one.size
    except s3.exceptions.ClientError:
        there = False
    if not there:
        say(f"uploading {one.path} ({one.size:,} bytes)")
        s3.upload_file(str(one.path), bucket, key)
    return f"s3://{bucket}/{key}"


def put_back(target: Target, url: str, folder: Folder) -> None:
    """Puts what a folder has of a job's results to where the job looks for them: a local AWS that
    was stopped has forgotten them."""
    objects = Objects(target.s3, url)
    names = [
        file.relative_to(folder.path).as_posix()
        for file in folder.path.rglob("*")
        if file.is_file() and not file.name.startswith(".") and file.name not in (JOB, MANIFEST)
    ]
    there = set(objects.names()) if names else set()

    def put(name: str) -> None:
        objects.put_new(name, folder.read(name) or b"")

    _in_order((name for name in names if name not in there), put)


def bring_back(target: Target, url: str, folder: Folder) -> None:
    """Brings a job's results into a folder, those that are not there yet.

    Summaries are listed first and brought last: one that is there says that its part is.
    """
    objects = Objects(target.s3, url)
    summaries = [*objects.names(_SUMMARIES)]
    others = [name for name in objects.names() if not name.startswith(_SUMMARIES) and name != JOB]

    def bring(name: str) -> None:
        if not (folder.path / name).exists():
            folder.put_new(name, objects.read(name) or b"")

    whole = MANIFEST in others
    for names in ([name for name in others if name != MANIFEST], summaries):
        _each(names, bring)
    if whole:
        bring(MANIFEST)


def _in_order(names: Iterable[str], do: Callable[[str], None]) -> None:
    """Parts before their summaries."""
    parts: list[str] = []
    summaries: list[str] = []
    for name in names:
        (summaries if name.startswith(_SUMMARIES) else parts).append(name)
    _each(parts, do)
    _each(summaries, do)


def _each(names: Iterable[str], do: Callable[[str], None]) -> None:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(do, names))
