"""A service in a container image: its template, and what the image is built from."""

from __future__ import annotations

import copy
import json
import os
import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stacks.config.model_service import ModelService
from stacks.config.published_model import PublishedModel
from stacks.config.services import SERVICES
from stacks.config.stages import STAGES
from stacks.constructs.logged_function import RUNTIME
from stacks.packaging.function_files import function_environment, function_files
from stacks.packaging.image.context import DOCKERFILE, stage_context
from stacks.packaging.layers.libraries import LIBRARIES
from stacks.packaging.layers.lock import read_lock
from tools import PROJECT
from tools.reliability.defects.assembly import Assembly, synthesize
from tools.reliability.defects.template_gates import findings

NAME, STACK = "breast_cancer", "BreastCancer"
LITERT = LIBRARIES["litert"]


@pytest.fixture(scope="module")
def service() -> ModelService:
    """A service as one with pictures is declared, in a registry of services without any."""
    [clothes] = [service for service in SERVICES if service.name == NAME]
    return replace(
        clothes,
        runtime="litert",
        package="image",
        architecture="x86_64",
        model_location="package",
        fetches=True,
    )


@pytest.fixture(scope="module")
def imaged(
    tmp_path_factory: pytest.TempPathFactory,
    published: dict[str, PublishedModel],
    service: ModelService,
) -> Assembly:
    """The development stage with that service in an image."""
    return synthesize(
        tmp_path_factory.mktemp("cdk-image"),
        stage=STAGES["dev"],
        models=published,
        services=[service],
    )


@pytest.fixture(scope="module")
def context(
    tmp_path_factory: pytest.TempPathFactory,
    published: dict[str, PublishedModel],
    service: ModelService,
) -> Path:
    """The folder its image is built from."""
    folder = tmp_path_factory.mktemp("context") / "staged"
    stage_context(folder, service, files_of(service, published))
    return folder


def files_of(service: ModelService, published: dict[str, PublishedModel]) -> dict[str, Path]:
    return function_files(service, published[NAME], PROJECT / "lambda_src")


def instructions(text: str) -> list[tuple[str, str]]:
    """(instruction, rest) of a Dockerfile, continued lines joined, comments left out."""
    joined = re.sub(r"\\\n\s*", "", text)
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in lines]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def function(assembly: Assembly) -> dict[str, Any]:
    properties: dict[str, Any] = assembly.only(STACK, "AWS::Lambda::Function", "Inference")[
        "Properties"
    ]
    return properties


def test_nothing_is_found(imaged: Assembly) -> None:
    assert imaged.error is None
    assert imaged.findings() == set()


def test_the_image_brings_what_a_zip_needs_lambda_for(imaged: Assembly, dev: Assembly) -> None:
    image, archive = function(imaged), function(dev)
    assert image["PackageType"] == "Image"
    assert not {"Runtime", "Handler", "Layers"} & set(image)
    assert "ImageUri" in image["Code"]
    assert image["Architectures"] == ["x86_64"]
    same = {"MemorySize", "Timeout", "LoggingConfig"}
    assert {name: image[name] for name in same} == {name: archive[name] for name in same}
    for type_ in ("AWS::Lambda::Alias", "AWS::Lambda::Function", "AWS::Lambda::Url"):
        assert set(imaged.resources(STACK, type_)) == set(dev.resources(STACK, type_))
    assert imaged.only(STACK, "AWS::Lambda::Version")["DeletionPolicy"] == "Retain"


def test_the_cli_builds_it_for_its_machine(
    imaged: Assembly, service: ModelService, published: dict[str, PublishedModel]
) -> None:
    assets = json.loads((imaged.folder / f"{STACK}.assets.json").read_text())
    [source] = [image["source"] for image in assets["dockerImages"].values()]
    assert source["platform"] == "linux/amd64"
    assert source["dockerBuildArgs"] == {"SERVICE": NAME}
    staged = contents(imaged.folder / source["directory"])
    ours = {f"function/{name}" for name in files_of(service, published)}
    beside = {"Dockerfile", "requirements.txt", "keep.py", "compiler.py", "loader.py"}
    assert set(staged) == ours | beside
    assert staged["requirements.txt"] == LITERT.lock.read_bytes()


