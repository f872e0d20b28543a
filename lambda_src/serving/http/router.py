"""The router: Lambda events in, proxy responses out; the one place where errors become HTTP."""

from __future__ import annotations

import time

from serving.http import write_log
from serving.http.problems import INTERNAL_ERROR, METHOD_NOT_ALLOWED, NOT_FOUND, Problem
from serving.http.request import Request
from serving.http.strict_json import encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Action = Callable[["Request"], "Response"]
    Routes = Mapping[str, Mapping[str, Action]]
    """Path -> method -> what answers."""
    FormatProblem = Callable[["Problem", str], "Response"]
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


def format_problem(problem: Problem, request_id: str) -> Response:
    """Words a problem as RFC 9457 has it."""
    return Response(encode(problem.body(request_id)), "application/problem+json")


class Router:
    """A Lambda handler: calling it with an event and a context gives a proxy response.

    `routes` declare what answers each method of each path; HEAD is answered as GET is, without a
    body. A POST to a path that is not among them, or to the root, goes to `default_path` unless a
    gateway has matched a path: a base path mapping or a Function URL passes on any path, and there
    is one thing to post to. `headers` go on every response, `format_problem` words the problems.
    `dimensions` are those of the metrics in the log's lines.
    """

    def __init__(
        self,
        routes: Routes,
        *,
        default_path: str,
        headers: Mapping[str, str],
        format_problem: FormatProblem = format_problem,
        dimensions: Mapping[str, str] | None = None,
    ) -> None:
        self._dimensions = dimensions or {}
        self._routes = routes
        self._default_path = default_path
        self._headers = {"X-Content-Type-Options": "nosniff", **headers}
        self._format_problem = format_problem
        self._cold = True

    def __call__(self, event: object, context: object) -> dict[str, object]:
        """Answers one event; never raises."""
        started = time.perf_counter()
        request_id = str(getattr(context, "aws_request_id", None) or "unknown")
        line: dict[str, object] = {"request_id": request_id}
        head = False
        try:
            request = Request(event, _remaining(context))
            head = request.method == "HEAD"
            response, status = self._answer(request, line), 200
            headers = {"Cache-Control": "no-store", **response.headers}
        except Exception as error:
            response, status, headers = self._refusal(error, request_id, line)
        line["cold"], self._cold = self._cold, False
        if status >= 400:
            line["server_error" if status >= 500 else "client_error"] = 1
        line["duration_ms"] = round((time.perf_counter() - started) * 1e3, 3)
        level = "INFO" if status < 500 else "ERROR"
        write_log(level, "request", status=status, **line, **self._dimensions)
        return {
            "statusCode": status,
            "headers": {"Content-Type": response.content_type, **self._headers, **headers},
            "body": "" if head else response.body,
            "isBase64Encoded": False,
        }

    def _refusal(
        self, error: Exception, request_id: str, line: dict[str, object]
    ) -> tuple[Response, int, dict[str, str]]:
        """How `error` is answered: response, status and headers. The caller keeps no name for it:
        it would be a cycle that holds the whole request until the garbage is collected."""
        problem = _as_problem(error, request_id)
        line["problem"] = problem.type.slug
        headers = {**problem.headers, "Cache-Control": "no-store"}
        return self._format_problem(problem, request_id), problem.type.status, headers

    def _answer(self, request: Request, line: dict[str, object]) -> Response:
        if request.gateway_id is not None and request.gateway_id.isascii():
            line["gateway_request_id"] = request.gateway_id[:64]
        # Of W3C's form, and nothing else that a caller may send.
        trace = request.header("traceparent")
        if trace is not None and len(trace) == 55 and not trace.strip("0123456789abcdef-"):
            line["traceparent"] = trace
        try:
            return self._action(request, line)(request)
        finally:
            line.update(request.log_fields)

    def _action(self, request: Request, line: dict[str, object]) -> Action:
        path = self._default_path if request.path is None else request.path
        known = path in self._routes and (request.matched or path != "/")
        if request.method == "POST" and not known:
            path = self._default_path
        methods = self._routes.get(path)
        if methods is None:
            raise Problem(
                NOT_FOUND,
                f"There is nothing at this path. The paths are: {', '.join(self._routes)}.",
            )
        line["route"] = path
        action = methods.get("GET" if request.method == "HEAD" else request.method)
        if action is None:
            allowed = ", ".join(methods).replace("GET", "GET, HEAD")
            raise Problem(
                METHOD_NOT_ALLOWED,
                f"This path answers {allowed} only. Use one of these methods.",
                {"Allow": allowed},
            )
        return action


def _remaining(context: object) -> float | None:
    """Seconds that Lambda leaves for the request, None outside of Lambda."""
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return remaining() / 1000 if callable(remaining) else None


def _as_problem(error: Exception, request_id: str) -> Problem:
    """The problem an exception is; one that nobody foresaw is logged by type and place only,
    because its text may quote the request."""
    if isinstance(error, Problem):
        return error
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    write_log(
        "ERROR",
        "unexpected exception",
        request_id=request_id,
        error=type(error).__name__,
        file=frame.tb_frame.f_code.co_filename.rpartition("/")[2] if frame else "",
        line=frame.tb_lineno if frame else 0,
    )
    return Problem(INTERNAL_ERROR, "The service failed on this request. It is not your fault.")
