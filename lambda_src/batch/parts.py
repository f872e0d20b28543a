"""One item of a plan: its rows, answered and kept part by part, each part once."""

from __future__ import annotations

import time
from json import dumps, loads

from serving.http.problems import Problem, ProblemType

from batch.errors import Unfinished
from batch.forms import Row, form_of
from batch.lines import Damaged, decompressed, lines
from batch.scoring import BLOCK, Part, Scorer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any, Protocol

    Json = dict[str, Any]

    class Kept(Protocol):
        """What is kept of a job's parts."""

        def read(self, name: str) -> bytes | None:
            """A small object's content, None where there is none."""

    class Results(Kept, Protocol):
        """Where a job's parts are kept."""

        def put_new(self, name: str, content: bytes) -> None:
            """Keeps an object unless there is one of this name: an earlier try has made it, of
            the same rows by the same model, so it is the same."""

    Source = Callable[[Json], Iterable[bytes]]
    """A piece of a plan -> its bytes, in the order they have."""

DAMAGED_INPUT = ProblemType("damaged-input", 400, "The file is damaged from here on")

RECORDS = 20_000
"""Rows of a part at most: an invocation makes one at least, also by a model of some milliseconds a
row."""
BYTES = 8 << 20
"""Bytes of a part's answers and errors, after which the next part begins: what is held at once."""


def part_names(item: int, part: int, form: str = "jsonl") -> tuple[str, str, str]:
    """What the answers, the errors and the summary of a part are called."""
    place = f"{item:06}-{part:04}"
    return f"part-{place}.{form}", f"errors-{place}.jsonl", f"summaries/{place}.json"


def summaries(item: int, results: Kept) -> list[Json]:
    """The summaries of an item's parts that are there, in order up to the first that is not."""
    done: list[Json] = []
    while not (done and done[-1]["last"]):
        content = results.read(part_names(item, len(done))[2])
        if content is None:
            break
        done.append(loads(content))
    return done


def run(
    item: Json,
    scorer: Scorer,
    source: Source,
    results: Results,
    is_late: Callable[[], bool] = lambda: False,
) -> list[Json]:
    """Answers what of an item is not answered yet; returns the summaries of all its parts.

    Raises `Unfinished` where, after a part, it is late; the next call goes on behind that.
    """
    done = summaries(item["item"], results)
    if done and done[-1]["last"]:
        return done
    rows = _rows(item["pieces"], scorer, source)
    for _ in range(sum(summary["records"] for summary in done)):
        next(rows)
    known = len(done)
    while not (done and done[-1]["last"]):
        # Each invocation makes one part at least.
        if len(done) > known and is_late():
            raise Unfinished(f"item {item['item']}: {len(done)} parts are there")
        done.append(_part(item["item"], len(done), rows, scorer, results))
    return done


def _part(
    item: int, number: int, rows: Iterator[Row | None], scorer: Scorer, results: Results
) -> Json:
    """Answers the rows of one part and keeps it: its summary last, which says that it is there."""
    started = time.monotonic()
    part = scorer.part()
    last = False
    while not last and part.records < RECORDS and part.size < BYTES:
        block, last = _block(rows, part)
        scorer.answer(block, part)
    answers, errors, summary = part_names(item, number, scorer.form)
    if part.errors:
        results.put_new(errors, "".join(part.errors).encode())
    content = part.answers()
    if content:
        results.put_new(answers, content)
    seconds = round(time.monotonic() - started, 3)
    sums = {**part.summary(), "last": last, "seconds": seconds}
    results.put_new(summary, dumps(sums).encode())
    return sums


def _block(rows: Iterator[Row | None], part: Part) -> tuple[list[Row], bool]:
    """The next rows, and whether these are the last."""
    block: list[Row] = []
    for row in rows:
        part.records += 1
        if row is None:
            part.blank += 1
        else:
            block.append(row)
        if part.records % BLOCK == 0:
            return block, False
    return block, True


def _rows(pieces: Sequence[Json], scorer: Scorer, source: Source) -> Iterator[Row | None]:
    """The rows of some pieces, one after the other; None for a line with nothing in it."""
    reader = scorer.reader
    for piece in pieces:
        form, compressed = form_of(piece["key"])
        read = reader.rows(form, piece.get("columns"))
        chunks = source(piece)
        if compressed:
            chunks = decompressed(chunks)
        last = piece["line"] - 1
        try:
            for row in read(lines(chunks, reader.longest), piece["line"]):
                if row is not None:
                    row.file = piece["key"]
                    last = row.last_line
                yield row
        except Damaged as damage:
            row = Row(last + 1)
            row.file = piece["key"]
            row.problem = Problem(DAMAGED_INPUT, f"{damage} Send the file again.")
            yield row
