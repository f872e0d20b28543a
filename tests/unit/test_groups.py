"""Tests of one group run in one process: what they share is made once."""

from __future__ import annotations

import gzip
import os
import sys
from pathlib import Path

import pytest

from tests.conftest import each_value, group, pytest_make_parametrize_id


@pytest.mark.parametrize("turn", range(6))
def test_one_process_has_all_tests_of_a_file(
    turn: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    base = tmp_path_factory.getbasetemp()
    # That of the whole run is above those of its processes.
    seen: Path = (base.parent if worker else base) / "processes.txt"
    with seen.open("a", encoding="utf-8") as file:
        file.write(f"{worker} {turn}\n")
    lines = seen.read_text(encoding="utf-8").splitlines()
    assert {line.split()[0] for line in lines} == {str(worker)}


@pytest.mark.parametrize("turn", range(3))
def test_coverage_traces_the_first_case_alone(turn: int, pytestconfig: pytest.Config) -> None:
    measures = bool(pytestconfig.getoption("cov_source", None))
    assert (sys.gettrace() is not None) == (measures and turn == 0)


@pytest.mark.no_cover
def test_coverage_traces_nothing_where_a_test_says_so() -> None:
    assert sys.gettrace() is None


def test_files_that_share_a_fixture_are_one_group() -> None:
    assert group("tests/integration/test_clothes.py::test_x[a::b]") == "deployed"
    assert group("tests/integration/test_local_aws.py::test_y") == "deployed"
    assert group("tests/stacks/test_services.py::test_z") == "stacks"
    assert group("tests/stacks/test_runtimes.py::test_z") == "stacks"
    assert group("tests/stacks/test_wheel.py::test_z") == "stacks/test_wheel.py"
    assert group("tests/unit/test_groups.py::test_z") == "unit/test_groups.py"


def test_a_test_is_named_alike_in_every_process() -> None:
    archives = (gzip.compress(bytes(9), mtime=second) for second in (1, 2))
    assert {pytest_make_parametrize_id(archive, "content") for archive in archives} == {"content"}
    for short in (b"<html>", b"", "text", 1):
        assert pytest_make_parametrize_id(short, "content") is None


def test_of_a_product_each_value_is_tried_with_every_change() -> None:
    cases = [{"model": model, "labels": labels} for labels in (True, False) for model in range(5)]
    chosen = [cases[number] for number in sorted(each_value(cases))]
    assert [case["model"] for case in chosen] == [0, 2, 4, 1, 3]
    assert [case["labels"] for case in chosen] == [True, True, True, False, False]


def test_of_one_list_every_case_is_tried_and_of_what_lacks_some_those_with_a_new_value() -> None:
    assert each_value([{"text,expected": row} for row in range(9)]) == set(range(9))
    assert each_value([{}]) == {0}
    lacking = [{"a": 0, "b": 0}, {"a": 0, "b": 1}, {"a": 1, "b": 0}, {"a": 2, "b": 1}]
    assert each_value(lacking) == {0, 1, 2, 3}
    assert each_value([*lacking, {"a": 2, "b": 0}]) == {0, 2, 4, 1}
