"""Stages are data, and `local` is `dev` under another name: the emulator runs all of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from stacks.config.published_model import PublishedModel
from stacks.config.services import SERVICES
from stacks.config.stages import STAGES, UnknownStage, stage_named
from tools.reliability.defects.assembly import Assembly, flat, masked

FETCHING = {service.stack_id for service in SERVICES if service.fetches}
STACKS = ("ModelStore", *(service.stack_id for service in SERVICES))


def resources(assembly: Assembly, stack: str, stage: str) -> dict[str, Any]:
    """Logical ID → resource, with the stage's name taken out and hashes masked."""
    text = json.dumps(masked(assembly.template(stack)))
    neutral = text.replace(f'"{stage}-', '"<stage>-').replace(f" {stage}-", " <stage>-")
    for named in ('"Value": "{}"', '"/{}-', " than {} may", " stage {} may", "STAGE={} "):
        neutral = neutral.replace(named.format(stage), named.format("<stage>"))
    by_id: dict[str, Any] = json.loads(neutral)["Resources"]
    return by_id


@pytest.mark.parametrize("stack", STACKS)
def test_local_is_dev_resource_by_resource(dev: Assembly, local: Assembly, stack: str) -> None:
    here, there = resources(local, stack, "local"), resources(dev, stack, "dev")
    different = {id_ for id_ in here.keys() | there.keys() if here.get(id_) != there.get(id_)}
    # It takes alarms that compute and saved queries, which the local AWS does not have.
    lacking = ("MonitoringShares", "MonitoringConfidence", "Queries")
    different -= {id_ for id_ in there.keys() - here.keys() if id_.startswith(lacking)}
    types = {(here.get(id_) or there[id_])["Type"].rpartition(":")[2] for id_ in different}
    # What may be fetched is in the environment: another function, and so another version.
    assert types <= ({"Function", "Version", "Alias"} if stack in FETCHING else set())
    assert len(there) >= 10


def test_local_differs_from_dev_by_name_only() -> None:
    """And by what it runs, layers and pictures of this machine, and by what that AWS has not:
    images, releases by steps, alarms that compute, saved queries; nobody need know of alarms."""
    there = {
        "layer_target": "lambda", "container_images": True, "egress": "public",
        "code_deploy": True, "metric_math": True, "saved_queries": True,
    }  # fmt: skip
    unlike = {**there, "name": "dev", "alarm_receiver": "advised"}
    assert replace(STAGES["local"], **unlike) == STAGES["dev"]
    assert {name: getattr(STAGES["prod"], name) for name in there} == there


@pytest.mark.parametrize("stack", STACKS)
def test_the_comparison_would_notice(prod: Assembly, dev: Assembly, stack: str) -> None:
    assert resources(prod, stack, "prod") != resources(dev, stack, "dev")


def test_prod_keeps_what_dev_lets_go() -> None:
    assert STAGES["prod"].retain
    assert not STAGES["dev"].retain
    assert STAGES["prod"].cors_origin is None


def test_production_stacks_are_protected_from_deletion(dev: Assembly, prod: Assembly) -> None:
    for assembly, protected in ((dev, False), (prod, True)):
        artifacts = json.loads((assembly.folder / "manifest.json").read_text())["artifacts"]
        for stack in STACKS:
            assert artifacts[stack]["properties"].get("terminationProtection", False) is protected


@pytest.mark.parametrize("stage", ["dev", "prod", "local"])
def test_stacks_have_names_and_an_order(
    stage: str, dev: Assembly, prod: Assembly, local: Assembly
) -> None:
    assembly = {"dev": dev, "prod": prod, "local": local}[stage]
    artifacts = json.loads((assembly.folder / "manifest.json").read_text())["artifacts"]
    names = {stack: artifacts[stack]["properties"]["stackName"] for stack in STACKS}
    slugs = {service.stack_id: service.slug for service in SERVICES}
    assert names == {
        "ModelStore": f"{stage}-model-store",
        **{stack: f"{stage}-{slug}" for stack, slug in slugs.items()},
    }
    assert slugs["SpamOrHam"] == "spam-or-ham"
    for service in SERVICES:
        assert "ModelStore" in artifacts[service.stack_id]["dependencies"]


def test_outputs_are_what_scripts_read(dev: Assembly, published: dict[str, PublishedModel]) -> None:
    assert "ModelBucketName" in dev.template("ModelStore")["Outputs"]
    for service in SERVICES:
        outputs = dev.template(service.stack_id)["Outputs"]
        assert outputs["ServiceName"]["Value"] == service.name
        assert outputs["ModelVersion"]["Value"] == published[service.name].version
        alias = dev.only(service.stack_id, "AWS::Lambda::Alias")["Properties"]
        assert outputs["FunctionVersion"]["Value"] == alias["FunctionVersion"]
        assert outputs["FunctionName"]["Value"] == alias["FunctionName"]
    spam, cancer = (dev.template(stack)["Outputs"] for stack in ("SpamOrHam", "BreastCancer"))
    assert "ApiId" in spam
    assert spam["EndpointUrl"]["Value"]["Fn::Join"][1][-1] == "/spamorham"
    assert flat(cancer["EndpointUrl"]["Value"]).endswith(".FunctionUrl}")


def test_everything_is_tagged(dev: Assembly) -> None:
    """By the stacks, whose tags CloudFormation hands on to what they hold."""
    manifest = json.loads((dev.folder / "manifest.json").read_text())["artifacts"]
    stacks = [each for each in manifest.values() if each["type"] == "aws:cloudformation:stack"]
    assert len(stacks) == 1 + len(SERVICES)
    for stack in stacks:
        tags = stack["properties"]["tags"]
        assert tags == {"application": "model-api-on-lambda", "stage": "dev"}


def test_an_unknown_stage_names_those_there_are() -> None:
    with pytest.raises(UnknownStage, match=r"'staging'.*local\|dev\|prod"):
        stage_named("staging")


@pytest.mark.parametrize(
    "bad",
    [
        {"log_retention_days": 8},
        {"auth": "password"},
        {"rate": 0},
        {"burst": 0},
        {"noncurrent_days": 0},
        {"slow_share": 1.0},
        {"layer_target": "laptop"},
        {"egress": "anywhere"},
        {"reserved_concurrency": 0},
    ],
)
def test_a_stage_checks_itself(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"stage 'dev'"):
        replace(STAGES["dev"], **bad)
