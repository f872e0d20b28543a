"""One model by both runtimes and from both places, at Function URLs: the answers must agree."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import joblib
import pytest
from sklearn.compose import make_column_transformer
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from model_training.adding import add as adding
from model_training.publishing.artifacts import read_manifest
from stacks.config.selection import SERVICE
from tests.integration.layers import layers_of_this_machine
from tools import PROJECT
from tools.local_aws.client import request
from tools.local_aws.emulator import Emulator, free_port
from tools.local_aws.failure import LocalRunFailed
from tools.local_aws.session import LocalServices, local_services

# Each a deployment. With every change tests/contract ask packaged models and scikit-learn's,
# tests/stacks look at both and refuse entries that do not fit, and clothes is deployed with layers.
pytestmark = pytest.mark.judge
NAME = "breast_cancer"
ALONE = {SERVICE: NAME}
MANIFEST = read_manifest(PROJECT / "build" / "models" / NAME)
ROWS = [golden["input"] for golden in MANIFEST["golden"]]


@pytest.fixture(scope="module")
def on_layers() -> Iterator[LocalServices]:
    """Breast cancer alone on another local AWS, by scikit-learn from layers."""
    layers_of_this_machine()
    with local_services(
        port=free_port(),
        logs=PROJECT / "build" / "logs" / "layers",
        context={**ALONE, f"runtime:{NAME}": "scikit-learn"},
    ) as services:
        yield services


@pytest.fixture(scope="module")
def by_scikit_learn(on_layers: LocalServices) -> dict[str, Any]:
    """What scikit-learn answered, before the next deployment."""
    return answers(on_layers.endpoints[NAME])


def answers(url: str) -> dict[str, Any]:
    """Every golden row's answer, explained, and how the model describes itself."""
    answer = request(f"{url}?explain=true", json.dumps(ROWS).encode())
    assert answer.status == 200, answer.body
    body: dict[str, Any] = json.loads(answer.body)
    return {**body, "described": json.loads(request(url).body)}


def function(emulator: Emulator) -> dict[str, Any]:
    """The deployed function's configuration."""
    settings = emulator.client_environment()
    client = boto3.client(
        "lambda",
        endpoint_url=emulator.url,
        region_name=settings["AWS_REGION"],
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
    )
    [resource] = [
        function
        for function in client.list_functions()["Functions"]
        if function["Handler"] == f"{NAME}.handler.handler"
    ]
    return dict(resource)


def agree(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Same predictions and labels, probabilities and contributions but for rounding."""
    assert one["prediction"] == other["prediction"]
    assert one["label"] == other["label"]
    assert one["model"] == other["model"]
    for here, there in zip(one["probabilities"], other["probabilities"], strict=True):
        assert here == pytest.approx(there, abs=1e-12, rel=0)
    for here, there in zip(one["explanation"], other["explanation"], strict=True):
        assert here == there


def test_scikit_learn_from_layers_agrees_with_the_portable_runtime(
    local: LocalServices, on_layers: LocalServices, by_scikit_learn: dict[str, Any]
) -> None:
    deployed = function(on_layers.emulator)
    assert deployed["Environment"]["Variables"]["MODEL_READER"] == "scikit_learn"
    assert len(deployed["Layers"]) == 3
    portable = answers(local.endpoints[NAME])
    assert portable["prediction"] == [golden["prediction"] for golden in MANIFEST["golden"]]
    agree(portable, by_scikit_learn)
    assert portable["described"]["runtime"] == "portable"
    assert by_scikit_learn["described"]["runtime"] == "scikit-learn"


def test_scikit_learn_refuses_what_the_portable_runtime_refuses(
    local: LocalServices, on_layers: LocalServices
) -> None:
    for body in (b"{}", b"[]", b"null", json.dumps({**ROWS[0], "worstArea": "1"}).encode()):
        here, there = (request(services.endpoints[NAME], body) for services in (local, on_layers))
        assert (here.status, here.body) == (there.status, there.body)
        assert here.status == 400


def test_from_its_own_package_it_agrees_and_needs_no_bucket(
    on_layers: LocalServices, by_scikit_learn: dict[str, Any]
) -> None:
    """An update of the same stack: another runtime, no layers, and the model in the zip."""
    endpoints = on_layers.deployment.deploy(context={**ALONE, f"model_location:{NAME}": "package"})
    assert endpoints[NAME] == on_layers.endpoints[NAME], "callers keep their URL"
    deployed = function(on_layers.emulator)
    assert not deployed.get("Layers")
    assert "MODEL_BUCKET" not in deployed["Environment"]["Variables"]
    empty_the_buckets(on_layers.emulator)
    agree(answers(endpoints[NAME]), by_scikit_learn)


def test_what_scikit_learn_alone_reads_is_served_from_layers(
    on_layers: LocalServices, tmp_path: Path
) -> None:
    """One that the portable runtime does not read, in the place of the service's own, added as a
    person adds it: a step chooses columns by name, of a frame, and pandas is in its layers."""
    pandas = pytest.importorskip("pandas")
    layers_of_this_machine("pandas")
    rows = pandas.DataFrame(ROWS)
    classes = [golden["prediction"] for golden in MANIFEST["golden"]]
    chosen = make_column_transformer((StandardScaler(), ["worstArea", "worstRadius"]))
    fitted = make_pipeline(chosen, GaussianProcessClassifier()).fit(rows, classes)
    joblib.dump(fitted, tmp_path / "model.joblib")
    rows.to_csv(tmp_path / "rows.csv", index=False)
    adding.run(
        NAME, [tmp_path / "model.joblib"], data=tmp_path / "rows.csv", target=None, text=None,
        labels=("benign", "malignant"), trust=False, project=tmp_path / "project",
    )  # fmt: skip
    models = tmp_path / "models"
    shutil.copytree(tmp_path / "project" / "model_training" / NAME / "trained", models / NAME)
    shutil.copytree(PROJECT / "build" / "models" / "spam_or_ham", models / "spam_or_ham")
    with pytest.raises(LocalRunFailed, match="portable runtime does not read the model"):
        on_layers.deployment.deploy(context={**ALONE, "models": str(models)})
    url = on_layers.deployment.deploy(
        context={**ALONE, "models": str(models), f"runtime:{NAME}": "scikit-learn"}
    )[NAME]
    assert len(function(on_layers.emulator)["Layers"]) == 4
    answer = json.loads(request(url, json.dumps(ROWS).encode()).body)
    assert answer["prediction"] == fitted.predict(rows).tolist()
    shares = [list(one.values()) for one in answer["probabilities"]]
    assert shares == pytest.approx(fitted.predict_proba(rows), abs=1e-9)
    assert request(f"{url}?explain=true", json.dumps(ROWS[0]).encode()).status == 400


def empty_the_buckets(emulator: Emulator) -> None:
    """Nothing is left to read, whoever may."""
    settings = emulator.client_environment()
    client = boto3.client(
        "s3",
        endpoint_url=emulator.url,
        region_name=settings["AWS_REGION"],
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
    )
    for bucket in client.list_buckets()["Buckets"]:
        for version in client.list_object_versions(Bucket=bucket["Name"]).get("Versions", []):
            client.delete_object(
                Bucket=bucket["Name"], Key=version["Key"], VersionId=version["VersionId"]
            )
