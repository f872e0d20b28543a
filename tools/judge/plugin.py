"""A pytest plugin: estimators that the portable runtime reads answer twice, once by each."""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from portable.supported import ESTIMATORS

import model_training as model_training  # puts the runtime on the import path
from tools.judge.comparison import METHODS, Judge
from tools.judge.record import PARTS

MOST_IN_A_TEST = 40
"""Comparisons: the common checks ask each estimator hundreds of times in one test."""

_judge = Judge()
_state = {"busy": False, "left": 0}


class _Judged:
    """A method that is compared after it has answered: a descriptor around scikit-learn's."""

    def __init__(self, method: str, original: Any) -> None:
        self.method = method
        self.original = original

    def __get__(self, estimator: Any, owner: type) -> Any:
        bound = self.original.__get__(estimator, owner)
        if estimator is None:
            return bound

        @functools.wraps(bound)
        def judged(*arguments: Any, **options: Any) -> Any:
            rows: Any = arguments[0] if len(arguments) == 1 and not options else None
            # With copy=False rows are changed where they are.
            if getattr(estimator, "copy", True) is False and hasattr(rows, "copy"):
                rows = rows.copy()
            answer = self._alone(bound, *arguments, **options)
            if rows is not None:
                _compare(estimator, self.method, rows, answer)
            return answer

        return judged

    @staticmethod
    def _alone(bound: Any, *arguments: Any, **options: Any) -> Any:
        """Call it without judging what it asks its own members."""
        before, _state["busy"] = _state["busy"], True
        try:
            return bound(*arguments, **options)
        finally:
            _state["busy"] = before


def _compare(estimator: Any, method: str, rows: Any, answer: Any) -> None:
    if _state["busy"] or not _state["left"]:
        return
    _state["busy"] = True
    _state["left"] -= 1
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _judge.compare(estimator, method, rows, answer)
    finally:
        _state["busy"] = False


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--judge-every N`: of N tests, one is run."""
    parser.addoption("--judge-every", type=int, default=1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not to be run, the same in every process."""
    items[:] = items[:: config.getoption("--judge-every")]


def pytest_configure() -> None:
    """Put the judged methods in the place of scikit-learn's."""
    for module, classes in ESTIMATORS.items():
        if module.partition(".")[0] != "sklearn":
            continue
        for name in classes:
            kind = getattr(import_module(module), name, None)
            for method in METHODS:
                original = kind and inspect.getattr_static(kind, method, None)
                if original is not None and not isinstance(original, _Judged):
                    setattr(kind, method, _Judged(method, original))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Say which test is running."""
    _judge.test = item.nodeid
    # Threads of the test before may have put it back in another order than they took it.
    _state.update(busy=False, left=MOST_IN_A_TEST)
    try:
        return (yield)
    finally:
        _state["left"] = 0


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what this process has compared."""
    worker = getattr(session.config, "workerinput", {}).get("workerid", "main")
    _judge.record.write(PARTS / f"{worker}.json")
