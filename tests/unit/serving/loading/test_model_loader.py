"""Loading: once, under a deadline, told and tried again where it failed."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping

import pytest
from serving.http.problems import Problem
from serving.loading import LoadError
from serving.loading.artifacts import RetryPolicy, begin_at_init
from serving.loading.model_loader import LoadTimeouts, ModelLoader

from tools.local_aws import fake_s3
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.raw_http import Call
from tools.local_aws.small_model import Files, path_of, place

FILES: Files = {
    "model.pkl": b"\x80\x04" + b"weights" * 100,
    "manifest.json": b'{"schema": 2, "kind": "text"}',
}


class Built:
    """Stands for a predictor: remembers what it was built of, or refuses it."""

    def __init__(self) -> None:
        self.calls: list[dict[str, bytes]] = []
        self.refusal: Exception | None = None

    def __call__(self, files: Mapping[str, bytes]) -> None:
        self.calls.append(dict(files))
        if self.refusal:
            raise self.refusal


@pytest.fixture
def s3() -> Iterator[FakeS3]:
    with FakeS3() as server:
        yield server


@pytest.fixture
def built() -> Built:
    return Built()


def _model(built: Built, environ: dict[str, str], back_off: float = 0.0) -> ModelLoader:
    retry_policy = RetryPolicy(attempt=0.1, pause=0.001, attempts=2)
    timeouts = LoadTimeouts(start=2.0, retry=1.0, back_off=back_off, retry_policy=retry_policy)
    return ModelLoader(lambda: built, environ, timeouts)


def _last_line(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert isinstance(line, dict)
    return line


def test_loads_once_and_keeps(s3: FakeS3, built: Built) -> None:
    model = _model(built, place(s3, FILES))
    model.start()
    for _ in range(5):
        model.ensure()
    assert built.calls == [FILES]
    assert len(s3.calls) == len(FILES)


def test_threads_change_often_until_the_model_is_there(s3: FakeS3, built: Built) -> None:
    usual, seen = sys.getswitchinterval(), []

    def prepare() -> Built:
        seen.append(sys.getswitchinterval())
        return built

    environ = {**place(s3, FILES), "AWS_LAMBDA_FUNCTION_NAME": "under-test"}
    for refusal in (None, LoadError("is refused")):
        built.refusal = refusal
        begin_at_init(environ)
        ModelLoader(prepare, environ).start()
        assert sys.getswitchinterval() == usual
    assert max(seen) < usual / 10
    assert built.calls == [FILES, FILES]


def test_loads_at_the_first_request_where_init_did_not(s3: FakeS3, built: Built) -> None:
    _model(built, place(s3, FILES)).ensure(remaining=5.0)
    assert built.calls == [FILES]


def test_fetches_in_parallel(s3: FakeS3, built: Built) -> None:
    environ = place(s3, FILES)
    for name in FILES:
        # Each is held back until both have been asked for.
        def together(server: FakeS3, call: Call, body: bytes) -> None:
            while len(server.calls) < 2:
                server.wait(0.001)
            call.answer(200, body)

        s3.faults[path_of(environ, name)] = [together]
    _model(built, environ).ensure()
    assert built.calls == [FILES]


def test_a_failed_load_is_503_at_once_until_the_back_off_is_over(
    s3: FakeS3, built: Built, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = place(s3, FILES)
    path = path_of(environ, "model.pkl")
    s3.always[path] = fake_s3.error(403, "AccessDenied")
    model = _model(built, environ, back_off=3_600.0)
    model.start()
    line = _last_line(capsys)
    assert line["reason"] == "model.pkl: S3 answered 403 AccessDenied"
    calls_before = len(s3.calls)
    for _ in range(3):
        with pytest.raises(Problem) as caught:
            model.ensure()
        assert caught.value.type.status == 503
        assert caught.value.headers["Retry-After"] == "3600"
    assert len(s3.calls) == calls_before
    assert built.calls == []


def test_recovers_in_the_same_process(s3: FakeS3, built: Built) -> None:
    environ = place(s3, FILES)
    path = path_of(environ, "model.pkl")
    s3.always[path] = fake_s3.flipped(5)
    model = _model(built, environ)
    model.start()
    with pytest.raises(Problem):
        model.ensure()
    assert built.calls == []
    del s3.always[path]
    model.ensure()
    assert built.calls == [FILES]


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        (ValueError("The pickle names os.system."), "The pickle names os.system."),
        (MemoryError(), "unexpected"),
        (KeyError("secret of the model"), "unexpected"),
        (RecursionError("deep"), "unexpected"),
    ],
)
def test_a_refused_artifact_is_a_failed_load(
    s3: FakeS3,
    built: Built,
    capsys: pytest.CaptureFixture[str],
    refusal: Exception,
    reason: str,
) -> None:
    built.refusal = refusal
    model = _model(built, place(s3, FILES))
    with pytest.raises(Problem):
        model.ensure()
    line = _last_line(capsys)
    assert (line["error"], line["reason"]) == (type(refusal).__name__, reason)
    built.refusal = None
    model.ensure()


def test_an_import_that_fails_is_a_failed_load(s3: FakeS3) -> None:
    def prepare() -> Built:
        raise ModuleNotFoundError("No module named 'portable'")

    with pytest.raises(Problem):
        ModelLoader(prepare, place(s3, FILES)).ensure()


BROKEN: dict[str, tuple[dict[str, str], str]] = {
    "no bucket": ({"MODEL_BUCKET": ""}, "MODEL_BUCKET"),
    "no artifacts": ({"MODEL_ARTIFACTS": ""}, "MODEL_ARTIFACTS"),
    "artifacts are a list": ({"MODEL_ARTIFACTS": "[]"}, "MODEL_ARTIFACTS"),
    "artifacts are empty": ({"MODEL_ARTIFACTS": "{}"}, "MODEL_ARTIFACTS"),
    "no digest": ({"MODEL_ARTIFACTS": '{"a": {"key": "k", "bytes": 1}}'}, "MODEL_ARTIFACTS: a"),
    "short digest": (
        {"MODEL_ARTIFACTS": '{"a": {"key": "k", "bytes": 1, "sha256": "ab"}}'},
        "MODEL_ARTIFACTS: a",
    ),
    "endpoint is no URL": ({"AWS_ENDPOINT_URL_S3": "localhost"}, "endpoint"),
    "endpoint of another scheme": ({"AWS_ENDPOINT_URL_S3": "file:///etc"}, "endpoint"),
    "endpoint with a strange port": ({"AWS_ENDPOINT_URL_S3": "http://h:x"}, "endpoint"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_settings_are_named(
    s3: FakeS3, built: Built, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    changes, reason = BROKEN[name]
    with pytest.raises(Problem):
        _model(built, place(s3, FILES) | changes).ensure()
    assert reason in str(_last_line(capsys)["reason"])
    assert not s3.calls


def test_a_request_with_little_time_left_does_not_wait(s3: FakeS3, built: Built) -> None:
    environ = place(s3, FILES)
    s3.always[path_of(environ, "model.pkl")] = fake_s3.stalled()
    started = time.monotonic()
    with pytest.raises(Problem):
        _model(built, environ).ensure(remaining=1.05)
    assert time.monotonic() - started < 10  # not the 60 s for which the server is silent
    assert built.calls == []


def test_the_deadline_holds_whatever_a_read_does(s3: FakeS3, built: Built) -> None:
    """A thread stuck in name resolution cannot be interrupted, only left behind."""
    environ = place(s3, FILES)
    s3.always[path_of(environ, "model.pkl")] = fake_s3.stalled()
    retry_policy = RetryPolicy(attempt=60.0, pause=0.001)
    timeouts = LoadTimeouts(start=0.2, retry_policy=retry_policy)
    started = time.monotonic()
    ModelLoader(lambda: built, environ, timeouts).start()
    assert time.monotonic() - started < 10
    assert built.calls == []


def test_the_limits_leave_lambda_its_time() -> None:
    timeouts = LoadTimeouts()
    assert timeouts.start < 10.0  # Lambda ends an init then
    assert timeouts.retry < timeouts.start
    assert timeouts.back_off == pytest.approx(1.0)
