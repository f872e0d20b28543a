"""`make deploy`, run twice: the second run changes nothing, and each ends with an answer of all."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from stacks.config.services import SERVICES
from stacks.config.stages import STAGES
from tools.local_aws.deployment import Deployment
from tools.local_aws.emulator import PROJECT, Emulator, free_port
from tools.local_aws.session import LocalServices
from tools.smoke import SmokeFailure, check, example

OUTPUTS = PROJECT / "build" / "outputs-local.json"


def make_deploy(deployment: Deployment, folder: Path) -> str:
    """Everything that the command printed; fails unless it succeeded."""
    environment = {**deployment.environment(), "CDK_OUTPUT": str(folder / "cdk.out")}
    ran = subprocess.run(
        ["make", "deploy", "STAGE=local", "APPROVAL=never"],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, said[-4_000:]
    return said


def answered(said: str) -> set[str]:
    return {line.split()[0] for line in said.splitlines() if " 200 in " in line}


def test_a_second_run_changes_nothing_and_all_answer(tmp_path: Path) -> None:
    with Emulator(port=free_port(), log=tmp_path / "emulator.log") as emulator:
        deployment = Deployment(emulator=emulator, folder=tmp_path)
        deployment.bootstrap()
        first = make_deploy(deployment, tmp_path)
        outputs = json.loads(OUTPUTS.read_text())
        second = make_deploy(deployment, tmp_path)
        assert json.loads(OUTPUTS.read_text()) == outputs
    assert "(no changes)" not in first
    assert second.count("(no changes)") == len(outputs) == len(SERVICES) + 1, second[-4_000:]
    examples = {service.name for service in SERVICES if example(service.name) is not None}
    assert answered(first) == answered(second) == examples


def test_a_service_that_does_not_answer_fails_the_deployment(local: LocalServices) -> None:
    outputs = local.deployment.outputs
    url = local.endpoints["spam_or_ham"]
    with pytest.raises(SmokeFailure, match="answers 404"):
        check(outputs, STAGES["local"], reach=lambda _: f"{url}/nothing-here", patience=0.0,
              say=lambda _: None)  # fmt: skip
