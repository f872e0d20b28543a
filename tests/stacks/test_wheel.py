"""What is installed of this repository: one construct for somebody else's app."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from sklearn.linear_model import LogisticRegression

from model_training.publishing import artifacts, manifests
from stacks.config.stages import STAGES
from stacks.constructs.model_endpoint import FLAGS, ModelEndpoint
from stacks.packaging.checked_model import RefusedModel
from tests.stacks.test_gates import ACCOUNT_ROLE
from tools import PROJECT
from tools.reliability.defects.assembly import Assembly

APP = """
import sys
import aws_cdk as cdk
from model_api_on_lambda import FunctionUrl, ModelEndpoint, register_gates

app = cdk.App()
register_gates(app)
stack = cdk.Stack(app, "Cellar")
wine = ModelEndpoint(stack, "Wine", model="models/wine", route="/wine")
ModelEndpoint(stack, "Own", model="models/wine", route=FunctionUrl(), bucket=wine.bucket)
app.synth()
ours = {"stacks", "serving", "portable", "batch", "tools", "model_training"}
print(sorted(ours & sys.modules.keys()))
"""


def wine(folder: Path) -> dict[str, Any]:
    """Publishes a small model of two fields, and gives its manifest."""
    rows = [[float(acid), float(sugar)] for acid in range(8) for sugar in range(8)]
    classifier = LogisticRegression().fit(rows, [int(a > s) for a, s in rows])
    golden = [
        {
            "input": dict(zip(("acid", "sugar"), row, strict=True)),
            "prediction": int(classifier.predict([row])[0]),
            "probabilities": dict(
                zip("01", classifier.predict_proba([row])[0].tolist(), strict=True)
            ),
        }
        for row in rows
    ]
    field = {"type": "number", "description": "", "unit": "g/l", "minimum": 0.0, "maximum": 7.0,
             "required": True, "nullable": False, "typical": 3.5}  # fmt: skip
    manifest = {
        "schema": manifests.SCHEMA, "kind": "fields", "name": "wine", "runtime": "portable",
        "labels": [0, 1], "fields": [{"name": name, **field} for name in ("acid", "sugar")],
        "golden": golden,
    }  # fmt: skip
    artifacts.write(folder, {"clf.pkl": pickle.dumps(classifier, protocol=4)}, manifest)
    return manifest


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an app, a model, and an environment with what is installed of this one."""
    folder = tmp_path_factory.mktemp("app")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=PROJECT, check=True, capture_output=True)
    venv.create(folder / "env", with_pip=False)
    [wheel] = folder.glob("*.whl")
    scheme = {"base": str(folder / "env"), "platbase": str(folder / "env")}
    packages = Path(sysconfig.get_path("purelib", scheme="venv", vars=scheme))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    # The libraries that the wheel asks for, as they are here.
    libraries = [place for place in sys.path if place.endswith("site-packages")]
    (packages / "here.pth").write_text("\n".join(libraries))
    (folder / "app.py").write_text(APP)
    # Folders of an app may be called as ours are.
    for name in ("stacks", "tools"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text("raise SystemExit('not this one')")
    wine(folder / "models" / "wine")
    return folder


@pytest.fixture(scope="module")
def synthesized(app: Path) -> tuple[Assembly, str]:
    """What the app's synthesis wrote, and what it printed."""
    environ = {
        "PATH": os.environ["PATH"],
        "NODE_OPTIONS": os.environ.get("NODE_OPTIONS", ""),
        "CDK_OUTDIR": str(app / "cdk.out"),
        "CDK_CONTEXT_JSON": json.dumps(dict.fromkeys(FLAGS, True)),
    }
    python = app / "env/bin/python"
    finished = subprocess.run(
        [python, "app.py"], cwd=app, env=environ, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return Assembly(app / "cdk.out"), finished.stdout


def test_an_app_of_ten_lines_passes_the_gates(synthesized: tuple[Assembly, str]) -> None:
    assembly, _ = synthesized
    assert assembly.findings() == set()
    api = "/Cellar/Wine/Served/Endpoint/Api"
    assert {place for rule, place in assembly.acknowledged() if rule != ACCOUNT_ROLE[0]} == {
        f"{api}/DeploymentStage.v1",
        *(f"{api}/Default/{each}" for each in ("wine/ANY", "wine/POST", "openapi.json/ANY")),
        f"{api}/Default/ANY",
    }


@pytest.mark.judge
def test_cfn_lint_has_nothing_to_say_of_it(synthesized: tuple[Assembly, str]) -> None:
    assembly, _ = synthesized
    templates = [str(file) for file in assembly.folder.glob("*.template.json")]
    lint = [Path(sys.executable).with_name("cfn-lint"), "--", *templates]
    linted = subprocess.run(lint, capture_output=True, text=True, check=False)
    assert (linted.returncode, linted.stdout, len(templates)) == (0, "", 1)


def test_what_it_deploys_serves_the_model_and_describes_it(
    app: Path, synthesized: tuple[Assembly, str]
) -> None:
    assembly, _ = synthesized
    version = manifests.model_version(artifacts.read_manifest(app / "models/wine"))
    for part, type_ in (("Wine", "ApiGateway::RestApi"), ("Own", "Lambda::Url")):
        assert len(assembly.resources("Cellar", f"AWS::{type_}", part)) == 1
        function = assembly.only("Cellar", "AWS::Lambda::Function", f"{part}ServedInference")
        variables = function["Properties"]["Environment"]["Variables"]
        assert variables["MODEL_VERSION"] == version
    assert len(assembly.resources("Cellar", "Custom::PublishedModels")) == 2
    assert len(assembly.resources("Cellar", "AWS::S3::Bucket")) == 2, "one, and its access log"
    [model] = assembly.resources("Cellar", "AWS::ApiGateway::Model").values()
    assert '"sugar": {"type": "number"' in json.dumps(model["Properties"]["Schema"])
    documents = [json.loads(file.read_text()) for file in assembly.folder.rglob("openapi.json")]
    assert {next(iter(document["paths"])) for document in documents} == {"/wine", "/"}


def test_nothing_but_the_one_name_is_importable(synthesized: tuple[Assembly, str]) -> None:
    _, printed = synthesized
    assert printed.splitlines()[-1] == "[]"


def test_what_cannot_be_served_is_said_in_a_sentence(tmp_path: Path) -> None:
    manifest = wine(tmp_path / "wine")
    scope = cdk.Stack(cdk.App(context=dict.fromkeys(FLAGS, True)), "Cellar")
    with pytest.raises(RefusedModel, match=r"model folder .*/beer does not exist; train or"):
        ModelEndpoint(scope, "Missing", model=tmp_path / "beer")
    (tmp_path / "wine" / "clf.pkl").write_bytes(b"\x80other")
    with pytest.raises(RefusedModel, match=r"is not the file its manifest names"):
        ModelEndpoint(scope, "Changed", model=tmp_path / "wine")
    assert manifest["name"] == "wine"
    bare = cdk.Stack(cdk.App(), "Bare")
    with pytest.raises(RefusedModel, match=rf'add to the context in cdk\.json "{FLAGS[0]}": true'):
        ModelEndpoint(bare, "Wine", model=tmp_path / "wine")
    prod = replace(STAGES["prod"], name="prod")
    with pytest.raises(RefusedModel, match="route path 'wine' must be"):
        ModelEndpoint(scope, "Route", model=tmp_path / "wine", route="wine", stage=prod)
