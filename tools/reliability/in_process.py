"""The handler in this process, with a model loaded over loopback, and its log under watch."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import Any

from serving.http.problems import Problem
from serving.http.request import Request
from serving.service import ModelService
from spam_or_ham.handler import spam_or_ham

from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import place
from tools.reliability.answers import WrongAnswer, check_answer, check_predictions
from tools.reliability.models import Generation
from tools.reliability.strategies import MARKER


class Context:
    """What the handler reads of Lambda's context."""

    aws_request_id = "00000000-0000-4000-8000-000000000000"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 10_000


class Probe:
    """Calls a handler and holds each answer, and what it logged, against the contract."""

    def __init__(self, model: Generation, service: ModelService) -> None:
        self._service = service
        self._version = model.version
        self._labels = model.labels

    def __call__(self, event: Any) -> int:
        """The status of the answer to one event; raises `WrongAnswer`, or what the handler did."""
        answer = self._ask(event)
        if _method(event) == "HEAD":
            full = self._ask({**event, "httpMethod": "GET"})
            if answer != {**full, "body": ""}:
                raise WrongAnswer(f"HEAD is not GET without its body: {str(answer)[:2_000]}")
            answer = full
        status, body = check_answer(answer, echo=MARKER)
        if isinstance(body, dict) and "predictions" in body:
            check_predictions(
                body, texts=len(body["predictions"]), labels=self._labels, version=self._version
            )
        return status

    def _ask(self, event: Any) -> dict[str, object]:
        log = io.StringIO()
        with contextlib.redirect_stdout(log):
            answer = self._service.handler(event, Context())
        if MARKER in log.getvalue():
            raise WrongAnswer(f"logs the request: {log.getvalue()[:2_000]}")
        return answer


def _method(event: Any) -> str | None:
    """The method that an event names, None where the handler refuses it as no request."""
    with contextlib.suppress(Problem):
        return Request(event).method
    return None


@contextlib.contextmanager
def probe(model: Generation) -> Iterator[Probe]:
    """A probe of a service that has loaded `model` as it would in Lambda."""
    with FakeS3() as s3, contextlib.redirect_stdout(io.StringIO()):
        service = spam_or_ham(place(s3, model.files))
        service.loader.start()
        service.loader.ensure()
    yield Probe(model, service)
