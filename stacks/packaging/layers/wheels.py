"""Downloading exactly the wheels of the lock, for another Python and machine than this one."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .errors import LayerError
from .lock import Pin, normal
from .target import Target

# Which wheels of manylinux run on a glibc: those for this one and for older ones.
_NEWEST_GLIBC = (2, 34)


def download(lock: Path, target: Target, into: Path) -> None:
    """Fill the folder `into` with one wheel per package of the lock, or raise `LayerError`.

    pip compares every file with the lock's digests and builds nothing. The folder appears whole
    or not at all.
    """
    command = [
        sys.executable, "-m", "pip", "download", "--disable-pip-version-check",
        "--no-deps", "--require-hashes", "--only-binary=:all:", "--requirement", str(lock),
    ]  # fmt: skip
    if target.platforms:
        command += ["--python-version", target.python, "--implementation", "cp"]
        for platform in target.platforms:
            command += ["--platform", platform]
    # pip draws a bar per wheel where somebody watches.
    watched = sys.stdout.isatty()
    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into.parent) as scratch:
        part = Path(scratch) / "wheels"
        finished = subprocess.run(  # noqa: S603 - our own command, no shell
            [*command, "--dest", str(part), *([] if watched else ["--quiet"])],
            stdout=None if watched else subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if finished.returncode != 0:
            errors = [line for line in finished.stderr.splitlines() if line.startswith("ERROR")]
            reason = errors[-1] if errors else "no output"
            raise LayerError(
                f"pip could not download the wheels for Python {target.python} on "
                f"{target.machine}: {reason}"
            )
        shutil.rmtree(into, ignore_errors=True)
        part.rename(into)


def checked_wheels(folder: Path, pins: Mapping[str, Pin], target: Target) -> dict[str, Path]:
    """Package → wheel, after comparing names, versions, digests and tags; `LayerError` if not all
    are there and right.
    """
    wheels: dict[str, Path] = {}
    for wheel in sorted(folder.glob("*.whl")):
        name, version = wheel.name.split("-")[:2]
        pin = pins.get(normal(name))
        if pin is None or pin.version != version:
            raise LayerError(f"{wheel.name} is not what the lock pins")
        if hashlib.sha256(wheel.read_bytes()).hexdigest() not in pin.digests:
            raise LayerError(f"{wheel.name} is not the file the lock pins: its SHA-256 differs")
        if not fits(wheel.name, target):
            raise LayerError(f"{wheel.name} is not for Python {target.python} on {target.machine}")
        wheels[normal(name)] = wheel
    missing = sorted(pins.keys() - wheels.keys())
    if missing:
        raise LayerError(f"There is no wheel of {', '.join(missing)} in {folder}")
    return wheels


def fits(wheel: str, target: Target) -> bool:
    """Whether the tags in a wheel's name admit the target's Python and machine (PEP 427)."""
    pythons, abis, platforms = (field.split(".") for field in wheel[: -len(".whl")].split("-")[-3:])
    exact = target.interpreter_tag
    if not {exact, "py3", "py2.py3"} & set(pythons) and "abi3" not in abis:
        return False
    if not {exact, "abi3", "none"} & set(abis):
        return False
    return any(_admits(platform, target) for platform in platforms)


def _admits(platform: str, target: Target) -> bool:
    if platform == "any" or platform in target.platforms:
        return True
    if not target.platforms:
        # pip chose for the interpreter that runs it.
        return platform.endswith(target.machine) or not platform.startswith("manylinux")
    glibc = platform.removeprefix("manylinux_").removesuffix(f"_{target.machine}").split("_")
    return (
        platform.startswith("manylinux_")
        and platform.endswith(f"_{target.machine}")
        and all(number.isdigit() for number in glibc)
        and tuple(map(int, glibc)) <= _NEWEST_GLIBC
    )
