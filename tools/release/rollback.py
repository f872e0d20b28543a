"""Which version answers: taken back, or put where the deployment wants it."""

from __future__ import annotations

from collections.abc import Callable

from botocore.exceptions import ClientError

from tools.deployed import Deployed
from tools.release.failure import ReleaseFailed
from tools.release.places import Place
from tools.release.readable import unreadable
from tools.release.versions import ALIAS, FunctionVersion, LiveService
from tools.smoke import WAIT_SECONDS, SmokeFailure, ask


def rollback(
    place: Place, live: LiveService, to: str | None, say: Callable[[str], None] = print
) -> None:
    """Point the alias at the newest version of the model `to`; without it, at the version before
    the live one. Then ask the endpoint which model answers.

    Raises `ReleaseFailed`: the alias is as it was where the target is not fit, or moved meanwhile.
    """
    _refuse_during_release(live)
    target = _target(live, to)
    reason = unreadable(place, target)
    if reason is not None:
        raise ReleaseFailed(
            f"{live.service.name} stays at version {live.live.number}: version {target.number} "
            f"could not answer, because {reason}. Choose another with TO=model version; "
            f"make status STAGE={place.stage.name} lists them."
        )
    move(place, live, target)
    deployed = Deployed(
        live.deployed.url, target.model_version, live.deployed.function, target.number
    )
    try:
        outcome = ask(
            live.service, place.stage, deployed, place.reachable(deployed.url), WAIT_SECONDS
        )
    except SmokeFailure as failure:
        raise ReleaseFailed(
            f"{live.service.name} was moved from version {live.live.number} to {target.number}, "
            f"and does not answer as it should: {failure}."
        ) from None
    say(
        f"{live.service.name}: version {target.number} is live, model {target.model_version} "
        f"(was version {live.live.number}, model {live.live.model_version}); {outcome}"
    )
    say(
        f"The next deployment puts what is deployed live again. For this model to stay: make "
        f"restore STAGE={place.stage.name} SERVICE={live.service.name} "
        f"MODEL_VERSION={target.model_version}, then make deploy."
    )


def put_live(place: Place, live: LiveService, say: Callable[[str], None] = print) -> None:
    """Point the alias at the version that was deployed last, where it was moved from it.

    CloudFormation compares templates, so it leaves an alias alone that it has not changed itself.
    """
    if not live.moved:
        return
    number = live.deployed.function_version
    target = next((each for each in live.versions if each.number == number), None)
    if target is None:
        raise ReleaseFailed(
            f"Version {number} of {live.service.name}, which was deployed, is gone; change its "
            "description in the entry, or anything else of it, and deploy again."
        )
    move(place, live, target)
    say(
        f"{live.service.name}: the alias {ALIAS} had been moved to version {live.live.number} "
        f"(model {live.live.model_version}); version {number} (model {target.model_version}), "
        "which was deployed, is live now."
    )


def move(place: Place, live: LiveService, target: FunctionVersion) -> None:
    """Point the alias at a version, unless somebody has moved it since it was read.

    Raises `ReleaseFailed`.
    """
    try:
        place.client("lambda").update_alias(
            FunctionName=live.deployed.function,
            Name=ALIAS,
            FunctionVersion=target.number,
            RoutingConfig={"AdditionalVersionWeights": {}},
            RevisionId=live.revision,
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "PreconditionFailedException":
            raise
        raise ReleaseFailed(
            f"Somebody moved the alias {ALIAS} of {live.service.name} at the same time; it was "
            f"left alone. Look at it: make status STAGE={place.stage.name}"
        ) from None


def _refuse_during_release(live: LiveService) -> None:
    if live.releasing:
        raise ReleaseFailed(
            f"A release of {live.service.name} is under way, and stopping it puts the version "
            f"before back: aws deploy stop-deployment --auto-rollback-enabled "
            f"--deployment-id {live.releasing[0]}"
        )


def _target(live: LiveService, to: str | None) -> FunctionVersion:
    name = live.service.name
    if to is None:
        older = [each for each in live.versions if int(each.number) < int(live.live.number)]
        if older:
            return older[0]
        raise ReleaseFailed(f"{name} has no version before {live.live.number} to go back to.")
    if to == live.live.model_version:
        raise ReleaseFailed(f"{name} already answers by the model {to}.")
    for version in live.versions:
        if version.model_version == to:
            return version
    models = ", ".join(dict.fromkeys(each.model_version for each in live.versions))
    raise ReleaseFailed(f"No version of {name} has the model {to}; there are: {models}.")
