"""app.py as the CDK CLI runs it: a process with a context, without credentials."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from app import build
from model_training.publishing.manifests import ArtifactError
from model_training.spam_or_ham.publish import CLASSIFIER
from stacks.config.services import SERVICES
from stacks.packaging.layers.libraries import LIBRARIES
from tools import PROJECT
from tools.reliability.defects.assembly import Assembly
from tools.verified_model import verified_model


def run(
    outdir: Path, *, seed: str = "0", flags: bool = True, **context: object
) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "NODE_OPTIONS": os.environ.get("NODE_OPTIONS", ""),
        "PYTHONHASHSEED": seed,
        "CDK_OUTDIR": str(outdir),
        "CDK_CONTEXT_JSON": json.dumps({**(_flags() if flags else {}), **context}),
        "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "18,20,21,22,23,24,25",
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
        # Whoever asks the network here is refused.
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9",
    }
    return subprocess.run(
        [sys.executable, str(PROJECT / "app.py")],
        env=environment,
        cwd=outdir.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def _flags() -> dict[str, object]:
    flags: dict[str, object] = json.loads((PROJECT / "cdk.json").read_text())["context"]
    return flags


@pytest.mark.parametrize(("bundled", "judged"), [([], False), (["**"], True)])
def test_only_a_template_that_is_read_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled: list[str], judged: bool
) -> None:
    """The CDK's command line names the stacks it bundles: none for `cdk ls` and `cdk destroy`."""
    called: list[str] = []
    monkeypatch.setattr("app.register_gates", lambda _: called.append("gates"))
    monkeypatch.setattr("app.add_stacks", lambda _, **given: called.append(str(given["python"])))
    monkeypatch.setattr("app.interpreter_of", lambda version: Path("/usr/bin") / version)
    context = {**_flags(), "service": "spam_or_ham", "aws:cdk:bundling-stacks": bundled}
    outdir = str(tmp_path / "cdk.out")
    build(cdk.App(context=context, outdir=outdir, builtin_cloud_formation_validation=False))
    assert called == (["gates", "/usr/bin/python3.14"] if judged else ["None"])


def test_a_list_of_stacks_compiles_no_rules(
    models: Path, layers_folder: Path, dev: Assembly, tmp_path: Path
) -> None:
    context = {"service": "spam_or_ham", "models": str(models), "layers": str(layers_folder)}
    listed = run(tmp_path / "cdk.out", **context, **{"aws:cdk:bundling-stacks": []})
    assert listed.returncode == 0, listed.stderr
    assert (tmp_path / "cdk.out" / "manifest.json").exists()
    report = "validation-report.json"
    assert (dev.folder / report).exists()
    assert not (tmp_path / "cdk.out" / report).exists()


def build_here(outdir: Path, **context: str) -> None:
    """The same in this process, which has Node running; refusals are `SystemExit`."""
    build(cdk.App(context={**_flags(), **context}, outdir=str(outdir)))


def refusal(outdir: Path, **context: str) -> str:
    """The sentence that a synthesis ends with."""
    with pytest.raises(SystemExit) as stopped:
        build_here(outdir, **context)
    return str(stopped.value)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def as_images(but: str = "") -> dict[str, str]:
    """The context in which no service but one needs layers: they are in its image."""
    layered = [service.name for service in SERVICES if service.runtime in LIBRARIES]
    return {f"package:{name}": "image" for name in layered if name != but}


def test_two_syntheses_are_the_same_byte_for_byte(
    models: Path, layers_folder: Path, dev: Assembly, tmp_path: Path
) -> None:
    """One in this process, one in another with another order of sets and no credentials."""
    result = run(tmp_path / "cdk.out", seed="2", models=str(models), layers=str(layers_folder))
    assert result.returncode == 0
    [said] = result.stderr.splitlines()
    assert said.startswith("Nobody is told of the alarms of the stage dev: -c alarm_email=ADDRESS")
    here, there = contents(dev.folder), contents(tmp_path / "cdk.out")
    assert here.keys() == there.keys()
    assert {name for name, content in here.items() if content != there[name]} == set()
    assert "SpamOrHam.template.json" in here


