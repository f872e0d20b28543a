"""What must be in place before a deployment to AWS, checked in one go."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace

from stacks.config.concurrency import RESERVE, bounds, reservations
from stacks.config.model_service import ModelService, UnknownChoice
from stacks.config.selection import SERVICE, selected
from stacks.config.stages import Stage, UnknownStage
from stacks.packaging.image.engine import works
from tools.account import (
    SMALLEST_SHARED_CONCURRENCY,
    Missing,
    Quota,
    missing_bootstrap,
    read_quota,
    signed_in,
)

# The CDK CLI runs docker, or what this variable names. These take docker's arguments.
ENGINE_VARIABLE = "CDK_DOCKER"
OTHER_ENGINES = ("finch", "podman")


def missing_engine(services: Sequence[ModelService]) -> list[str]:
    """One phrase where the CLI has nothing to build the images of these services with."""
    images = [service.name for service in services if service.package == "image"]
    engine = os.environ.get(ENGINE_VARIABLE, "docker")
    if not images or works(engine):
        return []
    there = next((name for name in OTHER_ENGINES if works(name)), None)
    remedy = f"set {ENGINE_VARIABLE}={there}" if there else "install and start one"
    zips = " ".join(f"-c package:{name}=zip" for name in images)
    return [
        f"a container engine, for the image of {', '.join(images)} ({engine} does not work here; "
        f"{remedy}, or deploy without images: make deploy CONTEXT='{zips}')"
    ]


def missing_concurrency(
    quota: Quota | None, services: Sequence[ModelService], stage: Stage
) -> list[str]:
    """One phrase where the quota is too small for what a stage reserves."""
    reserved = sum(reservations(services, stage).values())
    if quota is None or quota.has_room(reserved):
        return []
    return [
        f"a Lambda quota of {quota.total + quota.lacking(reserved)} concurrent executions: "
        f"{reserved} that the stage {stage.name} reserves, {quota.reserved_by_others} that others "
        f"have reserved and {SMALLEST_SHARED_CONCURRENCY} for all the rest (this region has "
        f"{quota.total}; ask for more in Service Quotas)"
    ]


def where_it_fits(
    quota: Quota | None, services: Sequence[ModelService], stage: Stage
) -> tuple[Stage, str]:
    """A stage that need not reserve anything, reserving where the quota allows; and why not."""
    wanting = replace(stage, reserve=True)
    if quota is None:
        return stage, "AWS does not tell this region's quota of concurrent executions. "
    if missing_concurrency(quota, services, wanting):
        return stage, (
            f"This region's quota of {quota.total} concurrent executions has no room for "
            f"{sum(reservations(services, wanting).values())} reserved ones. "
        )
    return wanting, ""


def check(
    stage: Stage, services: Sequence[ModelService], context: Mapping[str, str], *, destroy: bool
) -> list[str]:
    """One phrase for each thing that is missing; empty if the CLI can start.

    Before a deployment it says what bounds the services, on standard error, and prints what the
    CLI's command line must have in addition.
    """
    missing_things = [] if destroy else missing_engine(services)
    try:
        session, account = signed_in()
    except Missing as missing:
        return [*missing_things, str(missing)]
    missing_things += missing_bootstrap(session, account)
    if destroy:
        return missing_things
    quota = read_quota(session, [service.stack_name(stage) for service in services])
    chosen, why = stage, ""
    if RESERVE not in context and not stage.reserve:
        chosen, why = where_it_fits(quota, services, stage)
    missing_things += missing_concurrency(quota, services, chosen)
    if not missing_things:
        print(f"{why}{bounds(services, chosen)}", file=sys.stderr)
        if chosen != stage:
            print(f"-c {RESERVE}=yes")
    return missing_things


def main() -> int:
    """Print the stacks and the context for the CLI's command line; or, on standard error, what is
    missing, on one line with exit status 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.preflight", description=__doc__)
    parser.add_argument(
        "-c", "--context", action="append", default=[], help="KEY=VALUE, as for the CDK CLI"
    )
    parser.add_argument("--destroy", action="store_true", help="nothing is going to be built")
    chosen = parser.parse_args()
    context = {key: value for key, _, value in (each.partition("=") for each in chosen.context)}
    try:
        selection = selected(context.get)
    except (UnknownChoice, UnknownStage) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    missing = check(selection.stage, selection.deployed, context, destroy=chosen.destroy)
    if not missing:
        # The store holds the models of the other services, too: it goes with the last of them.
        alone = chosen.destroy and SERVICE in context
        print(*([each.stack_id for each in selection.deployed] if alone else ["--all"]))
    else:
        verb = "destroy" if chosen.destroy else "deploy"
        print(f"Cannot {verb} yet; missing: {'; '.join(missing)}.", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
