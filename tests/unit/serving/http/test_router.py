"""Which action answers what, and what the router keeps of a request: nothing."""

from __future__ import annotations

import gc
import json
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from serving.http.problems import UNEXPECTED_JSON, Problem
from serving.http.request import Request
from serving.http.router import Response, Router

from tools.local_aws.events import get, rest, url


def says(text: str) -> Callable[[Request], Response]:
    return lambda _: Response(text, "text/plain", {"Cache-Control": "public"})


PREDICT = {"GET": says("the model"), "POST": says("a prediction")}
ROUTER = Router(
    {"/predict": PREDICT, "/": {"GET": says("a page")}, "/openapi.json": {"GET": says("{}")}},
    default_path="/predict",
    headers={"X-Model-Version": "1"},
)


def ask(event: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = ROUTER(event, None)
    return answer


def request_to(path: str, method: str, **changes: Any) -> dict[str, Any]:
    """The event of a REST API whose gateway has matched the path."""
    return rest("x", **{"resource": path, "path": path, "httpMethod": method, **changes})


@pytest.mark.parametrize("path", ["/", "/nowhere", "/predict", "/predict/", "/openapi.json/"])
def test_a_function_url_has_one_thing_to_post_to(path: str) -> None:
    assert ask(url("x", path))["body"] == "a prediction"


@pytest.mark.parametrize("event", [url("x", "/openapi.json"), request_to("/openapi.json", "POST"),
                                   request_to("/openapi.json", "POST", resource="/{proxy+}"),
                                   request_to("/", "POST")])  # fmt: skip
def test_what_is_read_is_not_posted_to(event: dict[str, Any]) -> None:
    answer = ask(event)
    assert (answer["statusCode"], answer["headers"]["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/predict", "/", "/openapi.json"])
@pytest.mark.parametrize("form", [get, lambda path, **_: url(None, path, "GET")])
def test_head_is_get_without_its_body(path: str, form: Callable[..., dict[str, Any]]) -> None:
    read = form(path)
    headed = {**read}
    if "httpMethod" in read:
        headed["httpMethod"] = "HEAD"
    else:
        headed = url(None, path, "HEAD")
    full, head = ask(read), ask(headed)
    assert full["body"]
    assert head == {**full, "body": ""}


def test_head_of_nothing_and_other_methods(capsys: pytest.CaptureFixture[str]) -> None:
    missing = ask({**get("/nowhere"), "httpMethod": "HEAD"})
    assert (missing["statusCode"], missing["body"]) == (404, "")
    assert missing["headers"]["Content-Type"] == "application/problem+json"
    refused = ask(request_to("/predict", "PUT"))
    assert (refused["statusCode"], refused["headers"]["Allow"]) == (405, "GET, HEAD, POST")
    assert json.loads(refused["body"])["detail"].startswith(
        "This path answers GET, HEAD, POST only"
    )
    statuses = [json.loads(line)["status"] for line in capsys.readouterr().out.splitlines()]
    assert statuses == [404, 405]


class Large:
    """Stands for what a request has brought."""


@pytest.mark.parametrize(
    "error", [lambda: Problem(UNEXPECTED_JSON, "Refused."), lambda: ValueError("unforeseen")]
)
def test_what_a_refused_request_has_brought_is_let_go(error: Callable[[], Exception]) -> None:
    held: list[weakref.ref[Large]] = []

    def refuse(_: Request) -> Response:
        large = Large()
        held.append(weakref.ref(large))
        raise error()

    router = Router({"/spamorham": {"POST": refuse}}, default_path="/spamorham", headers={})
    gc.disable()
    try:
        assert int(str(router(rest("x"), None)["statusCode"])) >= 400
        assert held[0]() is None
    finally:
        gc.enable()
