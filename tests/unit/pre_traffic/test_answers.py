"""The hook before traffic asks the real handler, as Lambda would hand it the event."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pre_traffic import handler as hook
from spam_or_ham.handler import spam_or_ham

from model_training.publishing import manifests
from stacks.config.published_model import Artifact, PublishedModel
from stacks.config.services import SERVICES
from stacks.packaging.golden import golden_file
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import place, small_model

SPAM = next(service for service in SERVICES if service.name == "spam_or_ham")
Published = dict[str, Any]


class Functions:
    """Lambda's client, for the one function that runs in this process."""

    def __init__(self, answer: Callable[[Any, Any], Any], error: str | None = None) -> None:
        self._answer = answer
        self._error = error
        self.events: list[dict[str, Any]] = []

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        assert FunctionName == "spam:7"
        self.events.append(json.loads(Payload))
        if self._error:
            payload: Any = {"errorType": self._error}
            return {
                "FunctionError": "Unhandled",
                "Payload": io.BytesIO(json.dumps(payload).encode()),
            }
        payload = self._answer(self.events[-1], None)
        return {"Payload": io.BytesIO(json.dumps(payload).encode())}


@pytest.fixture
def published(tmp_path: Path) -> Published:
    """The golden file of the small model."""
    files = small_model()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    manifest = json.loads(files[manifests.MANIFEST])
    model = PublishedModel(
        name=SPAM.name,
        version=manifests.model_version(manifest),
        kind="text",
        reader="portable",
        folder=tmp_path,
        artifacts={name: Artifact(sha256="0" * 64, bytes=len(files[name])) for name in files},
    )
    content = golden_file(SPAM, model)
    assert isinstance(content, bytes)
    written: Published = json.loads(content)
    return written


@pytest.fixture
def functions(published: Published) -> Functions:
    """The function with the small model, loaded from a fake S3."""
    with FakeS3() as s3:
        environ = {**place(s3, small_model()), "MODEL_VERSION": published["model_version"]}
        service = spam_or_ham(environ)
        service.loader.ensure()
    return Functions(service.handler)


def outcome(
    functions: Functions, published: Published, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> str | None:
    (folder / hook.GOLDEN).write_text(json.dumps(published))
    monkeypatch.setattr(hook, "_FOLDER", folder)
    return hook.wrong(functions, "spam:7")


def test_a_version_that_answers_as_published_passes(
    functions: Functions, published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert outcome(functions, published, tmp_path, monkeypatch) is None
    asked = [text for e in functions.events for text in json.loads(e["body"])["instances"]]
    assert asked == [entry["input"] for entry in published["golden"]]
    assert len(asked) >= 6


def another_label(published: Published) -> None:
    last = published["golden"][-1]
    last["predicted"] = "spam" if last["predicted"] == "ham" else "ham"


def another_probability(published: Published) -> None:
    published["golden"][2]["probabilities"]["spam"] += 2e-6


def another_class(published: Published) -> None:
    published["golden"][0]["probabilities"]["eggs"] = 0.0


def another_model(published: Published) -> None:
    published["model_version"] = "0" * 12


def another_path(published: Published) -> None:
    published["golden"][0]["input"] = 7


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (another_label, "golden input 5 is not answered as published"),
        (another_probability, "golden input 2 is not answered as published"),
        (another_class, "golden input 0 is not answered as published"),
        (another_model, "where 000000000000 was published"),
        (another_path, "answers a golden input with status 4"),
    ],
)
def test_a_version_that_does_not_is_refused(
    functions: Functions,
    published: Published,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Published], None],
    said: str,
) -> None:
    changed = copy.deepcopy(published)
    change(changed)
    assert said in str(outcome(functions, changed, tmp_path, monkeypatch))


def test_a_version_that_cannot_be_asked_is_refused(
    published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / hook.GOLDEN).write_text(json.dumps(published))
    monkeypatch.setattr(hook, "_FOLDER", tmp_path)
    nobody = {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
    }
    for name, value in nobody.items():
        monkeypatch.setenv(name, value)
    answered = hook.handler({"target": "spam:7"}, None)
    reason = "the version could not be asked: EndpointConnectionError"
    assert answered == {"status": "Failed", "reason": reason}


def test_a_version_that_crashes_or_answers_no_http_is_refused(
    published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashing = Functions(lambda *_: None, error="Runtime.ExitError")
    said = outcome(crashing, published, tmp_path, monkeypatch)
    assert said == "the version ended with an error: Runtime.ExitError"
    said = outcome(Functions(lambda *_: "hello"), published, tmp_path, monkeypatch)
    assert said == "the version answers something that is no HTTP response"
