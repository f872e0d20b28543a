"""Artifacts that must not be scored: each is refused with one sentence."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from portable.errors import UnsupportedModel
from portable.keras.classifier import load
from portable.keras.reading import LARGEST

from tests.unit.portable.keras.artifacts import artifact, as_bytes, encoded

Edit = Callable[[dict[str, Any]], Any]
NAN = encoded(np.full(5, np.nan))
ENDLESS = encoded(np.full(5, np.inf))


def _set(document: dict[str, Any], value: Any, *path: Any) -> None:
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = value


def at(*path: Any, value: Any) -> Edit:
    return lambda document: _set(document, value, *path)


EDITS: list[tuple[Edit, str]] = [
    (at("format", value="dense-network-2"), "format"),
    (lambda d: d.pop("format"), "format"),
    (at("labels", value=["A"]), "labels"),
    (at("labels", value=["A", "A", "B"]), "without repetitions"),
    (at("labels", value=["A", "B", 3]), "list of strings"),
    (at("labels", value="ABC"), "labels"),
    (at("labels", value=["A", "B", "C", "D"]), "thresholds"),
    (at("fields", value=["amount"]), "exactly its fields"),
    (at("fields", value=["amount", "income", "both", "home", "age"]), "exactly its fields"),
    (at("columns", value=[]), "columns"),
    (at("columns", 0, value=7), "columns[0]"),
    (at("columns", 0, "kind", value="power"), "number, ratio, missing or levels"),
    (at("columns", 0, "scale", value=0), "scale above 0"),
    (at("columns", 0, "scale", value=float("nan")), "finite"),
    (at("columns", 0, "mean", value=True), "finite"),
    (at("columns", 0, "mean", value=10**400), "finite"),
    (at("columns", 0, "low", value=101.0), "a range"),
    (at("columns", 1, "low", value=-2.0), "a range"),
    (at("columns", 0, "log", value=1), "true or false"),
    (at("columns", 3, "by", value=[]), "by"),
    (at("columns", 3, "floor", value=0), "above 0"),
    (at("columns", 4, "levels", value=["OWN", "OWN"]), "without repetitions"),
    (at("columns", 4, "levels", value=[None]), "list of strings"),
    (at("columns", 4, "levels", value=["OWN"]), "float32"),
    (at("layers", value=[]), "layers"),
    (at("layers", value={}), "layers"),
    (at("layers", 0, "units", value=6), "float32"),
    (at("layers", 0, "units", value=0), "whole number"),
    (at("layers", 0, "units", value=10**9), "whole number"),
    (at("layers", 0, "units", value=5.0), "whole number"),
    (at("layers", 0, "activation", value="softplus"), "activation"),
    (at("layers", 0, "activation", value="__class__"), "activation"),
    (at("layers", 0, "bias", value=NAN), "finite"),
    (at("layers", 0, "bias", value=ENDLESS), "finite"),
    (at("layers", 0, "bias", value=""), "bias"),
    (at("layers", 0, "bias", value=None), "bias"),
    (at("layers", 0, "bias", value="AAAA"), "float32"),
    (at("layers", 0, "bias", value="not base64!"), "base64"),
    (at("layers", 0, "bias", value="Ä" * 20), "base64"),
    (lambda d: d["layers"][0].update(kernel=d["layers"][0]["kernel"][:-5]), "kernel"),
    (lambda d: d["layers"][0].update(kernel=d["layers"][0]["kernel"][:-8]), "kernel"),
    (lambda d: d["layers"].reverse(), "float32"),
    (lambda d: d["layers"].pop(), "shortcut"),
    (at("shortcut", value=None), "shortcut"),
    (at("shortcut", "activation", value="relu"), "shortcut"),
    (lambda d: d.update(shortcut=d["layers"][0]), "shortcut"),
    (at("head", value={}), "kind"),
    (at("head", value={"kind": "argmax"}), "softmax or cumulative"),
    (at("head", value={"kind": "softmax"}), "outputs"),
    (at("head", "thresholds", value=[1.5, -0.5]), "ascending"),
    (at("head", "thresholds", value=[1.5, 1.5]), "ascending"),
    (at("head", "thresholds", value=[1.5]), "thresholds"),
    (at("head", "thresholds", value=[1.5, float("inf")]), "finite"),
    (at("head", "thresholds", value=[1.5, "2"]), "finite"),
]


@pytest.mark.parametrize("number", range(len(EDITS)))
def test_an_artifact_that_cannot_be_scored(number: int) -> None:
    edit, words = EDITS[number]
    document = json.loads(json.dumps(artifact()))
    edit(document)
    with pytest.raises(UnsupportedModel) as refusal:
        load(as_bytes(document))
    said = str(refusal.value)
    assert words in said
    assert said.endswith(".")
    assert len(said) < 200


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b'"text"',
        b"\xff\xfe",
        b"[" * 100_000,
        b"\x80\x04}.",
        b64encode(b"text"),
    ],
)
def test_what_is_no_artifact_at_all(data: bytes) -> None:
    with pytest.raises(UnsupportedModel):
        load(data)


def test_more_bytes_than_any_network_has_are_not_parsed() -> None:
    with pytest.raises(UnsupportedModel, match="bytes, more than"):
        load(b" " * (LARGEST + 1))


def test_unchanged_it_is_read() -> None:
    assert load(as_bytes(artifact())).classes_ == ("A", "B", "C")


@pytest.mark.parametrize("cut", range(1, 60, 3))
def test_a_truncated_artifact(cut: int) -> None:
    data = as_bytes(artifact())
    with pytest.raises(UnsupportedModel):
        load(data[: len(data) * cut // 60])
