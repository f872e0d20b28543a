"""The index of `make serve`: a card for each service, nothing asked of any other place."""

from __future__ import annotations

import base64
import re
import shlex
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from stacks.config.model_service import ModelService
from stacks.config.services import SERVICES
from tests.harness.reference import REFERENCE
from tools.local_aws.index_page import contents, curl_line, roots, stable_url
from tools.smoke import example

URL = "http://127.0.0.1:8080"


class Elements(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_there_is_a_card_for_each_service_and_its_links_are_below_its_path() -> None:
    answered = contents(URL, SERVICES)
    page = Elements(answered["/"].body.decode())
    links = [attributes["href"] or "" for tag, attributes in page.found if tag == "a"]
    for service in SERVICES:
        below = {f"/{service.name}/openapi.json", f"/{service.name}{service.routes[0].path}"}
        assert below <= {*links}
        assert curl_line(URL, service) in page.text
        assert service.summary in page.text
    assert all(link in answered or link.split("/")[1] in stable_names() for link in links)
    assert [tag for tag, _ in page.found].count("li") == len(SERVICES)


def stable_names() -> set[str]:
    return {service.name for service in SERVICES}


def test_the_page_asks_nothing_and_its_policy_admits_its_style_alone() -> None:
    index = contents(URL, SERVICES)["/"]
    page = index.body.decode()
    style = re.search(r"(?s)<style>(.*?)</style>", page)
    assert style is not None
    digest = base64.b64encode(sha256(style[1].encode()).digest()).decode()
    policy = index.headers["Content-Security-Policy"]
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
    assert "<script" not in page
    assert not re.search(r"(?:src|url)\s*[=(]", page)
    assert "prefers-color-scheme: dark" in style[1]


def test_what_an_entry_says_is_shown_as_text() -> None:
    service = replace(REFERENCE[0], summary="<script>alert(1)</script> & more")
    page = contents(URL, [service])["/"].body.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page


@pytest.mark.parametrize("service", REFERENCE, ids=lambda service: service.name)
def test_a_curl_line_sends_the_recorded_example(service: ModelService) -> None:
    asked = example(service.name)
    assert asked is not None
    words = shlex.split(curl_line(URL, service))
    assert words[-1] == stable_url(URL, service)
    assert f"Content-Type: {asked.content_type}" in words
    if "-d" in words:
        assert words[words.index("-d") + 1].encode() == asked.body
    else:
        sample = words[2].removeprefix(URL)
        assert contents(URL, SERVICES)[sample].body == asked.body


def test_without_an_example_a_service_describes_itself() -> None:
    service = replace(REFERENCE[0], name="no_example")
    assert curl_line(URL, service) == f"curl {stable_url(URL, service)}"
    assert "/_examples/no_example" not in contents(URL, [service])


def test_the_root_is_above_the_path_that_predicts() -> None:
    endpoints = {
        service.name: f"http://127.0.0.1:4/_aws/x/{service.name}{service.routes[0].path}"
        for service in SERVICES
    }
    assert roots(endpoints, SERVICES) == {
        service.name: f"http://127.0.0.1:4/_aws/x/{service.name}" for service in SERVICES
    }
