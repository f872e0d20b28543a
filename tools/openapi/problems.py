"""The error responses of the API: what the function and its gateway answer, by status."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import Any

from serving.http import problems as problem

from stacks.constructs import gateway_problems

Json = dict[str, Any]

MEDIA_TYPE = "application/problem+json"
_TITLES = {
    400: "BadRequest",
    403: "Forbidden",
    404: "NotFound",
    406: "NotAcceptable",
    413: "ContentTooLarge",
    415: "UnsupportedMediaType",
    429: "TooManyRequests",
    500: "InternalServerError",
    502: "BadGateway",
    503: "ServiceUnavailable",
    504: "GatewayTimeout",
}
_HEADERS: dict[int, dict[str, str]] = {
    415: {
        "Accept-Encoding": "`identity`: no content coding is read.",
        "Accept-Post": "The media types that are read.",
    },
    429: {"Retry-After": "Seconds to wait."},
    502: {"Retry-After": "Seconds to wait."},
    503: {"Retry-After": "Seconds to wait."},
    504: {"Retry-After": "Seconds to wait."},
}
# An event that is no HTTP request, or whose base64 is broken, cannot come through the gateway.
_NOT_OVER_HTTP = {problem.NOT_A_REQUEST.slug, problem.INVALID_BASE64.slug}


def _all(modules: Iterable[ModuleType]) -> Iterable[tuple[int, str, str]]:
    """Status, slug and title of every problem that a caller may meet, the function's first."""
    for module in (problem, *modules):
        for problem_type in vars(module).values():
            if (
                isinstance(problem_type, problem.ProblemType)
                and problem_type.slug not in _NOT_OVER_HTTP
            ):
                yield problem_type.status, problem_type.slug, problem_type.title
    for answer in vars(gateway_problems).values():
        if isinstance(answer, gateway_problems.GatewayProblem) and answer.status is not None:
            yield answer.status, answer.slug, answer.title


def by_status(*modules: ModuleType) -> dict[int, dict[str, str]]:
    """Status → slug → title of the problems of a service that has some in `modules`."""
    grouped: dict[int, dict[str, str]] = {}
    for status, slug, title in _all(modules):
        if status in _TITLES:
            grouped.setdefault(status, {}).setdefault(slug, title)
    return dict(sorted(grouped.items()))


def responses(*modules: ModuleType) -> Json:
    """`components.responses`: one response for each status, with the types it may have."""
    return {
        _TITLES[status]: {
            "description": "; ".join(titles.values()) + ".",
            "headers": headers(status),
            "content": {
                MEDIA_TYPE: {
                    "schema": {
                        "allOf": [{"$ref": "#/components/schemas/Problem"}],
                        "properties": {
                            "type": {"enum": [f"/problems/{slug}" for slug in titles]},
                            "status": {"const": status},
                        },
                    }
                }
            },
        }
        for status, titles in by_status(*modules).items()
    }


def headers(status: int) -> Json:
    """The headers of refusals with this status."""
    return {
        name: {"description": text, "schema": {"type": "string"}}
        for name, text in _HEADERS.get(status, {}).items()
    }


def title(status: int) -> str:
    """The name in `components.responses` of this status."""
    return _TITLES[status]


def references(*statuses: int) -> Json:
    """The members of an operation's `responses` for these statuses."""
    return {str(s): {"$ref": f"#/components/responses/{_TITLES[s]}"} for s in statuses}


SCHEMA: Json = {
    "description": "An error, as RFC 9457 has it. `type` is stable; branch on it.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was wrong and what to do about it."},
        "instance": {"type": "string", "description": "`urn:request:` and the request's id."},
    },
}
