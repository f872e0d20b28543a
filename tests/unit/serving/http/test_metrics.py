"""The log line as CloudWatch reads it: a document of the embedded metric format."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from serving.http import CLASSES, DIMENSIONS, METRICS, NAMESPACE
from spam_or_ham.handler import spam_or_ham

from tests.harness.json_schemas import validator
from tools.local_aws.events import rest
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import place, small_model

# The schema of AWS's specification of the format, "Embedded metric format specification" in the
# CloudWatch user guide, with its limits.
NAME = {"type": "string", "minLength": 1, "maxLength": 1024}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["_aws"],
    "properties": {
        "_aws": {
            "type": "object",
            "required": ["Timestamp", "CloudWatchMetrics"],
            "properties": {
                "Timestamp": {"type": "integer"},
                "CloudWatchMetrics": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["Namespace", "Dimensions", "Metrics"],
                        "properties": {
                            "Namespace": NAME,
                            "Dimensions": {
                                "type": "array",
                                "minItems": 1,
                                "items": {
                                    "type": "array",
                                    "minItems": 1,
                                    "maxItems": 30,
                                    "items": {"type": "string", "minLength": 1, "maxLength": 250},
                                },
                            },
                            "Metrics": {
                                "type": "array",
                                "maxItems": 100,
                                "items": {
                                    "type": "object",
                                    "required": ["Name"],
                                    "properties": {"Name": NAME, "Unit": {"type": "string"}},
                                },
                            },
                        },
                    },
                },
            },
        }
    },
}
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def lines(capsys: pytest.CaptureFixture[str], *events: dict[str, Any]) -> list[dict[str, Any]]:
    """The requests' lines of a new environment."""
    with FakeS3() as s3:
        environ = {**place(s3, small_model()), "AWS_LAMBDA_FUNCTION_VERSION": "7"}
        service = spam_or_ham(environ)
        for event in events:
            service.handler(event, None)
    written = map(json.loads, capsys.readouterr().out.splitlines())
    return [line for line in written if line["message"] == "request"]


EVENTS = {
    "answered": rest("win a free prize"),
    "unknown": rest("zzz qqq"),
    "several": rest('["free prize", "see you at noon", "zzz"]', "application/json"),
    "refused": rest("[1", "application/json"),
    "nothing there": rest(None, path="/nowhere", resource="/nowhere", httpMethod="GET"),
}


def test_every_line_is_a_document_of_the_format(capsys: pytest.CaptureFixture[str]) -> None:
    written = lines(capsys, *EVENTS.values())
    assert len(written) == len(EVENTS)
    for line in written:
        validator("7", SCHEMA).validate(line)
        [about] = line["_aws"]["CloudWatchMetrics"]
        assert abs(line["_aws"]["Timestamp"] / 1000 - time.time()) < 60, "CloudWatch drops old ones"
        assert about["Namespace"] == NAMESPACE
        assert {name for names in about["Dimensions"] for name in names} == set(DIMENSIONS)
        assert line["service"] == "spam_or_ham"
        assert line["function_version"] == "7"
        names = [metric["Name"] for metric in about["Metrics"]]
        expected = METRICS if line["status"] == 200 else METRICS[:4]
        assert names == [name for name in expected if name in line]
        for name in names:
            assert isinstance(line[name], (int, float))
            assert not isinstance(line[name], bool)
        directive = json.dumps({"_aws": line["_aws"]}, separators=(",", ":"))
        assert len(directive) <= 300


def test_what_the_metrics_say(capsys: pytest.CaptureFixture[str]) -> None:
    written = dict(zip(EVENTS, lines(capsys, *EVENTS.values()), strict=True))
    assert written["answered"]["cold_ms"] > 0
    assert "cold_ms" not in written["unknown"]
    assert (written["answered"]["unknown"], written["unknown"]["unknown"]) == (0, 1)
    assert 0.5 <= written["answered"]["confidence"] <= 1
    several = written["several"]
    assert (several["inputs"], several["unknown"]) == (3, 1)
    assert sum(several.get(name, 0) for name in CLASSES) == 3
    for name in ("refused", "nothing there"):
        assert written[name]["client_error"] == 1
        assert "server_error" not in written[name]
        assert not set(CLASSES) & set(written[name])


def test_the_callers_trace_is_named_where_it_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    sent = (TRACE, "secret text", TRACE + "0", TRACE.replace("0", "G", 1))
    events = [rest("hi", headers={"traceparent": each}, multiValueHeaders={}) for each in sent]
    assert [line.get("traceparent") for line in lines(capsys, *events)] == [TRACE, None, None, None]


def test_there_are_ten_at_most() -> None:
    assert len(METRICS) == len(set(METRICS)) <= 10
