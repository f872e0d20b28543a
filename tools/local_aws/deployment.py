"""The real CDK CLI against the local AWS: bootstrap, deploy, and where the services answer."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tools import PROJECT
from tools.local_aws.emulator import ACCOUNT, REGION, Emulator
from tools.local_aws.failure import LocalRunFailed
from tools.smoke import at_endpoint

OLDEST_NODE = 20
_CDK = PROJECT / "node_modules" / ".bin" / "cdk"


class Deployment:
    """The app, deployed to one emulator.

    Args:
        emulator: a running emulator.
        folder: where the CLI keeps its assembly, its outputs and its log.
        project: the checkout to deploy; another one than this only in tests.
    """

    def __init__(self, *, emulator: Emulator, folder: Path, project: Path = PROJECT) -> None:
        self._emulator = emulator
        self._folder = folder
        self._project = project
        self.log = folder / "cdk.log"
        self.outputs: dict[str, dict[str, str]] = {}

    def bootstrap(self) -> None:
        """Create what `cdk deploy` needs in an account: once per emulator.

        Raises:
            LocalRunFailed: if the CLI is missing, Node is too old, or the CLI fails.
        """
        refuse_old_node()
        self._folder.mkdir(parents=True, exist_ok=True)
        # Bootstrapping reads no app; an empty folder keeps the CLI from synthesizing ours for it.
        empty = self._folder / "bootstrap"
        empty.mkdir(exist_ok=True)
        self._cdk("bootstrap", f"aws://{ACCOUNT}/{REGION}", cwd=empty)

    def deploy(
        self, *, context: Mapping[str, str] | None = None, hotswap: bool = False
    ) -> dict[str, str]:
        """Deploy every stack of the `local` stage and return `{service: endpoint URL}`.

        `hotswap` puts code into functions without CloudFormation, where no more was changed.

        Raises:
            LocalRunFailed: if synth or deploy fails; the sentence names the log.
        """
        outputs = self._folder / "outputs.json"
        options = [
            f"--context={key}={value}"
            for key, value in {"stage": "local", **(context or {})}.items()
        ]
        self._cdk(
            "deploy", "--all", "--require-approval", "never", "--outputs-file", str(outputs),
            "--output", str(self._folder / "cdk.out"), *options,
            *(["--hotswap-fallback"] if hotswap else []), cwd=self._project,
        )  # fmt: skip
        self.outputs = json.loads(outputs.read_text())
        return self.endpoints()

    def destroy(self) -> None:
        """Delete every stack, as `cdk destroy --all` does."""
        self._cdk(
            "destroy", "--all", "--force", "--context=stage=local",
            "--output", str(self._folder / "cdk.out"), cwd=self._project,
        )  # fmt: skip

    def endpoints(self) -> dict[str, str]:
        """Return the URL of each service that works from this machine, by service name."""
        urls = {}
        for outputs in self.outputs.values():
            if "ServiceName" in outputs:
                urls[outputs["ServiceName"]] = self.reachable(outputs["EndpointUrl"])
        return urls

    def output(self, name: str) -> str:
        """Return the one stack output of that name."""
        return next(outputs[name] for outputs in self.outputs.values() if name in outputs)

    def reachable(self, url: str) -> str:
        """Turn the URL that AWS would answer on into the path the emulator answers on."""
        return at_endpoint(self._emulator.url, url)

    def _cdk(self, *arguments: str, cwd: Path) -> None:
        if not _CDK.exists():
            raise LocalRunFailed("The CDK command line is not installed. Run: make setup")
        with self.log.open("ab") as log:
            finished = subprocess.run(
                [str(_CDK), *arguments, "--ci", "--progress", "events", "--no-color"],
                cwd=cwd, env=self.environment(), stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT, check=False,
            )  # fmt: skip
        if finished.returncode != 0:
            if not self._emulator.alive:
                raise LocalRunFailed(
                    f"The local AWS died during `cdk {arguments[0]}`. Its log: {self._emulator.log}"
                )
            raise LocalRunFailed(
                f"`cdk {arguments[0]}` failed: {_last_error(self.log)} (all of it: {self.log})"
            )

    def environment(self) -> dict[str, str]:
        """Return the variables with which a command deploys to this emulator and nowhere else."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AWS_", "CDK_"))
        }
        return {
            **inherited,
            **self._emulator.client_environment(),
            "PATH": os.pathsep.join(
                (str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath))
            ),
            # The CLI remembers which account a key belongs to; that memory is this run's alone.
            "CDK_HOME": str(self._folder / "cdk-home"),
            "CI": "1",
            # Nothing of a run on this machine is told to anybody else.
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "NODE_NO_WARNINGS": "1",
            # The version is checked above; 20 is past its end of life and works.
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20,21,23",
        }


def refuse_old_node() -> None:
    """Raise `LocalRunFailed` unless Node is here and at least version `OLDEST_NODE`."""
    node = shutil.which("node")
    if node is None:
        raise LocalRunFailed(f"Node is missing. Install Node {OLDEST_NODE} or later (22 is best).")
    version = subprocess.run(
        [node, "--version"], capture_output=True, text=True, check=False
    ).stdout
    match = re.match(r"v(\d+)", version)
    if match is None or int(match[1]) < OLDEST_NODE:
        raise LocalRunFailed(
            f"Node is {version.strip() or 'of unknown version'}; "
            f"the CDK needs {OLDEST_NODE} or later."
        )


def _last_error(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    if len(lines) > 1 and lines[-1].endswith("Subprocess exited with error 1"):
        # The app's own sentence stands before the CLI's.
        return lines[-2][:300]
    errors = [line for line in lines if re.search(r"error|failed|❌", line, re.IGNORECASE)]
    return (errors or lines or ["no output"])[-1][:300]
