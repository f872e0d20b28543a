"""The site's pages of services say what their documents do; `make site` checks every link."""

from __future__ import annotations

import json
import re

import pytest

from tests.harness.reference import NAMES
from tools import PROJECT
from tools.changelog import NotReleasable, notes
from tools.site import reference


@pytest.mark.parametrize("name", NAMES)
def test_every_operation_status_and_schema_is_on_the_page(name: str) -> None:
    document = json.loads((PROJECT / f"docs/openapi/{name}.json").read_text())
    page = reference.page(document, "x.json")
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            section = page.partition(f"\n## {method.upper()} {path}\n")[2].partition("\n## ")[0]
            assert operation["summary"] in section
            assert re.findall(r"^\| (\d{3}) \|", section, re.MULTILINE) == [*operation["responses"]]
    anchors = {each.lower() for each in re.findall(r"^### (.+)$", page, re.MULTILINE)}
    assert anchors == {each.lower() for each in document["components"]["schemas"]}
    assert set(re.findall(r"\]\(#(.+?)\)", page)) <= anchors
    for field in document["components"]["schemas"].get("Input", {}).get("properties", ()):
        assert f"| `{field}` |" in page


def test_a_broken_link_ends_the_build() -> None:
    """MkDocs counts what it warns of, and --quiet keeps it from warning."""
    assert "strict: true" in (PROJECT / "tools/site/mkdocs.yml").read_text().splitlines()
    [command] = re.findall(r"mkdocs build.*", (PROJECT / "Makefile").read_text())
    assert "-q" not in command


def test_only_a_dated_version_is_released() -> None:
    log = "# Changelog\n\n## 0.2.0 (2026-12-01)\n\n- New.\n\n## 0.1.0 (unreleased)\n\n- Old.\n"
    assert notes("0.2.0", log) == "- New.\n"
    for version in ("0.1.0", "0.3.0"):
        with pytest.raises(NotReleasable, match=rf'write "## {re.escape(version)} \(YYYY-MM-DD\)"'):
            notes(version, log)
