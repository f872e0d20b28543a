"""Runtime and model location are one word each: what they change in the template, and no more."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from stacks.config.published_model import PublishedModel
from stacks.config.services import SERVICES
from stacks.config.stages import STAGES
from stacks.constructs.inference_function import check_size
from stacks.packaging.layers.built import RECORD, BuiltLayer, BuiltLayers, layer_folder
from stacks.packaging.layers.libraries import SCIKIT_LEARN
from stacks.packaging.layers.size_gate import MOST_LAYERS, UNZIPPED_LIMIT, TooLarge
from stacks.packaging.layers.target import target_named
from tests.stacks.test_app import as_images, build_here, refusal
from tools.reliability.defects.assembly import Assembly, statements, synthesize

LAMBDA = target_named("lambda")
STACK = "BreastCancer"
NAME = "breast_cancer"
ON_ZIPS = [service for service in SERVICES if service.name in (NAME, "spam_or_ham")]


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> BuiltLayers:
    """Two layers of a few bytes."""
    folder = tmp_path_factory.mktemp("layers")
    made = []
    for digit, (package, release) in enumerate({"numpy": "2.4.6", "scikit-learn": "1.9.1"}.items()):
        with zipfile.ZipFile(folder / f"{package}.zip", "w") as archive:
            archive.writestr(f"python/{package}.py", "")
        made.append(
            BuiltLayer(
                name=package,
                file=folder / f"{package}.zip",
                content=str(digit) * 64,
                zipped=100,
                packages={package: release},
                parts={package: 100},
            )
        )
    return BuiltLayers(libraries=SCIKIT_LEARN, target=LAMBDA, layers=tuple(made), compiled_by=None)


@pytest.fixture(scope="module")
def on_layers(
    tmp_path_factory: pytest.TempPathFactory,
    published: dict[str, PublishedModel],
    layers: BuiltLayers,
) -> Assembly:
    """The development stage with breast cancer on layers, and its model in the zip."""
    changed = [
        service.configured(
            {f"runtime:{NAME}": "scikit-learn", f"model_location:{NAME}": "package"}.get
        )
        for service in ON_ZIPS
    ]
    read = replace(published[NAME], reader="scikit_learn")
    return synthesize(
        tmp_path_factory.mktemp("cdk-layers"),
        stage=STAGES["dev"],
        models={**published, NAME: read},
        services=changed,
        layers={NAME: layers},
    )


def function(assembly: Assembly, stack: str = STACK) -> dict[str, object]:
    properties: dict[str, object] = assembly.only(stack, "AWS::Lambda::Function", "Inference")[
        "Properties"
    ]
    return properties


def variables(assembly: Assembly) -> dict[str, object]:
    environment = assembly.only(STACK, "AWS::Lambda::Function", "Inference")["Properties"][
        "Environment"
    ]
    by_name: dict[str, object] = environment["Variables"]
    return by_name


def test_nothing_is_found(on_layers: Assembly) -> None:
    assert on_layers.error is None
    assert on_layers.findings() == set()


def test_layers_come_in_order_and_match_the_function(
    on_layers: Assembly, layers: BuiltLayers
) -> None:
    versions = on_layers.resources(STACK, "AWS::Lambda::LayerVersion")
    attached = function(on_layers)["Layers"]
    assert isinstance(attached, list)
    assert [on_layers.template(STACK)["Resources"][ref["Ref"]] for ref in attached] == [
        *versions.values()
    ]
    for resource, layer in zip(versions.values(), layers.layers, strict=True):
        properties = resource["Properties"]
        assert properties["CompatibleRuntimes"] == [function(on_layers)["Runtime"]]
        assert properties["CompatibleArchitectures"] == function(on_layers)["Architectures"]
        asset = on_layers.folder / f"asset.{properties['Content']['S3Key']}"
        assert asset.read_bytes() == layer.file.read_bytes()


def test_other_services_have_no_layers(dev: Assembly, on_layers: Assembly) -> None:
    assert dev.resources(STACK, "AWS::Lambda::LayerVersion") == {}
    assert "Layers" not in function(dev)
    assert "Layers" not in function(on_layers, "SpamOrHam")


def test_the_function_is_told(dev: Assembly, on_layers: Assembly) -> None:
    here, there = variables(dev), variables(on_layers)
    assert (here["MODEL_READER"], here["MODEL_LOCATION"]) == ("portable", "s3")
    assert (there["MODEL_READER"], there["MODEL_LOCATION"]) == ("scikit_learn", "package")
    assert set(here) - set(there) == {"MODEL_BUCKET", "MODEL_BUNDLE"}
    assert here["MODEL_ARTIFACTS"] == there["MODEL_ARTIFACTS"], "pinned wherever it lies"


def test_a_packaged_model_needs_no_bucket(
    on_layers: Assembly, published: dict[str, PublishedModel]
) -> None:
    [logs] = statements(on_layers.only(STACK, "AWS::IAM::Role", "Inference"))
    assert logs["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    code = on_layers.only(STACK, "AWS::Lambda::Function", "Inference")["Properties"]["Code"]
    asset = on_layers.folder / f"asset.{Path(code['S3Key']).stem}"
    model = published[NAME]
    assert {file.name for file in (asset / "model").iterdir()} == set(model.artifacts)
    for file in model.artifacts:
        assert (asset / "model" / file).read_bytes() == (model.folder / file).read_bytes()
    keys = on_layers.only("ModelStore", "Custom::PublishedModels")["Properties"]["Keys"]
    assert set(published["spam_or_ham"].keys) <= set(keys)
    assert not set(model.keys) & set(keys), "and is not published"


def test_where_every_model_is_packaged_the_publisher_may_put_nothing(
    tmp_path: Path, published: dict[str, PublishedModel]
) -> None:
    packaged = [replace(service, model_location="package") for service in ON_ZIPS]
    assembly = synthesize(tmp_path, stage=STAGES["dev"], models=published, services=packaged)
    assert assembly.error is None
    role = assembly.only("ModelStore", "AWS::IAM::Role", "Publisher")
    assert "s3:PutObject" not in str(list(statements(role)))
    assert assembly.findings() == set()


def test_function_and_layers_together_must_fit(tmp_path: Path, layers: BuiltLayers) -> None:
    code = tmp_path / "model.pkl"
    code.write_bytes(b"0123456789")
    numpy, learn = layers.layers
    for weight, name in ((UNZIPPED_LIMIT - 110, "fits"), (UNZIPPED_LIMIT - 109, "is too large")):
        heavy = replace(layers, layers=(replace(numpy, parts={"numpy.libs": weight}), learn))
        if name == "fits":
            check_size(NAME, {"model/model.pkl": code}, heavy)
        else:
            with pytest.raises(TooLarge, match=r"breast_cancer.*parts: numpy\.libs 250\.0 MB"):
                check_size(NAME, {"model/model.pkl": code}, heavy)
    many = replace(layers, layers=(numpy,) * (MOST_LAYERS + 1))
    with pytest.raises(TooLarge, match="6 layers; a function takes 5"):
        check_size(NAME, {}, many)


def test_a_function_without_layers_is_measured_too(tmp_path: Path) -> None:
    large = tmp_path / "large.pkl"
    with large.open("wb") as file:
        file.truncate(UNZIPPED_LIMIT + 1)
    with pytest.raises(TooLarge, match=r"The function spam.*the largest parts: model 250\.0 MB"):
        check_size("spam", {"model/large.pkl": large}, None)


def built(cache: Path, versions: dict[str, str]) -> None:
    """What `make layers` leaves, for layers that hold nothing."""
    folder = layer_folder(cache, SCIKIT_LEARN, LAMBDA)
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.writestr("python/nothing.py", "")
    entry = {
        "name": "all",
        "content": "0" * 64,
        "sha256": hashlib.sha256((folder / "all.zip").read_bytes()).hexdigest(),
        "packages": versions,
        "parts": {"nothing": 0},
    }
    (folder / RECORD).write_text(json.dumps({"compiled_by": None, "layers": [entry]}))


ON_LAYERS = {"service": NAME, f"runtime:{NAME}": "scikit-learn"}


@pytest.mark.parametrize("stage", ["dev", "local"])
def test_layers_that_are_not_built_stop_the_synthesis(
    models: Path, tmp_path: Path, stage: str
) -> None:
    """It says what to run, and downloads nothing by itself."""
    empty = tmp_path / "cache"
    context = {"models": str(models), "layers": str(empty), "stage": stage, **ON_LAYERS}
    line = refusal(tmp_path / "out", **context)
    assert "run: make layers" in line
    assert ("TARGET=here" in line) is (stage == "local")
    assert not empty.exists()


def test_layers_of_other_versions_stop_the_synthesis(models: Path, tmp_path: Path) -> None:
    context = {"models": str(models), "layers": str(tmp_path / "cache"), **ON_LAYERS}
    context |= as_images(but=NAME)
    trained = {name: version(name) for name in ("scikit-learn", "numpy")}
    built(tmp_path / "cache", {**trained, "numpy": "1.0"})
    line = refusal(tmp_path / "out", **context)
    assert f"trained with numpy {trained['numpy']} and its layers hold 1.0" in line
    shutil.rmtree(tmp_path / "cache")
    built(tmp_path / "cache", trained)
    build_here(tmp_path / "out", **context)


def test_an_unknown_runtime_is_refused(models: Path, tmp_path: Path) -> None:
    line = refusal(tmp_path / "out", models=str(models), **{f"runtime:{NAME}": "sklearn"})
    choices = "portable|scikit-learn|litert"
    assert line == f"There is no runtime 'sklearn': choose -c runtime:breast_cancer={choices}."


def test_a_model_that_only_scikit_learn_reads_says_so(models: Path, tmp_path: Path) -> None:
    for folder in models.iterdir():
        (tmp_path / "models" / folder.name).mkdir(parents=True)
        for file in folder.iterdir():
            (tmp_path / "models" / folder.name / file.name).write_bytes(file.read_bytes())
    path = tmp_path / "models" / NAME / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps({**manifest, "runtime": "scikit-learn"}))
    line = refusal(tmp_path / "out", models=str(tmp_path / "models"))
    assert "portable runtime does not read the model breast_cancer" in line
    assert "stacks/config/services/breast_cancer.py" in line