def test_a_service_alone_leaves_the_store_as_it_is(
    models: Path, layers_folder: Path, dev: Assembly, tmp_path: Path
) -> None:
    """Clothes imports nothing of it; the store exports what the other services import."""
    context = {"models": str(models), "layers": str(layers_folder), "service": "clothes"}
    build_here(tmp_path / "cdk.out", **context)
    alone = Assembly(tmp_path / "cdk.out")
    written = {file.name for file in alone.folder.glob("*.template.json")}
    assert written == {"ModelStore.template.json", "Clothes.template.json"}
    for stack in ("ModelStore", "Clothes"):
        assert alone.template(stack) == dev.template(stack)


def test_production_is_not_without_somebody_to_tell(
    models: Path, layers_folder: Path, tmp_path: Path
) -> None:
    context = {"models": str(models), "layers": str(layers_folder), "stage": "prod"}
    assert refusal(tmp_path / "out", **context) == (
        "The stage prod tells somebody of its alarms: say whom by -c alarm_email=ADDRESS or "
        "-c alarm_topic=ARN, as in make deploy STAGE=prod "
        'CONTEXT="-c alarm_email=on-call@example.org".'
    )
    assert not (tmp_path / "out" / "manifest.json").exists()


def test_an_unknown_service_is_refused(tmp_path: Path) -> None:
    line = refusal(tmp_path / "out", service="cloths")
    said, _, names = line.partition("-c service=")
    assert said == "There is no service 'cloths': choose "
    assert {service.name for service in SERVICES} <= set(names.rstrip(".").split("|"))


def test_without_the_cdk_s_context_it_says_who_runs_it(tmp_path: Path) -> None:
    result = run(tmp_path / "out", flags=False)
    assert result.returncode == 1
    [line] = result.stderr.splitlines()
    assert line == "app.py needs the context in cdk.json, which the CDK hands it; run: make synth"
    assert not (tmp_path / "out" / "manifest.json").exists()


def test_an_unknown_stage_is_refused(models: Path, tmp_path: Path) -> None:
    line = refusal(tmp_path / "out", stage="staging", models=str(models))
    assert "'staging'" in line
    assert "local|dev|prod" in line
    assert not (tmp_path / "out" / "manifest.json").exists()


def test_another_word_for_reservations_is_refused(models: Path, tmp_path: Path) -> None:
    line = refusal(tmp_path / "out", reserve="maybe", models=str(models))
    assert "choose -c reserve=yes|no" in line


def test_an_untrained_model_is_refused(models: Path, tmp_path: Path) -> None:
    shutil.copytree(models, tmp_path / "models", ignore=lambda *_: {"breast_cancer"})
    line = refusal(tmp_path / "out", models=str(tmp_path / "models"))
    assert str(tmp_path / "models" / "breast_cancer") in line
    assert "python -m model_training.breast_cancer" in line


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("clothes", {"own_handler": False}, "takes pictures, which a handler of its own does"),
        ("spam_or_ham", {"own_handler": False}, "normalises its texts, which a handler of its own"),
        ("clothes", {"name": "hats"}, "'hats' was expected; train or publish a model into that"),
        ("clothes", {"name": "loan_grade"}, "expected; run: python -m model_training.loan_grade"),
        ("clothes", {"runtime": "portable"}, "does not read the model clothes; set its runtime to"),
    ],
)
def test_an_entry_that_does_not_fit_its_model_is_refused(
    name: str, change: dict[str, Any], said: str
) -> None:
    [service] = [service for service in SERVICES if service.name == name]
    with pytest.raises(ArtifactError, match=re.escape(said)):
        verified_model(replace(service, **change), PROJECT / service.model_folder)


def test_an_entry_that_says_otherwise_what_becomes_of_values_outside(tmp_path: Path) -> None:
    [service] = [service for service in SERVICES if service.name == "loan_grade"]
    folder = shutil.copytree(PROJECT / service.model_folder, tmp_path / "model")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for entry in manifest["fields"]:
        if "minimum" in entry:
            entry["outside"] = "answer"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert verified_model(service, folder).name == "loan_grade"
    with pytest.raises(ArtifactError, match="run the same make add again"):
        verified_model(replace(service, outside_range="refuse"), folder)


def test_a_changed_byte_is_refused(models: Path, tmp_path: Path) -> None:
    shutil.copytree(models, tmp_path / "models")
    folder = tmp_path / "models" / "spam_or_ham"
    weights = bytearray((folder / CLASSIFIER).read_bytes())
    weights[-2] ^= 1
    (folder / CLASSIFIER).write_bytes(weights)
    line = refusal(tmp_path / "out", models=str(tmp_path / "models"))
    assert CLASSIFIER in line
    assert "SHA-256" in line
