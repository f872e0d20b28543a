"""The forms that rows come in, JSON lines, CSV and plain lines: each row with its value, or with
the problem that HTTP would answer it with."""

from __future__ import annotations

import csv

from serving.http.problems import (
    BODY_TOO_LARGE,
    UNDECODABLE_TEXT,
    UNEXPECTED_JSON,
    Problem,
)
from serving.http.strict_json import Members, decode, decode_leniently
from serving.invocations.csv_rows import INVALID_CSV, TEXT_COLUMN, typed

from batch.errors import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    Rows = Callable[[Iterable[bytes | None], int], Iterator["Row | None"]]
    """(lines, number of the first) -> rows; None for a line with nothing in it."""

JSON_LINES, CSV, LINES = "jsonl", "csv", "text"
_ENDINGS = {
    "jsonl": JSON_LINES, "ndjson": JSON_LINES, "json": JSON_LINES, "csv": CSV, "txt": LINES,
    "text": LINES, "log": LINES,
}  # fmt: skip
_ID = "id"
_LARGEST = 1.7976931348623157e308
_BOM = b"\xef\xbb\xbf"


def form_of(name: str) -> tuple[str, bool]:
    """The form of a file by its name's ending, and whether it is compressed. Raises `Refused`."""
    lower = name.lower()
    compressed = lower.endswith(".gz")
    ending = lower.removesuffix(".gz").rpartition(".")[2]
    if ending not in _ENDINGS:
        raise Refused(
            f"{name}: its name says no form of rows. Name JSON lines .jsonl, CSV .csv and plain "
            "lines .txt, each with .gz after it where it is compressed."
        )
    return _ENDINGS[ending], compressed


class Row:
    """One row: its file, its first and last line, from 1; its `id` where it has one; the columns to
    copy; and the value to predict for, or the problem."""

    __slots__ = ("file", "id", "kept", "last_line", "line", "problem", "value")

    def __init__(self, line: int) -> None:
        self.file = ""
        self.line = line
        self.last_line = line
        self.id: object = None
        self.kept: dict[str, object] = {}
        self.value: Any = None
        self.problem: Problem | None = None


