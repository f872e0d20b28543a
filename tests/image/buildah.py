"""buildah alone: it builds images, and runs commands in them on this machine's network.

It cannot make the file system read-only nor limit memory; podman and docker can.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.image.emulator import INVOCATIONS, PORT
from tests.image.engine import Engine, wait_for

_RUN = ("run", "--isolation=chroot")


class Buildah(Engine):
    """As `Engine`, with a working container where others run one."""

    bounds = "neither read-only nor within {memory} MiB, which buildah cannot do"

    @property
    def on_this_network(self) -> bool:
        return True

    def inspect(self, tag: str) -> dict[str, Any]:
        facts = json.loads(self.output("inspect", "--type", "image", tag))["OCIv1"]
        return {"Config": facts["config"], "History": facts["history"]}

    def layers(self, tag: str) -> list[tuple[str, str]]:
        history = self.inspect(tag)["History"]
        return [("", step["created_by"]) for step in reversed(history)]

    def run_python(self, tag: str, program: str) -> str:
        with self._container(tag) as container:
            return self.output(*_RUN, container, "--", "python3", "-I", "-c", program)

    @contextlib.contextmanager
    def running(
        self,
        tag: str,
        environ: Mapping[str, str],
        memory: int,  # noqa: ARG002 - see above
    ) -> Iterator[tuple[str, str]]:
        config = self.inspect(tag)["Config"]
        variables = [f"--env={name}={value}" for name, value in environ.items()]
        with self._container(tag) as container, tempfile.NamedTemporaryFile() as log:
            command = [*config["Entrypoint"], *config["Cmd"]]
            process = subprocess.Popen(
                [self.command, *_RUN, *variables, container, "--", *command],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                wait_for(PORT)
                yield log.name, f"http://127.0.0.1:{PORT}{INVOCATIONS}"
            finally:
                process.terminate()
                process.wait()

    def logs(self, container: str) -> str:
        return Path(container).read_text(encoding="utf-8", errors="replace")

    @contextlib.contextmanager
    def _container(self, tag: str) -> Iterator[str]:
        container = self.output("from", "--pull-never", tag).strip()
        try:
            yield container
        finally:
            self.output("rm", container)
