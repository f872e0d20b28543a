"""A base image where AWS's cannot be pulled: Debian's Python, AWS's runtime client, our emulator.

It shows that the Dockerfile's steps work and that the function runs as it will, not that AWS's own
base does. It needs root, debootstrap, and podman or buildah.
"""

from __future__ import annotations

import contextlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.image.engine import Engine, ImageFailed

PROJECT = Path(__file__).resolve().parents[2]
TAG = "localhost/lambda-python-stand-in:trixie"
PYTHON = "3.13"
"""Trixie's; the function's byte code and wheels are chosen by the image's own Python."""
ENGINES = ("podman", "buildah")
# What a machine without the right to nest namespaces, networks and limits can still do.
BUILD_OPTIONS = ("--isolation=chroot",)
RUN_OPTIONS = (
    "--network=host",
    "--cgroups=enabled",
    "--ulimit=nofile=1024:1024",
    "--ulimit=nproc=1024:1024",
)
_SUITE, _MIRROR = "trixie", "http://deb.debian.org/debian"
_PACKAGES = "python3,python3-pip,ca-certificates"
# Of this machine: whose certificates to trust, and where pip finds packages.
_TRUST = ("etc/ssl/certs/ca-certificates.crt", "etc/pip.conf")
_ENTRY_POINT = """#!/bin/sh
PYTHONPATH=/var/runtime exec /usr/bin/python3 -m tests.image.emulator "$@"
"""
_CONTAINERFILE = """FROM scratch
COPY root/ /
ENV LAMBDA_TASK_ROOT=/var/task LAMBDA_RUNTIME_DIR=/var/runtime LANG=C.UTF-8 TZ=:/etc/localtime
ENV PATH=/usr/local/bin:/usr/bin:/bin
WORKDIR /var/task
ENTRYPOINT ["/lambda-entrypoint.sh"]
"""


def make(engine: Engine) -> str:
    """Build the stand-in where there is none yet, and return its tag."""
    with contextlib.suppress(ImageFailed):
        engine.inspect(TAG)
        return TAG
    if platform.machine() != "x86_64":
        raise ImageFailed("The stand-in is for x86-64: elsewhere use AWS's base, make image-test")
    if shutil.which("debootstrap") is None:
        raise ImageFailed("The stand-in is made with debootstrap: apt-get install debootstrap")
    with tempfile.TemporaryDirectory(prefix="stand-in-") as scratch:
        root = Path(scratch) / "root"
        _run("debootstrap", "--variant=minbase", f"--include={_PACKAGES}", _SUITE, str(root),
             _MIRROR)  # fmt: skip
        _furnish(root)
        (Path(scratch) / "Dockerfile").write_text(_CONTAINERFILE)
        engine.build(Path(scratch), TAG, {}, "linux/amd64")
    return TAG


def _furnish(root: Path) -> None:
    """Put AWS's client and our emulator where AWS's base image has its own."""
    runtime = root / "var" / "runtime"
    pin = re.search(r"^awslambdaric==\S+", _text("requirements-dev.txt"), re.MULTILINE)
    assert pin is not None
    _run(
        sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--only-binary=:all:", "--python-version", PYTHON, "--implementation", "cp",
        "--platform", "manylinux2014_x86_64", "--target", str(runtime), pin[0],
    )  # fmt: skip
    for package, modules in {
        "": ("__init__",),
        "harness": ("__init__", "raw_http", "runtime_api"),
        "image": ("__init__", "emulator"),
    }.items():
        folder = runtime / "tests" / package
        folder.mkdir(parents=True, exist_ok=True)
        for module in modules:
            shutil.copyfile(PROJECT / "tests" / package / f"{module}.py", folder / f"{module}.py")
    (root / "var" / "task").mkdir()
    entry = root / "lambda-entrypoint.sh"
    entry.write_text(_ENTRY_POINT)
    entry.chmod(0o755)
    for name in _TRUST:
        if Path("/", name).is_file():
            shutil.copyfile(Path("/", name), root / name)
    shutil.rmtree(root / "var" / "cache" / "apt", ignore_errors=True)
    shutil.rmtree(root / "var" / "lib" / "apt" / "lists", ignore_errors=True)


def _text(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def _run(*command: str) -> None:
    if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode != 0:
        raise ImageFailed(f"{Path(command[0]).name} failed; its output is above.")
