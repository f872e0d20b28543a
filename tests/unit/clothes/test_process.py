"""The function in a process of AWS's own runtime client: direct invocations, and what it prints."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.picture_server import PICTURE, ImageServer
from tests.harness.small_clothes_model import LABELS
from tests.unit.clothes.conftest import at_predict
from tools.bench.drawings import draw, encoded
from tools.local_aws.runtime_api import LambdaProcess

LAMBDA_SRC = Path(__file__).resolve().parents[3] / "lambda_src"
# LiteRT's native code says this at every start, past every setting of Python.
NATIVE = "INFO: Created TensorFlow Lite XNNPACK delegate for CPU."


@pytest.fixture(scope="module")
def process(served: dict[str, str]) -> Iterator[LambdaProcess]:
    environ = {**served, "FETCH_ALLOW": "loopback", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024"}
    with LambdaProcess(LAMBDA_SRC, "clothes.handler.handler", environ=environ) as running:
        yield running


def with_exif(entries: int) -> bytes:
    """A picture with that many EXIF entries, each of a value that is not there."""
    entry = b"".join(
        struct.pack("<HHII", 0x8000 + number, 2, 4_000, 0x41414141) for number in range(entries)
    )
    data = b"II*\0\x08\0\0\0" + struct.pack("<H", entries) + entry + bytes(4)
    check = struct.pack(">I", zlib.crc32(b"eXIf" + data))
    header = PICTURE[:33]  # signature and IHDR
    return header + struct.pack(">I", len(data)) + b"eXIf" + data + check + PICTURE[33:]


def test_a_question_as_the_event(process: LambdaProcess, images: ImageServer) -> None:
    reply = process.invoke({"url": f"{images.url}/pictures/t-shirt.png"})
    assert not reply.error
    assert list(reply.payload) == LABELS


@pytest.mark.parametrize("event", [{"url": "https://10.0.0.1/"}, {"url": None}, {"url": "\ud800"}])
def test_a_refusal_is_no_failed_invocation(process: LambdaProcess, event: object) -> None:
    reply = process.invoke(event)
    assert not reply.error
    assert set(reply.payload) == {"error"}


def test_everything_that_is_printed_is_json_and_a_line_a_request(process: LambdaProcess) -> None:
    files = [
        PICTURE, with_exif(2_000), PICTURE[:-60], b"GIF89a", b"\xff\xd8\xff\xe1" + bytes(300),
        encoded(draw(), "JPEG")[:900], encoded(draw(), "WEBP")[:90],
    ]  # fmt: skip
    for file in files:
        event = at_predict(
            {
                "httpMethod": "POST",
                "headers": {"content-type": "image/png"},
                "body": base64.b64encode(file).decode(),
                "isBase64Encoded": True,
            }
        )
        assert process.invoke(event).payload["statusCode"] in (200, 400)
    lines = [line for line in process.lines if line.strip() and line.strip() != NATIVE]
    assert all(isinstance(json.loads(line), dict) for line in lines)
    # Lines come by a pipe of their own, and may come late: each is told by its request.
    requests = [json.loads(line) for line in lines if '"message":"request"' in line]
    ids = [line["request_id"] for line in requests]
    assert len(ids) == len(set(ids)) >= len(files) - 1
    others = {json.loads(line)["message"] for line in lines} - {"request"}
    assert others <= {"network ready", "model loaded"}
    (ready,) = (line for line in lines if "network ready" in line)
    assert json.loads(ready)["accelerated"] in (True, False)
