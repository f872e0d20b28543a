"""What a layer is built for: a Python version, a machine, and the wheels that fit both."""

from __future__ import annotations

import platform
import sys
from dataclasses import asdict, dataclass

from ...config.model_service import Architecture
from ...config.stages import TargetName

_MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
# pip compares platforms letter by letter, so each older one that wheels are made for is named.
# Lambda's Python 3.14 is Amazon Linux 2023 with glibc 2.34.
_MANYLINUX = ("manylinux_2_28", "manylinux_2_27", "manylinux_2_17", "manylinux2014")


@dataclass(frozen=True, kw_only=True)
class Target:
    """`python` as in "3.14", `machine` as the platform calls it.

    `platforms` are the wheel platforms asked for, the newest first; none at all means those the
    running interpreter takes.
    """

    name: TargetName
    python: str
    machine: str
    platforms: tuple[str, ...]

    @property
    def interpreter_tag(self) -> str:
        """The tag of wheels for exactly this Python, like "cp314"."""
        return f"cp{self.python.replace('.', '')}"

    @property
    def elf(self) -> bool:
        """Whether its shared objects are ELF files, whose header names a machine."""
        return self.name == "lambda" or sys.platform == "linux"

    def as_record(self) -> dict[str, object]:
        """What of the target decides what is built, as JSON knows it."""
        return {**asdict(self), "platforms": list(self.platforms)}


def target_named(name: TargetName, architecture: Architecture = "arm64") -> Target:
    """Lambda on an architecture, or this machine with this interpreter, whatever the architecture:
    the local AWS runs functions on it.
    """
    if name == "lambda":
        machine = _MACHINES[architecture]
        return Target(
            name="lambda",
            python="3.14",
            machine=machine,
            platforms=tuple(f"{each}_{machine}" for each in _MANYLINUX),
        )
    return Target(
        name="here",
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        machine=platform.machine(),
        platforms=(),
    )
