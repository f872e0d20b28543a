"""What can go wrong on a user's machine: one clear line each."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tools import PROJECT
from tools.account import Missing, missing_bootstrap, signed_in
from tools.local_aws.demo import answered_example
from tools.local_aws.deployment import Deployment
from tools.local_aws.emulator import Emulator, free_port
from tools.local_aws.failure import LocalRunFailed
from tools.local_aws.session import LocalServices


def _run(*arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": path or os.environ["PATH"]}
    return subprocess.run(
        [sys.executable, "-m", "tools.local_aws", *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_port_in_use_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        finished = _run("serve", "--port", str(port))
    assert finished.returncode == 1
    assert finished.stderr.strip().startswith(f"Port {port} on 127.0.0.1 cannot be used")
    assert "Traceback" not in finished.stderr


@pytest.mark.parametrize("port", ["80808", "-1", "http", "4600.5", "", "999999999999"])
@pytest.mark.parametrize("job", ["serve", "demo"])
def test_a_port_there_is_not_is_named(job: str, port: str) -> None:
    finished = _run(job, f"--port={port}")
    assert finished.returncode == 1
    [line] = finished.stderr.split("\n")[1:-1]
    assert line.startswith(f"There is no port {port!r}: choose one from 1 to 65535")


@pytest.mark.parametrize(
    ("version", "said"),
    [("v18.20.1", "Node is v18.20.1; the CDK needs 20 or later."), (None, "Node is missing.")],
)
def test_an_old_or_missing_node_is_named(tmp_path: Path, version: str | None, said: str) -> None:
    if version is not None:
        node = tmp_path / "node"
        node.write_text(f"#!/bin/sh\necho {version}\n")
        node.chmod(0o755)
    finished = _run("demo", path=str(tmp_path))
    assert finished.returncode == 1
    assert said in finished.stderr
    assert "Traceback" not in finished.stderr


def test_a_dead_emulator_is_named(tmp_path: Path) -> None:
    with Emulator(port=free_port(), log=tmp_path / "emulator.log") as emulator:
        deployment = Deployment(emulator=emulator, folder=tmp_path)
        emulator.stop()
        with pytest.raises(LocalRunFailed, match="The local AWS died during `cdk bootstrap`"):
            deployment.bootstrap()


def test_preflight_names_what_is_missing(
    local: LocalServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(Missing, match="a region"):
        signed_in()
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    with pytest.raises(Missing, match="working AWS credentials"):
        signed_in()
    for name, value in local.emulator.client_environment().items():
        monkeypatch.setenv(name, value)
    assert missing_bootstrap(*signed_in()) == []
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    assert missing_bootstrap(*signed_in()) == [
        "a current CDK bootstrap "
        "(run: node_modules/.bin/cdk bootstrap aws://000000000000/eu-west-1)"
    ]


def test_the_demonstration_shows_an_answer_of_every_service(local: LocalServices) -> None:
    for service, url in local.endpoints.items():
        shown = answered_example(service, url)
        assert f"POST {url}" in shown
        assert "→ {" in shown
