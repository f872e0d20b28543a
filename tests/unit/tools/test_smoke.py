"""The smoke requests at the end of a deployment, to services on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stacks.config.model_service import FunctionUrl
from stacks.config.services import SERVICES
from stacks.config.stages import STAGES
from tests.harness.loopback_gateway import Answer, Asked, Gateway, serve
from tools import PROJECT, smoke
from tools.smoke import SmokeFailure, access, check, example

DEV = STAGES["dev"]
FIRST_FAILURE = f"The smoke test failed. {SERVICES[0].name}: there is no endpoint"
EXAMPLES = [service.name for service in SERVICES if example(service.name) is not None]
MODEL = "0123456789ab"
ANSWERED = Answer(200, b"{}", {"X-Model-Version": MODEL})
OUTPUTS = {
    service.stack_id: {
        "ServiceName": service.name,
        "EndpointUrl": f"https://{service.name}.invalid{service.routes[0].path}",
        "ModelVersion": MODEL,
        "FunctionName": f"dev-{service.slug}-F1",
        "FunctionVersion": "7",
    }
    for service in SERVICES
} | {"ModelStore": {"Another": "output"}}


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """Answers 200 to everything."""
    with serve(lambda _: ANSWERED) as running:
        yield running


def test_every_service_is_asked_for_its_example(gateway: Gateway) -> None:
    said: list[str] = []
    check(OUTPUTS, DEV, redirect=lambda _: gateway.url, wait_seconds=0.0, say=said.append)
    assert len(said) == len(SERVICES)
    assert [line.split()[:3] for line in said if "skipped" not in line] == [
        [name, "200", "in"] for name in EXAMPLES
    ]
    for name, request in zip(EXAMPLES, gateway.posts, strict=True):
        recorded = example(name)
        assert recorded is not None
        assert request.body == recorded.body
        assert request.headers["Content-Type"] == recorded.content_type
        assert "Authorization" not in request.headers


def test_one_service_alone_is_asked_where_it_alone_was_deployed(gateway: Gateway) -> None:
    first = next(service for service in SERVICES if service.name in EXAMPLES)
    outputs = {k: v for k, v in OUTPUTS.items() if v.get("ServiceName") == first.name}
    check(outputs, DEV, services=[first], redirect=lambda _: gateway.url, wait_seconds=0.0)
    assert len(gateway.posts) == 1


def test_a_failing_service_is_named_with_its_answer(gateway: Gateway) -> None:
    def broken(request: Asked) -> Answer:
        recorded = example("breast_cancer")
        assert recorded is not None
        broken = Answer(503, b'{"title": "The model is not loaded"}')
        return broken if request.body == recorded.body else ANSWERED

    gateway.instead = broken
    with pytest.raises(SmokeFailure) as failure:
        check(OUTPUTS, DEV, redirect=lambda _: gateway.url, wait_seconds=0.0, say=lambda _: None)
    sentence = str(failure.value)
    assert sentence.startswith("The smoke test failed. breast_cancer: http")
    assert 'answers 503: {"title": "The model is not loaded"}' in sentence
    assert "spam_or_ham" not in sentence


def test_an_endpoint_that_comes_up_in_time_is_well(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smoke, "_PAUSE_SECONDS", 0.0)
    first = True

    def late(_: Asked) -> Answer:
        nonlocal first
        answer, first = (Answer(403), False) if first else (ANSWERED, False)
        return answer

    gateway.instead = late
    check(OUTPUTS, DEV, redirect=lambda _: gateway.url, wait_seconds=30.0, say=lambda _: None)
    assert len(gateway.posts) == len(EXAMPLES) + 1


def test_another_model_than_the_deployed_one_is_no_success(gateway: Gateway) -> None:
    """An alias that was moved back stays there: the template is the same, so nothing changes."""
    recorded = example("breast_cancer")
    assert recorded is not None
    old = Answer(200, b"{}", {"x-model-version": "ba9876543210"})
    gateway.instead = lambda request: old if request.body == recorded.body else ANSWERED
    with pytest.raises(SmokeFailure) as failure:
        check(OUTPUTS, DEV, redirect=lambda _: gateway.url, wait_seconds=0.0, say=lambda _: None)
    sentence = str(failure.value)
    assert sentence.startswith("The smoke test failed. breast_cancer: http")
    assert f"answers by the model ba9876543210 where {MODEL} was deployed" in sentence
    assert sentence.endswith(
        "run: aws lambda update-alias --function-name dev-breast-cancer-F1 --name live "
        "--function-version 7."
    )
    gateway.instead = lambda _: Answer(200, b"{}")
    with pytest.raises(SmokeFailure, match="the model unnamed where"):
        check(OUTPUTS, DEV, redirect=lambda _: gateway.url, wait_seconds=0.0, say=lambda _: None)


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(SmokeFailure, match="spam_or_ham: there is no endpoint"):
        check({}, DEV, wait_seconds=0.0)
    with pytest.raises(SmokeFailure, match="spam_or_ham: nothing answers at http"):
        check(OUTPUTS, DEV, redirect=lambda _: "http://127.0.0.1:9/", wait_seconds=0.0)


def test_an_api_key_is_not_asked_for_and_said(gateway: Gateway) -> None:
    said: list[str] = []
    stage = replace(DEV, auth="api_key")
    rest = {
        service.name
        for service in SERVICES
        if not isinstance(service.endpoint, FunctionUrl) and service.name in EXAMPLES
    }
    outputs = {id_: o for id_, o in OUTPUTS.items() if o.get("ServiceName") in rest}
    others = {s.name for s in SERVICES} - rest
    with pytest.raises(SmokeFailure) as failure:
        check(outputs, stage, redirect=lambda _: gateway.url, wait_seconds=0.0, say=said.append)
    assert all(name in str(failure.value) for name in others)
    assert len(said) == len(rest)
    assert all("the stage dev asks for an API key" in line for line in said)
    assert gateway.posts == []


def test_requests_are_signed_where_the_stage_asks(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    stage = replace(DEV, auth="iam")
    check(OUTPUTS, stage, redirect=lambda _: gateway.url, wait_seconds=0.0, say=lambda _: None)
    signed = [s for s in SERVICES if s.name in EXAMPLES]
    for service, request in zip(signed, gateway.posts, strict=True):
        assert access(service, stage) == "iam"
        name = "lambda" if isinstance(service.endpoint, FunctionUrl) else "execute-api"
        scope = request.headers["Authorization"].partition("Credential=")[2].split(",")[0]
        assert scope.startswith("AKIDEXAMPLE/")
        assert scope.endswith(f"/eu-central-1/{name}/aws4_request")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--outputs", "missing.json"), "missing.json cannot be read"),
        (("--outputs", "Makefile"), "Makefile cannot be read"),
        (("--outputs", "package-lock.json"), "package-lock.json cannot be read"),
        (("--outputs", "cdk.json", "--stage", "staging"), "There is no stage 'staging'"),
        (
            ("--outputs", "package.json"),
            FIRST_FAILURE,
        ),
    ],
)
def test_the_command_fails_with_one_line(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    (tmp_path / "package.json").write_text(json.dumps({"ModelStore": {}}))
    finished = subprocess.run(
        [sys.executable, "-m", "tools.smoke", *arguments],
        cwd=tmp_path if "package.json" in arguments else PROJECT,
        env={"PYTHONPATH": str(PROJECT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 1
    [line] = finished.stderr.strip().splitlines()
    assert line.startswith(said)
