"""How the tests are spread over processes: what shares an expensive fixture stays together."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from collections.abc import Generator, Hashable, Iterator, Mapping, Sequence

    from xdist.remote import Producer

# The stacks are synthesized once, and the services deployed once, for all tests that look at them.
_SHARED = {
    "stacks": "stacks",
    # Validate by JSON Schema, whose library is seconds of importing.
    "contract/test_openapi": "schemas",
    "unit/loan_grade/test_schema_agrees.py": "schemas",
    "unit/loan_grade/test_trained_model.py": "schemas",
    "unit/clothes/test_document.py": "schemas",
    "unit/serving/http/test_metrics.py": "schemas",
    "unit/tools/test_openapi_invocations.py": "schemas",
    "integration/test_spam_or_ham.py": "deployed",
    "integration/test_hostile_text.py": "deployed",
    "integration/test_breast_cancer.py": "deployed",
    "integration/test_clothes.py": "deployed",
    "integration/test_deploy_twice.py": "deployed",
    "integration/test_loan_grade.py": "deployed",
    "integration/test_local_aws.py": "deployed",
    "integration/test_runtimes.py": "deployed",
    "integration/test_one_address.py": "deployed",
    "integration/test_release.py": "deployed",
    "integration/test_batch.py": "deployed",
    "integration/test_add_a_model.py": "deployed",
    "integration/test_bring_your_model.py": "deployed",
}
# These share nothing.
_ALONE = {"stacks/test_guard_rules.py", "stacks/test_wheel.py"}


# What runs the sources in its own process; the others start processes that deploy and serve.
_MEASURED = ("tests/unit/", "tests/stacks/")
_UNMEASURED = pytest.StashKey[bool]()
# What has parameters that are multiplied, of which each value is tried with every change.
_MULTIPLIED = ("tests/unit/", "tests/integration/page/")
# The same examples with every change; more of them, and others every night, under `make judge`.
settings.register_profile("change", max_examples=50, deadline=None, derandomize=True, database=None)
settings.register_profile("judge", max_examples=1_000, deadline=None, print_blob=True)
settings.load_profile("change")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A test is not named after bytes that differ from process to process, as an archive's do,
    which has the second in it: xdist asks every process for the same names."""
    named = not isinstance(val, bytes) or (val.isascii() and len(val) <= 40)
    return None if named else argname


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What was collected stays until the end: the garbage collector need not look through it
    again and again, while it is collected or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None]:
    """Leave the products of parameters to the night, but for a few cases, before pytest chooses by
    markers; and say of what it has chosen what is measured."""
    products: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.nodeid.startswith(_MULTIPLIED) and "judge" not in item.keywords:
            products.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for cases in products.values():
        chosen = each_value([_values(case) for case in cases])
        for number, case in enumerate(cases):
            if number not in chosen:
                case.add_marker("judge")
    yield
    if config.getoption("cov_source", None):
        _measure_first_cases(items)


def _values(case: pytest.Item) -> dict[str, Hashable]:
    """Parameters → which of their values a case has; those that one list gives are one."""
    if not hasattr(case, "callspec"):
        return {}
    own = {name: id(value) for name, value in case.callspec.params.items()}
    together = [mark.args[0] for mark in case.iter_markers("parametrize")]
    lists = [names.split(",") if isinstance(names, str) else names for names in together]
    values: dict[str, Hashable] = {}
    for names in lists:
        stripped = [name.strip() for name in names]
        values[",".join(stripped)] = tuple(own.pop(name) for name in stripped if name in own)
    return {**values, **own}


def each_value(cases: Sequence[Mapping[str, Hashable]]) -> set[int]:
    """The numbers of the cases, parameter → value, to try with every change: of a product, one for
    each value of the longest parameter, with the others' values in turn; and what has a value that
    none of these has. All, where there is one parameter."""
    values: dict[str, list[Hashable]] = {}
    for case in cases:
        for name, value in case.items():
            values.setdefault(name, [])
            if value not in values[name]:
                values[name].append(value)
    longest = max(values, key=lambda name: len(values[name]), default="")

    def is_in_turn(case: Mapping[str, Hashable]) -> bool:
        turn = values[longest].index(case[longest]) if longest else 0
        return all(values[name][turn % len(values[name])] == value for name, value in case.items())

    chosen: set[int] = set()
    seen: set[tuple[str, Hashable]] = set()
    in_turn = [is_in_turn(case) for case in cases]
    for number in sorted(range(len(cases)), key=lambda number: not in_turn[number]):
        if in_turn[number] or not seen.issuperset(cases[number].items()):
            chosen.add(number)
            seen.update(cases[number].items())
    return chosen


def _measure_first_cases(items: list[pytest.Item]) -> None:
    """Coverage is measured of the first case of each test in this process: tracing slows down what
    it sees by half, and the other cases run the same lines with other values."""
    measured = set()
    for item in items:
        name = item.nodeid.partition("[")[0]
        is_measured = name not in measured and name.startswith(_MEASURED)
        item.stash[_UNMEASURED] = not is_measured and "no_cover" not in item.keywords
        measured.add(name)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """pytest-cov starts twice in a process of xdist's: what the first measures nobody reads, and
    it would go on tracing wherever the second stops (pytest-cov 7.1)."""
    covering = session.config.pluginmanager.getplugin("_cov")
    if covering is not None and hasattr(session.config, "workerinput"):
        covering.cov_controller.cov.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    """Nothing is traced while a test runs that is not measured, neither its fixtures nor what runs
    it: pytest's own lines are as dear to trace as ours."""
    if not item.stash.get(_UNMEASURED, False):
        return (yield)
    controller = item.config.pluginmanager.getplugin("_cov").cov_controller
    controller.pause()
    try:
        return (yield)
    finally:
        controller.resume()


def group(test: str) -> str:
    """The fixture that a test shares with others, by its node id; or its file."""
    file = test.partition("::")[0].removeprefix("tests/")
    if file in _ALONE:
        return file
    return next((shared for place, shared in _SHARED.items() if file.startswith(place)), file)


class Grouped(LoadScopeScheduling):
    """Gives a process all tests of a group. xdist's own groups are lost without a word where
    pytest keeps the node ids that it has made, as it does from 9.2 on."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Grouped:
    """Spread groups over the processes in the order of collection: the long ones come first."""
    config.option.loadscopereorder = False
    return Grouped(config, log)
