"""Clothes as it is registered: a zip with layers, and the same as an image where that is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stacks.config.published_model import PublishedModel
from stacks.packaging.layers.libraries import LIBRARIES
from tests.stacks.test_app import as_images, refusal
from tools.reliability.defects.assembly import Assembly, statements

NAME, STACK = "clothes", "Clothes"


def function(assembly: Assembly) -> dict[str, Any]:
    properties: dict[str, Any] = assembly.only(STACK, "AWS::Lambda::Function", "Inference")[
        "Properties"
    ]
    return properties


def variables(assembly: Assembly) -> dict[str, str]:
    environment: dict[str, str] = function(assembly)["Environment"]["Variables"]
    return environment


@pytest.mark.parametrize("stage", ["dev", "prod", "local", "other"])
def test_it_has_one_gigabyte_and_fast_kernels(stage: str, request: pytest.FixtureRequest) -> None:
    assembly: Assembly = request.getfixturevalue(stage)
    properties = function(assembly)
    assert properties["Architectures"] == ["x86_64"], "LiteRT's fast kernels, for certain"
    assert (properties["MemorySize"], properties["Timeout"]) == (1024, 28)
    assert "SnapStart" not in properties
    assert variables(assembly)["FETCH_ALLOW"] == ("loopback" if stage == "local" else "public")


def test_it_is_an_image_where_that_is_asked(other: Assembly) -> None:
    assert function(other)["PackageType"] == "Image"
    assert other.resources(STACK, "AWS::Lambda::LayerVersion") == {}


@pytest.mark.parametrize("stage", ["dev", "prod", "local"])
def test_it_is_a_zip_with_layers(stage: str, request: pytest.FixtureRequest) -> None:
    properties = function(request.getfixturevalue(stage))
    assert properties["Handler"] == "clothes.handler.handler"
    assert len(properties["Layers"]) == len(LIBRARIES["litert"].layers)
    assert "PackageType" not in properties


def test_on_this_machine_it_differs_in_what_it_may_fetch(local: Assembly, dev: Assembly) -> None:
    here, there = variables(local), variables(dev)
    assert {name for name in here if here[name] != there[name]} == {"FETCH_ALLOW"}
    assert here["FETCH_ALLOW"] == "loopback"


def test_its_model_travels_with_it_and_is_pinned(
    other: Assembly, published: dict[str, PublishedModel]
) -> None:
    environment, model = variables(other), published[NAME]
    assert (environment["INPUT_KIND"], environment["MODEL_LOCATION"]) == ("picture", "package")
    assert "MODEL_BUCKET" not in environment
    pins = json.loads(environment["MODEL_ARTIFACTS"])
    assert {file: pin["sha256"] for file, pin in pins.items()} == {
        file: artifact.sha256 for file, artifact in model.artifacts.items()
    }
    [logs] = statements(other.only(STACK, "AWS::IAM::Role", "Inference"))
    assert logs["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assets = json.loads((other.folder / f"{STACK}.assets.json").read_text())["dockerImages"]
    [source] = [image["source"] for image in assets.values()]
    folder = other.folder / source["directory"] / "function" / "model"
    assert {file.name for file in folder.iterdir()} == set(model.artifacts)


def test_without_its_layers_there_is_no_zip(models: Path, tmp_path: Path) -> None:
    context = {"models": str(models), "layers": str(tmp_path / "none")}
    context |= as_images(but=NAME)
    line = refusal(tmp_path / "out", **context)
    assert "no layers of layer-litert.txt for Python 3.14 on x86_64" in line
    assert line.endswith("run: make layers")
