"""Clothes as it is registered: an image where there are images, and otherwise the same as a zip."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stacks.config.published_model import PublishedModel
from stacks.packaging.layers.libraries import LIBRARIES
from tests.stacks.test_app import as_images, refusal, run
from tools.reliability.defects.assembly import Assembly, statements

NAME, STACK = "clothes", "Clothes"


def function(assembly: Assembly) -> dict[str, Any]:
    properties: dict[str, Any] = assembly.only(STACK, "AWS::Lambda::Function")["Properties"]
    return properties


def variables(assembly: Assembly) -> dict[str, str]:
    found: dict[str, str] = function(assembly)["Environment"]["Variables"]
    return found


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_on_aws_it_is_an_image_of_one_gigabyte(stage: str, request: pytest.FixtureRequest) -> None:
    assembly: Assembly = request.getfixturevalue(stage)
    properties = function(assembly)
    assert properties["PackageType"] == "Image"
    assert properties["Architectures"] == ["x86_64"], "LiteRT's fast kernels, for certain"
    assert (properties["MemorySize"], properties["Timeout"]) == (1024, 28)
    assert "SnapStart" not in properties
    assert variables(assembly)["FETCH_ALLOW"] == "public"
    assert assembly.resources(STACK, "AWS::Lambda::LayerVersion") == {}


def test_on_this_machine_it_is_a_zip_with_layers(local: Assembly, dev: Assembly) -> None:
    properties = function(local)
    assert properties["Handler"] == "clothes.handler.handler"
    assert len(properties["Layers"]) == len(LIBRARIES["litert"].layers)
    assert "PackageType" not in properties
    here, there = variables(local), variables(dev)
    assert {name for name in here if here[name] != there[name]} == {"FETCH_ALLOW"}
    assert here["FETCH_ALLOW"] == "loopback"


def test_its_model_travels_with_it_and_is_pinned(
    dev: Assembly, published: dict[str, PublishedModel]
) -> None:
    told, model = variables(dev), published[NAME]
    assert (told["INPUT_KIND"], told["MODEL_LOCATION"]) == ("picture", "package")
    assert "MODEL_BUCKET" not in told
    pins = json.loads(told["MODEL_ARTIFACTS"])
    assert {file: pin["sha256"] for file, pin in pins.items()} == {
        file: artifact.sha256 for file, artifact in model.artifacts.items()
    }
    [logs] = statements(dev.only(STACK, "AWS::IAM::Role"))
    assert logs["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assets = json.loads((dev.folder / f"{STACK}.assets.json").read_text())["dockerImages"]
    [source] = [image["source"] for image in assets.values()]
    folder = dev.folder / source["directory"] / "function" / "model"
    assert {file.name for file in folder.iterdir()} == set(model.artifacts)


def test_without_an_engine_it_deploys_as_a_zip(models: Path, tmp_path: Path) -> None:
    context = {"models": str(models), "layers": str(tmp_path / "none"), f"package:{NAME}": "zip"}
    context |= as_images(but=NAME)
    line = refusal(run(tmp_path / "out", **context))
    assert "no layers of layer-litert.txt for Python 3.14 on x86_64" in line
    assert line.endswith("run: make layers")
