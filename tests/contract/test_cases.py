"""Every named case, in this process and through AWS's runtime client."""

from __future__ import annotations

import json
from typing import Any

import pytest
from serving.service import ModelService

from tools.local_aws.runtime_api import LambdaProcess
from tools.reliability.hostile_events import BAD, CANARY, GOOD

EXPECTED_HEADERS = {
    405: {"Allow"},
    415: {"Accept-Post", "Accept-Encoding"},
    503: {"Retry-After"},
}


def check_good(answer: dict[str, Any]) -> None:
    assert answer["statusCode"] == 200, answer
    assert answer["isBase64Encoded"] is False
    assert answer["body"].isascii()
    assert answer["headers"]["X-Model-Version"]
    if answer["headers"]["Content-Type"].startswith("text/plain"):
        assert set(answer["body"].splitlines()) <= {"ham", "spam"}
        return
    assert answer["headers"]["Content-Type"] == "application/json"
    body = json.loads(answer["body"])
    assert set(body) == {"predictions", "probabilities", "model"}
    assert len(body["predictions"]) == len(body["probabilities"]) >= 1
    for label, probabilities in zip(body["predictions"], body["probabilities"], strict=True):
        assert set(probabilities) == {"ham", "spam"}
        assert abs(sum(probabilities.values()) - 1) < 1e-9
        assert probabilities[label] == max(probabilities.values())


def check_bad(answer: dict[str, Any], status: int, slugs: str) -> None:
    assert answer["statusCode"] == status, answer
    headers = answer["headers"]
    assert headers["Content-Type"] == "application/problem+json"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert EXPECTED_HEADERS.get(status, set()) <= headers.keys()
    assert answer["body"].isascii()
    problem = json.loads(answer["body"])
    assert set(problem) == {"type", "title", "status", "detail", "instance"}
    assert problem["type"].removeprefix("/problems/") in slugs.split("|")
    assert problem["status"] == status
    assert problem["instance"].startswith("urn:request:")
    assert CANARY not in json.dumps(answer)
    assert "Traceback" not in answer["body"]


@pytest.mark.parametrize("name", GOOD)
def test_good(service: ModelService, capsys: pytest.CaptureFixture[str], name: str) -> None:
    check_good(service.handler(GOOD[name], None))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    requests = [line for line in lines if line["message"] == "request"]
    assert len(requests) == 1
    assert requests[0]["status"] == 200
    assert requests[0]["inputs"] == sum(requests[0]["predictions"].values())


@pytest.mark.parametrize("name", BAD)
def test_bad(service: ModelService, capsys: pytest.CaptureFixture[str], name: str) -> None:
    event, status, slugs = BAD[name]
    check_bad(service.handler(event, None), status, slugs)
    output = capsys.readouterr()
    assert CANARY not in output.out + output.err
    (line,) = map(json.loads, output.out.splitlines())
    assert (line["status"], line["problem"] in slugs.split("|")) == (status, True)


def test_all_through_the_runtime_client(process: LambdaProcess) -> None:
    for name, event in GOOD.items():
        reply = process.invoke(event)
        assert not reply.error, (name, reply.body[:300])
        check_good(reply.payload)
    for name, (event, status, slugs) in BAD.items():
        reply = process.invoke(event)
        assert not reply.error, (name, reply.body[:300])
        check_bad(reply.payload, status, slugs)
    assert process.process.poll() is None
    assert not [line for line in process.lines if CANARY in line or "Traceback" in line]


def test_there_are_enough_cases() -> None:
    assert len(GOOD) + len(BAD) >= 120
