"""The published schema and the function accept the same bodies."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from serving.inputs.field import MAX_LEVEL
from serving.inputs.fields import MAX_RECORDS

from stacks.config.services import SERVICES
from tests.harness.json_schemas import validator
from tests.harness.small_records_model import FIELDS, IGNORED, LOANS, small_records_model
from tests.unit.loan_grade.conftest import Ask
from tools.local_aws.small_model import Files
from tools.openapi.document import document
from tools.openapi.inputs import gateway_model

MANIFEST = json.loads(small_records_model()["manifest.json"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)  # fmt: skip


def values(field: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Mostly what the field may hold, at and around its ends, and anything else at times."""
    if field["type"] == "category":
        lengths = st.sampled_from([0, 1, MAX_LEVEL, MAX_LEVEL + 1])
        good = st.sampled_from(field["levels"]) | lengths.map(lambda length: "é" * length)
    else:
        low, high = field["minimum"], field["maximum"]
        ends = [low, high, low - 1, high + 1, float(low), float(high), low + 0.5, str(low), 10**300]
        good = st.sampled_from(ends) | st.integers(low, int(high)) | st.floats(low, high)
    return st.one_of(good, good, good, st.none(), ANYTHING)


LOAN = st.builds(
    lambda known, extra: {**known, **extra},
    st.fixed_dictionaries(
        {field["name"]: values(field) for field in FIELDS if field["required"]},
        optional={field["name"]: values(field) for field in FIELDS if not field["required"]},
    ),
    st.just({})
    | st.just({})
    | st.dictionaries(st.sampled_from([*IGNORED, "grade"]) | st.text(max_size=3), ANYTHING),
)
GOOD = st.sampled_from(LOANS)
PARTIAL = GOOD.flatmap(
    lambda loan: st.sets(st.sampled_from(sorted(loan))).map(
        lambda names: {name: loan[name] for name in names}
    )
)
# One thing is wrong at most, so that nothing else hides what the two make of it.
CHANGED = st.tuples(GOOD, st.sampled_from(FIELDS)).flatmap(
    lambda pair: values(pair[1]).map(lambda value: {**pair[0], pair[1]["name"]: value})
)
ONE = st.one_of(CHANGED, CHANGED, LOAN, GOOD, PARTIAL, ANYTHING)
BODIES = (
    CHANGED
    | ONE
    | st.lists(ONE, max_size=3)
    | ONE.map(lambda one: {"instances": [one]})
    | ANYTHING.map(lambda any_: {"inputs": any_})
    | st.lists(GOOD, min_size=MAX_RECORDS, max_size=MAX_RECORDS + 1)
)

(SERVICE,) = (service for service in SERVICES if service.name == "loan_grade")
SCHEMAS = document(SERVICE, MANIFEST, LOANS[0])["components"]["schemas"]


@cache
def published() -> Any:
    schema = {"$ref": "#/components/schemas/Inputs", "components": {"schemas": SCHEMAS}}
    return validator("202012", schema)


@cache
def gateway() -> Any:
    return validator("4", gateway_model(MANIFEST))


def whole(value: Any) -> Any:
    """The value with 3.0 as 3: an integer too, but not to the fourth draft of JSON Schema."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: whole(member) for name, member in value.items()}
    return [whole(member) for member in value] if isinstance(value, list) else value


@given(body=BODIES)
@example(body=LOANS)
@example(body={**LOANS[0], "loan_amount": 28000.0})
@example(body={**LOANS[0], "home": "\ud800"})
@example(body=[[0.0] * 113])
def test_accepted_by_the_schema_is_answered_by_the_function(ask: Ask, body: Any) -> None:
    answer = ask(json.dumps(body))
    assert answer["statusCode"] in (200, 400)
    answered = answer["statusCode"] == 200
    assert published().is_valid(body) == answered
    assert gateway().is_valid(whole(body)) == answered


@pytest.mark.parametrize("loan", LOANS)
def test_the_examples_are_good(ask: Ask, loan: dict[str, Any]) -> None:
    """So that the test above has something to accept."""
    assert published().is_valid(loan)
    assert ask(json.dumps(loan))["statusCode"] == 200


def test_the_gateway_s_model_is_of_the_fourth_draft(files: Files) -> None:
    model = gateway_model(json.loads(files["manifest.json"]))
    assert model["$schema"] == "http://json-schema.org/draft-04/schema#"
    validator("4", model).check_schema(model)
    # What came with later drafts API Gateway refuses or passes over.
    later = {"const", "examples", "if", "contains", "propertyNames", "prefixItems", "$defs"}
    assert not [word for word in later if f'"{word}"' in json.dumps(model)]
