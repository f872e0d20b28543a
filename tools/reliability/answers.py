"""What every answer must look like, whatever was asked: the invariants all long runs share."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping

from serving.http import problems as problem
from serving.inputs import form

STATUSES = frozenset((200, 400, 404, 405, 406, 413, 415, 503))
"""Every status the function itself may answer; 500 is not among them."""

_PROBLEM_TYPES = {
    problem_type.slug: problem_type
    for module in (problem, form)
    for problem_type in vars(module).values()
    if isinstance(problem_type, problem.ProblemType)
}
_MEMBERS = {"type", "title", "status", "detail", "instance"}
_TRACES = re.compile(r"Traceback|File \"|\.py\b|line \d+|Error\(|Exception")
# Headers without which a caller cannot do better next time.
_NEEDED = {405: ("Allow",), 415: ("Accept-Post", "Accept-Encoding"), 503: ("Retry-After",)}


class WrongAnswer(AssertionError):
    """An answer that breaks the contract; the message says how, and what it was."""


def _require(condition: object, complaint: str, answer: object) -> None:
    if not condition:
        raise WrongAnswer(f"{complaint}: {str(answer)[:2_000]}")


def check_answer(answer: object, *, echo: str | None = None) -> tuple[int, object]:
    """The status and the decoded body of a proxy response that keeps the contract.

    `echo` must occur nowhere in the answer (a marker that was part of the request). A body that
    is not JSON is returned as text. Raises `WrongAnswer`.
    """
    _require(isinstance(answer, dict), "not a proxy response", answer)
    assert isinstance(answer, dict)
    expected = {"statusCode", "headers", "body", "isBase64Encoded"}
    _require(answer.keys() == expected, "members are not those of a proxy response", answer)
    status, headers, body = answer["statusCode"], answer["headers"], answer["body"]
    _require(type(status) is int and status in STATUSES, "unexpected status", answer)
    _require(answer["isBase64Encoded"] is False, "isBase64Encoded is not false", answer)
    _require((isinstance(body, str) and body.isascii()) or _is_page(headers), "not ASCII", answer)
    _require(
        isinstance(headers, dict)
        and all(isinstance(k, str) and isinstance(v, str) for k, v in headers.items())
        and not any(set(v) & set("\r\n") or not v.isascii() for v in headers.values()),
        "headers are not plain ASCII strings",
        answer,
    )
    _require(headers.get("X-Content-Type-Options") == "nosniff", "may be sniffed", answer)
    content: object = body
    if headers["Content-Type"] in ("application/json", "application/problem+json"):
        content = json.loads(body)
    if echo is not None:
        _require(echo not in _without_explanations(content), "echoes the request", answer)
        _require(echo not in json.dumps(headers), "echoes the request", answer)
    if status != 200:
        _check_problem(status, headers, content, answer)
    return status, content


def _without_explanations(content: object) -> str:
    """The decoded body as text, but for the one part that repeats tokens because it was asked."""
    if isinstance(content, dict):
        content = {name: value for name, value in content.items() if name != "explanations"}
    return json.dumps(content, ensure_ascii=False)


def _is_page(headers: Mapping[str, str]) -> bool:
    return headers["Content-Type"] == "text/html; charset=utf-8"


def _check_problem(
    status: int, headers: Mapping[str, str], problem: object, answer: object
) -> None:
    """RFC 9457, of a documented type, and nothing that tells how the service is made."""
    _require(headers["Content-Type"] == "application/problem+json", "not a problem", answer)
    _require(headers.get("Cache-Control") == "no-store", "an error may be cached", answer)
    _require(isinstance(problem, dict) and problem.keys() == _MEMBERS, "not RFC 9457", answer)
    assert isinstance(problem, dict)
    problem_type = _PROBLEM_TYPES.get(problem["type"].removeprefix("/problems/"))
    _require(problem_type is not None, "an undocumented type", answer)
    assert problem_type is not None
    _require(
        (problem_type.status, problem_type.title) == (status, problem["title"]),
        "not this problem type",
        answer,
    )
    _require(problem["status"] == status, "the body tells another status", answer)
    _require(problem["instance"].startswith("urn:request:"), "names no request", answer)
    _require(not _TRACES.search(problem["detail"]), "tells how it is made", answer)
    for name in _NEEDED.get(status, ()):
        _require(headers.get(name), f"lacks {name}", answer)


def check_predictions(body: object, *, texts: int, labels: tuple[str, ...], version: str) -> None:
    """A JSON success of `texts` texts, of one model; raises `WrongAnswer`."""
    _require(isinstance(body, dict), "not an object", body)
    assert isinstance(body, dict)
    _require(body["model"] == {"name": "spam_or_ham", "version": version}, "other model", body)
    _require(len(body["predictions"]) == len(body["probabilities"]) == texts, "other count", body)
    for label, probabilities in zip(body["predictions"], body["probabilities"], strict=True):
        _require(label in labels and tuple(probabilities) == labels, "other labels", body)
        total = sum(probabilities.values())
        _require(math.isclose(total, 1, abs_tol=1e-9), "probabilities do not sum to 1", body)
        _require(all(0 <= p <= 1 for p in probabilities.values()), "not probabilities", body)
