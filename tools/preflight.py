"""What must be in place before a deployment to AWS, checked in one go."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from stacks.config.model_service import ModelService, UnknownChoice
from stacks.config.services import SERVICES
from stacks.config.stages import UnknownStage, stage_named
from stacks.packaging.image.engine import works

# The version the current CDK asks of the account's bootstrap stack for assets and roles.
BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
OLDEST_BOOTSTRAP = 6
# What Lambda keeps for functions that reserve nothing: 100 by its developer guide, and in accounts
# with a small quota no less than this, by the refusal that a deployment ends with.
SMALLEST_SHARED_CONCURRENCY = 10
# The CDK CLI runs docker, or what this variable names. These take docker's arguments.
ENGINE_VARIABLE = "CDK_DOCKER"
OTHER_ENGINES = ("finch", "podman")


def missing() -> list[str]:
    """Return one phrase for each thing that is missing; empty if a deployment can start.

    Looks at the region, the credentials (by asking AWS who they are), the bootstrap of the account
    in that region and its quota of concurrent executions. The models are checked by the app
    itself, at synth.
    """
    # The CDK CLI reads both variables, boto3 only the second.
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    session = boto3.Session(region_name=region)
    if session.region_name is None:
        return ["a region (set AWS_REGION, or run: aws configure)"]
    try:
        account = session.client("sts").get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        return [f"working AWS credentials ({_reason(error)}; run: aws configure, or aws sso login)"]
    try:
        parameter = session.client("ssm").get_parameter(Name=BOOTSTRAP_PARAMETER)
    except (BotoCoreError, ClientError):
        version = 0
    else:
        version = int(parameter["Parameter"]["Value"])
    found = []
    if version < OLDEST_BOOTSTRAP:
        target = f"aws://{account}/{session.region_name}"
        found.append(f"a current CDK bootstrap (run: node_modules/.bin/cdk bootstrap {target})")
    return found + _missing_concurrency(session)


def missing_engine(services: Sequence[ModelService]) -> list[str]:
    """As `missing`, of what the CLI needs to build the images of these services."""
    images = [service.name for service in services if service.package == "image"]
    wanted = os.environ.get(ENGINE_VARIABLE, "docker")
    if not images or works(wanted):
        return []
    there = next((name for name in OTHER_ENGINES if works(name)), None)
    remedy = f"set {ENGINE_VARIABLE}={there}" if there else "install and start one"
    zips = " ".join(f"-c package:{name}=zip" for name in images)
    return [
        f"a container engine, for the image of {', '.join(images)} ({wanted} does not work here; "
        f"{remedy}, or deploy without images: make layers, then make deploy CONTEXT='{zips}')"
    ]


def _missing_concurrency(session: boto3.Session) -> list[str]:
    """New accounts start with a quota that leaves nothing to reserve."""
    reserved = sum(service.reserved_concurrency or 0 for service in SERVICES)
    try:
        limits = session.client("lambda").get_account_settings()["AccountLimit"]
    except (BotoCoreError, ClientError):
        # Who may deploy need not be allowed to ask; CloudFormation will say it then.
        return []
    quota, needed = limits["ConcurrentExecutions"], reserved + SMALLEST_SHARED_CONCURRENCY
    if quota >= needed:
        return []
    return [
        f"a Lambda quota of {needed} concurrent executions, {reserved} of them reserved by "
        f"stacks/config/services.py (this region has {quota}; ask for more in Service Quotas)"
    ]


def _reason(error: Exception) -> str:
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "refused"))
    return str(error).rstrip(".")


def main() -> int:
    """Print what is missing on one line; exit status 1 if anything is."""
    parser = argparse.ArgumentParser(prog="python -m tools.preflight", description=__doc__)
    parser.add_argument(
        "-c", "--context", action="append", default=[], help="KEY=VALUE, as for the CDK CLI"
    )
    parser.add_argument("--destroy", action="store_true", help="nothing is going to be built")
    chosen = parser.parse_args()
    context = {key: value for key, _, value in (each.partition("=") for each in chosen.context)}
    try:
        stage = stage_named(context.get("stage", "dev"))
        services = [service.configured(context.get).packaged_for(stage) for service in SERVICES]
    except (UnknownChoice, UnknownStage) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    found = [] if chosen.destroy else missing_engine(services)
    found += missing()
    if found:
        print(f"Cannot deploy yet; missing: {'; '.join(found)}.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
