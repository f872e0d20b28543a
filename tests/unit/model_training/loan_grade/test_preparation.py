"""Fitting the preparation: on the training part alone, as data that serving reads."""

from __future__ import annotations

import json
from math import log1p
from typing import Any

import numpy as np
import pytest

from model_training.loan_grade import network, preparation
from model_training.loan_grade.fields import FIELDS
from tests.unit.model_training.loan_grade.loans import made_up


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    return list(made_up(210).records)


def column(columns: list[dict[str, Any]], kind: str, field: str) -> dict[str, Any]:
    return next(c for c in columns if c["kind"] == kind and c["field"] == field)


def test_inputs_are_standardised(records: list[dict[str, Any]]) -> None:
    columns = preparation.fit(records)
    inputs = network.matrix(preparation.read(columns), records)
    assert inputs.shape == (210, preparation.read(columns).width)
    assert inputs.dtype == np.float32
    complete = [index for index, c in enumerate(columns) if c["kind"] == "number"
                and c["field"] in ("loan_amount", "delinq_2y", "tax_liens")]  # fmt: skip
    assert np.abs(inputs[:, complete].mean(axis=0)).max() < 1e-5
    assert np.abs(inputs[:, complete].std(axis=0) - 1).max() < 1e-5


def test_missing_values_get_the_median_and_a_column(records: list[dict[str, Any]]) -> None:
    columns = preparation.fit(records)
    known = [r["emp_length"] for r in records if r["emp_length"] is not None]
    assert column(columns, "number", "emp_length")["typical"] == np.median(known)
    missing = {c["field"] for c in columns if c["kind"] == "missing"}
    assert missing == {f.name for f in FIELDS if f.nullable and not f.category}


def test_skewed_numbers_are_taken_by_logarithm(records: list[dict[str, Any]]) -> None:
    skewed = [{**r, "annual_income": 10.0 ** (at % 5)} for at, r in enumerate(records)]
    found = column(preparation.fit(skewed), "number", "annual_income")
    assert found["log"] is True
    assert found["mean"] == pytest.approx(np.mean([log1p(10.0**p) for p in range(5)]))
    assert column(preparation.fit(records), "number", "annual_income")["log"] is False


def test_one_wild_value_moves_no_input_far(records: list[dict[str, Any]]) -> None:
    wild = [*records, {**records[0], "tax_liens": 500}]
    columns = preparation.fit(wild)
    inputs = network.matrix(preparation.read(columns), wild)
    assert np.abs(inputs).max() <= 6.001


def test_a_number_that_is_always_the_same_is_an_input_of_nought(
    records: list[dict[str, Any]],
) -> None:
    same = [{**record, "tax_liens": 3} for record in records]
    columns = preparation.fit(same)
    at = columns.index(column(columns, "number", "tax_liens"))
    assert not network.matrix(preparation.read(columns), same)[:, at].any()


def test_rare_levels_are_one_with_unseen_ones(records: list[dict[str, Any]]) -> None:
    rare = [{**records[0], "loan_purpose": "boat"}] * (preparation.RARE - 1)
    levels = column(preparation.fit([*records, *rare]), "levels", "loan_purpose")["levels"]
    assert levels == ["car", "medical", "other"]
    read = preparation.read(preparation.fit([*records, *rare]))
    boat = {**records[0], "loan_purpose": "boat"}
    assert read.row(boat) == read.row({**records[0], "loan_purpose": "zeppelin"})
    assert read.row(boat) != read.row({**records[0], "loan_purpose": "car"})


def test_what_is_fitted_survives_json_to_the_bit(records: list[dict[str, Any]]) -> None:
    columns = preparation.fit(records)
    again = json.loads(json.dumps(columns))
    first, second = preparation.read(columns), preparation.read(again)
    assert [first.row(r) for r in records] == [second.row(r) for r in records]


def test_other_loans_do_not_move_it(records: list[dict[str, Any]]) -> None:
    assert preparation.fit(records[:100]) == preparation.fit(records[:100])
    assert preparation.fit(records[:100]) != preparation.fit(records[:150])


def test_a_small_share_of_levels_is_hidden_the_same_each_time(
    records: list[dict[str, Any]],
) -> None:
    hidden = network.with_hidden_levels(records, seed=1)
    assert hidden == network.with_hidden_levels(records, seed=1)
    names = [field.name for field in FIELDS if field.category]
    changed = sum(
        one[name] != other[name]
        for one, other in zip(hidden, records, strict=True)
        for name in names
    )
    assert 0 < changed < 0.1 * len(names) * len(records)
    assert all(r["loan_amount"] == h["loan_amount"] for r, h in zip(records, hidden, strict=True))


def test_fields_that_nobody_has_filled_in(records: list[dict[str, Any]]) -> None:
    empty = [{**r, "emp_length": None, "verification_income_joint": None} for r in records]
    columns = preparation.fit(empty)
    assert not [c for c in columns if c["kind"] == "number" and c["field"] == "emp_length"]
    read = preparation.read(columns)
    assert read.row(empty[0]) != read.row({**empty[0], "emp_length": 3})
    assert read.width == len(read.row(empty[0]))
