"""The versions of a service's function, and to which of them the alias `live` points."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from stacks.config.model_service import ModelService
from stacks.config.published_model import BUNDLE
from tools.deployed import Deployed, deployed_services
from tools.release.failure import ReleaseFailed
from tools.release.places import Place

ALIAS = "live"
NO_STACK = ("ValidationError", "StackNotFoundException")


@dataclass(frozen=True)
class FunctionVersion:
    """One published version: its model, when it was published, and what it reads its model with.

    `files` are the model's pinned files by name, as the function's environment states them;
    `bucket` is None where the model travels in the package.
    """

    number: str
    model_version: str
    published: str
    role: str
    bucket: str | None
    files: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class LiveService:
    """A deployed service. `deployed` is what its last deployment put live; `weights` is version →
    share of the requests, of versions beside the live one; `releasing` names the deployments of
    CodeDeploy that are under way; `revision` is the alias's."""

    service: ModelService
    deployed: Deployed
    versions: tuple[FunctionVersion, ...]
    live: FunctionVersion
    revision: str
    weights: Mapping[str, float]
    releasing: tuple[str, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether the alias is elsewhere than the last deployment left it."""
        return self.live.number != self.deployed.function_version


def stack_outputs(place: Place, stack: str) -> dict[str, str] | None:
    """The outputs of a deployed stack; None where there is no stack of that name."""
    try:
        described = place.client("cloudformation").describe_stacks(StackName=stack)
    except ClientError as error:
        if error.response["Error"]["Code"] in NO_STACK:
            return None
        raise
    return {one["OutputKey"]: one["OutputValue"] for one in described["Stacks"][0]["Outputs"]}


def find_service(place: Place, service: ModelService) -> LiveService | None:
    """A service as it is in a stage, None where it is not deployed. Raises `ReleaseFailed`."""
    stack = service.stack_name(place.stage)
    outputs = stack_outputs(place, stack)
    if not outputs:
        return None
    try:
        deployed = deployed_services({stack: outputs})[service.name]
    except (KeyError, ValueError):
        raise ReleaseFailed(
            f"The stack {stack} was deployed by another version of this project; deploy it again: "
            f"make deploy STAGE={place.stage.name} SERVICE={service.name}"
        ) from None
    functions = place.client("lambda")
    alias = functions.get_alias(FunctionName=deployed.function, Name=ALIAS)
    versions = _versions(functions, deployed.function)
    return LiveService(
        service=service,
        deployed=deployed,
        versions=versions,
        live=next(each for each in versions if each.number == alias["FunctionVersion"]),
        revision=alias["RevisionId"],
        weights=(alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {},
        releasing=_releasing(place, outputs),
    )


def service_in(place: Place, service: ModelService) -> LiveService:
    """A service that is deployed. Raises `ReleaseFailed` where it is not."""
    found = find_service(place, service)
    if found is None:
        raise ReleaseFailed(
            f"{service.name} is not deployed in the stage {place.stage.name} of account "
            f"{place.account}, region {place.session.region_name}; "
            f"deploy it: make deploy STAGE={place.stage.name} SERVICE={service.name}"
        )
    return found


def _versions(functions: Any, function: str) -> tuple[FunctionVersion, ...]:
    """The published versions, the newest first."""
    pages = functions.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    published = [
        each for page in pages for each in page["Versions"] if each["Version"] != "$LATEST"
    ]
    published.sort(key=lambda each: int(each["Version"]), reverse=True)
    return tuple(_version(each) for each in published)


def _version(configuration: Mapping[str, Any]) -> FunctionVersion:
    variables = configuration["Environment"]["Variables"]
    files = json.loads(variables["MODEL_ARTIFACTS"])
    # Versions of before there were any have none.
    if "MODEL_BUNDLE" in variables:
        files[BUNDLE] = json.loads(variables["MODEL_BUNDLE"])
    return FunctionVersion(
        number=configuration["Version"],
        model_version=variables["MODEL_VERSION"],
        published=configuration["LastModified"][:16].replace("T", " "),
        role=configuration["Role"],
        bucket=variables.get("MODEL_BUCKET"),
        files=files,
    )


def _releasing(place: Place, outputs: Mapping[str, str]) -> tuple[str, ...]:
    """The deployments under way, of a service that is released by steps."""
    if "ReleaseApplication" not in outputs:
        return ()
    answer = place.client("codedeploy").list_deployments(
        applicationName=outputs["ReleaseApplication"],
        deploymentGroupName=outputs["ReleaseGroup"],
        includeOnlyStatuses=["Created", "Queued", "InProgress", "Ready"],
    )
    return tuple(answer["deployments"])
