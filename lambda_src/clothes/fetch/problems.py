"""The problems that only this service has. Each slug is a section of docs/api.md."""

from __future__ import annotations

from serving.http.problems import Problem, ProblemType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from serving.inputs import Received

REFUSED_URL = ProblemType("refused-url", 400, "The address is not of a form that is fetched")
REFUSED_HOST = ProblemType("refused-host", 400, "The host has no address that may be connected to")
UNREADABLE_PICTURE = ProblemType("unreadable-picture", 400, "There is no picture that can be read")
PICTURE_TOO_LARGE = ProblemType("picture-too-large", 413, "The picture is too large")
NOT_FETCHED = ProblemType("picture-not-fetched", 502, "The picture could not be fetched")
FETCH_TIMEOUT = ProblemType("fetch-timeout", 504, "The picture did not arrive in time")

# Seconds: another host's fault is seldom gone a moment later.
_LATER = {"Retry-After": "10"}


def not_fetched(detail: str) -> Problem:
    """The remote host's fault."""
    return Problem(NOT_FETCHED, detail, _LATER)


def timed_out() -> Problem:
    """The remote host's fault, too: it was too slow, or its name's servers were."""
    return Problem(
        FETCH_TIMEOUT,
        "The host did not deliver the picture in the time a request has for it. Try again later, "
        "or send the picture itself.",
        _LATER,
    )


def too_large(limit: int) -> Problem:
    """More bytes than are taken of one picture."""
    return Problem(
        PICTURE_TOO_LARGE, f"The picture has more than {limit:,} bytes. Send a smaller one."
    )


def with_place(where: str | None, problem: Problem) -> Problem:
    """`problem` with the place (`where`) of the picture it is about, where there are several."""
    if where is None:
        return problem
    return Problem(problem.type, f"{where}: {problem.detail}", problem.headers)


def place(received: Received, index: int) -> str | None:
    """Where a picture stands in a request, as a refusal names it; None where it is alone."""
    return None if received.form in ("raw", "one") else received.place(index)
