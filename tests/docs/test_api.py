"""What the service and the gateway can answer, and what they read, is in docs/api.md."""

from __future__ import annotations

import re

import pytest
from clothes.fetch import problems as clothes
from serving import runtimes
from serving.http import problems as problem
from serving.http.problems import ProblemType
from serving.inputs import field, fields, form
from serving.invocations import csv_rows

from stacks.config.model_service import ModelService
from stacks.constructs import gateway_problems
from tests.harness.reference import REFERENCE
from tools import PROJECT

DOCUMENT = (PROJECT / "docs/api.md").read_text(encoding="utf-8")
KINDS = list(
    {
        id(value): value
        for module in (problem, runtimes, field, fields, form, csv_rows, clothes)
        for value in vars(module).values()
        if isinstance(value, ProblemType)
    }.values()
)
# A service that was added says in documents of its own what its own code sends and reads.
SERVED = sorted({"serving", *(service.package_folder for service in REFERENCE)})


def _sources() -> str:
    paths = (path for name in SERVED for path in (PROJECT / "lambda_src" / name).rglob("*.py"))
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(paths))


def _section(slug: str) -> str | None:
    match = re.search(rf"^### {slug}\n(.+)", DOCUMENT, re.MULTILINE)
    return match[1] if match else None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_every_problem_has_its_section_with_its_status(kind: ProblemType) -> None:
    section = _section(kind.slug)
    assert section is not None
    assert section.startswith(f"{kind.status}. ")


def test_every_problem_of_the_gateway_has_its_section() -> None:
    slugs = {
        value.slug
        for value in vars(gateway_problems).values()
        if isinstance(value, gateway_problems.GatewayProblem)
    }
    assert slugs
    assert [slug for slug in sorted(slugs) if _section(slug) is None] == []


def test_slugs_are_unique_and_no_section_is_left_over() -> None:
    slugs = [kind.slug for kind in KINDS]
    assert len(set(slugs)) == len(slugs)
    gateway = (PROJECT / "stacks/constructs/gateway_problems.py").read_text(encoding="utf-8")
    for slug in re.findall(r"^### ([a-z-]+)$", DOCUMENT, re.MULTILINE):
        assert slug in slugs or f'slug="{slug}"' in gateway


@pytest.mark.parametrize("service", REFERENCE, ids=lambda service: service.name)
def test_every_service_has_its_row(service: ModelService) -> None:
    path = service.routes[0].path
    rows = re.findall(rf"^\| `{service.name}` \|.*`{path}`.*\|$", DOCUMENT, re.MULTILINE)
    assert len(rows) == 1


def test_every_variable_that_is_read_is_documented() -> None:
    families = "AWS|CORS|FETCH|INPUT|MODEL|RESPONSE|SERVICE"
    read = set(re.findall(rf"[\"']((?:{families})_[A-Z0-9_]+)[\"']", _sources()))
    assert {"MODEL_BUCKET", "CORS_ALLOW_ORIGIN", "AWS_REGION", "SERVICE_PATH", "INPUT_KIND"} <= read
    asked = set(re.findall(r"environ(?:\.get\(|\[)[\"'](\w+)[\"']", _sources()))
    assert asked <= read, "of a family that is not looked for above"
    assert sorted(name for name in read if f"`{name}`" not in DOCUMENT) == []


def test_every_header_that_is_sent_is_documented() -> None:
    sent = set(re.findall(r'"((?:[A-Z][a-z]+-)+[A-Z][a-z]+|Vary|Allow)"', _sources()))
    assert "Retry-After" in sent
    known_to_all = {"Content-Type"}
    assert sorted(n for n in sent - known_to_all if f"`{n}`" not in DOCUMENT) == []


def test_every_member_of_a_log_line_is_documented() -> None:
    source = _sources()
    members = set(re.findall(r'(?:log_fields|line)\["([a-z_]+)"\]', source))
    assert {"inputs", "route", "problem"} <= members
    assert sorted(name for name in members if f"`{name}`" not in DOCUMENT) == []
