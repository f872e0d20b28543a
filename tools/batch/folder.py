"""Inputs and results of a job on this machine: files, and a folder that one job has at a time."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from batch.errors import InputChanged, Refused
from batch.forms import form_of
from batch.job import JOB, refuse_other

_CHUNK = 1 << 20


@dataclass(frozen=True)
class LocalInput:
    """A file of rows: what the job calls it, where it lies, and what it was when it was found."""

    key: str
    path: Path
    etag: str
    size: int


def found(paths: Sequence[str]) -> list[LocalInput]:
    """The files of some paths; of a folder, those in it whose names say a form, in order.

    Raises `Refused` for what is not there, and for names that say no form.
    """
    inputs = []
    for given in paths:
        path = Path(given)
        if path.is_dir():
            files = [file for file in sorted(path.rglob("*")) if file.is_file()]
            # Where a folder holds notes and the like beside its rows, these are left out.
            inputs += [local_input(file) for file in files if _has_form(file.name)]
        elif path.is_file():
            inputs.append(local_input(path))
        else:
            raise Refused(f"{given}: there is no such file or folder.")
    if not inputs:
        raise Refused(f"{' '.join(paths)}: no file there is named .jsonl, .csv, .txt or .parquet.")
    keys = [one.key for one in inputs]
    if len(set(keys)) < len(keys):
        raise Refused("A file is named twice among the inputs.")
    return inputs


def local_input(path: Path, key: str | None = None, etag: str | None = None) -> LocalInput:
    """A file as it is now."""
    if path.suffix != ".parquet":
        form_of(path.name)
    facts = path.stat()
    tag = f"{facts.st_size}-{facts.st_mtime_ns}"
    return LocalInput(key or path.as_posix(), path, etag or tag, facts.st_size)


def _has_form(name: str) -> bool:
    if name.endswith(".parquet"):
        return True
    with contextlib.suppress(Refused):
        form_of(name)
        return True
    return False


class Files:
    """Reads the inputs of a job, by their keys."""

    def __init__(self, inputs: Iterable[LocalInput]) -> None:
        self._paths = {one.key: one for one in inputs}

    def all(self, key: str, etag: str) -> Iterator[bytes]:
        """All bytes of an input. Raises `InputChanged`."""
        return self.piece({"key": key, "etag": etag, "start": 0, "end": self._paths[key].size})

    def piece(self, piece: dict[str, Any]) -> Iterator[bytes]:
        """The bytes of a piece of a plan. Raises `InputChanged`."""
        one = self._paths[piece["key"]]
        left = piece["end"] - piece["start"]
        with one.path.open("rb") as file:
            file.seek(piece["start"])
            while left > 0:
                chunk = file.read(min(_CHUNK, left))
                facts = os.fstat(file.fileno())
                if not chunk or facts.st_size != one.size:
                    raise InputChanged(f"{piece['key']} has changed while it was scored.")
                left -= len(chunk)
                yield chunk


class Folder:
    """A job's results as files."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, name: str) -> bytes | None:
        """A file's content, None where there is none."""
        try:
            return (self.path / name).read_bytes()
        except FileNotFoundError:
            return None

    def put_new(self, name: str, content: bytes) -> None:
        """Keeps a file unless there is one; it appears whole."""
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{os.getpid()}")
        part.write_bytes(content)
        with contextlib.suppress(FileExistsError):
            os.link(part, target)
        part.unlink()


@contextlib.contextmanager
def held(path: Path, job: dict[str, Any]) -> Iterator[Folder]:
    """The folder, for one job alone while it runs; made where there is none.

    Raises `Refused` where it holds another job, where one runs in it, and where it is none of ours.
    """
    if path.exists() and not path.is_dir():
        raise Refused(f"{path} is no folder. Choose another OUTPUT.")
    marker = path / JOB
    if path.is_dir() and not marker.exists() and any(path.iterdir()):
        raise Refused(f"{path} holds other files. Choose another OUTPUT.")
    path.mkdir(parents=True, exist_ok=True)
    with marker.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"A job is running into {path}. Choose another OUTPUT.") from None
        lock.seek(0)
        content = lock.read()
        if content:
            refuse_other(job, json.loads(content), str(path))
        else:
            lock.write(json.dumps(job, indent=2) + "\n")
            lock.flush()
        yield Folder(path)
