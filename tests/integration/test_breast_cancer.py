"""The breast-cancer service over HTTP, at the Function URL of the local AWS."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from model_training.publishing.artifacts import read_manifest
from model_training.publishing.manifests import model_version
from tools import PROJECT
from tools.local_aws.client import request
from tools.local_aws.session import LocalServices

MODEL_FOLDER = PROJECT / "build" / "models" / "breast_cancer"
BENIGN = (
    '{"meanConcavePoints": 0.03821, "worstRadius": 14.97, "worstTexture": 24.64, '
    '"worstArea": 677.9, "worstConcavePoints": 0.1015}'
)
MALIGNANT = (
    '{"meanConcavePoints": 0.1471, "worstRadius": 25.38, "worstTexture": 17.33, '
    '"worstArea": 2019.0, "worstConcavePoints": 0.2654}'
)
INCOMPLETE = '{"meanConcavePoints": 0.03821, "worstRadius": 14.97, "worstTexture": 24.64}'


@pytest.fixture(scope="module")
def endpoint(local: LocalServices) -> str:
    return local.endpoints["breast_cancer"]


def _curl(url: str, body: str) -> tuple[str, dict[str, Any]]:
    """The status line's number and the body, as curl sees them."""
    command = ["curl", "--silent", "--noproxy", "*", "--write-out", "\n%{http_code}"]
    command += ["-X", "POST", "-H", "Content-Type: application/json", "-d", body, url]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    answer, _, status = ran.stdout.rpartition("\n")
    return status, json.loads(answer)


@pytest.mark.parametrize(("body", "prediction"), [(BENIGN, 0), (MALIGNANT, 1)])
def test_complete_payloads_are_answered(endpoint: str, body: str, prediction: int) -> None:
    status, answer = _curl(endpoint, body)
    assert status == "200"
    assert (answer["reason"], answer["prediction"], answer["status"]) == ("OK", prediction, "200")
    assert answer["label"] == ("benign", "malignant")[prediction]
    version = model_version(read_manifest(MODEL_FOLDER))
    assert answer["model"] == {"name": "breast_cancer", "version": version}


def test_an_incomplete_payload_is_refused_in_status_line_and_body(endpoint: str) -> None:
    assert _curl(endpoint, INCOMPLETE) == (
        "400",
        {
            "reason": "'body' must contain values for: meanConcavePoints, worstRadius, "
            "worstTexture, worstArea, worstConcavePoints",
            "prediction": "",
            "status": "400",
        },
    )


def test_golden_rows_over_http_equal_scikit_learn(endpoint: str) -> None:
    manifest = read_manifest(MODEL_FOLDER)
    rows = [golden["input"] for golden in manifest["golden"]]
    answer = json.loads(request(endpoint, json.dumps(rows).encode()).body)
    assert answer["prediction"] == [golden["prediction"] for golden in manifest["golden"]]
    for probabilities, golden in zip(answer["probabilities"], manifest["golden"], strict=True):
        expected = {manifest["classes"][key]: p for key, p in golden["probabilities"].items()}
        assert probabilities == pytest.approx(expected, abs=1e-9, rel=0)


def test_contributions_sum_to_the_score(endpoint: str) -> None:
    separator = "&" if "?" in endpoint else "?"
    answer = json.loads(request(f"{endpoint}{separator}explain=true", MALIGNANT.encode()).body)
    explanation = answer["explanation"]
    parts = sum(part["contribution"] for part in explanation["fields"])
    assert explanation["base"] + parts == pytest.approx(explanation["score"], abs=1e-9)
    assert explanation["score"] > 0


def test_the_model_describes_itself(endpoint: str) -> None:
    described = json.loads(request(endpoint).body)
    assert described["classes"] == {"0": "benign", "1": "malignant"}
    assert request(endpoint, b"{}", method="PUT").status == 405
