"""Models that must not be served, runtimes that disagree, and models that travel in the zip."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from serving.loading import LoadError
from serving.loading.artifacts import RetryPolicy
from serving.loading.model_loader import LoadTimeouts
from serving.loading.package import PackageReader
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from model_training.publishing.pickling import dumps
from tests.harness.small_tabular_model import PATIENTS, small_tabular_model
from tests.unit.breast_cancer.conftest import breast_cancer
from tools.local_aws.events import url
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import Files, pinned, place

QUICK = LoadTimeouts(back_off=0.0, retry_policy=RetryPolicy(attempts=1))
PICKLE = "gradient_boosting_clf.pkl"
FIELD = {"name": "a", "type": "number", "minimum": 0, "maximum": 1}


def answered(files: Files, runtime: str = "portable", **event: Any) -> dict[str, Any]:
    with FakeS3() as s3:
        environ = {**place(s3, files, "breast_cancer"), "MODEL_READER": runtime}
        service = breast_cancer(environ, timeouts=QUICK)
        return service.handler(url(json.dumps(PATIENTS[1]), "/", **event), None)


def reason(capsys: pytest.CaptureFixture[str]) -> str:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (line,) = (line for line in lines if line["message"] == "model not loaded")
    return str(line["reason"])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"fields": []}, "declares no fields"),
        ({"fields": None}, "declares no fields"),
        ({"fields": [FIELD] * 5}, "same name"),
        ({"fields": [{**FIELD, "name": c, "minimum": "0"} for c in "abcde"]}, "lacks a minimum"),
        ({"fields": [{**FIELD, "name": c, "minimum": 2} for c in "abcde"]}, "range of a"),
        ({"fields": [FIELD]}, "takes 5"),
        ({"labels": [1, 0]}, "labels are not the model's"),
        ({"labels": ["0", "1"]}, "labels are not the model's"),
        ({"classes": {"0": "benign"}}, "classes means"),
        ({"golden": []}, "no golden answers"),
        ({"trained_with": {}}, ""),
    ],
)  # fmt: skip
def test_a_manifest_that_does_not_fit_is_503_and_says_why(
    files: Files, capsys: pytest.CaptureFixture[str], changes: dict[str, Any], said: str
) -> None:
    manifest = {**json.loads(files["manifest.json"]), **changes}
    answer = answered({**files, "manifest.json": json.dumps(manifest).encode()})
    if not said:  # of no importance to the portable runtime
        assert answer["statusCode"] == 200
        return
    assert answer["statusCode"] == 503
    logged = reason(capsys)
    assert any(part in logged for part in said.split("|")), logged


@pytest.mark.parametrize("runtime", ["portable", "scikit_learn"])
@pytest.mark.parametrize("member", ["prediction", "probabilities"])
def test_other_golden_answers_are_503(
    files: Files, capsys: pytest.CaptureFixture[str], runtime: str, member: str
) -> None:
    manifest = json.loads(files["manifest.json"])
    entry = manifest["golden"][0]
    entry |= {"prediction": 1 - entry["prediction"]} if member == "prediction" else {
        "probabilities": {key: value + 1e-6 for key, value in entry["probabilities"].items()}
    }  # fmt: skip
    answer = answered({**files, "manifest.json": json.dumps(manifest).encode()}, runtime)
    assert answer["statusCode"] == 503
    assert "golden" in reason(capsys)


@pytest.mark.parametrize("library", ["scikit-learn", "numpy"])
def test_a_library_of_another_version_than_trained_is_503(
    files: Files, capsys: pytest.CaptureFixture[str], library: str
) -> None:
    manifest = json.loads(files["manifest.json"])
    manifest["trained_with"][library] = "0.1"
    changed = {**files, "manifest.json": json.dumps(manifest).encode()}
    assert answered(changed, "scikit_learn")["statusCode"] == 503
    logged = reason(capsys)
    assert logged.startswith(library)
    assert "0.1 has trained the model" in logged


def test_an_unknown_runtime_is_503(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    assert answered(files, "onnx")["statusCode"] == 503
    assert "MODEL_READER" in reason(capsys)


def test_a_library_no_layer_holds_is_503_and_named(
    files: Files, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "joblib", None)
    monkeypatch.delitem(sys.modules, "serving.runtimes.scikit_learn", raising=False)
    monkeypatch.delattr("serving.runtimes.scikit_learn", raising=False)
    assert answered(files, "scikit_learn")["statusCode"] == 503
    assert reason(capsys) == "no layer holds what scikit-learn needs: joblib"


def test_more_than_one_pickle_is_503(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    assert answered({**files, "second.pkl": files[PICKLE]})["statusCode"] == 503
    assert "in which order its artifacts" in reason(capsys)


def test_another_estimator_by_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    process = small_tabular_model(GaussianProcessClassifier())
    assert answered(process, "scikit_learn")["statusCode"] == 200
    response = answered(process, "scikit_learn", queryStringParameters={"explain": "true"})
    assert response["statusCode"] == 400
    assert "no contributions" in json.loads(response["body"])["reason"]
    capsys.readouterr()
    assert answered(process, "portable")["statusCode"] == 503
    assert "GaussianProcessClassifier', which the portable runtime does not load" in reason(capsys)


def test_an_estimator_without_the_recorded_probabilities_is_503(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    ridge = RidgeClassifier().fit([[0] * 5, [1] * 5], [0, 1])
    assert answered({**files, PICKLE: dumps(ridge)}, "scikit_learn")["statusCode"] == 503
    assert "does not give its golden answers" in reason(capsys)


@pytest.mark.parametrize("runtime", ["portable", "scikit_learn"])
def test_a_pipeline_is_explained_by_its_features(runtime: str) -> None:
    model = small_tabular_model(make_pipeline(StandardScaler(), LogisticRegression()))
    answer = answered(model, runtime, queryStringParameters={"explain": "true"})
    body = json.loads(answer["body"])
    assert {part["field"] for part in body["explanation"]["fields"]} == set(PATIENTS[0])


@pytest.mark.parametrize("runtime", ["portable", "scikit_learn"])
@pytest.mark.parametrize("first", ["passthrough", StandardScaler()])
@pytest.mark.parametrize("named", [False, True])
def test_contributions_are_told_by_place_whatever_the_columns_are_called(
    runtime: str, first: Any, named: bool
) -> None:
    """In training they may be called as scikit-learn calls nameless ones, and counted from 1."""
    names = [f"x{index}" for index in range(1, 6)]
    estimator = make_pipeline(first, LogisticRegression(max_iter=5000))
    files = small_tabular_model(estimator)
    expected = explained(files, runtime)
    manifest = json.loads(files["manifest.json"])
    for name, field in zip(names, manifest["fields"], strict=True):
        field["column"] = name
    if named:
        for step in estimator[first == "passthrough" :]:
            step.feature_names_in_ = np.array(names, dtype=object)
    changed = {PICKLE: dumps(estimator), "manifest.json": json.dumps(manifest).encode()}
    assert explained(changed, runtime) == expected


@pytest.mark.parametrize("runtime", ["portable", "scikit_learn"])
@pytest.mark.parametrize("kind", [bool, float])
def test_labels_are_answered_as_they_were_in_training(runtime: str, kind: type) -> None:
    """Not 1 for True: a caller who compares types would see another label."""
    estimator = make_pipeline(StandardScaler(), LogisticRegression())
    files = small_tabular_model(estimator)
    estimator[-1].classes_ = estimator[-1].classes_.astype(kind)
    manifest = json.loads(files["manifest.json"])
    names = {str(label_): str(kind(label_)) for label_ in (0, 1)}
    manifest["labels"] = [kind(label) for label in manifest["labels"]]
    manifest["classes"] = {names[label]: meaning for label, meaning in manifest["classes"].items()}
    for golden in manifest["golden"]:
        golden["prediction"] = kind(golden["prediction"])
        golden["probabilities"] = {
            names[label]: share for label, share in golden["probabilities"].items()
        }
    changed = {PICKLE: dumps(estimator), "manifest.json": json.dumps(manifest).encode()}
    answer = json.loads(answered(changed, runtime)["body"])
    assert json.dumps(answer["prediction"]) == json.dumps(kind(1))
    assert answer["label"] == "malignant"


def explained(files: Files, runtime: str) -> dict[str, float]:
    answer = answered(files, runtime, queryStringParameters={"explain": "true"})
    fields = json.loads(answer["body"])["explanation"]["fields"]
    return {part["field"]: part["contribution"] for part in fields}


def test_a_model_in_the_package_needs_no_s3(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    monkeypatch.setattr("serving.loading.package.FOLDER", str(tmp_path))
    environ = {**pinned(files, "breast_cancer"), "MODEL_LOCATION": "package"}
    service = breast_cancer(environ, timeouts=QUICK)
    body = url(json.dumps(PATIENTS[1]), "/")
    assert service.handler(body, None)["statusCode"] == 200
    changed = bytes([files[PICKLE][0], files[PICKLE][1] ^ 1]) + files[PICKLE][2:]
    (tmp_path / PICKLE).write_bytes(changed)
    assert breast_cancer(environ, timeouts=QUICK).handler(body, None)["statusCode"] == 503


def test_package_reader_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "a.pkl").write_bytes(b"12345")
    reader = PackageReader(str(tmp_path))
    assert reader("any/prefix/a.pkl", 5, 0.0) == b"12345"
    for size in (4, 6):
        with pytest.raises(LoadError, match="another length"):
            reader("any/prefix/a.pkl", size, 0.0)
    with pytest.raises(LoadError, match="not in the function's package: FileNotFoundError"):
        reader("any/prefix/b.pkl", 5, 0.0)


def test_another_location_is_named(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    environ = {**pinned(files, "breast_cancer"), "MODEL_LOCATION": "disk"}
    service = breast_cancer(environ, timeouts=QUICK)
    assert service.handler(url("{}", "/"), None)["statusCode"] == 503
    assert "MODEL_LOCATION" in reason(capsys)
