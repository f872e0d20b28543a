"""Faults at load, seen through AWS's runtime client: 503, then 200, in the same process."""

from __future__ import annotations

import json
import pickle
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serving.loading.artifacts import RetryPolicy
from serving.loading.model_loader import LoadTimeouts
from serving.service import ModelService
from spam_or_ham.handler import spam_or_ham

from tools.local_aws import fake_s3
from tools.local_aws.events import get, rest
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.runtime_api import LambdaProcess
from tools.local_aws.small_model import Files, path_of, place

LAMBDA_SRC = Path(__file__).parents[2] / "lambda_src"
VECTORIZER, CLASSIFIER = "tfidf_vectorizer.pkl", "naive_bayes_clf.pkl"
QUICK = LoadTimeouts(
    start=2.0,
    retry=2.0,
    back_off=0.0,
    retry_policy=RetryPolicy(attempt=0.2, pause=0.001, attempts=2),
)


@pytest.fixture
def s3() -> Iterator[FakeS3]:
    with FakeS3() as server:
        yield server


def _status(service: ModelService) -> Any:
    return service.handler(rest("free prize"), None)["statusCode"]


def test_a_changed_byte_is_503_and_nothing_is_unpickled(s3: FakeS3, files: Files) -> None:
    environ = place(s3, files)
    path = path_of(environ, VECTORIZER)
    intact = s3.objects[path]
    s3.objects[path] = intact[:100] + bytes([intact[100] ^ 1]) + intact[101:]
    with LambdaProcess(LAMBDA_SRC, "spam_or_ham.handler.handler", environ=environ) as process:
        refused = process.invoke(rest("free prize"))
        assert not refused.error
        assert refused.payload["statusCode"] == 503
        assert refused.payload["headers"]["Retry-After"] == "1"
        assert any("SHA-256" in line and VECTORIZER in line for line in process.lines)
        s3.objects[path] = intact
        end = time.monotonic() + 20
        while (answer := process.invoke(rest("free prize")).payload)["statusCode"] == 503:
            assert time.monotonic() < end
        assert answer["statusCode"] == 200
        assert process.init_error is None
        calls_before = len(s3.calls)
        for _ in range(5):
            process.invoke(rest("free prize"))
        process.invoke(get("/spamorham"))
        assert len(s3.calls) == calls_before  # one successful read per object per environment


class Bomb:
    """Leaves a trace when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def test_a_pickle_that_executes_is_refused_even_when_its_digest_is_pinned(
    s3: FakeS3, files: Files, tmp_path: Path
) -> None:
    trace = tmp_path / "executed"
    environ = place(s3, files | {CLASSIFIER: pickle.dumps(Bomb(trace), protocol=4)})
    assert _status(spam_or_ham(environ, QUICK)) == 503
    assert not trace.exists()


WRONG: dict[str, Any] = {
    "empty": lambda _: {VECTORIZER: b"\x80"},
    "HTML": lambda _: {VECTORIZER: b"<html>Not found</html>"},
    "compressed": lambda files: {CLASSIFIER: b"\x78\x9c" + files[CLASSIFIER]},
    "swapped": lambda files: {
        VECTORIZER: files[CLASSIFIER],
        CLASSIFIER: files[VECTORIZER],
    },
    "truncated": lambda files: {CLASSIFIER: files[CLASSIFIER][:-10]},
    "not JSON": lambda _: {"manifest.json": b"{"},
    "manifest is a list": lambda _: {"manifest.json": b"[]"},
    "another normalisation": lambda files: {
        "manifest.json": files["manifest.json"].replace(
            b'"normalisation": null', b'"normalisation": "v0"'
        )
    },
    "other golden labels": lambda files: {
        "manifest.json": files["manifest.json"].replace(
            b'"prediction": "spam"', b'"prediction": "ham"'
        )
    },
    "other golden probabilities": lambda files: {
        "manifest.json": files["manifest.json"].replace(b"0.", b"0.9")
    },
    "no golden answers": lambda _: {"manifest.json": b'{"golden": []}'},
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_model_is_503_and_says_why(
    s3: FakeS3, files: Files, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    service = spam_or_ham(place(s3, files | WRONG[name](files)), QUICK)
    assert _status(service) == 503
    line = json.loads(capsys.readouterr().out.splitlines()[0])
    assert line["message"] == "model not loaded"
    assert line["reason"]


def test_a_model_without_its_classifier_is_503(s3: FakeS3, files: Files) -> None:
    service = spam_or_ham(place(s3, {k: v for k, v in files.items() if k != CLASSIFIER}), QUICK)
    assert _status(service) == 503


FAULTS = {
    "403": fake_s3.error(403, "AccessDenied"),
    "404": fake_s3.error(404, "NoSuchKey"),
    "SlowDown": fake_s3.error(503, "SlowDown"),
    "reset": fake_s3.reset,
    "stalled": fake_s3.stalled(10),
    "truncated": fake_s3.truncated(10),
    "trickling": fake_s3.trickling(0.05),
    "flipped": fake_s3.flipped(50),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("file", [VECTORIZER, CLASSIFIER, "manifest.json"])
def test_recovers_from_every_fault_on_every_file(
    s3: FakeS3, files: Files, name: str, file: str
) -> None:
    environ = place(s3, files)
    path = path_of(environ, file)
    s3.always[path] = FAULTS[name]
    service = spam_or_ham(environ, QUICK)
    service.loader.start()
    assert _status(service) == 503
    s3.always.clear()
    assert _status(service) == 200


def test_bad_requests_are_told_so_without_a_model(s3: FakeS3, files: Files) -> None:
    environ = place(s3, files)
    s3.objects.clear()
    service = spam_or_ham(environ, QUICK)
    service.loader.start()
    assert service.handler(rest(""), None)["statusCode"] == 400
    # The load at init may still have reads under way; a second load would ask for a key again.
    paths = [call.path for call in s3.calls]
    assert len(paths) == len(set(paths))


def test_every_answer_names_the_model_it_came_from(s3: FakeS3, files: Files) -> None:
    environ = place(s3, files)
    service = spam_or_ham(environ, QUICK)
    assert _status(service) == 200
    # A new model is published: other objects, other digests; this environment keeps its own.
    place(s3, files | {"manifest.json": files["manifest.json"] + b"\n"})
    s3.objects = {k: v for k, v in s3.objects.items() if not k.endswith(".pkl")}
    answer = service.handler(rest("free prize"), None)
    assert answer["statusCode"] == 200
    assert json.loads(str(answer["body"]))["model"]["version"] == environ["MODEL_VERSION"]
