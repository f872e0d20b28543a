"""Which cases run with every change, and which under `make judge` alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TypeVar

import pytest
from _pytest.mark import ParameterSet

Case = TypeVar("Case")


def sampled(cases: Iterable[Case], always: Collection[Case]) -> list[Case | ParameterSet]:
    """Parameters of all cases; with every change run those that `always` names.

    Fails where it names one that there is not.
    """
    listed = list(cases)
    assert [case for case in always if case not in listed] == []
    return [
        case if case in always else pytest.param(*_values(case), marks=pytest.mark.judge)
        for case in listed
    ]


def _values(case: object) -> tuple[object, ...]:
    """A case of several parameters is a tuple of them."""
    return case if isinstance(case, tuple) else (case,)
