"""From nothing to running services: the steps that demo, serve and the tests share."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools import PROJECT
from tools.local_aws.client import request
from tools.local_aws.deployment import Deployment, refuse_old_node
from tools.local_aws.emulator import Emulator

ENDPOINTS_FILE = PROJECT / "build" / "endpoints.json"
_RUNNING_FILE = PROJECT / "build" / "local-aws.json"


@dataclass(frozen=True)
class LocalServices:
    """Running services: the emulator, what is deployed to it, and `{service: URL}`."""

    emulator: Emulator
    deployment: Deployment
    endpoints: dict[str, str]


@contextmanager
def local_services(
    *,
    port: int,
    logs: Path,
    say: Callable[[str], None] = lambda _: None,
    context: Mapping[str, str] | None = None,
    variables: Mapping[str, str] | None = None,
) -> Iterator[LocalServices]:
    """Start the emulator, bootstrap it, deploy the `local` stage; stop it all at the end.

    Args:
        port: the emulator's TCP port on loopback.
        logs: folder for the emulator's and the CLI's logs.
        say: called with a line before each step.
        context: more of the app's context than the stage.
        variables: of the functions' environment, beside those of their templates.

    Raises:
        LocalRunFailed: with one sentence, at the first step that fails.
    """
    refuse_old_node()
    with tempfile.TemporaryDirectory(prefix="cdk-") as scratch:
        say(f"starting a local AWS on 127.0.0.1:{port}")
        with Emulator(port=port, log=logs / "emulator.log", variables=variables) as emulator:
            deployment = Deployment(emulator=emulator, folder=Path(scratch))
            deployment.log = logs / "cdk.log"
            deployment.log.unlink(missing_ok=True)
            say("cdk bootstrap")
            deployment.bootstrap()
            say("cdk deploy --all (the same template that goes to AWS)")
            yield LocalServices(emulator, deployment, deployment.deploy(context=context))


@contextmanager
def known(local: LocalServices) -> Iterator[None]:
    """Lets other commands find a local AWS while it is up; the last one that was started."""
    _RUNNING_FILE.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps({"url": local.emulator.url, "outputs": local.deployment.outputs})
    _RUNNING_FILE.write_text(content)
    try:
        yield
    finally:
        with suppress(FileNotFoundError):
            if _RUNNING_FILE.read_text() == content:
                _RUNNING_FILE.unlink()


def running() -> dict[str, Any] | None:
    """The URL and the stacks' outputs of a local AWS that is up; None where none is."""
    try:
        up: dict[str, Any] = json.loads(_RUNNING_FILE.read_text())
        request(f"{up['url']}/_ministack/health", timeout=2)
    except (OSError, ValueError, KeyError):
        return None
    return up


def write_endpoints(endpoints: dict[str, str]) -> None:
    """Write `{service: URL}` where other programs on this machine can find it; the last run wins.

    The file appears whole: whoever reads it meanwhile gets the one before.
    """
    ENDPOINTS_FILE.parent.mkdir(parents=True, exist_ok=True)
    part = ENDPOINTS_FILE.with_suffix(f".{os.getpid()}")
    part.write_text(_text(endpoints))
    part.replace(ENDPOINTS_FILE)


def remove_endpoints(endpoints: dict[str, str]) -> None:
    """Remove the file of a run that ends, unless another run has written its own since."""
    with suppress(FileNotFoundError):
        if ENDPOINTS_FILE.read_text() == _text(endpoints):
            ENDPOINTS_FILE.unlink()


def _text(endpoints: dict[str, str]) -> str:
    return json.dumps(endpoints, indent=2, sort_keys=True) + "\n"
