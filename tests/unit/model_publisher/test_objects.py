"""Files go under keys that their digests make, checked on this side and by S3."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import boto3
import pytest
from botocore.stub import Stubber
from model_publisher.objects import PublicationError, publish

CONTENTS = {"tfidf_vectorizer.pkl": b"terms", "naive_bayes_clf.pkl": b"weights"}


@pytest.fixture
def artifacts(tmp_path: Path) -> Path:
    folder = tmp_path / "artifacts"
    (folder / "spam_or_ham").mkdir(parents=True)
    for name, content in CONTENTS.items():
        (folder / "spam_or_ham" / name).write_bytes(content)
    return folder


def key(name: str, content: bytes | None = None) -> str:
    digest = hashlib.sha256(CONTENTS[name] if content is None else content).hexdigest()
    return f"spam_or_ham/{digest}/{name}"


def stubbed() -> tuple[object, Stubber]:
    client = boto3.client(
        "s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    return client, Stubber(client)


def expect_put(stub: Stubber, name: str, *, denied: bool = False) -> None:
    content = CONTENTS[name]
    parameters = {
        "Bucket": "models",
        "Key": key(name),
        "Body": content,
        "ChecksumSHA256": base64.b64encode(hashlib.sha256(content).digest()).decode(),
    }
    if denied:
        stub.add_client_error("put_object", "AccessDenied", expected_params=parameters)
    else:
        stub.add_response("put_object", {}, parameters)


def test_puts_every_file_with_its_checksum(artifacts: Path) -> None:
    client, stub = stubbed()
    for name in CONTENTS:
        expect_put(stub, name)
    with stub:
        publish(client, "models", [key(name) for name in CONTENTS], folder=artifacts)
    stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (key("naive_bayes_clf.pkl", b"other weights"), "SHA-256"),
        ("spam_or_ham/" + "0" * 64 + "/missing.pkl", "carries no file"),
        ("naive_bayes_clf.pkl", "not of the form"),
        ("../" + "0" * 64 + "/naive_bayes_clf.pkl", "not of the form"),
        ("spam_or_ham//naive_bayes_clf.pkl", "not of the form"),
    ],
)
def test_one_bad_key_keeps_everything_out(artifacts: Path, bad: str, said: str) -> None:
    client, stub = stubbed()
    with stub, pytest.raises(PublicationError, match=said) as caught:
        publish(client, "models", [key("tfidf_vectorizer.pkl"), bad], folder=artifacts)
    assert str(caught.value).endswith((".", "again."))


def test_waits_for_a_permission_that_is_still_spreading(artifacts: Path) -> None:
    client, stub = stubbed()
    pauses: list[float] = []
    for denied in (True, True, False):
        expect_put(stub, "naive_bayes_clf.pkl", denied=denied)
    with stub:
        publish(
            client, "models", [key("naive_bayes_clf.pkl")], folder=artifacts, pause=pauses.append
        )
    assert pauses == [1.0, 2.0]


def test_a_permission_that_never_comes_is_named(artifacts: Path) -> None:
    client, stub = stubbed()
    pauses: list[float] = []
    for _ in range(6):
        expect_put(stub, "naive_bayes_clf.pkl", denied=True)
    with stub, pytest.raises(PublicationError, match=r"may not put spam_or_ham/.*naive_bayes"):
        publish(
            client, "models", [key("naive_bayes_clf.pkl")], folder=artifacts, pause=pauses.append
        )
    assert sum(pauses) == 31


def test_other_refusals_are_not_tried_again(artifacts: Path) -> None:
    client, stub = stubbed()
    stub.add_client_error("put_object", "NoSuchBucket")
    with stub, pytest.raises(Exception, match="NoSuchBucket"):
        publish(client, "models", [key("naive_bayes_clf.pkl")], folder=artifacts, pause=pytest.fail)
