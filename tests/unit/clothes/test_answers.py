"""What is answered about pictures that can be read: by address, inline, and in the body."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from clothes.handler import Clothes
from clothes.picture import tensor

from tests.harness.assembled_page import assembled
from tests.harness.picture_server import GOOD, PICTURE, ImageServer
from tests.harness.small_clothes_model import LABELS, SIZE, expected_scores
from tests.unit.clothes.conftest import post, told
from tools.bench.drawings import OUTLINES, draw, encoded
from tools.local_aws.events import get, rest, url

RED = encoded(draw("dress", ink="#ff0000", paper="#ff0000"))
GREEN = encoded(draw("hat", ink="#00ff00", paper="#00ff00"), "JPEG")
BLUE = encoded(draw("skirt", ink="#0000ff", paper="#0000ff"), "WEBP", lossless=True)


def b64(data: bytes) -> dict[str, str]:
    return {"b64": base64.b64encode(data).decode()}


def scores_of(data: bytes) -> Any:
    """The right scores of a file, within what float32 adds up to."""
    return pytest.approx(expected_scores(tensor(data, SIZE)), abs=1e-5)


def test_an_address_gives_exactly_the_ten_scores(service: Clothes, images: ImageServer) -> None:
    answer = post(service, {"url": f"{images.url}/pictures/t-shirt.png"})
    body = told(answer)
    assert list(body) == LABELS
    assert body == scores_of(PICTURE)
    assert len(answer["headers"]["X-Model-Version"]) == 12
    assert answer["headers"]["Content-Type"] == "application/json"


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_json_is_read_as_curl_declares_it(
    service: Clothes, images: ImageServer, content_type: str | None
) -> None:
    question = json.dumps({"url": f"{images.url}/pictures/t-shirt.png"})
    assert told(post(service, question, content_type)) == scores_of(PICTURE)
    assert told(post(service, question.encode(), content_type)) == scores_of(PICTURE)


@pytest.mark.parametrize("kind", OUTLINES)
@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
def test_every_kind_of_file_by_address(
    service: Clothes, images: ImageServer, kind: str, form: str
) -> None:
    body = told(post(service, {"url": f"{images.url}/pictures/{kind}.{form}"}))
    assert body == scores_of(encoded(draw(kind), form.upper()))


@pytest.mark.parametrize("path", GOOD)
def test_however_it_is_delivered(service: Clothes, images: ImageServer, path: str) -> None:
    assert told(post(service, {"url": images.url + path})) == scores_of(PICTURE)


@pytest.mark.parametrize(
    ("data", "content_type", "label"),
    [(RED, "image/png", "dress"), (GREEN, "image/jpeg", "hat"), (BLUE, "image/webp", "shoes"),
     (GREEN, "image/png", "hat"), (RED, "IMAGE/WebP; x=y", "dress")],
)  # fmt: skip
def test_a_picture_in_the_body(
    service: Clothes, data: bytes, content_type: str, label: str
) -> None:
    """The content decides what it is, whatever kind of picture is declared."""
    body = told(post(service, data, content_type))
    assert set(body) == {"predictions", "probabilities", "scores", "model"}
    assert body["predictions"] == [label]
    (scores,), (probabilities,) = body["scores"], body["probabilities"]
    assert list(scores) == list(probabilities) == LABELS
    assert scores == scores_of(data)
    assert sum(probabilities.values()) == pytest.approx(1)
    assert max(probabilities, key=probabilities.__getitem__) == label
    assert body["model"]["name"] == "clothes"


def test_several_are_answered_in_order(service: Clothes, images: ImageServer) -> None:
    instances = [b64(RED), {"url": f"{images.url}/pictures/t-shirt.png"}, b64(GREEN), b64(BLUE),
                 {"url": f"{images.url}/chunked"}]  # fmt: skip
    body = told(post(service, {"instances": instances}))
    assert body["scores"] == [scores_of(d) for d in (RED, PICTURE, GREEN, BLUE, PICTURE)]
    assert [body["predictions"][index] for index in (0, 2, 3)] == ["dress", "hat", "shoes"]
    assert len(body["probabilities"]) == 5


def test_one_listed_address_is_answered_in_the_house_s_form(
    service: Clothes, images: ImageServer
) -> None:
    body = told(post(service, {"instances": [{"url": f"{images.url}/chunked"}]}))
    assert body["scores"] == [scores_of(PICTURE)]


def test_as_many_as_allowed(service: Clothes) -> None:
    assert len(told(post(service, {"instances": [b64(RED)] * 8}))["scores"]) == 8


class TestDirectInvocation:
    """An event that is the question itself."""

    def test_an_address(self, service: Clothes, images: ImageServer) -> None:
        answer = service.handler({"url": f"{images.url}/pictures/t-shirt.png"}, None)
        assert list(answer) == LABELS
        assert answer == scores_of(PICTURE)
        json.dumps(answer)

    def test_several(self, service: Clothes) -> None:
        answer = service.handler({"instances": [b64(RED), b64(GREEN)]}, None)
        assert answer["predictions"] == ["dress", "hat"]

    @pytest.mark.parametrize(
        ("event", "status", "slug"),
        [
            ({"url": "https://169.254.169.254/"}, 400, "refused-host"),
            ({"url": "file:///etc/passwd"}, 400, "refused-url"),
            ({"url": None}, 400, "unexpected-json"),
            ({"url": 7}, 400, "unexpected-json"),
            ({"url": ["https://a.example"]}, 400, "unexpected-json"),
            ({"url": float("nan")}, 400, "invalid-json"),
            ({"url": "\ud800"}, 400, "refused-url"),
            ({"url": "https://a.example/", "instances": []}, 400, "unexpected-json"),
            ({"instances": []}, 400, "unexpected-json"),
            ({"instances": "x"}, 400, "unexpected-json"),
            ({"instances": [{"b64": "!"}]}, 400, "unreadable-picture"),
        ],
    )
    def test_a_refusal_is_an_answer_with_an_error(
        self, service: Clothes, event: Any, status: int, slug: str
    ) -> None:
        answer: Any = service.handler(event, None)
        assert set(answer) == {"error"}
        assert answer["error"]["type"] == f"/problems/{slug}"
        assert answer["error"]["status"] == status

    @pytest.mark.parametrize(
        "event", [{}, None, [], "https://a.example", {"Records": []}, {"url": "x", "source": "y"}]
    )
    def test_other_events_are_no_requests(self, service: Clothes, event: Any) -> None:
        answer: Any = service.handler(event, None)
        assert answer["statusCode"] == 400
        assert json.loads(answer["body"])["type"] == "/problems/not-a-request"

    def test_an_http_event_that_has_such_a_member_is_one(self, service: Clothes) -> None:
        answer: Any = service.handler({**rest("{}"), "url": "https://a.example"}, None)
        assert answer["statusCode"] == 400


class TestOtherRoutes:
    """What the service says of itself."""

    def test_the_model_describes_itself(self, service: Clothes) -> None:
        body = told(service.handler(get("/predict"), None))
        assert body["labels"] == LABELS
        assert body["input"]["size"] == SIZE
        assert body["limits"] == {
            "body_bytes": 4_194_304, "pictures": 8, "picture_bytes": 5_000_000,
            "picture_pixels": 25_000_000, "picture_side": 20_000, "request_pixels": 100_000_000,
            "fetch_seconds": 5.0, "redirects": 3,
        }  # fmt: skip
        assert "image/webp" in body["reads"]

    @pytest.mark.parametrize(("allow", "http"), [("public", False), ("loopback", True)])
    def test_the_page_shows_pictures_from_where_they_are_fetched(
        self, served: dict[str, str], allow: str, http: bool, tmp_path: Path
    ) -> None:
        page = assembled("clothes", "picture", tmp_path)
        answer: Any = Clothes({**served, "FETCH_ALLOW": allow}, page=page).handler(get("/"), None)
        assert answer["statusCode"] == 200
        policy = answer["headers"]["Content-Security-Policy"]
        (images,) = (part for part in policy.split("; ") if part.startswith("img-src"))
        assert images == "img-src data: https:" + (" http:" if http else "")
        assert "default-src 'none'" in policy
        assert "connect-src 'self'" in policy

    def test_function_urls_and_other_paths_predict_too(
        self, service: Clothes, images: ImageServer
    ) -> None:
        question = json.dumps({"url": f"{images.url}/chunked"})
        assert told(service.handler(url(question, "/"), None)) == scores_of(PICTURE)

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
    def test_other_methods(self, service: Clothes, method: str) -> None:
        answer: Any = service.handler({**get("/predict"), "httpMethod": method}, None)
        assert answer["statusCode"] == 405
        assert answer["headers"]["Allow"] == "GET, HEAD, POST"
