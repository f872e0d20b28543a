"""The worker against an S3 that fails, changes its mind, or forbids."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Iterator

import pytest
from batch import s3 as batch_s3
from batch.errors import InputChanged, Refused
from batch.s3 import Bucket, Unanswered
from batch.worker import answer
from serving.service import ModelService

from tools.bench.authority import Authority
from tools.local_aws import fake_s3
from tools.local_aws.fake_s3 import FakeS3, etag

TEXTS = "".join(f"free call {number}\n" for number in range(400)).encode()
INPUT = "/input/texts.txt"
PART, SUMMARY = (
    "/results/jobs/x/part-000000-0000.jsonl",
    "/results/jobs/x/summaries/000000-0000.json",
)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(params=["as Amazon's", "plain"])
def s3(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, authority: Authority
) -> Iterator[FakeS3]:
    """Over TLS, as Amazon's is reached, and over plain HTTP, as the local one."""
    # Ranges of the input in several reads.
    monkeypatch.setattr(batch_s3, "STEP", 1000)
    context = None
    if request.param != "plain":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority.server)
    with FakeS3({INPUT: TEXTS}, tls=context) as s3:
        environ = {**s3.environ(), "AWS_CA_BUNDLE": str(authority.root)}
        monkeypatch.setattr(s3, "environ", lambda: environ)
        yield s3


def event(**job: object) -> dict[str, object]:
    piece = {"key": "texts.txt", "etag": etag(TEXTS), "start": 0, "end": len(TEXTS), "line": 1}
    return {
        "item": {"item": 0, "pieces": [piece]},
        "job": {
            "model_version": "1" * 12, "options": {}, "bucket": "results", "prefix": "jobs/x/",
            "input_bucket": "input", **job,
        },
    }  # fmt: skip


def answered(service: ModelService, s3: FakeS3) -> dict[str, object]:
    return answer(service, event(), s3.environ(), lambda: 900.0)


def test_parts_are_put_once_and_signed(service: ModelService, s3: FakeS3) -> None:
    sums = answered(service, s3)
    assert (sums["rows"], sums["errors"]) == (400, 0)
    assert s3.objects[PART].count(b"\n") == 400
    assert json.loads(s3.objects[SUMMARY])["last"] is True
    puts = [call for call in s3.calls if call.method == "PUT"]
    assert [call.path for call in puts] == [PART, SUMMARY]
    assert all(call.headers["if-none-match"] == "*" for call in puts)
    assert all("authorization" in call.headers for call in s3.calls)
    again = answered(service, s3)
    assert again == sums
    assert len([call for call in s3.calls if call.method == "PUT"]) == 2, "nothing is put again"
    assert s3.count(INPUT) == len(TEXTS) // 1000 + 1, "nor read"


def test_s3_out_of_order_is_waited_for(service: ModelService, s3: FakeS3) -> None:
    slow_down = fake_s3.error(503, "SlowDown")
    s3.faults[INPUT] = [slow_down, fake_s3.reset, fake_s3.truncated(10), slow_down]
    s3.faults[PART] = [slow_down, fake_s3.reset]
    s3.faults[SUMMARY] = [slow_down, fake_s3.error(500, "InternalError")]
    assert answered(service, s3)["rows"] == 400
    assert s3.objects[PART].count(b"\n") == 400


def test_an_s3_that_stays_away_is_given_up(s3: FakeS3) -> None:
    s3.always[INPUT] = fake_s3.error(503, "SlowDown")
    started = time.monotonic()
    with pytest.raises(Unanswered, match="S3 answers 503"):
        Bucket("input", s3.environ(), patience=0.5).get("texts.txt")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("s3", ["as Amazon's"], indirect=True)
def test_an_s3_that_nobody_vouches_for_is_refused_at_once(s3: FakeS3) -> None:
    environ = {**s3.environ(), "AWS_CA_BUNDLE": ""}
    with pytest.raises(Refused, match=r"S3's certificate for s3://input: .*AWS_CA_BUNDLE"):
        Bucket("input", environ).get("texts.txt")
    assert s3.calls == []


def test_an_input_that_has_changed_is_named(service: ModelService, s3: FakeS3) -> None:
    s3.objects[INPUT] = b"other\n" * 400
    with pytest.raises(InputChanged, match=r"s3://input/texts.txt has changed"):
        answered(service, s3)
    del s3.objects[INPUT]
    with pytest.raises(InputChanged):
        answered(service, s3)


def test_what_may_not_be_read_or_written_is_named(service: ModelService, s3: FakeS3) -> None:
    s3.always[PART] = fake_s3.error(403, "AccessDenied")
    with pytest.raises(Refused, match=r"not write s3://results/jobs/x/part.*403 AccessDenied"):
        answered(service, s3)


def test_a_job_of_another_model_is_refused(service: ModelService, s3: FakeS3) -> None:
    with pytest.raises(Refused, match="begun with model 222222222222 and this is 111111111111"):
        answer(service, event(model_version="2" * 12), s3.environ(), lambda: 900.0)
