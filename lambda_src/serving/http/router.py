"""The HTTP edge of a service: events in, responses out; the one place where errors become HTTP."""

from __future__ import annotations

import time

from serving.http import log
from serving.http.problems import INTERNAL_ERROR, METHOD_NOT_ALLOWED, NOT_FOUND, Problem
from serving.http.request import Request
from serving.http.strict_json import encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Action = Callable[["Exchange"], "Response"]
    Routes = Mapping[str, Mapping[str, Action]]
    """Path -> method -> what answers."""
    Refuse = Callable[["Problem", str], "Response"]
    """A problem and the request's id -> how the service words it."""


class Response:
    """What an action answers: status 200, a body and the headers that are its own."""

    __slots__ = ("body", "content_type", "headers")

    def __init__(
        self, body: str, content_type: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self.body = body
        self.content_type = content_type
        self.headers = headers or {}


def problem_details(problem: Problem, request_id: str) -> Response:
    """A problem as RFC 9457 has it."""
    return Response(encode(problem.body(request_id)), "application/problem+json")


class Exchange:
    """One request on its way: the request, the time left for it (seconds, None if unknown) and
    `facts`, the members an action adds to the request's log line (counts and our own names)."""

    __slots__ = ("facts", "remaining", "request")

    def __init__(self, request: Request, remaining: float | None) -> None:
        self.request = request
        self.remaining = remaining
        self.facts: dict[str, object] = {}


def _remaining(context: object) -> float | None:
    ask = getattr(context, "get_remaining_time_in_millis", None)
    return ask() / 1000 if callable(ask) else None


class Edge:
    """A Lambda handler: calling it with an event and a context gives a proxy response.

    `routes` declare every method of every path; what answers GET answers HEAD too, whose body is
    left out. A POST to a path that is none of them goes to `fallback`, and so does one to `/` that
    no gateway has matched: a Function URL passes on any path, and there is only one thing to post
    to. `headers` go on every response, `refuse` words the problems.
    """

    def __init__(
        self,
        routes: Routes,
        *,
        fallback: str,
        headers: Mapping[str, str],
        refuse: Refuse = problem_details,
    ) -> None:
        self._routes = routes
        self._fallback = fallback
        self._headers = {"X-Content-Type-Options": "nosniff", **headers}
        self._refuse = refuse
        self._cold = True

    def __call__(self, event: object, context: object) -> dict[str, object]:
        """Answers one event; never raises."""
        started = time.perf_counter()
        request_id = str(getattr(context, "aws_request_id", None) or "unknown")
        line: dict[str, object] = {"request_id": request_id}
        request: Request | None = None
        try:
            request = Request(event)
            response, status = self._act(request, context, line), 200
            headers = {"Cache-Control": "no-store", **response.headers}
        except Exception as error:
            response, status, headers = self._refusal(error, request_id, line)
        cold, self._cold = self._cold, False
        log.write(
            "INFO" if status < 500 else "ERROR",
            "request",
            status=status,
            duration_ms=round((time.perf_counter() - started) * 1e3, 3),
            cold=cold,
            **line,
        )
        return {
            "statusCode": status,
            "headers": {"Content-Type": response.content_type, **self._headers, **headers},
            "body": "" if request is not None and request.method == "HEAD" else response.body,
            "isBase64Encoded": False,
        }

    def _refusal(
        self, error: Exception, request_id: str, line: dict[str, object]
    ) -> tuple[Response, int, dict[str, str]]:
        """How `error` is answered: response, status and headers. The caller keeps no name for it:
        it would be a cycle that holds the whole request until the garbage is collected."""
        problem = _as_problem(error, request_id)
        line["problem"] = problem.kind.slug
        headers = {**problem.headers, "Cache-Control": "no-store"}
        return self._refuse(problem, request_id), problem.kind.status, headers

    def _act(self, request: Request, context: object, line: dict[str, object]) -> Response:
        exchange = Exchange(request, _remaining(context))
        if request.gateway_id is not None and request.gateway_id.isascii():
            line["gateway_request_id"] = request.gateway_id[:64]
        try:
            return self._action(request, line)(exchange)
        finally:
            line.update(exchange.facts)

    def _action(self, request: Request, line: dict[str, object]) -> Action:
        path = self._fallback if request.path is None else request.path
        methods = self._routes.get(path, {})
        method = "GET" if request.method == "HEAD" else request.method
        posted = method == "POST" and "POST" not in methods
        if posted and (not methods or (path == "/" and not request.matched)):
            path = self._fallback
            methods = self._routes[path]
        if not methods:
            raise Problem(
                NOT_FOUND,
                f"There is nothing at this path. The paths are: {', '.join(self._routes)}.",
            )
        line["route"] = path
        action = methods.get(method)
        if action is None:
            allowed = ", ".join(methods).replace("GET", "GET, HEAD")
            raise Problem(
                METHOD_NOT_ALLOWED,
                f"This path answers {allowed} only. Use one of these methods.",
                {"Allow": allowed},
            )
        return action


def _as_problem(error: Exception, request_id: str) -> Problem:
    """The problem an exception is; one that nobody foresaw is logged by type and place only,
    because its text may quote the request."""
    if isinstance(error, Problem):
        return error
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    log.write(
        "ERROR",
        "unexpected exception",
        request_id=request_id,
        error=type(error).__name__,
        file=frame.tb_frame.f_code.co_filename.rpartition("/")[2] if frame else "",
        line=frame.tb_lineno if frame else 0,
    )
    return Problem(INTERNAL_ERROR, "The service failed on this request. It is not your fault.")
