"""Parts: each once, whatever stops between two of them; memory that a range does not make grow."""

from __future__ import annotations

import itertools
import json
import tracemalloc

import pytest
from batch import parts
from batch.errors import Unfinished
from batch.job import Totals, manifest_lines
from batch.scoring import Scorer
from serving.service import ModelService

from tests.unit.batch.conftest import Kept

ITEM = {"item": 3, "pieces": [
    {"key": "a.txt", "etag": "e", "start": 0, "end": 5000, "line": 1},
    {"key": "b.txt", "etag": "e", "start": 0, "end": 5000, "line": 1},
]}  # fmt: skip
LINES = [f"free call {number}" for number in range(700)]
CONTENT = "\n".join(LINES).encode()


class Killed(BaseException):
    """The process is gone."""


class Dying(Kept):
    """Results that end whoever puts the n-th object: `before` it is there, or after."""

    def __init__(self, kept: Kept, at: int, *, before: bool) -> None:
        super().__init__()
        self.objects = kept.objects
        self._left, self._before = at, before

    def put_new(self, name: str, content: bytes) -> None:
        self._left -= 1
        if self._left < 0 and self._before:
            raise Killed
        super().put_new(name, content)
        if self._left < 0:
            raise Killed


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "RECORDS", 512)


def whole(service: ModelService) -> Kept:
    kept = Kept()
    parts.run(ITEM, Scorer(service, {}), lambda _: [CONTENT], kept)
    return kept


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("before", [True, False])
def test_a_run_that_is_killed_anywhere_is_completed_without_doubles(
    service: ModelService, before: bool
) -> None:
    expected = whole(service).objects
    assert sorted(name for name in expected if name.startswith("part")) == [
        f"part-000003-000{number}.jsonl" for number in range(3)
    ]
    for at in range(6):
        kept = Kept()
        with pytest.raises(Killed):
            parts.run(
                ITEM, Scorer(service, {}), lambda _: [CONTENT], Dying(kept, at, before=before)
            )
        finished = {name[10:21] for name in kept.objects if name.startswith("summaries")}
        again = Kept()
        again.objects = kept.objects
        done = parts.run(ITEM, Scorer(service, {}), lambda _: [CONTENT], again)
        assert sum(one["rows"] for one in done) == 1400
        assert {n: c for n, c in again.objects.items() if n.startswith("part")} == {
            n: c for n, c in expected.items() if n.startswith("part")
        }
        if before:
            # What has its sums is not put again, nor computed.
            assert not any(place in name for name in again.put for place in finished)


@pytest.mark.usefixtures("small_parts")
def test_an_item_that_is_done_is_not_even_read(service: ModelService) -> None:
    kept = whole(service)
    done = parts.run(ITEM, Scorer(service, {}), lambda _: pytest.fail("was read"), kept)
    assert [one["last"] for one in done] == [False, False, True]


@pytest.mark.usefixtures("small_parts")
def test_an_invocation_that_is_late_goes_on_in_the_next(service: ModelService) -> None:
    kept = Kept()
    for number in (1, 2):
        with pytest.raises(Unfinished):
            parts.run(ITEM, Scorer(service, {}), lambda _: [CONTENT], kept, lambda: True)
        assert len([name for name in kept.objects if name.startswith("summaries")]) == number
    parts.run(ITEM, Scorer(service, {}), lambda _: [CONTENT], kept, lambda: True)
    assert {n: c for n, c in kept.objects.items() if n.startswith("part")} == {
        n: c for n, c in whole(service).objects.items() if n.startswith("part")
    }


def test_memory_does_not_grow_with_the_range(
    service: ModelService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "BYTES", 1 << 16)

    class Counting(Kept):
        def put_new(self, name: str, content: bytes) -> None:
            super().put_new(name, content if name.startswith("summaries") else b"")

    def peak(chunks: int) -> int:
        item = {"item": 0, "pieces": [{**ITEM["pieces"][0]}]}
        tracemalloc.start()
        try:
            parts.run(
                item, Scorer(service, {}),
                lambda _: itertools.repeat(b"free prize\n" * 100, chunks), Counting(),
            )  # fmt: skip
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    small = peak(8)
    assert peak(24) < small + (1 << 16)


def test_the_manifest_sums_the_parts_and_names_each_input_once(service: ModelService) -> None:
    kept = whole(service)
    totals = Totals()
    job = {"service": "texts", "model_version": "1", "options": {}}
    text = "".join(
        manifest_lines(totals.walk([ITEM], kept), lambda: totals.manifest(job, seconds=1.0))
    )
    # The plan's numbers begin at 0 and need not be the item's place.
    manifest = json.loads(text)
    assert [one["key"] for one in manifest["inputs"]] == ["a.txt", "b.txt"]
    assert (manifest["rows"], manifest["errors"], manifest["ranges"]) == (1400, 0, 1)
    assert sum(manifest["classes"].values()) == sum(manifest["confidence"]) == 1400
