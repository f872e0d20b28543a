"""Which numbers a field takes at the edges: those that its service's document takes."""

from __future__ import annotations

import json
from decimal import Decimal
from math import inf, nan

import pytest
from serving.http.problems import Problem
from serving.inputs.field import LARGEST, Field

from tests.harness.json_schemas import openapi_validator
from tools.openapi.inputs import record

VISITS = {"name": "visits", "type": "integer", "minimum": 0, "maximum": 11, "outside": "answer"}


def is_documented(value: object) -> bool:
    schema = record({"fields": [{**VISITS, "required": True}]})
    return bool(openapi_validator(schema).is_valid({"visits": value}))


@pytest.mark.parametrize("value", [int(LARGEST), -int(LARGEST), int(LARGEST) - 1, 0, 11, 12.0])
def test_a_whole_number_in_the_range(value: float) -> None:
    assert Field(VISITS).value(value, "body") == float(value)
    assert is_documented(value)


@pytest.mark.parametrize(
    "value",
    [
        int(LARGEST) + 1,
        -int(LARGEST) - 1,
        34 * 10**37,
        10**400,
        inf,
        -inf,
        nan,
        True,
        1.5,
        "1",
        None,
    ],
)
def test_what_is_in_no_range_is_refused_by_name(value: object) -> None:
    with pytest.raises(Problem) as refused:
        Field(VISITS).value(value, "body")
    assert refused.value.detail.startswith("The value of visits in body is not an integer")
    assert value != value or not is_documented(value)


def test_the_bounds_are_the_same_to_who_reads_decimals() -> None:
    written = json.dumps(record({"fields": [VISITS]}))
    field = json.loads(written, parse_float=Decimal)["properties"]["visits"]
    assert (field["minimum"], field["maximum"]) == (Decimal(-LARGEST), Decimal(LARGEST))
