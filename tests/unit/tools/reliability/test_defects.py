"""A sample of `python -m tools.reliability defects`; tests/stacks has that of the templates."""

from __future__ import annotations

import pytest

from tests.harness.judged import sampled
from tools import PROJECT
from tools.reliability.defects.code_defect import CodeDefect
from tools.reliability.defects.code_defects import CODE_DEFECTS
from tools.reliability.defects.code_tests import caught_by, plant
from tools.reliability.defects.picture_defects import PICTURE_DEFECTS
from tools.reliability.defects.template_defects import TEMPLATE_DEFECTS

_CODE = (*CODE_DEFECTS, *PICTURE_DEFECTS)
CAUGHT = ("digest unchecked", "half a surrogate answered", "any number of scans")


def test_there_are_enough() -> None:
    names = [defect.name for defect in (*_CODE, *TEMPLATE_DEFECTS)]
    assert len(names) >= 40
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("defect", _CODE, ids=lambda defect: defect.name)
def test_the_text_to_replace_is_there_once(defect: CodeDefect) -> None:
    text = (PROJECT / defect.folder / defect.file).read_text(encoding="utf-8")
    assert plant(defect, text) != text


@pytest.mark.parametrize("name", sampled(CAUGHT, CAUGHT[:1]))
def test_a_defect_of_the_code_is_caught(name: str) -> None:
    [defect] = [defect for defect in _CODE if defect.name == name]
    assert caught_by(defect) is not None


def test_code_without_a_defect_passes() -> None:
    [defect] = [defect for defect in CODE_DEFECTS if defect.name == "half a surrogate answered"]
    harmless = CodeDefect("none", defect.file, defect.old, defect.old + " ", defect.tests)
    assert caught_by(harmless) is None


@pytest.mark.parametrize("defect", _CODE, ids=lambda defect: defect.name)
def test_what_is_to_catch_it_is_there(defect: CodeDefect) -> None:
    assert [test for test in defect.tests if not (PROJECT / test.partition("::")[0]).exists()] == []
