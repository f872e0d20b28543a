"""Pictures say their numbers, take the page's colours, and hold nothing but text and shapes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import numpy as np

from model_training.reports import pictures
from model_training.reports.calibration import Bin


def drawings(page: str) -> list[ElementTree.Element]:
    """The pictures of a page: ours, and nobody else's XML."""
    found = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    return [ElementTree.fromstring(svg) for svg in found]  # noqa: S314


def words(svg: str) -> list[str]:
    return [element.text or "" for element in drawings(svg)[0].iter("text")]


def test_the_confusion_matrix_says_its_numbers() -> None:
    svg = pictures.confusion(np.array([[1999, 1], [2, 8]]), ["ham", "spam"])
    said = drawings(svg)[0].get("aria-label", "")
    assert said.startswith("Confusion matrix: 2,007 of 2,010 right; 1,999 ham called ham")
    assert {"1,999", "99.95%", "8", "80.00%", "ham", "spam"} <= set(words(svg))


def test_terms_are_text_never_markup() -> None:
    svg = pictures.bars([("<script>&$x$", 2.0), ("a\x00\u202eb" * 9, 1.0)], "Most telling")
    assert "<script" not in svg
    assert "<script>&$x$" in words(svg)
    (long,) = (word for word in words(svg) if word.startswith("a"))
    assert (len(long), long[:4]) == (18, "a··b")


def test_colours_are_the_page_s_and_names_are_only_those_that_are_used() -> None:
    svg = pictures.reliability([Bin(10, 0.1, 0.0), Bin(40, 0.9, 1.0)], "said", "seen")
    assert "var(--series1)" in svg
    assert not re.search(r"#0000\d\d|xlink|xmlns|<metadata|<!--", svg)
    used = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', svg))
    assert set(re.findall(r' id="([^"]+)"', svg)) == {one for pair in used for one in pair if one}
    assert svg == pictures.reliability([Bin(10, 0.1, 0.0), Bin(40, 0.9, 1.0)], "said", "seen")
