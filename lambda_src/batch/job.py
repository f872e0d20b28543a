"""A job as a whole: what it was asked for, and the manifest of what came of it."""

from __future__ import annotations

import json

from batch.errors import Refused, Unfinished
from batch.parts import summaries
from batch.scoring import BINS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from batch.parts import Kept

    Json = dict[str, Any]
    Map = Callable[[Callable[[int], list[Json]], Iterable[int]], Iterable[list[Json]]]

JOB, PLAN, MANIFEST = "job.json", "plan.jsonl", "manifest.json"
_ASKED = ("service", "model_version", "inputs", "options")


def same_job(asked: Json, there: Json) -> bool:
    """Whether the job that an output was begun with is the one that is asked for."""
    return all(asked.get(name) == there.get(name) for name in _ASKED)


def refuse_other(asked: Json, there: Json, output: str) -> None:
    """Raises `Refused` where an output was begun with another job than is asked for."""
    if same_job(asked, there):
        return
    differing = [name for name in _ASKED if asked.get(name) != there.get(name)]
    raise Refused(
        f"{output} holds another job: its {' and '.join(differing)} differ. Choose another OUTPUT."
    )


class Totals:
    """The sums of the summaries of all parts, and the inputs, of a job whose plan is walked."""

    def __init__(self) -> None:
        self.items = self.parts = 0
        self.sums = {"rows": 0, "errors": 0, "blank": 0}
        self.seconds = 0.0
        self.classes: dict[str, int] = {}
        self.confidence: list[int] | None = None
        self.notes: list[Json] = []

    def walk(self, plan: Iterable[Json], results: Kept, map_: Map = map) -> Iterator[Json]:
        """Sums every item of a plan; yields the inputs, in their order.

        Raises `Unfinished` where an item has not all of its parts. `map_` may read several at once.
        """
        inputs = _Inputs()

        def numbers() -> Iterator[int]:
            for item in plan:
                inputs.take(item)
                yield item["item"]

        for done in map_(lambda number: summaries(number, results), numbers()):
            if not done or not done[-1]["last"]:
                raise Unfinished("Not every range is answered. Run the same command again.")
            self.items += 1
            for summary in done:
                self._add(summary)
            yield from inputs.ended()
        yield from inputs.ended(last=True)
        self.notes = inputs.notes

    def _add(self, summary: Json) -> None:
        self.parts += 1
        self.seconds += summary["seconds"]
        for name in self.sums:
            self.sums[name] += summary[name]
        for label, count in summary["classes"].items():
            self.classes[label] = self.classes.get(label, 0) + count
        if summary["confidence"] is not None:
            counts = self.confidence or [0] * BINS
            self.confidence = [
                one + other for one, other in zip(counts, summary["confidence"], strict=True)
            ]

    def manifest(self, job: Json, **more: object) -> Json:
        """What the job has come to, without its inputs."""
        return {
            "service": job["service"],
            "model_version": job["model_version"],
            "options": job["options"],
            **self.sums,
            "classes": dict(sorted(self.classes.items())),
            "confidence": self.confidence,
            "ranges": self.items,
            "parts": self.parts,
            "worker_seconds": round(self.seconds, 3),
            **more,
            "uncut": self.notes,
        }


class _Inputs:
    """The inputs that the pieces of a plan are of, each once."""

    def __init__(self) -> None:
        self._seen: list[Json] = []
        self.notes: list[Json] = []

    def take(self, item: Json) -> None:
        """Adds those of an item. What is cut stands in items one after the other."""
        for piece in item["pieces"]:
            if self._seen and self._seen[-1]["key"] == piece["key"]:
                self._seen[-1]["bytes"] = piece["end"]
                continue
            self._seen.append({"key": piece["key"], "etag": piece["etag"], "bytes": piece["end"]})
            if "note" in piece and len(self.notes) < 100:
                self.notes.append({"key": piece["key"], "note": piece["note"]})

    def ended(self, *, last: bool = False) -> list[Json]:
        """Those of which no piece will follow."""
        kept = 0 if last else 1
        ended = self._seen[: len(self._seen) - kept]
        del self._seen[: len(ended)]
        return ended


def manifest_lines(inputs: Iterable[Json], rest: Callable[[], Json]) -> Iterator[str]:
    """The manifest as text, piece by piece: of a hundred thousand inputs none is held.

    `rest` is asked after the last input, when everything is summed.
    """
    yield '{\n"inputs": ['
    separator = "\n"
    for entry in inputs:
        yield separator + json.dumps(entry)
        separator = ",\n"
    yield "\n]"
    for name, value in rest().items():
        yield f",\n{json.dumps(name)}: {json.dumps(value)}"
    yield "\n}\n"
