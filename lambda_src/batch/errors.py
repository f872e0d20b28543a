"""Why a job or one of its ranges stops, and how the functions tell Step Functions so."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Refused(Exception):
    """The job cannot be done as it was asked for: what was wrong, what to do. Trying again helps
    nothing."""


class InputChanged(Refused):
    """An input is not what it was when the job was planned."""


class Unfinished(Exception):
    """Not everything is answered yet, and what is left can be."""


def told(refusal: Refused) -> dict[str, Any]:
    """A refusal as a function's result: raised, it would be tried again."""
    return {"refused": str(refusal), "error": type(refusal).__name__}
