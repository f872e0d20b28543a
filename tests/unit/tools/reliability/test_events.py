"""A sample of `python -m tools.reliability events`, and proof that the probe can see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tools.reliability.answers import STATUSES, WrongAnswer, check_answer
from tools.reliability.events import run_batch
from tools.reliability.in_process import Probe, probe
from tools.reliability.models import small
from tools.reliability.strategies import MARKER


@pytest.fixture(scope="module")
def ask() -> Iterator[Probe]:
    with probe(small()) as asked:
        yield asked


def test_any_event_gets_a_documented_answer_that_repeats_nothing(ask: Probe) -> None:
    statuses = run_batch(ask, number=1, count=300)
    assert statuses.keys() <= STATUSES
    assert {200, 400} < statuses.keys()


def test_an_explanation_is_the_one_answer_that_repeats_tokens(ask: Probe) -> None:
    event = {"httpMethod": "POST", "body": f"win {MARKER}"}
    assert ask({**event, "queryStringParameters": {"explain": "true"}}) == 200
    assert ask(event) == 200


_PROBLEM = (
    '{"type":"/problems/empty-body","title":"The request has no content","status":400,'
    '"detail":"Nothing.","instance":"urn:request:1"}'
)
_HEADERS = {
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        pytest.param({"statusCode": 500}, "unexpected status", id="500"),
        pytest.param({"statusCode": "400"}, "unexpected status", id="status as text"),
        pytest.param({"statusCode": 413}, "not this problem type", id="status of another kind"),
        pytest.param({"body": _PROBLEM.replace("N", "\ud800")}, "not ASCII", id="surrogate"),
        pytest.param({"body": _PROBLEM.replace("Nothing", MARKER)}, "echoes", id="echo"),
        pytest.param({"body": _PROBLEM.replace(".", " at edge.py line 3")}, "how it", id="trace"),
        pytest.param({"body": _PROBLEM.replace("empty-body", "x")}, "undocumented", id="type"),
        pytest.param({"body": _PROBLEM.replace("detail", "reason")}, "RFC 9457", id="members"),
        pytest.param({"headers": {**_HEADERS, "Cache-Control": "public"}}, "cached", id="cached"),
        pytest.param({"headers": {**_HEADERS, "A": "b\r\nc"}}, "headers", id="split headers"),
        pytest.param(
            {"headers": {**_HEADERS, "Content-Type": "text/plain"}}, "problem", id="media type"
        ),
        pytest.param({"isBase64Encoded": None}, "isBase64Encoded", id="base64 flag"),
    ],
)
def test_a_wrong_answer_is_seen(change: dict[str, Any], complaint: str) -> None:
    right = {"statusCode": 400, "headers": _HEADERS, "body": _PROBLEM, "isBase64Encoded": False}
    assert check_answer(right, echo=MARKER)[0] == 400
    with pytest.raises(WrongAnswer, match=complaint):
        check_answer({**right, **change}, echo=MARKER)
