"""Where the services of a stage are: in an AWS account, or on the local AWS that is up."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import boto3

from stacks.config.stages import STAGES, Stage, UnknownStage, stage_named
from tools.account import Missing, signed_in
from tools.local_aws.emulator import ACCOUNT, REGION
from tools.local_aws.session import running
from tools.release.failure import ReleaseFailed
from tools.smoke import at_endpoint


@dataclass(frozen=True)
class Place:
    """A stage and who is asked about it. `endpoint` is a local AWS, None for AWS itself."""

    stage: Stage
    account: str
    session: boto3.Session
    endpoint: str | None = None

    def client(self, name: str) -> Any:
        """A client of one of AWS's services."""
        return self.session.client(name, endpoint_url=self.endpoint)

    def reachable(self, url: str) -> str:
        """Where an endpoint answers from here, which only AWS itself has names for."""
        return at_endpoint(self.endpoint, url) if self.endpoint else url


def place_of(stage_name: str) -> Place:
    """The place of a stage, by the credentials at hand; of the local stage, by what is running.

    Raises `ReleaseFailed`.
    """
    try:
        stage = stage_named(stage_name)
    except UnknownStage:
        raise ReleaseFailed(
            f"There is no stage {stage_name!r}: choose STAGE={'|'.join(STAGES)}."
        ) from None
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if stage.name == STAGES["local"].name and endpoint is None:
        return _running_place(stage)
    try:
        session, account = signed_in()
    except Missing as missing:
        raise ReleaseFailed(f"AWS cannot be asked; missing: {missing}.") from None
    return Place(stage, account, session, endpoint)


def _running_place(stage: Stage) -> Place:
    up = running()
    if up is None:
        raise ReleaseFailed("No local AWS is up. Start one with: make serve")
    session = boto3.Session(
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="test",  # noqa: S106 - the emulator asks for any
        region_name=REGION,
    )
    return Place(stage, ACCOUNT, session, up["url"])
