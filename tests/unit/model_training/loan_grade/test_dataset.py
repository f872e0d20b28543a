"""Reading loans: every source gives the same records, and says what is wrong with them."""

from __future__ import annotations

import hashlib
import io
import lzma
import math
import pickle
import zipfile
from pathlib import Path
from typing import Any

import pytest

from model_training.command_line import DataError
from model_training.data.wheel import Wheel
from model_training.loan_grade import dataset
from model_training.loan_grade.fields import FIELDS, GRADES, LEAKS, LEFT_OUT
from tests.unit.model_training.loan_grade.loans import as_csv, rows


def test_records_hold_the_fields_and_nothing_else() -> None:
    table = rows(14)
    loans = dataset.parsed(as_csv(table), "file loans.csv")
    names = [field.name for field in FIELDS]
    assert [list(record) for record in loans.records] == [names] * 14
    for record, row in zip(loans.records, table, strict=True):
        assert record == {name: row[name] for name in names}
    assert loans.grades == tuple(GRADES) * 2
    assert loans.leaks[1] == (6.0, 100.0)


def test_no_field_is_known_only_after_the_grade() -> None:
    names = {field.name for field in FIELDS}
    assert not names & set(LEFT_OUT)
    assert set(LEAKS) <= set(LEFT_OUT)
    assert {"grade", "sub_grade", "interest_rate", "installment", "loan_status"} <= set(LEFT_OUT)
    assert all(name in LEFT_OUT for name in ("balance", "paid_total", "issue_month"))


def test_integers_stay_integers_and_the_order_of_columns_does_not_matter() -> None:
    table = rows(7)
    turned = [dict(reversed(row.items())) for row in table]
    loans = dataset.parsed(as_csv(turned), "file loans.csv")
    assert loans.records == dataset.parsed(as_csv(table), "file loans.csv").records
    assert type(loans.records[0]["loan_amount"]) is int
    assert type(loans.records[0]["annual_income"]) is float


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"grade": "H"}, "loan 3: its grade is none of A, B"),
        ({"grade": None}, "loan 3: its grade"),
        ({"loan_amount": "much"}, "loan 3: loan_amount is not an integer"),
        ({"loan_amount": 1000.5}, "loan 3: loan_amount is not an integer"),
        ({"loan_amount": -1}, "from 500 to 100,000"),
        ({"loan_amount": "nan"}, "loan 3: loan_amount is empty"),
        ({"loan_amount": "inf"}, "loan_amount is not an integer"),
        ({"annual_income": "1e99"}, "annual_income is not a number"),
        ({"homeownership": None}, "loan 3: homeownership is empty"),
    ],
)
def test_a_loan_that_cannot_be_used(change: dict[str, Any], words: str) -> None:
    table = rows(5)
    table[2].update(change)
    with pytest.raises(DataError, match=words):
        dataset.parsed(as_csv(table), "file loans.csv")


def test_a_missing_column_is_named() -> None:
    table = [{k: v for k, v in row.items() if k != "term"} for row in rows(3)]
    with pytest.raises(DataError, match="no column term; add it"):
        dataset.parsed(as_csv(table), "file loans.csv")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"grade\n", b"grade\nA\n"])
def test_files_that_are_no_loans(content: bytes) -> None:
    with pytest.raises(DataError):
        dataset.parsed(content, "file loans.csv")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"absent\.csv cannot be read"):
        dataset.load("pypi", tmp_path / "absent.csv", tmp_path)


class _Frame:
    """As much of a pandas frame as is asked of it."""

    def __init__(self, table: list[dict[str, Any]]) -> None:
        self.table = table

    def astype(self, _: object) -> _Frame:
        return self

    def notna(self) -> None: ...

    def where(self, _: object, __: object) -> _Frame:
        return self

    def to_dict(self, _: str) -> list[dict[str, Any]]:
        return self.table


def _wheel(monkeypatch: pytest.MonkeyPatch, cache: Path, table: list[dict[str, Any]]) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(dataset.MEMBER, lzma.compress(pickle.dumps(_Frame(table))))
    (cache / "loans.whl").write_bytes(file.getvalue())
    digest = hashlib.sha256(file.getvalue()).hexdigest()
    pinned = Wheel(requirement="loans==1", file="loans.whl", sha256=digest)
    monkeypatch.setattr(dataset, "WHEEL", pinned)


def test_the_wheel_and_the_csv_give_the_same_loans(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = rows(14)
    _wheel(monkeypatch, tmp_path, table)
    from_wheel = dataset.load("pypi", None, tmp_path)
    from_csv = dataset.parsed(as_csv(table), "file loans.csv")
    assert from_wheel.records == from_csv.records
    assert from_wheel.grades == from_csv.grades


def test_nothing_is_unpickled_from_a_wheel_with_another_digest(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _wheel(monkeypatch, tmp_path, rows(7))

    def never(_: bytes) -> None:
        raise AssertionError("it was unpickled")

    monkeypatch.setattr(pickle, "loads", never)
    content = bytearray((tmp_path / "loans.whl").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "loans.whl").write_bytes(content)
    with pytest.raises(DataError, match=r"its SHA-256 is .* expected .* delete the file"):
        dataset.load("pypi", None, tmp_path)


def test_openintro_s_file_must_hold_all_loans(tmp_path: Path) -> None:
    (tmp_path / dataset.OPENINTRO_FILE).write_bytes(as_csv(rows(14)))
    with pytest.raises(DataError, match=r"holds 14 loans; expected 10,000"):
        dataset.load("openintro", None, tmp_path)


def test_facts_say_where_the_loans_are_from(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_bytes(as_csv(rows(9)))
    entry = dataset.load("pypi", file, tmp_path).manifest_entry()
    assert entry["source"] == "file mine.csv"
    assert entry["rows"] == sum(entry["labels"].values()) == 9
    assert entry["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_row_of_more_values_than_the_header_has_is_named() -> None:
    content = as_csv(rows(14)).rstrip(b"\r\n") + b",one,two\r\n"
    with pytest.raises(DataError, match=r"loan 14: it has more values than the header has names"):
        dataset.parsed(content, "file loans.csv")


@pytest.mark.parametrize("given", ["high", "1e999", "-inf", "NA", ""])
def test_what_is_only_measured_with_may_be_missing(given: str) -> None:
    table = rows(14)
    table[3]["interest_rate"] = given
    leaks = dataset.parsed(as_csv(table), "file loans.csv").leaks
    assert math.isnan(leaks[3][0])
    assert all(math.isfinite(rate) for rate, _ in leaks[:3])
