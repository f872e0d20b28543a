"""build/endpoints.json, where other programs on this machine find what the latest run serves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.local_aws import session
from tools.local_aws.session import remove_endpoints, write_endpoints

FIRST = {"spam_or_ham": "http://127.0.0.1:4566/a/spamorham", "clothes": "http://127.0.0.1:4566/b"}
SECOND = {"spam_or_ham": "http://127.0.0.1:4600/c/spamorham"}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file, in a folder that is not there yet."""
    monkeypatch.setattr(session, "ENDPOINTS_FILE", tmp_path / "build" / "endpoints.json")
    return tmp_path / "build" / "endpoints.json"


def test_it_is_a_url_by_service_and_goes_with_its_run(file: Path) -> None:
    write_endpoints(FIRST)
    assert json.loads(file.read_text()) == FIRST
    assert [entry.name for entry in file.parent.iterdir()] == ["endpoints.json"]
    remove_endpoints(FIRST)
    assert not file.exists()
    remove_endpoints(FIRST)


@pytest.mark.parametrize("first_ends_first", [True, False])
def test_of_two_runs_the_latest_has_it_and_alone_removes_it(
    file: Path, first_ends_first: bool
) -> None:
    write_endpoints(FIRST)
    write_endpoints(SECOND)
    assert json.loads(file.read_text()) == SECOND
    if first_ends_first:
        remove_endpoints(FIRST)
        assert json.loads(file.read_text()) == SECOND
    remove_endpoints(SECOND)
    assert not file.exists()
