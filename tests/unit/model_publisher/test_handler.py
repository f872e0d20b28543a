"""Whatever happens, CloudFormation gets one answer in the form it expects."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any

import model_publisher.handler as publisher
import pytest
from model_publisher.objects import PublicationError

CONTEXT = SimpleNamespace(aws_request_id="request-1")


class Inbox:
    """A stand-in for CloudFormation's pre-signed address on loopback."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, str | None, dict[str, Any]]] = []
        inbox = self

        class Put(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                content_type = self.headers.get("Content-Type")
                inbox.answers.append((self.path, content_type, json.loads(body)))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Keep the test's output quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Put)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/answer?signature=x%2Fy"


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    inbox = Inbox()
    thread = threading.Thread(target=inbox.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield inbox
    inbox.server.shutdown()
    thread.join()
    inbox.server.server_close()


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Replace what talks to S3 by a list of what was asked of it."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(publisher, "publish", lambda _, *args: calls.append(("publish", *args)))
    monkeypatch.setattr(publisher, "empty", lambda _, arn: calls.append(("empty", arn)))
    return calls


def event(inbox: Inbox, request: str, **properties: object) -> dict[str, Any]:
    return {
        "RequestType": request,
        "ResponseURL": inbox.url,
        "StackId": "stack",
        "RequestId": "id",
        "LogicalResourceId": "Published",
        "ResourceProperties": {
            "ServiceToken": "arn",
            "Bucket": "models",
            "Keys": ["a/b/c"],
            "EmptyOnDelete": [],
            **properties,
        },
    }


def answered(inbox: Inbox) -> dict[str, Any]:
    [(path, content_type, answer)] = inbox.answers
    assert path == "/answer?signature=x%2Fy"
    assert content_type == ""
    assert answer["StackId"] == "stack"
    assert answer["RequestId"] == "id"
    assert answer["LogicalResourceId"] == "Published"
    assert answer["PhysicalResourceId"] == "published-models"
    return answer


@pytest.mark.parametrize("request_type", ["Create", "Update"])
def test_publishes(inbox: Inbox, calls: list[Any], request_type: str) -> None:
    publisher.handler(event(inbox, request_type), CONTEXT)
    assert answered(inbox)["Status"] == "SUCCESS"
    assert calls == [("publish", "models", ["a/b/c"])]


def test_deletion_empties_what_it_was_told_to(inbox: Inbox, calls: list[Any]) -> None:
    arns = ["arn:aws:s3:::models", "arn:aws:s3:::logs"]
    publisher.handler(event(inbox, "Delete", EmptyOnDelete=arns), CONTEXT)
    assert answered(inbox)["Status"] == "SUCCESS"
    assert calls == [("empty", arn) for arn in arns]


def test_deletion_leaves_a_retained_stage_alone(inbox: Inbox, calls: list[Any]) -> None:
    publisher.handler(event(inbox, "Delete"), CONTEXT)
    assert answered(inbox)["Status"] == "SUCCESS"
    assert calls == []


def test_a_known_failure_is_one_sentence(
    inbox: Inbox, calls: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PublicationError("The digest is wrong.")

    monkeypatch.setattr(publisher, "publish", refuse)
    publisher.handler(event(inbox, "Create"), CONTEXT)
    answer = answered(inbox)
    assert (answer["Status"], answer["Reason"]) == ("FAILED", "The digest is wrong.")
    assert calls == []


@pytest.mark.parametrize("missing", ["Bucket", "Keys"])
def test_a_surprise_is_answered_without_its_text(
    inbox: Inbox, calls: list[Any], missing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = event(inbox, "Create")
    del bad["ResourceProperties"][missing]
    publisher.handler(bad, CONTEXT)
    answer = answered(inbox)
    assert answer["Status"] == "FAILED"
    assert answer["Reason"] == "Create failed with KeyError; see the function's log."
    out, err = capsys.readouterr()
    assert json.loads(out)["level"] == "ERROR"
    assert missing in err
    assert calls == []


def test_a_long_reason_fits_into_what_cloudformation_takes(
    inbox: Inbox, calls: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PublicationError("long " * 2000)

    monkeypatch.setattr(publisher, "publish", refuse)
    publisher.handler(event(inbox, "Create"), CONTEXT)
    assert len(json.dumps(answered(inbox))) < 4096
    assert calls == []


def test_only_web_addresses_are_answered(inbox: Inbox, calls: list[Any]) -> None:
    local = {**event(inbox, "Delete"), "ResponseURL": "file:///etc/passwd"}
    with pytest.raises(ValueError, match="http"):
        publisher.handler(local, CONTEXT)
    assert calls == []
