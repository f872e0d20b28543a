"""`python -m tools.smoke`: after a deployment, one recorded request to each service's endpoint.

Reads what `cdk deploy --outputs-file` has written. A service answers its example with 200 and
by the model that was deployed, or the deployment has not brought it up.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.exceptions import BotoCoreError, HTTPClientError
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies

from stacks.config.model_service import FunctionUrl, ModelService
from stacks.config.services import SERVICES
from stacks.config.stages import STAGES, Stage, UnknownStage, stage_named
from tools import PROJECT
from tools.deployed import Deployed, Outputs, deployed_services

EVENTS = PROJECT / "examples"
WAIT_SECONDS = 30.0
"""How long an endpoint may take to come up: a new API is not everywhere at once."""
_PAUSE_SECONDS = 2.0
_REQUEST_SECONDS = 30
_SHOWN = 300

Access = Literal["open", "iam", "api_key"]


class SmokeFailure(Exception):
    """A service does not answer as it should; the message is one sentence."""


@dataclass(frozen=True)
class Example:
    """What is posted: the body and its content type."""

    body: bytes
    content_type: str


def check(
    outputs: Outputs,
    stage: Stage,
    *,
    services: Sequence[ModelService] = SERVICES,
    redirect: Callable[[str], str] = lambda url: url,
    wait_seconds: float = WAIT_SECONDS,
    say: Callable[[str], None] = print,
) -> None:
    """Ask each of the services for its example; `redirect` may change a URL.

    Raises `SmokeFailure` naming every service that did not answer 200 by the deployed model within
    `wait_seconds` seconds.
    """
    deployed = deployed_services(outputs)
    failures = []
    for service in services:
        try:
            if service.name not in deployed:
                raise SmokeFailure("there is no endpoint of it among the outputs")
            there = deployed[service.name]
            outcome = ask(service, stage, there, redirect(there.url), wait_seconds)
            say(f"  {service.name:<16} {outcome}  {there.url}")
        except SmokeFailure as failure:
            failures.append(f"{service.name}: {failure}")
    if failures:
        raise SmokeFailure("The smoke test failed. " + "; ".join(failures) + ".")


def at_endpoint(endpoint: str, url: str) -> str:
    """Where a local AWS answers for a URL that only AWS's own name servers know."""
    match = re.match(r"https?://([a-z0-9]+)\.(execute-api|lambda-url)\.[^/]+/(.*)", url)
    return url if match is None else f"{endpoint}/_aws/{match[2]}/{match[1]}/{match[3]}"


def access(service: ModelService, stage: Stage) -> Access:
    """Who may call the service's endpoint in a stage."""
    if service.is_open(stage):
        return "open"
    return "iam" if isinstance(service.endpoint, FunctionUrl) else stage.auth


def example(service: str) -> Example | None:
    """The recorded example of a service, or None."""
    file = EVENTS / f"{service}.json"
    if not file.exists():
        return None
    event: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    body = event["body"].encode()
    content = base64.b64decode(body) if event.get("isBase64Encoded") else body
    return Example(content, headers.get("content-type", "application/json"))


def ask(
    service: ModelService, stage: Stage, deployed: Deployed, url: str, wait_seconds: float
) -> str:
    """Post a service's example to `url` until the deployed model answers with 200; how it went, in
    words. Raises `SmokeFailure` after `wait_seconds` seconds."""
    recorded, auth = example(service.name), access(service, stage)
    if recorded is None:
        return "skipped: no example is recorded in examples"
    if auth == "api_key":
        return f"skipped: the stage {stage.name} asks for an API key"
    signed = None
    if auth == "iam":
        signed = "lambda" if isinstance(service.endpoint, FunctionUrl) else "execute-api"
    end = time.monotonic() + wait_seconds
    while True:
        started = time.monotonic()
        failure = _failure(recorded, deployed, url, signed)
        if failure is None:
            return f"200 in {(time.monotonic() - started) * 1000:.0f} ms"
        if time.monotonic() + _PAUSE_SECONDS > end:
            raise SmokeFailure(failure)
        time.sleep(_PAUSE_SECONDS)


def _failure(recorded: Example, deployed: Deployed, url: str, signed: str | None) -> str | None:
    """What is wrong with the answer to one request, if anything."""
    try:
        response = _post(recorded, url, signed)
    except (BotoCoreError, HTTPClientError) as error:
        return f"nothing answers at {url} ({type(error).__name__})"
    if response.status_code != 200:
        return f"{url} answers {response.status_code}: {response.text[:_SHOWN]}"
    model = response.headers.get("X-Model-Version", "unnamed")
    if model == deployed.model_version:
        return None
    # CloudFormation compares templates: an alias that was moved by hand stays where it is.
    return (
        f"{url} answers by the model {model} where {deployed.model_version} was deployed, so the "
        f"alias live was moved; to put the deployed version live, run: {deployed.put_live()}"
    )


def _post(recorded: Example, url: str, signed: str | None) -> AWSResponse:
    headers = {"Content-Type": recorded.content_type}
    request = AWSRequest(method="POST", url=url, data=recorded.body, headers=headers)
    if signed is not None:
        session = boto3.Session()
        SigV4Auth(session.get_credentials(), signed, session.region_name).add_auth(request)
    client = URLLib3Session(timeout=_REQUEST_SECONDS, proxies=get_environ_proxies(url))
    return client.send(request.prepare())


def _outputs(file: Path) -> Outputs:
    try:
        outputs: Outputs = json.loads(file.read_text(encoding="utf-8"))
        deployed_services(outputs)
    except (OSError, ValueError):
        raise SmokeFailure(
            f"{file} cannot be read; it is what cdk deploy --outputs-file writes."
        ) from None
    return outputs


def main() -> int:
    """Check a deployment; a failure is one line on standard error and exit status 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.smoke")
    parser.add_argument("--outputs", type=Path, required=True, help="of cdk deploy --outputs-file")
    parser.add_argument("--stage", default="dev", help="|".join(STAGES))
    parser.add_argument("--service", choices=[each.name for each in SERVICES], help="it alone")
    chosen = parser.parse_args()
    services = [each for each in SERVICES if chosen.service in (None, each.name)]
    try:
        stage, outputs = stage_named(chosen.stage), _outputs(chosen.outputs)
        # The SDKs' variable, which the deployment has followed too.
        local = os.environ.get("AWS_ENDPOINT_URL")
        redirect = partial(at_endpoint, local) if local else str
        check(outputs, stage, services=services, redirect=redirect)
    except (UnknownStage, SmokeFailure) as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
