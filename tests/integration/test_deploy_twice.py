"""What `make deploy` does, done twice: the second run changes nothing, and all answer."""

from __future__ import annotations

import json

import pytest

from stacks.smoke import SmokeFailure, check, example
from stacks.stages import STAGES
from tests.local_aws.session import LocalServices

LOCAL = STAGES["local"]


def smoke(local: LocalServices) -> list[str]:
    said: list[str] = []
    check(
        local.deployment.outputs, LOCAL,
        reach=local.deployment.reachable, patience=10.0, say=said.append,
    )  # fmt: skip
    return said


def test_a_second_deployment_changes_nothing_and_all_answer(local: LocalServices) -> None:
    first, before = smoke(local), json.dumps(local.deployment.outputs, sort_keys=True)
    logged = local.deployment.log.stat().st_size
    local.deployment.deploy()
    with local.deployment.log.open("rb") as log:
        log.seek(logged)
        said = log.read().decode()
    stacks = len(local.deployment.outputs)
    assert said.count("(no changes)") == stacks, said[-3_000:]
    assert json.dumps(local.deployment.outputs, sort_keys=True) == before
    second = smoke(local)
    asked = [name for name in local.endpoints if example(name) is not None]
    for lines in (first, second):
        assert sorted(line.split()[0] for line in lines if " 200 in " in line) == sorted(asked)


def test_a_service_that_does_not_answer_fails_the_deployment(local: LocalServices) -> None:
    url = local.deployment.reachable(local.deployment.outputs["local-spam-or-ham"]["EndpointUrl"])
    with pytest.raises(SmokeFailure, match="answers 404"):
        check(
            local.deployment.outputs, LOCAL,
            reach=lambda _: f"{url}/nothing-here", patience=0.0, say=lambda _: None,
        )  # fmt: skip
