"""The named hostile cases of the contract tests, as requests with the answer each must get."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tools.reliability.hostile_events import BAD, GOOD


@dataclass(frozen=True)
class Sent:
    """One request: the event as JSON bytes and the `status` it must get.

    `texts` are what must be classified, in order, where that is known; `plain` says that the
    answer is labels, one a line.
    """

    event: bytes
    status: int
    texts: tuple[str, ...] = ()
    plain: bool = False
    explained: bool = False


def hostile_requests() -> list[Sent]:
    """Every named case once."""
    harmless = [Sent(json.dumps(event).encode(), 200) for event in GOOD.values()]
    refused = [Sent(json.dumps(event).encode(), status) for event, status, _ in BAD.values()]
    return harmless + refused