def test_it_is_told_where_it_may_fetch(
    imaged: Assembly, service: ModelService, published: dict[str, PublishedModel]
) -> None:
    assert function(imaged)["Environment"]["Variables"]["FETCH_ALLOW"] == "public"
    for stage, allowed in (("local", "loopback"), ("dev", "public"), ("prod", "public")):
        environment = function_environment(service, published[NAME], STAGES[stage].egress)
        assert environment["FETCH_ALLOW"] == allowed
    others = replace(service, fetches=False)
    assert "FETCH_ALLOW" not in function_environment(others, published[NAME], "loopback")


def test_private_addresses_outside_local_are_caught(imaged: Assembly, tmp_path: Path) -> None:
    bad = copy.deepcopy(imaged.template(STACK))
    [planted] = [
        resource
        for resource in bad["Resources"].values()
        if "FETCH_ALLOW"
        in resource.get("Properties", {}).get("Environment", {}).get("Variables", {})
    ]
    planted["Properties"]["Environment"]["Variables"]["FETCH_ALLOW"] = "loopback"
    by_template = findings({"Good": imaged.template(STACK), "Bad": bad}, tmp_path)
    rule = "FUNCTION_FETCHES_FROM_PUBLIC_ADDRESSES_ONLY"
    assert rule in {name for name, _ in by_template["Bad"]}
    assert rule not in {name for name, _ in by_template["Good"]}


def test_the_base_is_lambda_s_python_pinned_by_digest() -> None:
    lines = instructions(DOCKERFILE.read_text())
    [base] = [rest for name, rest in lines if name == "ARG" and rest.startswith("BASE=")]
    image, _, digest = base.removeprefix("BASE=").partition("@")
    assert image.startswith(f"public.ecr.aws/lambda/{RUNTIME.name.replace('python', 'python:')}.")
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", digest)
    assert [rest for name, rest in lines if name == "FROM"] == ["${BASE} AS builder", "${BASE}"]


def test_the_image_runs_as_nobody_in_particular() -> None:
    last = instructions(DOCKERFILE.read_text().rpartition("\nFROM")[2])
    [user] = [rest for name, rest in last if name == "USER"]
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)
    after = [name for name, _ in last[last.index(("USER", user)) + 1 :]]
    assert after == [], "nothing is done as root later, or as that user"
    assert "RUN" not in {name for name, _ in last}, "only what the builder made is copied"


def test_wheels_are_installed_as_locked_and_nothing_is_compiled() -> None:
    runs = [rest for name, rest in instructions(DOCKERFILE.read_text()) if name == "RUN"]
    [pip] = [shlex.split(run) for run in runs if "-m pip" in run]
    assert {"--require-hashes", "--no-deps", "--only-binary=:all:"} <= set(pip)
    words = set(re.findall(r"[a-z0-9+-]+", " ".join(runs)))
    forbidden = {"gcc", "g++", "make", "cmake", "dnf", "microdnf", "yum", "apt-get", "curl", "wget"}
    assert not words & forbidden
    assert not any("tensorflow" in package for package in read_lock(LITERT.lock))


def test_everything_staged_is_copied_and_nothing_else(context: Path) -> None:
    steps = instructions((context / "Dockerfile").read_text())
    copied = {
        source
        for name, rest in steps
        if name == "COPY" and "--from" not in rest
        for source in shlex.split(rest)[:-1]
    }
    assert copied == {path.name for path in context.iterdir()} - {"Dockerfile"}
    assert steps[-1] == ("CMD", f'["{NAME}.handler.handler"]')


def test_the_same_input_gives_the_same_folder(
    context: Path, service: ModelService, published: dict[str, PublishedModel], tmp_path: Path
) -> None:
    mask = os.umask(0o077)
    try:
        arguments = stage_context(tmp_path / "again", service, files_of(service, published))
    finally:
        os.umask(mask)
    assert arguments == {"SERVICE": NAME}
    assert contents(tmp_path / "again") == contents(context)


def test_pandas_is_installed_where_a_step_wants_a_frame(
    service: ModelService, published: dict[str, PublishedModel], tmp_path: Path
) -> None:
    learnt = replace(service, runtime="scikit-learn")
    for frame in (False, True):
        folder = tmp_path / str(frame)
        stage_context(folder, learnt, files_of(service, published), frame=frame)
        locked = read_lock(folder / "requirements.txt")
        assert "scikit-learn" in locked
        assert ("pandas" in locked) is frame


def test_a_service_of_the_standard_library_installs_nothing(
    service: ModelService, published: dict[str, PublishedModel], tmp_path: Path
) -> None:
    portable = replace(service, runtime="portable")
    stage_context(tmp_path / "staged", portable, files_of(portable, published))
    assert read_lock(tmp_path / "staged" / "requirements.txt") == {}
