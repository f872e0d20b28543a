"""Whether a container engine is here and answers."""

from __future__ import annotations

import shutil
import subprocess

_SECONDS = 20


def works(command: str) -> bool:
    """Whether the engine can be asked for its version: docker cannot while its daemon is down."""
    if shutil.which(command) is None:
        return False
    information = subprocess.run(  # noqa: S603 - the name of an engine, no shell
        [command, "version"], capture_output=True, timeout=_SECONDS, check=False
    )
    return information.returncode == 0
