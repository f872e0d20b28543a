"""The infrastructure's own assertions, run over mutated templates instead of synthesized ones."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import patch

import aws_cdk as cdk
import pytest

from stacks.config.stages import STAGES, Stage
from tools.reliability.defects.assembly import Assembly


class _Session:
    """A pytest plugin: runs the tests of assemblies and notes which was the first to fail."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed: str | None = None

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        # A snapshot notices any change at all, so it would prove nothing here; what needs a
        # folder of its own synthesizes something else than it is handed. That `local` is like
        # `dev` catches all that is wrong with one of them, and nothing that is with both. That a
        # defect can be planted is not so where it is: it would pass for whatever catches it.
        unsuitable = {"snapshot", "tmp_path", "local", "defect"}
        items[:] = [
            item
            for item in items
            if "synthesized" in item.fixturenames and unsuitable.isdisjoint(item.fixturenames)
        ]
        # The linter takes seconds where the others take milliseconds.
        items.sort(key=lambda item: "lint" in item.name)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.passed += report.when == "call" and report.passed
        if report.failed and self.failed is None:
            self.failed = report.nodeid.rpartition("::")[2]


class _Original(_Session):
    """Keeps what the fixtures of the session are, to be handed out again."""

    def __init__(self) -> None:
        super().__init__()
        self.fixtures: dict[str, Any] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, Any, Any]:
        value = yield
        if fixturedef.scope == "session" and "tests/stacks" in fixturedef.baseid:
            self.fixtures[fixturedef.argname] = value
        return value


class _Mutated(_Session):
    """Hands out the same, but for the assembly of one stage."""

    def __init__(self, fixtures: Mapping[str, Any], stage: str, assembly: Assembly) -> None:
        super().__init__()
        self._stage = STAGES[stage]
        self._assembly = assembly
        self._others: Callable[[Stage], Assembly] = fixtures["synthesized"]
        self._fixtures = {**fixtures, "synthesized": self._synthesized, stage: assembly}

    def _synthesized(self, stage: Stage) -> Assembly:
        return self._assembly if stage == self._stage else self._others(stage)

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Any:
        value = self._fixtures.get(fixturedef.argname)
        if value is not None:
            fixturedef.cached_result = (value, fixturedef.cache_key(request), None)
        return value


def _skip(*_: object, **__: object) -> NoReturn:
    pytest.skip("synthesizes by itself")


def _run(plugin: _Session, *arguments: str) -> None:
    quiet = ["-q", "--tb=no", "-p", "no:cacheprovider", "-p", "no:randomly"]
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(["tests/stacks", "-x", *quiet, *arguments], plugins=[plugin])
    if not plugin.passed and plugin.failed is None:
        raise RuntimeError("no test of the infrastructure has run")


class Assertions:
    """The assertions, after one run in which all of them have passed; `original` gives the
    assembly of a stage as it should be."""

    def __init__(self, folder: Path) -> None:
        """`folder` is where the assemblies stay. Raises `RuntimeError` where a test fails."""
        session = _Original()
        _run(session, f"--basetemp={folder}")
        if session.failed:
            raise RuntimeError(f"{session.failed} fails without any defect")
        self._fixtures = session.fixtures

    def original(self, stage: str) -> Assembly:
        synthesized: Callable[[Stage], Assembly] = self._fixtures["synthesized"]
        return synthesized(STAGES[stage])

    def first_failure(self, stage: str, assembly: Assembly) -> str | None:
        """The first test that fails on a mutated assembly of a stage, None where all pass."""
        session = _Mutated(self._fixtures, stage, assembly)
        # What synthesizes something else than it is handed has nothing to tell about a mutant.
        with patch.object(cdk, "App", _skip):
            _run(session)
        return session.failed
