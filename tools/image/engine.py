"""docker, podman or finch: whichever is there builds and runs an image."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stacks.packaging.image.engine import works

ENGINES = ("docker", "podman", "finch")
# Where AWS's base image takes events: its own runtime interface emulator.
_PORT = 8080
_INVOCATIONS = "/2015-03-31/functions/function/invocations"
_READY_WITHIN_SECONDS = 60


class ImageFailed(Exception):
    """What went wrong, in one sentence."""


@dataclass(frozen=True)
class Engine:
    """A command line that builds and runs images."""

    command: str

    def build(self, folder: Path, tag: str, arguments: Mapping[str, str], platform: str) -> None:
        """Build a folder with a Dockerfile; the engine's own output is what one sees."""
        options = [f"--build-arg={name}={value}" for name, value in arguments.items()]
        command = [self.command, "build", f"--platform={platform}", *options]
        if subprocess.run([*command, "--tag", tag, str(folder)], check=False).returncode != 0:
            raise ImageFailed(f"{self.command} could not build the image; its output is above.")

    def inspect(self, tag: str) -> dict[str, Any]:
        """What the engine knows of an image."""
        [image] = json.loads(self.output("image", "inspect", tag))
        assert isinstance(image, dict)
        return image

    def layers(self, tag: str) -> list[tuple[str, str]]:
        """(size, made by), the youngest layer first."""
        lines = self.output("history", "--no-trunc", "--format", "{{.Size}}\t{{.CreatedBy}}", tag)
        return [(size, made) for size, _, made in (x.partition("\t") for x in lines.splitlines())]

    def run_python(self, tag: str, program: str) -> str:
        """What a program prints that runs in an image's Python, as the image's user."""
        return self.output(
            "run", "--rm", "--read-only", "--entrypoint", "python3", tag, "-I", "-c", program
        )

    @contextlib.contextmanager
    def running(
        self, tag: str, environ: Mapping[str, str], memory: int
    ) -> Iterator[tuple[str, str]]:
        """Run a function's image, read-only; yield (container, URL of its invocations)."""
        port = _free_port()
        variables = [f"--env={name}={value}" for name, value in environ.items()]
        container = self.output(
            "run", "--detach", "--read-only", "--tmpfs=/tmp", f"--memory={memory}m",
            f"--publish=127.0.0.1:{port}:{_PORT}", *variables, tag,
        ).strip()  # fmt: skip
        try:
            wait_for(port)
            yield container, f"http://127.0.0.1:{port}{_INVOCATIONS}"
        except ImageFailed as failure:
            raise ImageFailed(f"{failure} It printed: {self.logs(container)[-300:]!r}") from None
        finally:
            subprocess.run(
                [self.command, "rm", "--force", container], capture_output=True, check=False
            )

    def logs(self, container: str) -> str:
        """Everything a container has printed."""
        command = [self.command, "logs", container]
        printed = subprocess.run(command, capture_output=True, text=True, check=False)
        return printed.stdout + printed.stderr

    def output(self, *arguments: str) -> str:
        """What a command of the engine prints; raise `ImageFailed` with its last line."""
        command = [self.command, *arguments]
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
        if finished.returncode != 0:
            last = (finished.stderr.strip().splitlines() or ["no output"])[-1]
            raise ImageFailed(f"{self.command} {arguments[0]} failed: {last}")
        return finished.stdout


def find(preferred: str | None) -> str:
    """The engine to use; raise `ImageFailed` with what to install."""
    for name in [preferred] if preferred else ENGINES:
        if works(name):
            return name
    raise ImageFailed(
        f"No {preferred or ' and no '.join(ENGINES)} works here; install one and start it "
        "(Debian: apt-get install podman), or run the service from its zip: make serve"
    )


def invoke(url: str, event: object, timeout: float = 60) -> Any:
    """What the function in a container answers to an event."""
    request = urllib.request.Request(url, json.dumps(event).encode(), method="POST")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=timeout) as answer:
        return json.loads(answer.read())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Return once something listens on a port of loopback; raise `ImageFailed` if nothing does."""
    end = time.monotonic() + _READY_WITHIN_SECONDS
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise ImageFailed(f"The container did not listen within {_READY_WITHIN_SECONDS} s.")
