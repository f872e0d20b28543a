"""Constructs take settings as values: a list of parameters nobody reads is not an interface."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path

import pytest
from constructs import Construct

import stacks

MOST = 8
FOLDER = Path(stacks.__file__).parent
CONSTRUCTS = [
    construct_
    for file in sorted([*FOLDER.glob("*_stack.py"), *FOLDER.glob("constructs/*.py")])
    for construct_ in vars(
        import_module(".".join(file.relative_to(FOLDER.parent).with_suffix("").parts))
    ).values()
    if inspect.isclass(construct_)
    and issubclass(construct_, Construct)
    and construct_.__module__.startswith("stacks")
]


@pytest.mark.parametrize(
    "construct", sorted(set(CONSTRUCTS), key=lambda construct_: construct_.__name__)
)
def test_no_construct_has_more_parameters(construct: type[Construct]) -> None:
    # Of the class itself the CDK's metaclass shows none. `self` is not counted.
    assert len(inspect.signature(construct.__init__).parameters) - 1 <= MOST
