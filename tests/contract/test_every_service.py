"""What every service of the registry must do, whatever it predicts: a new entry is tested too."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from model_training.publishing import artifacts, manifests
from stacks.config.model_service import ModelService
from stacks.config.services import SERVICES
from tests.harness.judged import sampled
from tools import PROJECT
from tools.local_aws.events import url
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.runtime_api import LambdaProcess
from tools.local_aws.served_models import LAMBDA_SRC, VARIANTS, Variant, manifest_of
from tools.local_aws.small_model import place
from tools.reliability.hostile_events import BAD, CANARY, GOOD

HEAVY = {
    "boto3", "dataclasses", "datetime", "email", "http", "inspect", "numpy", "random", "sklearn",
    "ssl", "tempfile", "typing", "urllib", "uuid",
}  # fmt: skip
BUDGET = 64
"""Modules on top of those that AWS's runtime client has imported itself."""

OF_A_PAGE = "method: POST to the page's resource"
"""Where there is no page at the root, it is where the model is asked."""

IN_PACKAGES = sampled(VARIANTS, [each for each in VARIANTS if each.runtime == each.service.runtime])
"""Each service by the runtime of its entry with every change."""
PORTABLE = [variant for variant in VARIANTS if variant.runtime == "portable"]
each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


@pytest.fixture(scope="module", params=VARIANTS, ids=str)
def variant(request: pytest.FixtureRequest) -> Variant:
    variant_: Variant = request.param
    return variant_


@pytest.fixture(scope="module")
def environ(variant: Variant) -> Iterator[dict[str, str]]:
    """The variables of a function of this variant whose model lies on a fake S3."""
    with FakeS3() as s3:
        yield place(s3, variant.files, variant.service.name, variant.runtime)


@pytest.fixture(scope="module")
def process(variant: Variant, environ: dict[str, str]) -> Iterator[LambdaProcess]:
    with LambdaProcess(LAMBDA_SRC, variant.service.handler, environ=environ) as running:
        yield running


def of_this_service(event: Any, service: ModelService) -> Any:
    """A case for spam-or-ham as a case for another service: with the path that predicts there."""
    text = json.dumps(event).replace('"/spamorham"', json.dumps(service.routes[0].path))
    return json.loads(text)


