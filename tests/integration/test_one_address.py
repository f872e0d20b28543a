"""What `make serve` shows: every service behind one address, and every line it prints works."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest

from stacks.config.model_service import ModelService
from stacks.config.services import SERVICES
from tools.local_aws.client import request
from tools.local_aws.index_page import contents, curl_line, roots, stable_url
from tools.local_aws.proxy import ServiceProxy
from tools.local_aws.session import LocalServices
from tools.smoke import example

CURL = """curl() { command curl --silent --fail --noproxy '*' "$@"; }"""
"""A failure fails the line, and a proxy of this machine's is not asked."""

each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


@pytest.fixture(scope="module")
def address(local: LocalServices) -> Iterator[str]:
    proxy = ServiceProxy(0)
    proxy.route(roots(local.endpoints, SERVICES), contents(proxy.url, SERVICES))
    with proxy:
        yield proxy.url


@each_service
def test_the_curl_line_is_answered_as_the_service_answers(
    local: LocalServices, address: str, service: ModelService
) -> None:
    ran = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{CURL}\n{curl_line(address, service)}"],
        capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    asked = example(service.name)
    assert asked is not None
    headers = {"Content-Type": asked.content_type}
    direct = request(local.endpoints[service.name], asked.body, headers=headers)
    assert direct.status == 200
    assert json.loads(ran.stdout) == json.loads(direct.body)


@each_service
def test_every_get_of_a_service_comes_through(
    local: LocalServices, address: str, service: ModelService
) -> None:
    root = roots(local.endpoints, SERVICES)[service.name]
    paths = [route.path for route in service.routes if "GET" in route.methods]
    assert service.has_page is ("/" in paths)
    for path in {*paths, "/openapi.json"}:
        through = request(f"{address}/{service.name}{path}")
        direct = request(f"{root}{path}")
        assert (through.status, through.body) == (200, direct.body)
        assert through.headers["content-type"] == direct.headers["content-type"]


@each_service
def test_a_refusal_comes_through(local: LocalServices, address: str, service: ModelService) -> None:
    refused = request(stable_url(address, service), b"\xff", method="POST")
    direct = request(local.endpoints[service.name], b"\xff", method="POST")
    assert (refused.status, refused.headers["content-type"]) == (
        direct.status, direct.headers["content-type"],
    )  # fmt: skip
    assert refused.status == 400
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    through = request(stable_url(address, service), method="OPTIONS", headers=asked)
    direct = request(local.endpoints[service.name], method="OPTIONS", headers=asked)
    assert through.status == direct.status
    name = "access-control-allow-origin"
    assert through.headers.get(name) == direct.headers.get(name)
