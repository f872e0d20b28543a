"""Reads labelled messages out of a CSV or TSV file, and says what is wrong where it cannot.

Known shapes: Kaggle's `spam.csv` (latin-1, header `v1,v2,,,`; the few rows with something in the
extra columns are read as the article reads them, from `v2` alone), the UCI file (tab-separated, no
header, quotation marks that are part of the text), and any CSV or TSV whose header names a label
and a text column.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from model_training.command_line import DataError
from model_training.spam_or_ham.corpus import LABELS

_LABEL_COLUMNS = ("v1", "label", "category", "class", "target")
_TEXT_COLUMNS = ("v2", "text", "message", "sms", "body")
# Two UTF-8 bytes read as latin-1 or cp1252 and written again: "Â£" for "£", "å£" in Kaggle's copy.
_MOJIBAKE = re.compile("Ã.|Â[\x80-\xbf]|å£|â€|ï¿½|[\x80-\x9f]")
# A quotation mark that is never closed swallows the rows after it.
_SWALLOWED = re.compile("\n(?:ham|spam)[,\t]", re.IGNORECASE)
_LARGEST_FILE = 100_000_000
_LARGEST_FIELD = 1_000_000


@dataclass(frozen=True)
class Table:
    """The rows of one file, and remarks about them."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    notes: tuple[str, ...]


def read_file(path: Path, encoding: str | None = None) -> tuple[bytes, Table]:
    """The bytes of a file and the messages in it; `DataError` when either cannot be had."""
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise DataError(f"{path}: larger than {_LARGEST_FILE:,} bytes; expected a CSV or TSV")
        content = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise DataError(f"{path}: {reason}; expected a readable CSV or TSV file") from None
    return content, parse(content, str(path), encoding)


def parse(content: bytes, name: str, encoding: str | None = None) -> Table:
    """The messages in a CSV or TSV file of these bytes; `name` is what error messages call it."""
    text, notes = _decode(content, name, encoding)
    if not text.strip():
        raise DataError(f"{name}: the file is empty; expected a label and a text on each line")
    first_line = text.lstrip("\r\n").splitlines()[0]
    tabs = "\t" in first_line.partition(",")[0]
    records = _tab_records(text) if tabs else _comma_records(text, name)
    return _table(records, name, notes)


def _decode(content: bytes, name: str, encoding: str | None) -> tuple[str, list[str]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) and encoding is None:
        raise DataError(f"{name}, line 1: UTF-16; expected UTF-8 (or latin-1, as Kaggle's file)")
    try:
        return content.decode(encoding or "utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        # Only a file that looks like Kaggle's is taken as latin-1 unasked: every byte is valid
        # latin-1, so trying it on anything else would hide a wrong encoding in the model.
        if encoding is None and content.startswith(b"v1,v2"):
            return content.decode("latin-1"), []
        raise DataError(
            f"{name}, line {line}: byte 0x{content[error.start]:02x} is not valid "
            f"{encoding or 'UTF-8'}; expected UTF-8, or name the encoding with --encoding latin-1"
        ) from None
    # What is called so is none, or none of texts.
    except (LookupError, ValueError):
        raise DataError(
            f"{name}: there is no encoding called {encoding!r}; expected utf-8 or latin-1"
        ) from None


def _tab_records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and fields; no quoting, or a text that opens a quotation swallows what follows.

    Only line feeds end a row: `str.splitlines` would also break at U+0085 and its like. Without a
    header, a tab after the first belongs to the text.
    """
    columns = -1
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            fields = line.removesuffix("\r").split("\t", columns)
            if columns == -1 and fields[0].strip().lower() in LABELS:
                columns = 1
                fields = line.removesuffix("\r").split("\t", columns)
            yield number, fields


def _comma_records(text: str, name: str) -> list[tuple[int, list[str]]]:
    """Line number and fields, read to the end: the limit on a field is the whole process's."""
    records: list[tuple[int, list[str]]] = []
    limit = csv.field_size_limit(_LARGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""))
    line = 1
    try:
        for fields in reader:
            if _SWALLOWED.search("".join(fields)):
                raise DataError(
                    f"{name}, line {line}: a quotation mark is never closed and the rows after it "
                    "would be lost; expected quotation marks inside a text to be doubled"
                )
            if any(field.strip() for field in fields):
                records.append((line, fields))
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(
            f"{name}, line {reader.line_num}: not a CSV row ({error}); expected a label, a comma "
            "and a text, quoted if it holds commas or quotation marks"
        ) from None
    finally:
        csv.field_size_limit(limit)
    return records


def _table(records: Iterable[tuple[int, list[str]]], name: str, notes: list[str]) -> Table:
    rows = iter(records)
    number, first = next(rows)
    columns = _header(first, name, number)
    width = len(first) if columns else 2
    texts: list[str] = []
    labels: list[str] = []
    if columns is None:
        columns = (0, 1)
        rows = chain([(number, first)], rows)
    for number, fields in rows:
        if any(field.strip() for field in fields[width:]):
            raise DataError(
                f"{name}, line {number}: {len(fields)} columns; expected {width} (a text that "
                "holds a comma must be quoted)"
            )
        _add_row(number, fields, columns, name, texts, labels)
    damaged = sum(_MOJIBAKE.search(text) is not None for text in texts)
    if damaged:
        notes.append(
            f"{damaged} texts hold characters that were decoded wrongly before this file was "
            "written (as in Kaggle's copy, where a pound sign reads as two letters); they are "
            "used as they are"
        )
    return Table(tuple(texts), tuple(labels), tuple(notes))


def _header(fields: list[str], name: str, number: int) -> tuple[int, int] | None:
    """The positions of label and text, or `None` where the first row already is a message."""
    names = [field.strip().lower() for field in fields]
    if names[0] in LABELS:
        if len(names) < 2:
            raise DataError(f"{name}, line {number}: one column; expected a label and a text")
        return None
    label = next((names.index(known) for known in _LABEL_COLUMNS if known in names), None)
    text = next((names.index(known) for known in _TEXT_COLUMNS if known in names), None)
    if label is None or text is None:
        header = ", ".join(repr(field[:40]) for field in fields[:6])
        raise DataError(
            f"{name}, line {number}: found the columns {header}; expected a header with a label "
            f"column ({', '.join(_LABEL_COLUMNS)}) and a text column ({', '.join(_TEXT_COLUMNS)}), "
            "or no header and rows that start with ham or spam"
        )
    return label, text


def _add_row(
    number: int,
    fields: list[str],
    columns: tuple[int, int],
    name: str,
    texts: list[str],
    labels: list[str],
) -> None:
    label_at, text_at = columns
    if len(fields) <= max(columns):
        raise DataError(
            f"{name}, line {number}: {len(fields)} column(s); expected a label and a text"
        )
    label = fields[label_at].strip().lower()
    if label not in LABELS:
        raise DataError(
            f"{name}, line {number}: the label is {fields[label_at][:40]!r}; expected ham or spam"
        )
    labels.append(label)
    texts.append(fields[text_at])