class Reader:
    """Reads rows for one kind of input.

    `fields` are the manifest's entries by name, None for a model of texts; `keep` names columns to
    copy into the answer, `longest` is a row's bytes at most.
    """

    def __init__(
        self, fields: Mapping[str, Mapping[str, Any]] | None, keep: Sequence[str], longest: int
    ) -> None:
        self._fields = fields
        self._keep = keep
        self.longest = longest

    def rows(self, form: str, columns: Sequence[str] | None) -> Rows:
        """What reads a form; `columns` are those of CSV whose header is not among the lines.

        Raises `Refused` for plain lines where the model takes fields.
        """
        if form == LINES:
            if self._fields is not None:
                raise Refused(
                    "The model takes records, and plain lines have no fields. Send JSON lines or "
                    "CSV with the columns " + ", ".join(self._fields) + "."
                )
            return self._plain
        if form == CSV:
            return lambda lines, first: self._csv(lines, first, columns)
        return self._json

    def _plain(self, lines: Iterable[bytes | None], first: int) -> Iterator[Row | None]:
        return self._each(lines, first, _text)

    def _json(self, lines: Iterable[bytes | None], first: int) -> Iterator[Row | None]:
        return self._each(lines, first, self._json_text if self._fields is None else self._record)

    def _each(
        self, lines: Iterable[bytes | None], first: int, read: Callable[[Row, str], None]
    ) -> Iterator[Row | None]:
        for number, line in enumerate(lines, first):
            if line is not None and not line.strip():
                yield None
                continue
            row = Row(number)
            try:
                read(row, self._decoded(line, number == 1))
            except Problem as problem:
                row.problem = problem
            yield row

    def _decoded(self, line: bytes | None, is_first: bool) -> str:
        if line is None:
            raise self._too_long()
        if is_first and line.startswith(_BOM):
            line = line[len(_BOM) :]
        try:
            return line.decode()
        except UnicodeDecodeError:
            raise _undecodable() from None

    def _too_long(self) -> Problem:
        return Problem(
            BODY_TOO_LARGE, f"The row is larger than {self.longest} bytes. Send less in one row."
        )

    def _json_text(self, row: Row, line: str) -> None:
        value = decode(line)
        if isinstance(value, dict):
            self._copy(row, value)
            value = value.get(TEXT_COLUMN)
        if not isinstance(value, str):
            raise Problem(
                UNEXPECTED_JSON,
                'The row is neither a string nor an object with a string in "text". Send one.',
            )
        row.value = value

    def _record(self, row: Row, line: str) -> None:
        value = decode_leniently(line)
        if isinstance(value, dict):
            self._copy(row, value)
            self._leave_out(value)
        row.value = value

    def _copy(self, row: Row, value: Mapping[str, object]) -> None:
        row.kept = {name: value[name] for name in self._keep if name in value}
        row.id = value.get(_ID)
        for copied in (*row.kept.values(), row.id):
            # A number that is none, NaN, is not equal to itself; infinities are beyond all.
            if not isinstance(copied, (str, int, float, type(None))) or (
                isinstance(copied, float) and not abs(copied) <= _LARGEST
            ):
                row.kept, row.id = {}, None
                raise Problem(
                    UNEXPECTED_JSON,
                    "What is to be copied, id or a column, is no string, number, true, false or "
                    "null. Send one of these.",
                )

    def _leave_out(self, record: dict[str, Any]) -> None:
        """Takes out of a record what is only copied and no field of the model."""
        for name in (_ID, *self._keep):
            if name in record and self._fields is not None and name not in self._fields:
                del record[name]

    def _csv(
        self, lines: Iterable[bytes | None], first: int, columns: Sequence[str] | None
    ) -> Iterator[Row | None]:
        source = _Physical(lines, first == 1)
        reader = csv.reader(source, strict=True)
        last = first - 1
        while True:
            row = Row(last + 1)
            try:
                cells = next(reader, None)
            except csv.Error:
                if columns is None:
                    raise Refused("The CSV's header cannot be read. Send RFC 4180's CSV.") from None
                cells = [""]
                row.problem = Problem(
                    INVALID_CSV,
                    "The row is no CSV: a cell is too long, or its quotes do not end or end too "
                    "early. Send CSV as RFC 4180 defines it.",
                )
            if cells is None:
                return
            last = row.last_line = first - 1 + source.count
            if columns is None:
                columns = header(cells)
                continue
            if source.was_too_long():
                row.problem = self._too_long()
            if not cells:
                yield None
                continue
            if row.problem is None:
                try:
                    self._cells(row, columns, cells)
                except Problem as problem:
                    row.problem = problem
            yield row

    def _cells(self, row: Row, columns: Sequence[str], cells: list[str]) -> None:
        for cell in cells:
            if not cell.isascii() and any("\udc80" <= letter <= "\udcff" for letter in cell):
                raise _undecodable()
        if len(cells) != len(columns):
            raise Problem(
                INVALID_CSV,
                f"The row has {len(cells)} cells where the header has {len(columns)}. Send a cell "
                "for each column, empty where there is no value.",
            )
        named = dict(zip(columns, cells, strict=True))
        row.id = named.get(_ID)
        row.kept = {name: named[name] for name in self._keep if name in named}
        if self._fields is None:
            row.value = named[text_column(columns)]
            return
        record = Members(
            [(name, typed(cell, self._fields.get(name, {}))) for name, cell in named.items()]
        )
        self._leave_out(record)
        row.value = record


class _Physical:
    """Lines for `csv`, which takes texts: what is no UTF-8 is marked, what is too long emptied."""

    def __init__(self, lines: Iterable[bytes | None], from_start: bool) -> None:
        self._lines = iter(lines)
        self._bom = from_start
        self._too_long = False
        self.count = 0

    def __iter__(self) -> _Physical:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.count += 1
        if line is None:
            self._too_long = True
            return "-\n"
        if self._bom and self.count == 1 and line.startswith(_BOM):
            line = line[len(_BOM) :]
        return line.decode("utf-8", "surrogateescape") + "\n"

    def was_too_long(self) -> bool:
        """Whether a line since the last question was."""
        was, self._too_long = self._too_long, False
        return was


def _text(row: Row, line: str) -> None:
    row.value = line


def _undecodable() -> Problem:
    return Problem(UNDECODABLE_TEXT, "The row is not UTF-8. Send the file as UTF-8.")


def header(cells: Sequence[str]) -> list[str]:
    """The names of the columns. Raises `Refused` where one stands twice."""
    names = [cell.strip() for cell in cells]
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        raise Refused(f"The CSV's header names {repeated!r} twice. Name each column once.")
    return names


def text_column(columns: Sequence[str]) -> str:
    """The column that holds the text: the one so called, or the only one. Raises `Refused`."""
    if TEXT_COLUMN in columns:
        return TEXT_COLUMN
    if len(columns) == 1:
        return columns[0]
    raise Refused(f'No column of the CSV is called "text"; it has {", ".join(columns)[:200]}.')
