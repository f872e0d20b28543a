"""`make deploy`, run again: it changes nothing, and what was deployed answers, also where the alias
was moved."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import boto3
import pytest

from stacks.config.services import SERVICES
from stacks.config.stages import STAGES
from tools import PROJECT
from tools.local_aws.deployment import Deployment
from tools.local_aws.emulator import ACCOUNT, REGION, Emulator, free_port
from tools.local_aws.session import LocalServices
from tools.smoke import SmokeFailure, check, example

OLD = "0" * 12
SPAM = "spam_or_ham"


def make_deploy(deployment: Deployment, folder: Path, service: str) -> str:
    """Everything that the command printed; fails unless it succeeded."""
    environment = {**deployment.environment(), "CDK_OUTPUT": str(folder / "cdk.out")}
    ran = subprocess.run(
        ["make", "deploy", "STAGE=local", "APPROVAL=never", f"SERVICE={service}"],
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


def move_alias(emulator: Emulator, function: str) -> None:
    """Puts a version live that names another model, as a rollback by hand does."""
    client = boto3.client("lambda", endpoint_url=emulator.url, region_name=REGION,
                          aws_access_key_id=ACCOUNT, aws_secret_access_key="test")  # fmt: skip
    variables = client.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
    client.update_function_configuration(
        FunctionName=function, Environment={"Variables": {**variables, "MODEL_VERSION": OLD}}
    )
    version = client.publish_version(FunctionName=function)["Version"]
    client.update_alias(FunctionName=function, Name="live", FunctionVersion=version)


def answered(said: str) -> set[str]:
    return {line.split()[0] for line in said.splitlines() if " 200 in " in line}


@pytest.mark.parametrize("service", [SPAM, pytest.param("", marks=pytest.mark.judge)])
def test_another_run_changes_nothing_and_all_answer_by_what_was_deployed(
    tmp_path: Path, service: str
) -> None:
    """One service, after its alias was moved; or all of them, and once before, too."""
    file = PROJECT / "build" / f"outputs-local{service and '-'}{service}.json"
    names = [service] if service else [each.name for each in SERVICES]
    with Emulator(port=free_port(), log=tmp_path / "emulator.log") as emulator:
        deployment = Deployment(emulator=emulator, folder=tmp_path)
        deployment.bootstrap()
        first = make_deploy(deployment, tmp_path, service)
        outputs = json.loads(file.read_text())
        runs = [] if service else [make_deploy(deployment, tmp_path, service)]
        [spam] = [outputs_ for outputs_ in outputs.values() if outputs_.get("ServiceName") == SPAM]
        move_alias(emulator, spam["FunctionName"])
        runs.append(make_deploy(deployment, tmp_path, service))
        assert json.loads(file.read_text()) == outputs
    examples = {name for name in names if example(name) is not None}
    assert "(no changes)" not in first
    assert answered(first) == examples
    assert len(outputs) == len(names) + 1
    for said in runs:
        assert said.count("(no changes)") == len(outputs), said[-4_000:]
        assert answered(said) == examples
    moved = f"The alias live of {SPAM} was moved since the last deployment"
    assert [moved in said for said in (first, *runs)] == [*[False] * len(runs), True]
    put_back = f"(model {OLD}); version 1 (model {spam['ModelVersion']}), which was deployed"
    assert put_back in runs[-1]


def test_a_service_that_does_not_answer_fails_the_deployment(local: LocalServices) -> None:
    outputs = local.deployment.outputs
    url = local.endpoints["spam_or_ham"]
    with pytest.raises(SmokeFailure, match="answers 404"):
        check(outputs, STAGES["local"], redirect=lambda _: f"{url}/nothing-here", wait_seconds=0.0,
              say=lambda _: None)  # fmt: skip
