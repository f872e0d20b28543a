"""A service of a few words, loaded as a worker has it, and a place for results in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from batch.cutting import items
from batch.parts import run
from batch.scoring import Scorer
from serving.inputs.text import Inputs
from serving.runtimes.portable import load
from serving.service import ModelService

from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import place, small_model


@pytest.fixture(scope="session")
def service() -> ModelService:
    """A classifier of texts."""
    with FakeS3() as s3:
        environ = {**place(s3, small_model()), "MODEL_VERSION": "1" * 12}
        texts = ModelService("/texts", Inputs(), lambda: load, environ)
        texts.loader.start()
    return texts


class Kept:
    """Results by name; `put` counts what was put, also in vain."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.put: list[str] = []

    def read(self, name: str) -> bytes | None:
        return self.objects.get(name)

    def put_new(self, name: str, content: bytes) -> None:
        self.put.append(name)
        self.objects.setdefault(name, content)

    def lines(self, kind: str) -> list[str]:
        """The lines of all parts of a kind, in order."""
        names = sorted(name for name in self.objects if name.startswith(f"{kind}-"))
        return [line for name in names for line in self.objects[name].decode().splitlines()]


Answered = Callable[..., Kept]


@pytest.fixture
def answered(service: ModelService) -> Answered:
    """Answers files, name by name in `files`, as a job does; `chunk` is how they are read."""

    def answer(
        files: dict[str, bytes], kept: Kept | None = None, *, chunk: int = 1 << 20,
        range_bytes: int = 1 << 20, **options: object,
    ) -> Kept:  # fmt: skip
        kept = kept or Kept()
        scorer = Scorer(service, options)

        def read(name: str, _etag: str, start: int = 0, end: int | None = None) -> Iterable[bytes]:
            content = files[name][start:end]
            return [content[at : at + chunk] for at in range(0, len(content), chunk)]

        inputs = [(name, "etag", len(content)) for name, content in files.items()]
        for item in items(inputs, read, range_bytes):
            run(item, scorer, lambda p: read(p["key"], "", p["start"], p["end"]), kept)
        return kept

    return answer
