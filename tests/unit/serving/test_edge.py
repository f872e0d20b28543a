"""What the router keeps of a request: nothing, also of one that was refused."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable

import pytest
from serving.http.problems import UNEXPECTED_JSON, Problem
from serving.http.request import Request
from serving.http.router import Response, Router

from tools.local_aws.events import rest


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
