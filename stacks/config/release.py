"""How a new version gets the requests: all at once, a part first, or step by step."""

from __future__ import annotations

from dataclasses import dataclass

# The key of the app's context that says so for one synthesis.
RELEASE = "release"


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`percent` of the requests go to the new version first; after `minutes` minutes all do, or
    where it is `linear` as many more, and so on."""

    percent: int
    minutes: int
    linear: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.percent <= 99:
            raise ValueError(f"percent is 1 to 99, not {self.percent}")
        if not 1 <= self.minutes <= 2880:
            raise ValueError(f"minutes is 1 to 2880, which is two days, not {self.minutes}")


RELEASES: dict[str, Steps | None] = {
    "all_at_once": None,
    "canary": Steps(percent=10, minutes=10),
    "linear": Steps(percent=10, minutes=2, linear=True),
}
"""What a context may choose by name; a stage may have steps of its own."""
