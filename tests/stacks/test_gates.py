"""cdk-nag, CloudFormation's validation, our rules and cfn-lint: nothing left unacknowledged."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest

from stacks.config.model_service import RestRoutes
from stacks.config.published_model import PublishedModel
from stacks.config.services import SERVICES
from stacks.config.stages import STAGES, Auth, Stage
from stacks.packaging.layers.built import BuiltLayers
from tests.harness.judged import sampled
from tools.reliability.defects.assembly import Assembly, synthesize

ACCOUNT_ROLE = (
    "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>"
    ":log-group:*]",
    "/ModelStore/ApiGatewayAccount/Role",
)


def expected(stage: Stage) -> set[tuple[str, str]]:
    """All that may be acknowledged: no firewall, no users, and the account-wide logging role."""
    accepted = {ACCOUNT_ROLE}
    for service in SERVICES:
        if not isinstance(service.endpoint, RestRoutes):
            continue
        api = f"/{service.stack_id}/Default/Endpoint/Api"
        accepted.add(("AwsSolutions-APIG3", f"{api}/DeploymentStage.v1"))
        for route in service.endpoint.routes:
            resource = f"{api}/Default{route.path.rstrip('/')}"
            rules = ("COG4",) if stage.auth == "iam" else ("COG4", "APIG4")
            for method in ("ANY", "POST") if route.schema else ("ANY",):
                accepted |= {(f"AwsSolutions-{rule}", f"{resource}/{method}") for rule in rules}
    return accepted


@pytest.mark.parametrize("name", STAGES)
def test_nothing_is_found(synthesized: Callable[[Stage], Assembly], name: str) -> None:
    assembly = synthesized(STAGES[name])
    assert assembly.error is None
    assert assembly.findings() == set()


@pytest.mark.parametrize("name", STAGES)
def test_only_this_is_acknowledged(synthesized: Callable[[Stage], Assembly], name: str) -> None:
    assert synthesized(STAGES[name]).acknowledged() == expected(STAGES[name])


def test_closed_apis_pass_too(other: Assembly, signed: Assembly) -> None:
    auths: dict[Auth, Assembly] = {"api_key": other, "iam": signed}
    for auth, assembly in auths.items():
        assert assembly.error is None
        assert assembly.findings() == set()
        assert assembly.acknowledged() == expected(replace(STAGES["dev"], auth=auth))


def test_every_acknowledgment_answers_a_finding(
    tmp_path: Path,
    published: dict[str, PublishedModel],
    layers_by_service: dict[str, BuiltLayers],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The CDK is silent about acknowledgments that nothing needs any more."""

    def acknowledge_nothing() -> None:
        nothing: Any = SimpleNamespace(acknowledge=lambda *_: None)
        monkeypatch.setattr(cdk, "Validations", SimpleNamespace(of=lambda _: nothing))

    assembly = synthesize(
        tmp_path,
        stage=STAGES["prod"],
        models=published,
        layers=layers_by_service,
        after_gates=acknowledge_nothing,
    )
    assert assembly.acknowledged() == set()
    reported = {(rule.partition("[")[0], place) for rule, place in assembly.findings()}
    assert reported == {(rule.partition("[")[0], place) for rule, place in expected(STAGES["prod"])}


def test_reasons_are_given(dev: Assembly) -> None:
    reasons = [reason for file in dev.folder.glob("*.metadata.json") for reason in _reasons(file)]
    assert len(reasons) == len(expected(STAGES["dev"]))
    assert min(map(len, reasons)) > 40


def _reasons(file: Path) -> list[str]:

    return [
        reason
        for entries in json.loads(file.read_text()).values()
        for entry in entries
        if entry["type"] == "aws:cdk:acknowledged-rules"
        for reason in entry["data"].values()
    ]


@pytest.mark.parametrize("name", sampled(STAGES, ["prod"]))
def test_cfn_lint_has_nothing_to_say(synthesized: Callable[[Stage], Assembly], name: str) -> None:
    folder = synthesized(STAGES[name]).folder
    templates = [str(template) for template in sorted(folder.glob("*.template.json"))]
    assert len(templates) == 1 + len(SERVICES)
    cfn_lint = Path(sys.executable).with_name("cfn-lint")
    command = [cfn_lint, "--regions", "us-east-1", "eu-central-1", "--", *templates]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, ""), result.stdout + result.stderr
