"""Where the jobs of a service run: a stage on AWS, a running local AWS, or one that is started."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
from batch.errors import Refused
from botocore.exceptions import BotoCoreError, ClientError

from stacks.config.model_service import ModelService
from stacks.config.selection import SERVICE
from stacks.config.stages import UnknownStage, stage_named
from tools import PROJECT
from tools.account import Missing, signed_in
from tools.batch.bucket import Target
from tools.local_aws.emulator import ACCOUNT, REGION, free_port
from tools.local_aws.session import local_services, running

_LOGS = PROJECT / "build" / "logs" / "batch"


@contextmanager
def stage_target(service: ModelService, stage: str) -> Iterator[Target]:
    """A stage on AWS, by the outputs of the service's stack. Raises `Refused`."""
    try:
        stack = service.stack_name(stage_named(stage))
        session, _ = signed_in()
    except UnknownStage as error:
        raise Refused(str(error)) from None
    except Missing as missing:
        raise Refused(f"A job on AWS needs {missing}.") from None
    try:
        described = session.client("cloudformation").describe_stacks(StackName=stack)
    except (BotoCoreError, ClientError) as error:
        raise Refused(f"{stack} is not deployed, or may not be looked at ({error}).") from None
    outputs = {
        one["OutputKey"]: one["OutputValue"] for one in described["Stacks"][0].get("Outputs", [])
    }
    try:
        yield target(service, outputs, session.client)
    except (BotoCoreError, ClientError) as error:
        raise Refused(f"AWS refuses: {error}. The same command goes on.") from None


@contextmanager
def local_target(service: ModelService, say: Callable[[str], None]) -> Iterator[Target]:
    """The local AWS that `make serve` has up, where it has the service's batch; else one that is
    started for this job. Raises `LocalRunFailed`."""
    up = running()
    if up is not None:
        for outputs in up["outputs"].values():
            if outputs.get("ServiceName") == service.name and "BatchMachine" in outputs:
                say(f"on the local AWS at {up['url']}")
                yield target(service, outputs, local_client(up["url"]))
                return
    context = {SERVICE: service.name, f"batch:{service.name}": "yes"}
    with local_services(port=free_port(), logs=_LOGS, say=say, context=context) as local:
        for outputs in local.deployment.outputs.values():
            if "BatchMachine" in outputs:
                yield target(service, outputs, local_client(local.emulator.url))


def target(
    service: ModelService, outputs: Mapping[str, str], client: Callable[[str], Any]
) -> Target:
    """What a stack's outputs say of its batch. Raises `Refused` where it has none."""
    if "BatchMachine" not in outputs:
        raise Refused(
            f"{service.name} is deployed without batch: say batch=True in "
            f"stacks/config/services/{service.name}.py, or deploy with -c batch:{service.name}=yes."
        )
    return Target(
        service=service.name,
        s3=client("s3"),
        states=client("stepfunctions"),
        machine=outputs["BatchMachine"],
        input_url=outputs["BatchInput"],
        output_url=outputs["BatchOutput"],
    )


def local_client(url: str) -> Callable[[str], Any]:
    """What makes clients of a local AWS."""
    session = boto3.Session(
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="test",  # noqa: S106 - the emulator asks for any
        region_name=REGION,
    )
    return lambda name: session.client(name, endpoint_url=url)
