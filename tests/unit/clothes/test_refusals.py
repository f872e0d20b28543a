"""What is refused, with whose fault it is, and that nothing of a request is repeated or logged."""

from __future__ import annotations

import base64
import io
import json
import struct
import zlib
from typing import Any

import pytest
from clothes.handler import Clothes
from PIL import Image

from tests.harness.picture_server import PICTURE, ImageServer
from tests.unit.clothes.conftest import at_predict, post, refused, told
from tools.bench.drawings import draw, encoded
from tools.local_aws.events import binary
from tools.local_aws.fake_s3 import FakeS3

CANARY = "zebraquartz7731"


def chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


def png(width: int, height: int, rows: bytes) -> bytes:
    """A PNG of this size by its header, whatever its rows are."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def many_scans(count: int) -> bytes:
    """A small JPEG that says the last of its scans again and again."""
    data = encoded(Image.new("L", (64, 64), 77), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * count + data[-2:]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="https://169.254.169.254/"/></svg>'
NO_PICTURES = {
    "nothing like it": CANARY.encode(),
    "one byte": b"\xff",
    "HTML": b"<!doctype html><img src=x>",
    "SVG": SVG,
    "SVG with its declaration": b'<?xml version="1.0"?>' + SVG,
    "PDF": b"%PDF-1.7\n",
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "ZIP": b"PK\x03\x04" + bytes(40),
    **{form: encoded(draw(side=20), form) for form in ("GIF", "BMP", "TIFF", "PPM", "ICO", "TGA")},
    "JPEG, first half": encoded(draw(), "JPEG")[:1_500],
    "PNG, all but the end": PICTURE[:-60],
    "PNG signature": PICTURE[:8],
    "PNG with a broken chunk": PICTURE[:40] + b"\x00\x00" + PICTURE[42:],
    "WebP, first half": encoded(draw(), "WEBP")[:300],
    "WebP header": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "JPEG of endless scans": many_scans(100),
}
BOMBS = {
    "25 million and one": png(25_000_001, 1, b""),
    "a square": png(5_001, 5_000, b""),
    "beyond what Pillow opens": png(60_000, 60_000, b""),
    "the largest header": png(2**31 - 1, 2**31 - 1, b""),
    "real zeros": png(20_000, 20_000, bytes(1_000_000)),
}


@pytest.mark.parametrize("name", NO_PICTURES)
def test_what_is_no_readable_picture(service: Clothes, name: str) -> None:
    data = NO_PICTURES[name]
    detail = refused(post(service, data, "image/png"), 400, "unreadable-picture")
    assert "expected" in detail
    listed = {"instances": [{"b64": base64.b64encode(d).decode()} for d in (PICTURE, data)]}
    detail = refused(post(service, listed), 400, "unreadable-picture")
    assert detail.startswith("instances[1]: ")


@pytest.mark.parametrize("name", BOMBS)
def test_decompression_bombs_are_refused_by_their_header(service: Clothes, name: str) -> None:
    detail = refused(post(service, BOMBS[name], "image/png"), 413, "picture-too-large")
    assert "25,000,000" in detail


def test_scans_that_programs_write_are_read(service: Clothes) -> None:
    assert told(post(service, many_scans(20), "image/jpeg"))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame(service: Clothes, kind: str) -> None:
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "blue", "lime")]
    file = io.BytesIO()
    frames[0].save(file, kind, save_all=True, append_images=frames[1:], lossless=True)
    body = told(post(service, file.getvalue(), f"image/{kind.lower()}"))
    assert body["predictions"] == ["dress"]


JSON_BODIES: dict[str, tuple[Any, int, str]] = {
    "no object": ("[]", 400, "unexpected-json"),
    "a string": ('"https://a.example"', 400, "unexpected-json"),
    "null": ("null", 400, "unexpected-json"),
    "empty object": ("{}", 400, "unexpected-json"),
    "another key": ({"image": CANARY}, 400, "unexpected-json"),
    "one key too many": ({"url": "https://a.example", "x": 1}, 400, "unexpected-json"),
    "both": ({"url": "https://a.example", "instances": []}, 400, "unexpected-json"),
    "url: a list": ({"url": [CANARY]}, 400, "unexpected-json"),
    "url: null": ({"url": None}, 400, "unexpected-json"),
    "url: empty": ({"url": ""}, 400, "refused-url"),
    "url: a word": ({"url": CANARY}, 400, "refused-url"),
    "url: lone surrogate": ('{"url": "https://a.example/\\ud800"}', 400, "refused-url"),
    "url: metadata": ({"url": "https://169.254.169.254/"}, 400, "refused-host"),
    "url: plain http abroad": ({"url": "http://93.184.215.14/"}, 400, "refused-host"),
    "instances: empty": ({"instances": []}, 400, "unexpected-json"),
    "instances: an object": ({"instances": {"url": "x"}}, 400, "unexpected-json"),
    "instances: nine": ({"instances": [{"url": CANARY}] * 9}, 400, "too-many-items"),
    "malformed": ("{" + CANARY, 400, "invalid-json"),
    "twice": ('{"url": "a", "url": "b"}', 400, "invalid-json"),
    "NaN": ('{"url": NaN}', 400, "invalid-json"),
    "deep": ("[" * 100_000, 400, "invalid-json"),
    "blank": (" \n", 400, "empty-body"),
    "UTF-16": (json.dumps({"url": CANARY}).encode("utf-16"), 400, "undecodable-text"),
    "too large": ('{"url": "' + "x" * 4_194_304 + '"}', 413, "body-too-large"),
}


@pytest.mark.parametrize("name", JSON_BODIES)
def test_json_that_asks_nothing(
    service: Clothes, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    body, status, slug = JSON_BODIES[name]
    answer = post(service, body)
    refused(answer, status, slug)
    assert CANARY not in json.dumps(answer) + capsys.readouterr().out


@pytest.mark.parametrize(
    ("item", "slug"),
    [
        (None, "unexpected-json"), (CANARY, "unexpected-json"), ({}, "unexpected-json"),
        ({"url": 1}, "unexpected-json"), ({"b64": 1}, "unexpected-json"),
        ({"url": "https://a.example", "b64": ""}, "unexpected-json"),
        ({"b64": CANARY + "!"}, "unreadable-picture"), ({"b64": "aGk"}, "unreadable-picture"),
        ({"b64": "aGk=\n"}, "unreadable-picture"),
        ({"b64": "data:image/png;base64,aGk="}, "unreadable-picture"),
        ({"b64": "é"}, "unreadable-picture"), ({"b64": ""}, "unreadable-picture"),
        ({"url": f"https://user@{CANARY}.example/"}, "refused-url"),
        ({"url": "https://10.0.0.1/"}, "refused-host"),
    ],
)  # fmt: skip
def test_the_bad_instance_is_named_and_nothing_is_half_answered(
    service: Clothes, images: ImageServer, capsys: pytest.CaptureFixture[str], item: Any, slug: str
) -> None:
    good = {"url": f"{images.url}/chunked"}
    answer = post(service, {"instances": [good, good, item]})
    assert refused(answer, 400, slug).startswith("instances[2]: ")
    assert CANARY not in json.dumps(answer) + capsys.readouterr().out


def test_nothing_is_fetched_where_the_form_is_wrong(service: Clothes, images: ImageServer) -> None:
    images.asked.clear()
    good = {"url": f"{images.url}/chunked"}
    refused(post(service, {"instances": [good, {"url": "ftp://x"}]}), 400, "refused-url")
    assert images.asked == []


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        ("/404", 502, "picture-not-fetched"),
        ("/500", 502, "picture-not-fetched"),
        ("/truncated", 502, "picture-not-fetched"),
        ("/gzip", 502, "picture-not-fetched"),
        ("/redirect-4", 502, "picture-not-fetched"),
        ("/hangs", 504, "fetch-timeout"),
        ("/trickles-headers", 504, "fetch-timeout"),
        ("/trickles-body", 504, "fetch-timeout"),
        ("/html", 400, "unreadable-picture"),
        ("/empty", 400, "unreadable-picture"),
        ("/too-large-announced", 413, "picture-too-large"),
        ("/redirect-to-metadata", 400, "refused-host"),
        ("/redirect-to-file", 400, "refused-url"),
    ],
)
def test_whose_fault_it_is(
    impatient: Clothes, images: ImageServer, path: str, status: int, slug: str
) -> None:
    answer = post(impatient, {"url": images.url + path})
    refused(answer, status, slug)
    assert ("Retry-After" in answer["headers"]) == (status >= 500)
    listed = post(impatient, {"instances": [{"url": images.url + path}]})
    assert refused(listed, status, slug).startswith("instances[0]: ")


@pytest.mark.parametrize("allow", [None, "public", "", "Loopback", "all", "loopback ", "private"])
def test_loopback_is_refused_unless_the_stage_says_so(
    served: dict[str, str], images: ImageServer, allow: str | None
) -> None:
    images.asked.clear()
    setting = {} if allow is None else {"FETCH_ALLOW": allow}
    service = Clothes({**served, **setting})
    for host in ("127.0.0.1", "localhost", "[::1]"):
        refused(post(service, {"url": f"https://{host}/x.png"}), 400, "refused-host")
        refused(post(service, {"url": f"http://{host}:{images.port}/"}), 400, "refused-url")
        refused(post(service, {"url": f"https://{host}:{images.port}/"}), 400, "refused-url")
    assert images.asked == []


@pytest.mark.parametrize(
    ("body", "content_type", "status", "slug"),
    [
        (b"x", "image/gif", 415, "unsupported-media-type"),
        (b"x", "image/svg+xml", 415, "unsupported-media-type"),
        (b"x", "image/*", 415, "unsupported-media-type"),
        (b"x", "multipart/form-data; boundary=x", 415, "unsupported-media-type"),
        (b"x", "application/octet-stream", 415, "unsupported-media-type"),
        (b"", "image/png", 400, "empty-body"),
        (b"x" * 4_194_305, "image/png", 413, "body-too-large"),
        ("text", "image/png", 400, "unreadable-picture"),
        ("\ud800", "image/png", 400, "unreadable-picture"),
    ],
)
def test_bodies(
    service: Clothes, body: bytes | str, content_type: str, status: int, slug: str
) -> None:
    answer = post(service, body, content_type)
    refused(answer, status, slug)
    if status == 415:
        assert "image/webp" in answer["headers"]["Accept-Post"]


def test_a_picture_of_the_largest_size_is_taken(service: Clothes) -> None:
    data = encoded(draw(side=40), "JPEG")
    assert told(post(service, data + bytes(4_194_304 - len(data)), "image/jpeg"))


def test_an_unacceptable_answer(service: Clothes) -> None:
    event = at_predict({"httpMethod": "POST", "body": "{}", "headers": {"accept": "image/png"}})
    refused(service.handler(event, None), 406, "not-acceptable")


class Context:
    """What Lambda says of the time that is left."""

    aws_request_id = "1"

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self._seconds * 1_000)


def test_a_request_keeps_time_for_its_answer(service: Clothes, images: ImageServer) -> None:
    event = at_predict({"httpMethod": "POST", "body": json.dumps({"url": f"{images.url}/hangs"})})
    refused(service.handler(event, Context(6.1)), 504, "fetch-timeout")


def test_pictures_that_take_too_long_together(
    service: Clothes, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = at_predict(binary(PICTURE, "image/png"))
    assert service.handler(event, Context(1.0))["statusCode"] == 200
    # As if that much had gone by, of the function's time and of the request's.
    with monkeypatch.context() as patched:
        patched.setattr("clothes.reading._GRACE", -1.0)
        detail = refused(service.handler(event, Context(1.0)), 413, "picture-too-large")
        assert "too long" in detail
    monkeypatch.setattr("clothes.reading.LAST_DECODE", -1.0)
    for context in (None, Context(28.0)):
        assert "too long" in refused(service.handler(event, context), 413, "picture-too-large")


def test_pixels_of_all_pictures_together(service: Clothes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clothes.reading.REQUEST_PIXELS", 3 * 160 * 160)
    one = {"b64": base64.b64encode(PICTURE).decode()}
    assert len(told(post(service, {"instances": [one] * 3}))["scores"]) == 3
    detail = refused(post(service, {"instances": [one] * 4}), 413, "picture-too-large")
    assert detail.startswith("instances[3]: ")
    assert "76,800" in detail


def test_a_model_that_is_not_there_is_503_and_nothing_is_fetched(images: ImageServer) -> None:
    with FakeS3() as s3:
        environ = {"MODEL_ARTIFACTS": "{}", "MODEL_BUCKET": "b", **s3.environ()}
        service = Clothes({**environ, "FETCH_ALLOW": "loopback"})
        images.asked.clear()
        answer = post(service, {"url": f"{images.url}/chunked"})
        refused(answer, 503, "model-unavailable")
        assert answer["headers"]["Retry-After"]
        assert images.asked == []


def test_the_log_tells_counts_and_no_addresses(
    service: Clothes, images: ImageServer, capsys: pytest.CaptureFixture[str]
) -> None:
    told(post(service, {"instances": [{"url": f"{images.url}/pictures/hat.png?{CANARY}"}]}))
    out = capsys.readouterr().out
    line = json.loads(out.splitlines()[-1])
    assert line["inputs"] == 1
    assert line["bytes"] > 100
    assert sum(line["predictions"].values()) == 1
    assert line["read_ms"] >= 0
    assert CANARY not in out
    assert "127.0.0.1" not in out
