"""What is live in a stage, as lines for a reader."""

from __future__ import annotations

from collections.abc import Iterator

from tools.release.places import Place
from tools.release.versions import FunctionVersion, LiveService


def heading(place: Place) -> str:
    """The stage and where it is."""
    where = place.endpoint or f"account {place.account}, region {place.session.region_name}"
    return f"stage {place.stage.name}, {where}"


def lines(live: LiveService, *, stopped: bool) -> Iterator[str]:
    """A line for the service, which the brake may have `stopped`, and one for each of its versions,
    the newest first."""
    halted = ", and stopped until: make resume" if stopped else ""
    yield f"{live.service.name}: {_state(live)}{halted}"
    for version in live.versions:
        marks = " ".join(_marks(live, version))
        yield (
            f"  version {version.number:>3}  model {version.model_version}  "
            f"published {version.published}  {marks}".rstrip()
        )


def _state(live: LiveService) -> str:
    if live.releasing:
        return f"a release is under way ({', '.join(live.releasing)})"
    if live.weights:
        shares = ", ".join(f"{share:.0%} to version {n}" for n, share in live.weights.items())
        return f"version {live.live.number} is live, and {shares}"
    if live.moved:
        return (
            f"version {live.live.number} is live, moved there since version "
            f"{live.deployed.function_version} was deployed"
        )
    return f"version {live.live.number} is live, as deployed"


def _marks(live: LiveService, version: FunctionVersion) -> Iterator[str]:
    if version.number == live.live.number:
        yield "live"
    if version.number in live.weights:
        yield f"{live.weights[version.number]:.0%}"
    if version.number == live.deployed.function_version:
        yield "deployed"
