"""What the service answers to requests it accepts."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from serving.http.router import Router
from serving.http.static import Document, Page
from serving.service import ModelService
from spam_or_ham.handler import spam_or_ham

from tools.local_aws.events import Event, get, rest, url, with_headers
from tools.local_aws.small_model import Files

if TYPE_CHECKING:
    from serving.http.router import Routes

JSON = "application/json"


class Context:
    """What the runtime client hands over beside the event, as far as it is used."""

    aws_request_id = "1c2a3b4c-0000-4000-8000-000000000001"

    def get_remaining_time_in_millis(self) -> int:
        return 9_000


def _answer(service: ModelService, event: Event) -> dict[str, Any]:
    answer = service.handler(event, Context())
    assert answer["statusCode"] == 200, answer
    body = json.loads(str(answer["body"]))
    assert isinstance(body, dict)
    return body


def test_golden_messages(service: ModelService, files: Files) -> None:
    golden = json.loads(files["manifest.json"])["golden"]
    texts = [message["input"] for message in golden]
    together = _answer(service, rest(json.dumps(texts), JSON))
    assert together["predictions"] == [message["prediction"] for message in golden]
    for index, message in enumerate(golden):
        alone = _answer(service, rest(message["input"]))
        assert alone["predictions"] == [message["prediction"]]
        assert alone["probabilities"] == [together["probabilities"][index]]
        assert alone["probabilities"][0] == pytest.approx(message["probabilities"], abs=1e-9)


def test_model_is_named(service: ModelService, served: dict[str, str]) -> None:
    event = rest("hi")
    version = served["MODEL_VERSION"]
    assert _answer(service, event)["model"] == {"name": "spam_or_ham", "version": version}
    headers = service.handler(event, None)["headers"]
    assert isinstance(headers, dict)
    assert headers["X-Model-Version"] == version
    assert headers["Cache-Control"] == "no-store"


def test_one_label_a_line(service: ModelService) -> None:
    event = with_headers('["free prize", "see you at noon"]', Accept="text/plain")
    event["headers"]["Content-Type"] = JSON
    event["multiValueHeaders"] = None
    answer = service.handler(event, None)
    assert answer["body"] == "spam\nham\n"


@pytest.mark.parametrize("explain", ["true", "TRUE", "1", "false", "", "yes", None])
def test_explanations_on_request_only(service: ModelService, explain: str | None) -> None:
    body = _answer(service, rest("free prize", queryStringParameters={"explain": explain}))
    assert ("explanations" in body) is (explain == "true")


def test_explanations_sum_to_the_log_odds(service: ModelService) -> None:
    texts = ["win a free free prize", "see you at noon", "zzz"]
    event = rest(json.dumps(texts), JSON, queryStringParameters={"explain": "true"})
    body = _answer(service, event)
    assert len(body["explanations"]) == len(texts)
    for explanation, probabilities in zip(body["explanations"], body["probabilities"], strict=True):
        assert set(explanation) == {"label", "against", "log_odds", "prior", "tokens"}
        assert (explanation["label"], explanation["against"]) == ("spam", "ham")
        weights = [token["contribution"] for token in explanation["tokens"]]
        assert explanation["prior"] + sum(weights) == pytest.approx(
            explanation["log_odds"], abs=1e-9
        )
        assert weights == sorted(weights, key=abs, reverse=True)
        assert (explanation["log_odds"] > 0) is (probabilities["spam"] > 0.5)
    assert {
        key: token[key]
        for token in body["explanations"][0]["tokens"]
        if token["token"] == "free"
        for key in ("token", "count")
    } == {"token": "free", "count": 2}


def test_explanations_through_a_function_url(service: ModelService) -> None:
    body = _answer(service, url("hi", queryStringParameters={"explain": "true"}))
    assert len(body["explanations"]) == 1


@pytest.mark.parametrize(
    ("event", "detail"),
    [
        (rest('["a", "b", 7]', JSON), "Item 2 "),
        (rest('{"inputs": [null]}', JSON), "Item 0 "),
        (rest('["a", ""]', JSON), "Item 1 "),
        (rest('["a", "\\ud800"]', JSON), "Item 1 "),
        (rest(json.dumps(["a"] * 101), JSON), "101 texts where 100"),
    ],
)
def test_the_item_at_fault_is_named(service: ModelService, event: Event, detail: str) -> None:
    problem = json.loads(str(service.handler(event, None)["body"]))
    assert detail in problem["detail"]


def test_description(service: ModelService, files: Files) -> None:
    manifest = json.loads(files["manifest.json"])
    body = _answer(service, get("/spamorham"))
    for member in ("labels", "recipe", "runtime", "trained_with", "data", "metrics"):
        assert body[member] == manifest[member]
    assert body["limits"] == {"body_bytes": 65_536, "texts": 100}
    assert "golden" not in body


def test_the_request_is_named_in_problem_and_log(
    service: ModelService, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = service.handler(rest(""), Context())
    assert json.loads(str(answer["body"]))["instance"] == f"urn:request:{Context.aws_request_id}"
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert line["request_id"] == Context.aws_request_id
    assert line["gateway_request_id"] == "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"


def test_log_line(service: ModelService, capsys: pytest.CaptureFixture[str]) -> None:
    service.handler(rest('["free prize", "noon", "née"]', JSON), Context())
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert line["level"] == "INFO"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", line["timestamp"])
    assert (line["status"], line["route"], line["inputs"]) == (200, "/spamorham", 3)
    assert line["bytes"] == len("free prizenoonnée".encode())
    assert sum(line["predictions"].values()) == 3
    assert line["duration_ms"] >= 0
    assert isinstance(line["cold"], bool)


def test_cold_is_the_first_request(
    served: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    service = spam_or_ham(served)
    for _ in range(2):
        service.handler(rest("hi"), None)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["cold"] for line in lines if line["message"] == "request"] == [True, False]


@pytest.mark.parametrize("origin", ["*", "https://example.com", None])
def test_cross_origin_headers(served: dict[str, str], origin: str | None) -> None:
    service = spam_or_ham(served | ({"CORS_ALLOW_ORIGIN": origin} if origin else {}))
    for event in (rest("hi"), rest(""), get("/spamorham")):
        headers = service.handler(event, None)["headers"]
        assert isinstance(headers, dict)
        assert headers.get("Access-Control-Allow-Origin") == origin
        assert ("Origin" in headers["Vary"]) is (origin == "https://example.com")


def _router(tmp_path: Path) -> Router:
    routes: Routes = {
        "/": {"GET": Page(str(tmp_path / "index.html"))},
        "/openapi.json": {"GET": Document(str(tmp_path / "openapi.json"))},
    }
    return Router(routes, default_path="/", headers={})


@pytest.mark.parametrize("path", ["/", "/openapi.json"])
def test_documents_that_are_not_deployed_are_not_found(tmp_path: Path, path: str) -> None:
    assert _router(tmp_path)(get(path), None)["statusCode"] == 404


def test_documents_appear_once_they_are_there(tmp_path: Path) -> None:
    router = _router(tmp_path)
    router(get("/openapi.json"), None)
    (tmp_path / "openapi.json").write_text('{"openapi": "3.1.0"}')
    answer = router(get("/openapi.json"), None)
    assert answer["body"] == '{"openapi": "3.1.0"}'


def test_page_admits_its_own_scripts_and_nothing_else(tmp_path: Path) -> None:
    script, style = "document.title = 'é';", "body { margin: 0 }"
    page = f"<style media='all'>{style}</style>\n<script type=module>{script}</script>"
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    answer = _router(tmp_path)(get("/"), None)
    assert answer["body"] == page
    headers = answer["headers"]
    assert isinstance(headers, dict)
    policy = headers["Content-Security-Policy"]
    for block in (script, style):
        digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [("/", "application/json", 406), ("/", "text/html,*/*;q=0.8", 200),
     ("/openapi.json", "text/html", 406), ("/openapi.json", "application/*", 200)],
)  # fmt: skip
def test_documents_negotiate_too(tmp_path: Path, path: str, accept: str, status: int) -> None:
    for name in ("index.html", "openapi.json"):
        (tmp_path / name).write_text("{}")
    event = get(path, headers={"accept": accept}, multiValueHeaders=None)
    assert _router(tmp_path)(event, None)["statusCode"] == status


def test_an_unforeseen_exception_is_told_without_its_text(
    service: ModelService, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(texts: list[str]) -> None:
        raise RuntimeError(f"cannot score {texts}")

    service.handler(rest("hi"), None)
    monkeypatch.setattr(service.model, "predict", fail)
    capsys.readouterr()
    answer = service.handler(rest("a private message"), Context())
    assert answer["statusCode"] == 500
    assert json.loads(str(answer["body"]))["type"] == "/problems/internal-error"
    output = capsys.readouterr().out
    assert "private" not in output + str(answer)
    unexpected = json.loads(output.splitlines()[0])
    assert (unexpected["error"], unexpected["file"]) == ("RuntimeError", "test_answers.py")


@pytest.mark.parametrize("path", ["/spamorham", "/", "/nowhere"])
def test_head_is_answered_as_get_without_a_body(service: ModelService, path: str) -> None:
    plain = service.handler(get(path, headers=None, multiValueHeaders=None), None)
    head = service.handler(
        get(path, headers=None, multiValueHeaders=None) | {"httpMethod": "HEAD"}, None
    )
    assert head["body"] == ""
    assert plain["body"]
    assert (head["statusCode"], head["headers"]) == (plain["statusCode"], plain["headers"])
