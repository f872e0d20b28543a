"""From a record to inputs."""

from __future__ import annotations

from math import log1p
from typing import Any

import pytest
from portable.keras.classifier import load

from tests.unit.portable.keras.artifacts import FIELDS, INPUTS, LOAN, artifact, as_bytes


def row(**changed: Any) -> list[float]:
    return load(as_bytes(artifact())).columns.row({**LOAN, **changed})


def test_every_input_of_a_loan() -> None:
    assert row() == [
        (30 - 10) / 4,
        (log1p(50) - 2) / 0.5,
        0.0,
        (30 / 50 - 10) / 4,
        0.0,
        1.0,
        0.0,
        0.0,
    ]


def test_the_fields_are_the_artifact_s_in_its_order() -> None:
    model = load(as_bytes(artifact()))
    assert model.fields == tuple(FIELDS)
    assert model.columns.width == INPUTS


@pytest.mark.parametrize(("value", "taken"), [(-5, 0), (0, 0), (99.5, 99.5), (1e9, 100)])
def test_a_number_beyond_what_training_saw_counts_as_the_nearest_that_it_saw(
    value: float, taken: float
) -> None:
    assert row(amount=value)[0] == (taken - 10) / 4


def test_a_missing_number_is_the_typical_one_and_is_told() -> None:
    found = row(income=None)
    assert found[1] == (log1p(12) - 2) / 0.5
    assert found[2] == 1.0


def test_a_field_that_is_left_out_is_a_missing_one() -> None:
    model = load(as_bytes(artifact()))
    assert model.columns.row({"amount": 30}) == row(income=None, both=None, home=None)


@pytest.mark.parametrize(
    ("changed", "ratio"),
    [
        ({"both": 60.0}, 30 / 60),
        ({"both": None, "income": 40.0}, 30 / 40),
        ({"both": 0.5}, 30 / 2),
        ({"both": 0}, 30 / 2),
        ({"both": None, "income": None}, 12.0),
    ],
)
def test_a_ratio_divides_by_the_first_that_is_given(changed: dict[str, Any], ratio: float) -> None:
    assert row(**changed)[3] == (ratio - 10) / 4


@pytest.mark.parametrize(
    ("level", "place"), [("OWN", 4), ("RENT", 5), (None, 6), ("YURT", 7), ("", 7), ("own", 7)]
)
def test_one_input_of_a_category_is_one(level: str | None, place: int) -> None:
    assert [at for at, value in enumerate(row(home=level)) if at > 3 and value == 1.0] == [place]


def test_where_training_saw_none_missing_a_missing_category_is_another_level() -> None:
    columns = [*artifact()["columns"][:-1], {**artifact()["columns"][-1], "missing": False}]
    model = load(as_bytes(_narrower(columns)))
    assert model.columns.row({**LOAN, "home": None})[4:] == [0.0, 0.0, 1.0]
    assert model.columns.row({**LOAN, "home": "YURT"})[4:] == [0.0, 0.0, 1.0]


def _narrower(columns: list[dict[str, Any]]) -> dict[str, Any]:
    from tests.unit.portable.keras.artifacts import layer, weights

    (first, last, past) = (*weights(INPUTS - 1, 5, 1), *weights(INPUTS - 1, 1, seed=4))
    return artifact(
        columns=columns,
        layers=[layer(*first, "relu"), layer(*last, "linear")],
        shortcut=layer(*past, "linear"),
    )
