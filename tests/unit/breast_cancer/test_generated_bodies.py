"""Bodies nobody thought of: answered where every field is a number in range, refused otherwise."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serving.service import ModelService

from tests.harness.small_tabular_model import FEATURES
from tests.unit.breast_cancer.conftest import breast_cancer
from tools.local_aws.events import url
from tools.local_aws.small_model import Files

KEYS = list(FEATURES.values())
NUMBERS = st.floats() | st.integers() | st.floats(0, 0.5) | st.integers(0, 9) | st.floats(0, 9_000)
VALUES = NUMBERS | st.none() | st.booleans() | st.text(max_size=3) | st.lists(NUMBERS, max_size=2)
PATIENTS = st.lists(
    st.tuples(st.sampled_from([*KEYS, "x"]) | st.text(max_size=4), VALUES), max_size=6
) | st.tuples(*(st.tuples(st.just(key), NUMBERS) for key in KEYS)).map(list)


def written(pairs: list[tuple[str, Any]]) -> str:
    """JSON as it comes, with the keys in this order and as often as they are here."""
    members = (f"{json.dumps(key)}: {json.dumps(value)}" for key, value in pairs)
    return "{" + ", ".join(members) + "}"


@pytest.fixture(scope="module")
def service(served: dict[str, str]) -> ModelService:
    return breast_cancer(served)


@given(patients=st.lists(PATIENTS, min_size=1, max_size=3), listed=st.booleans())
def test_what_is_answered_is_what_is_in_range(
    service: ModelService, files: Files, patients: list[Any], listed: bool
) -> None:
    limits = {
        field["name"]: (field["minimum"], field["maximum"])
        for field in json.loads(files["manifest.json"])["fields"]
    }
    if not listed:
        patients = patients[:1]

    def usable(pairs: list[tuple[str, Any]]) -> bool:
        return (
            len(pairs) == len(KEYS)
            and {key for key, _ in pairs} == set(KEYS)
            and all(
                type(value) in (int, float)
                and math.isfinite(value)
                and limits[key][0] <= value <= limits[key][1]
                for key, value in pairs
            )
        )

    texts = [written(pairs) for pairs in patients]
    body = f"[{', '.join(texts)}]" if listed else texts[0]
    answer: Any = service.handler(url(body, "/", queryStringParameters={"explain": "true"}), None)
    assert answer["statusCode"] == (200 if all(map(usable, patients)) else 400), answer
    assert json.loads(answer["body"])["status"] == str(answer["statusCode"])
    assert answer["body"].isascii()
