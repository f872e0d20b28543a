"""What a deployment of images needs of this machine, said before anything is built."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from stacks.config.services import SERVICES
from tools import PROJECT
from tools.preflight import ENGINE_VARIABLE, missing_engine

_BY_NAME = {service.name: service for service in SERVICES}
ZIP = replace(_BY_NAME["spam_or_ham"], package="zip")
IMAGE = replace(_BY_NAME["breast_cancer"], package="image")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that alone is on PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(ENGINE_VARIABLE, raising=False)
    return tmp_path


def place(folder: Path, name: str, status: int = 0) -> None:
    (folder / name).write_text(f"#!/bin/sh\nexit {status}\n")
    (folder / name).chmod(0o755)


def test_zips_need_no_engine(programs: Path) -> None:
    assert not list(programs.iterdir())
    assert missing_engine([ZIP]) == []


def test_an_image_needs_one(programs: Path) -> None:
    [said] = missing_engine([ZIP, IMAGE])
    assert "image of breast_cancer (docker does not work here; install and start one, or" in said
    assert "deploy without images: make deploy CONTEXT='-c package:breast_cancer=zip'" in said
    place(programs, "podman")
    [said] = missing_engine([IMAGE])
    assert "set CDK_DOCKER=podman" in said
    place(programs, "docker")
    assert missing_engine([IMAGE]) == []
    place(programs, "docker", status=1)
    [said] = missing_engine([IMAGE])
    assert "docker does not work here" in said, "its daemon is down"


def test_the_cli_s_variable_is_heeded(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place(programs, "docker")
    monkeypatch.setenv(ENGINE_VARIABLE, "finch")
    [said] = missing_engine([IMAGE])
    assert "finch does not work here" in said
    place(programs, "finch")
    assert missing_engine([IMAGE]) == []


@pytest.mark.parametrize("destroy", [False, True])
def test_it_is_one_line_and_nothing_is_needed_to_destroy(tmp_path: Path, destroy: bool) -> None:
    command = [sys.executable, "-m", "tools.preflight", "-c", "package:breast_cancer=image"]
    finished = subprocess.run(
        command + ["--destroy"] * destroy,
        cwd=PROJECT,
        env={"PATH": str(tmp_path), "AWS_CONFIG_FILE": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 1
    [line] = finished.stderr.splitlines()
    assert line.startswith(f"Cannot {'destroy' if destroy else 'deploy'} yet; missing: ")
    assert "a region (set AWS_REGION" in line
    assert ("a container engine" in line) is not destroy


def test_a_stage_without_images_needs_no_engine(tmp_path: Path) -> None:
    image = "package:clothes=image"
    for stage, needed in (("local", False), ("prod", True)):
        finished = subprocess.run(
            [sys.executable, "-m", "tools.preflight", "-c", f"stage={stage}", "-c", image],
            cwd=PROJECT,
            env={"PATH": str(tmp_path), "AWS_CONFIG_FILE": os.devnull},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ("a container engine" in finished.stderr) is needed


def test_a_context_there_is_not_is_refused() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "tools.preflight", "-c", "package:breast_cancer=rpm"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 1
    assert finished.stderr.strip().endswith("choose -c package:breast_cancer=zip|image.")