def check_refusal(answer: dict[str, Any]) -> None:
    """The form of every error: RFC 9457, or the one exemption's own."""
    headers = answer["headers"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    body = json.loads(answer["body"])
    assert str(body["status"]) == str(answer["statusCode"])
    if headers["Content-Type"] == "application/problem+json":
        assert set(body) == {"type", "title", "status", "detail", "instance"}
    else:
        assert headers["Content-Type"] == "application/json"
        assert set(body) == {"reason", "prediction", "status"}
        assert body["prediction"] == ""


@each_service
def test_the_model_is_whole_and_describes_itself(service: ModelService) -> None:
    manifest_of(service)
    manifest = artifacts.verify(PROJECT / service.model_folder)
    assert manifest["name"] == service.name
    for member in ("runtime", "recipe", "trained_with", "golden"):
        assert manifest[member]
    # A regression has no labels; how good a model is that was added, its report says.
    assert manifest.get("labels") or manifest["answers"] == "number"
    assert {"data", "metrics"} <= manifest.keys()


@each_service
def test_the_handler_imports_without_aws_network_or_settings(service: ModelService) -> None:
    module = service.handler.rpartition(".")[0]
    path = service.routes[0].path
    program = (
        f"import sys; sys.path[:0] = [{str(LAMBDA_SRC)!r}]; import {module} as h; "
        f"print(h.handler({{'httpMethod': 'GET', 'path': {path!r}}}, None))"
    )
    ran = subprocess.run(
        [sys.executable, "-I", "-c", program],
        # No setting of a model: a handler may learn its path there.
        env={"SERVICE_PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "'statusCode': 503" in ran.stdout
    assert "MODEL_BUCKET is not set" in ran.stdout


def test_the_example_is_answered(variant: Variant, process: LambdaProcess) -> None:
    reply = process.invoke(variant.example())
    assert not reply.error
    assert reply.payload["statusCode"] == 200, reply.payload
    body = json.loads(reply.payload["body"])
    version = manifests.model_version(variant.manifest)
    assert body["model"] == {"name": variant.service.name, "version": version}
    assert reply.payload["headers"]["X-Model-Version"] == version


def test_the_model_describes_itself_over_http(variant: Variant, process: LambdaProcess) -> None:
    event = {"httpMethod": "GET", "path": variant.service.routes[0].path}
    answer = process.invoke(event).payload
    assert answer["statusCode"] == 200
    body = json.loads(answer["body"])
    assert body.get("labels") == variant.manifest.get("labels")
    assert body["runtime"] == variant.runtime
    assert {"model", "limits", "reads", "metrics", "data"} <= body.keys()


def test_hostile_events_are_answered(variant: Variant, process: LambdaProcess) -> None:
    events = {**GOOD, **{name: event for name, (event, _, _) in BAD.items()}}
    if "/" not in {route.path for route in variant.service.routes[1:]}:
        del events[OF_A_PAGE]
    for name, event in events.items():
        reply = process.invoke(of_this_service(event, variant.service))
        assert not reply.error, (name, reply.body[:300])
        answer = reply.payload
        assert answer["statusCode"] < 500, (name, answer)
        assert answer["body"].isascii()
        if name in BAD:
            # Where each field may be missing, so may all.
            fields = variant.manifest.get("fields")
            optional = fields and not any(field["required"] for field in fields)
            assert answer["statusCode"] >= 400 or (optional and "empty object" in name), name
            # A field that there is not is named, once nothing else is wrong.
            assert CANARY not in json.dumps(answer) or (optional and "unknown key" in name), name
        if answer["statusCode"] >= 400:
            check_refusal(answer)
    assert process.process.poll() is None
    assert not [line for line in process.lines if CANARY in line or "Traceback" in line]


def test_a_wrong_method_is_405_and_says_which_are_right(
    variant: Variant, process: LambdaProcess
) -> None:
    event = {"httpMethod": "DELETE", "path": variant.service.routes[0].path}
    answer = process.invoke(event).payload
    assert answer["statusCode"] == 405
    assert answer["headers"]["Allow"] == "GET, HEAD, POST"
    check_refusal(answer)
    # A Function URL passes on whatever it is asked.
    answer = process.invoke(url("x", "/openapi.json")).payload
    assert (answer["statusCode"], answer["headers"]["Allow"]) == (405, "GET, HEAD")
    check_refusal(answer)


def test_head_is_get_without_its_body(variant: Variant, process: LambdaProcess) -> None:
    for path in (variant.service.routes[0].path, "/openapi.json", "/nowhere"):
        read = process.invoke(url(None, path, "GET")).payload
        assert process.invoke(url(None, path, "HEAD")).payload == {**read, "body": ""}


@pytest.mark.parametrize("variant", PORTABLE, ids=str)
def test_a_cold_start_imports_little_and_nothing_heavy(variant: Variant) -> None:
    program = (
        "import json, sys; from awslambdaric import bootstrap; before = set(sys.modules); "
        f"import {variant.service.handler.rpartition('.')[0]} as h; e = json.load(sys.stdin); "
        "a = h.handler(e, None); "
        "print(json.dumps([a['statusCode'], sorted(set(sys.modules) - before)]))"
    )
    with FakeS3() as s3:
        environ = place(s3, variant.files, variant.service.name, variant.runtime)
        ran = subprocess.run(
            [sys.executable, "-c", program],
            input=json.dumps(variant.example()),
            env={**environ, "PYTHONPATH": str(LAMBDA_SRC), "AWS_LAMBDA_FUNCTION_NAME": "tested"},
            capture_output=True,
            text=True,
            check=True,
        )
    status, imported = json.loads(ran.stdout.splitlines()[-1])
    assert status == 200
    assert {name.partition(".")[0] for name in imported} & HEAVY == set()
    # Each family of estimators is a module or a few of its own.
    more = 3 * max(0, len(variant.manifest.get("estimators", ())) - 2)
    assert len(imported) <= BUDGET + more, sorted(imported)


@pytest.mark.parametrize("variant", IN_PACKAGES, ids=str)
def test_a_model_in_the_package_is_answered_without_s3(variant: Variant, tmp_path: Path) -> None:
    code = variant.package(tmp_path / "task")
    environ = {**variant.environ(), "MODEL_LOCATION": "package"}
    with LambdaProcess(code, variant.service.handler, environ=environ) as process:
        assert process.invoke(variant.example()).payload["statusCode"] == 200
    # A changed byte is refused here as it is from the bucket.
    artifact = code / "model" / next(iter(variant.manifest["artifacts"]))
    data = artifact.read_bytes()
    artifact.write_bytes(data[:-2] + bytes([data[-2] ^ 1]) + data[-1:])
    with LambdaProcess(code, variant.service.handler, environ=environ) as process:
        assert process.invoke(variant.example()).payload["statusCode"] == 503
        # What a process prints and what it answers come by two ways.
        end = time.monotonic() + 10
        while not any("SHA-256" in line for line in process.lines):
            assert time.monotonic() < end, process.lines
            time.sleep(0.01)
