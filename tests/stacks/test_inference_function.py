"""One function on the newest runtime, allowed its own keys and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

from aws_cdk import aws_lambda as lambda_

from stacks.config.published_model import PublishedModel
from tools.reliability.defects.assembly import Assembly, as_list, flat, statements

STACK = "SpamOrHam"


def test_there_is_one_on_the_newest_runtime(dev: Assembly) -> None:
    properties = dev.only(STACK, "AWS::Lambda::Function", "Inference")["Properties"]
    newest = max(
        (
            runtime
            for runtime in lambda_.Runtime.ALL
            if runtime.family == lambda_.RuntimeFamily.PYTHON
        ),
        key=lambda runtime: int(runtime.name.rpartition(".")[2]),
    )
    assert properties["Runtime"] == newest.name == "python3.14"
    assert properties["Architectures"] == ["arm64"]
    assert properties["Handler"] == "spam_or_ham.handler.handler"
    assert (properties["MemorySize"], properties["Timeout"]) == (512, 15)
    assert "FunctionName" not in properties
    assert "Layers" not in properties


def test_environment_pins_the_model(dev: Assembly, prod: Assembly, model: PublishedModel) -> None:
    properties = dev.only(STACK, "AWS::Lambda::Function", "Inference")["Properties"]
    variables = properties["Environment"]["Variables"]
    assert variables["MODEL_NAME"] == "spam_or_ham"
    assert variables["MODEL_VERSION"] == model.version
    assert "StoreModels" in flat(variables["MODEL_BUCKET"])
    assert variables["CORS_ALLOW_ORIGIN"] == "*"
    pins = json.loads(variables["MODEL_ARTIFACTS"])
    assert set(pins) == set(model.artifacts)
    for file, pin in pins.items():
        assert pin["key"] == f"spam_or_ham/{pin['sha256']}/{file}"
        assert (pin["sha256"], pin["bytes"]) == (
            model.artifacts[file].sha256,
            model.artifacts[file].bytes,
        )
    closed = prod.only(STACK, "AWS::Lambda::Function", "Inference")["Properties"]["Environment"][
        "Variables"
    ]
    assert set(variables) - set(closed) == {"CORS_ALLOW_ORIGIN"}


def test_role_reads_exactly_the_pinned_keys(dev: Assembly, model: PublishedModel) -> None:
    role = dev.only(STACK, "AWS::IAM::Role", "Inference")
    assert "ManagedPolicyArns" not in role["Properties"]
    [beside] = dev.resources(STACK, "AWS::IAM::Policy")
    assert beside.startswith("BrakeStop")
    logs, objects = statements(role)
    assert logs["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert flat(logs["Resource"]).startswith("${InferenceLogs")
    assert objects["Action"] == "s3:GetObject"
    resources = [flat(resource) for resource in as_list(objects["Resource"])]
    assert {resource.partition("/")[2] for resource in resources} == set(model.keys)
    assert not any("*" in resource for resource in resources)


def test_logs_are_json_in_a_group_with_an_end(dev: Assembly, prod: Assembly) -> None:
    for assembly, days, policy in ((dev, 14, "Delete"), (prod, 180, "Retain")):
        logging = assembly.only(STACK, "AWS::Lambda::Function", "Inference")["Properties"][
            "LoggingConfig"
        ]
        assert logging["LogFormat"] == "JSON"
        group = assembly.only(STACK, "AWS::Logs::LogGroup", "InferenceLogs")
        assert flat(logging["LogGroup"]).startswith("${InferenceLogs")
        assert group["Properties"]["RetentionInDays"] == days
        assert group["DeletionPolicy"] == policy


def test_callers_hit_an_alias_and_old_versions_stay(dev: Assembly) -> None:
    version = dev.only(STACK, "AWS::Lambda::Version")
    assert version["DeletionPolicy"] == "Retain"
    assert dev.only(STACK, "AWS::IAM::Role", "Inference")["DeletionPolicy"] == "Retain", (
        "it runs as this role"
    )
    alias = dev.only(STACK, "AWS::Lambda::Alias")["Properties"]
    assert alias["Name"] == "live"
    assert "CurrentVersion" in flat(alias["FunctionVersion"])
    for permission in dev.resources(STACK, "AWS::Lambda::Permission", "Endpoint").values():
        assert flat(permission["Properties"]["FunctionName"]).startswith("${InferenceLive")


def test_asset_holds_only_what_runs(dev: Assembly) -> None:
    key = dev.only(STACK, "AWS::Lambda::Function", "Inference")["Properties"]["Code"]["S3Key"]
    asset = dev.folder / f"asset.{Path(key).stem}"
    assert {entry.name for entry in asset.iterdir()} == {
        "openapi.json", "page.html", "portable", "serving", "spam_or_ham",
    }  # fmt: skip
    assert (asset / "spam_or_ham" / "handler.py").is_file()
    names = [file.name for file in asset.rglob("*")]
    assert not [name for name in names if name == "__pycache__" or name.endswith((".pyc", ".pkl"))]
    size = sum(file.stat().st_size for file in asset.rglob("*") if file.is_file())
    assert size < 300_000


def test_another_model_is_another_version_and_role(dev: Assembly, other: Assembly) -> None:
    for type_ in ("AWS::Lambda::Version", "AWS::IAM::Role"):
        there = other.resources(STACK, type_, "Inference")
        assert set(there).isdisjoint(dev.resources(STACK, type_, "Inference")), type_
    for type_ in ("AWS::Lambda::Function", "AWS::Lambda::Alias", "AWS::ApiGateway::RestApi"):
        assert set(other.resources(STACK, type_)) == set(dev.resources(STACK, type_)), type_
