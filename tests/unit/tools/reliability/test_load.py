"""A sample of `python -m tools.reliability load`, and proof that its judge can see."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tools.reliability.answers import WrongAnswer
from tools.reliability.hostile import Sent
from tools.reliability.load import Plan, complaints, drive
from tools.reliability.models import small, successor
from tools.reliability.traffic import traffic
from tools.reliability.workers import judge

HOSTILE = 0.15


def test_processes_are_killed_and_a_model_is_published_under_load() -> None:
    first = small()
    outcome = drive(
        Plan(
            generations=[first, successor(first)],
            requests=1_500,
            processes=2,
            hostile=HOSTILE,
            kills=1,
        )
    )
    assert complaints(outcome, memory=False) == []
    assert outcome["killed"] == 1
    assert set(outcome["statuses"]) >= {"200", "400", "413", "415"}


def test_traffic_is_the_same_every_time_and_as_hostile_as_asked() -> None:
    def sent() -> list[Sent]:
        return list(traffic("7", count=2_000, hostile=HOSTILE, vocabulary=["a", "b"]))

    requests = sent()
    assert requests == sent()
    assert len({request.event for request in requests}) > 1_500
    valid = sum(bool(request.texts) for request in requests)
    assert valid == pytest.approx(2_000 * (1 - HOSTILE), rel=0.05)


def _answer(**changes: Any) -> dict[str, Any]:
    model = small()
    label, probabilities = model.predict("free prize")
    by_label = dict(zip(("ham", "spam"), probabilities, strict=True))
    body = {
        "predictions": [label],
        "probabilities": [by_label],
        "model": {"name": "spam_or_ham", "version": model.version},
        **changes,
    }
    return {
        "statusCode": 200,
        "headers": {
            "Content-Type": "application/json",
            "X-Content-Type-Options": "nosniff",
            "X-Model-Version": model.version,
        },
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"predictions": ["ham"]}, id="label"),
        pytest.param({"probabilities": [{"ham": 0.25, "spam": 0.75}]}, id="probability"),
        pytest.param({"predictions": ["spam"] * 2, "probabilities": [{}] * 2}, id="count"),
        pytest.param({"model": {"name": "spam_or_ham", "version": "other"}}, id="two models"),
    ],
)
def test_a_wrong_answer_under_load_is_seen(changes: dict[str, Any]) -> None:
    model = small()
    first, second = model, successor(model)
    generations = {first.version: first, second.version: second}
    sent = Sent(b"{}", 200, ("free prize",))
    assert judge(sent, _answer(), generations) == (200, first.version)
    with pytest.raises(WrongAnswer):
        judge(sent, _answer(**changes), generations)
    with pytest.raises(WrongAnswer, match="nobody published"):
        judge(sent, _answer(), {second.version: second})


def test_a_bad_run_is_told() -> None:
    outcome = {"wrong": 1, "examples": ["x"], "restarts": 2, "lost": 3, "killed": 2, "requests": 9}
    outcome |= {"answered_right": 4, "by_model": [4, 0], "growth_kb": [10, 2_001]}
    assert len(complaints(outcome, memory=True)) == 6
