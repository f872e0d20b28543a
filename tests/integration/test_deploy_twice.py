"""`make deploy`, run again: it changes nothing, and what was deployed answers, also where the alias
was moved."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import pytest

from stacks.config.concurrency import RESERVE
from stacks.config.services import SERVICES
from stacks.config.stages import STAGES
from tests.integration.conftest import CONTEXT
from tools import PROJECT
from tools.local_aws.deployment import Deployment
from tools.local_aws.emulator import ACCOUNT, REGION, Emulator, free_port
from tools.local_aws.session import LocalServices
from tools.smoke import SmokeFailure, check, example

OLD = "0" * 12
SPAM = "spam_or_ham"


def make_deploy(deployment: Deployment, folder: Path, service: str = "", context: str = "") -> str:
    """Everything that the command printed; fails unless it succeeded."""
    environment = {**deployment.environment(), "CDK_OUTPUT": str(folder / "cdk.out")}
    ran = subprocess.run(
        ["make", "deploy", "STAGE=local", "APPROVAL=never", f"SERVICE={service}",
         f"CONTEXT={context}"],
        cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, said[-4_000:]
    return said


@contextmanager
def moved_alias(emulator: Emulator, function: str) -> Iterator[None]:
    """Puts a version live that names another model, as a rollback by hand does; takes it away at
    the end, by when it must not be live."""
    client = boto3.client("lambda", endpoint_url=emulator.url, region_name=REGION,
                          aws_access_key_id=ACCOUNT, aws_secret_access_key="test")  # fmt: skip
    before = client.get_function_configuration(FunctionName=function)["Environment"]
    variables = {**before["Variables"], "MODEL_VERSION": OLD}
    client.update_function_configuration(
        FunctionName=function, Environment={"Variables": variables}
    )
    version = client.publish_version(FunctionName=function)["Version"]
    client.update_function_configuration(FunctionName=function, Environment=before)
    client.update_alias(FunctionName=function, Name="live", FunctionVersion=version)
    yield
    client.delete_function(FunctionName=function, Qualifier=version)


def answered(said: str) -> set[str]:
    return {line.split()[0] for line in said.splitlines() if " 200 in " in line}


def assert_put_back(said: str, outputs: dict[str, dict[str, str]]) -> None:
    """Fail unless the run left the service's stack and moved its alias, and says whose it put
    back. The store of models is as it was only where nobody has added one since."""
    assert "SpamOrHam (local-spam-or-ham) (no changes)" in said, said[-4_000:]
    assert f"The alias live of {SPAM} was moved since the last deployment" in said
    spam = of_spam(outputs)
    put_back = rf"\(model {OLD}\); version \d+ \(model {spam['ModelVersion']}\), which was deployed"
    assert re.search(put_back, said)


def of_spam(outputs: dict[str, dict[str, str]]) -> dict[str, str]:
    [spam] = [each for each in outputs.values() if each.get("ServiceName") == SPAM]
    return spam


def test_another_run_puts_back_what_was_deployed(local: LocalServices, tmp_path: Path) -> None:
    """One service of all, after its alias was moved."""
    spam = of_spam(local.deployment.outputs)
    # As it was deployed: a deployment by hand reserves concurrency where the account has room.
    context = " ".join(f"-c {key}={value}" for key, value in {**CONTEXT, RESERVE: "no"}.items())
    with moved_alias(local.emulator, spam["FunctionName"]):
        said = make_deploy(local.deployment, tmp_path, SPAM, context)
    outputs = json.loads((PROJECT / "build" / f"outputs-local-{SPAM}.json").read_text())
    assert len(outputs) == 2
    assert of_spam(outputs) == spam
    assert_put_back(said, outputs)
    assert answered(said) == {SPAM}


@pytest.mark.judge
def test_all_are_deployed_and_further_runs_change_nothing(tmp_path: Path) -> None:
    file = PROJECT / "build" / "outputs-local.json"
    with Emulator(port=free_port(), log=tmp_path / "emulator.log") as emulator:
        deployment = Deployment(emulator=emulator, folder=tmp_path)
        deployment.bootstrap()
        first = make_deploy(deployment, tmp_path)
        outputs = json.loads(file.read_text())
        again = make_deploy(deployment, tmp_path)
        with moved_alias(emulator, of_spam(outputs)["FunctionName"]):
            last = make_deploy(deployment, tmp_path)
        assert json.loads(file.read_text()) == outputs
    examples = {service.name for service in SERVICES if example(service.name) is not None}
    assert "(no changes)" not in first
    assert len(outputs) == len(SERVICES) + 1
    for said in (again, last):
        assert said.count("(no changes)") == len(outputs), said[-4_000:]
    for said in (first, again, last):
        assert answered(said) == examples
    assert "was moved since the last deployment" not in first + again
    assert_put_back(last, outputs)


def test_a_service_that_does_not_answer_fails_the_deployment(local: LocalServices) -> None:
    outputs = local.deployment.outputs
    url = local.endpoints["spam_or_ham"]
    with pytest.raises(SmokeFailure, match="answers 404"):
        check(outputs, STAGES["local"], redirect=lambda _: f"{url}/nothing-here", wait_seconds=0.0,
              say=lambda _: None)  # fmt: skip
