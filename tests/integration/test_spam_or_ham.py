"""Spam or ham over HTTP: emulated gateway, real handler in its own process, model from S3."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from model_training.publishing.artifacts import read_manifest
from model_training.publishing.manifests import model_version
from tools import PROJECT
from tools.local_aws.client import request
from tools.local_aws.session import LocalServices

MODEL_FOLDER = PROJECT / "build" / "models" / "spam_or_ham"


def test_plain_text_is_answered_as_documented(spam_url: str) -> None:
    answer = request(spam_url, b"free entry! text WIN to 80082 to claim your prize")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    body = json.loads(answer.body)
    assert body["predictions"] == ["spam"]
    assert body["probabilities"][0]["spam"] > 0.99
    assert sum(body["probabilities"][0].values()) == pytest.approx(1)
    version = model_version(read_manifest(MODEL_FOLDER))
    assert body["model"] == {"name": "spam_or_ham", "version": version}
    assert answer.headers["x-model-version"] == version


def test_golden_messages_over_http_equal_scikit_learn(spam_url: str) -> None:
    golden = [entry for entry in read_manifest(MODEL_FOLDER)["golden"] if entry["input"].strip()]
    assert len(golden) >= 50
    with ThreadPoolExecutor(4) as pool:
        responses = list(pool.map(lambda entry: request(spam_url, entry["input"].encode()), golden))
    for entry, answer in zip(golden, responses, strict=True):
        body = json.loads(answer.body)
        assert body["predictions"] == [entry["prediction"]], entry["input"]
        assert body["probabilities"][0] == pytest.approx(entry["probabilities"], abs=1e-9, rel=0)


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        (b"", 400, "empty-body"),
        (b"   \r\n\t", 400, "empty-body"),
        (b"\xff\xfe\xfa", 400, "undecodable-text"),
        (b"a" * 70_000, 413, "body-too-large"),
    ],
    ids=["empty", "blank", "not UTF-8", "70 kB"],
)
def test_bad_bodies_are_refused_as_problems(
    spam_url: str, body: bytes, status: int, slug: str
) -> None:
    answer = request(spam_url, body, method="POST")
    problem = json.loads(answer.body)
    assert answer.status == status, problem
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["status"] == status
    assert problem["type"].endswith(f"/{slug}")
    assert {"title", "detail", "instance"} <= problem.keys()


def test_bytes_pass_the_gateway_unchanged(spam_url: str) -> None:
    text = "£1000 cash — naïve café, zażółć gęślą jaźń 🎉"
    as_text = json.loads(request(spam_url, text.encode()).body)
    as_json = json.loads(
        request(
            spam_url, json.dumps([text]).encode(), headers={"content-type": "application/json"}
        ).body
    )
    latin_1 = json.loads(
        request(
            spam_url,
            b"caf\xe9 prize",
            headers={"content-type": "text/plain; charset=iso-8859-1"},
        ).body
    )
    utf_8 = json.loads(request(spam_url, "café prize".encode()).body)
    assert as_text == as_json
    assert latin_1 == utf_8


def test_the_bucket_holds_the_pair_under_its_digests(local: LocalServices) -> None:
    bucket = local.deployment.output("ModelBucketName")
    for name, artifact in read_manifest(MODEL_FOLDER)["artifacts"].items():
        url = f"{local.emulator.url}/{bucket}/spam_or_ham/{artifact['sha256']}/{name}"
        assert request(url).body == (MODEL_FOLDER / name).read_bytes()
