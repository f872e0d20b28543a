"""Downloads: left behind at the deadline, all from one object, begun before they are wanted."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from serving.loading import LoadError
from serving.loading.artifacts import (
    ModelSettings,
    RetryPolicy,
    begin,
    begin_at_init,
    change_threads_as_usual,
    reader,
    taken,
)

from tools.local_aws import fake_s3
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import place, place_bundle

FILES = {"a.pkl": b"first", "b.pkl": b"second", "manifest.json": b"{}"}


@pytest.fixture
def released() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_a_read_that_cannot_be_interrupted_is_left_behind(released: threading.Event) -> None:
    def stuck(_key: str, _size: int, _until: float) -> bytes:
        """As name resolution is, which knows no time-out."""
        released.wait(3)
        return b""

    deadline = time.monotonic() + 0.05
    settings = ModelSettings(place(FakeS3(), FILES))
    files = begin(settings, stuck, RetryPolicy(), deadline)
    with pytest.raises(LoadError, match=r"not fetched before the deadline"):
        files()
    assert not released.is_set()


def test_a_bundle_is_one_request_and_each_file_its_own() -> None:
    with FakeS3() as s3:
        environ = place(s3, FILES) | place_bundle(s3.objects, FILES, "spam_or_ham")
        settings = ModelSettings(environ)
        read = reader(settings, environ)
        assert begin(settings, read, RetryPolicy(), time.monotonic() + 5)() == FILES
        (call,) = s3.calls
        assert call.path.endswith("/bundle")
        s3.always[call.path] = fake_s3.flipped(3)
        with pytest.raises(LoadError, match="the bundle: its SHA-256 begins"):
            begin(settings, read, RetryPolicy(), time.monotonic() + 5)()


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ('{"bytes":3,"key":"k","sha256":"' + "0" * 64 + '"}', "another size than the artifacts"),
        ('{"bytes":3}', "MODEL_BUNDLE needs key"),
        ("[", "MODEL_BUNDLE is not a JSON object"),
    ],
)
def test_a_bundle_that_cannot_be_right_is_not_fetched(variable: str, said: str) -> None:
    with pytest.raises(LoadError, match=said):
        ModelSettings(place(FakeS3(), FILES) | {"MODEL_BUNDLE": variable})


def test_a_fetch_that_began_at_init_is_taken_up_once() -> None:
    with FakeS3() as s3:
        environ = {**place(s3, FILES), "AWS_LAMBDA_FUNCTION_NAME": "under-test"}
        begin_at_init(environ)
        assert taken({**environ}) is None, "begun with other variables"
        begun = taken(environ)
        assert begun is not None
        started, files = begun
        assert started <= time.monotonic()
        assert files() == FILES
        assert len(s3.calls) == len(FILES)
        assert taken(environ) is None


def test_nothing_begins_outside_of_lambda_or_without_a_model() -> None:
    for environ in (place(FakeS3(), FILES), {"AWS_LAMBDA_FUNCTION_NAME": "under-test"}):
        begin_at_init(environ)
        assert taken(environ) is None
    change_threads_as_usual()
