"""The model in this repository: its manifest, and that its file answers as recorded."""

from typing import Any

import numpy as np
import pytest

from model_training.clothes import evaluate, golden
from model_training.clothes.__main__ import OUT
from model_training.clothes.folders import LABELS
from model_training.clothes.interpreter import Interpreter
from model_training.clothes.pixels import OFFSET, SCALE, normalised
from model_training.publishing import artifacts

# Processors add in another order: float32 logits of this size differ in the sixth digit.
TOLERANCE = 1e-4


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return artifacts.verify(OUT)


@pytest.fixture(scope="module")
def light() -> Interpreter:
    return evaluate.loaded(OUT)


def test_labels_and_preparation_are_the_trainer_s(manifest: dict[str, Any]) -> None:
    assert manifest["labels"] == list(LABELS)
    assert manifest["input"]["scale"] == SCALE
    assert manifest["input"]["offset"] == OFFSET
    assert manifest["input"]["resize"] == "bilinear"


def test_the_file_takes_and_gives_what_the_manifest_says(
    manifest: dict[str, Any], light: Interpreter
) -> None:
    assert light.size == manifest["input"]["size"]
    assert light.classes == len(LABELS)


def test_the_file_is_small_enough_for_any_package(manifest: dict[str, Any]) -> None:
    assert manifest["artifacts"][evaluate.ARTIFACT]["bytes"] < 10_500_000


def test_the_golden_patterns_get_the_recorded_scores(
    manifest: dict[str, Any], light: Interpreter
) -> None:
    told = manifest["golden"]
    assert len(told) == golden.PATTERNS
    for entry in told:
        (row,) = light.logits(golden.pattern(entry["input"]["pattern"], light.size)[None])
        expected = np.array([entry["scores"][label] for label in LABELS])
        assert np.abs(row - expected).max() <= TOLERANCE * np.abs(expected).max()
        assert LABELS[int(row.argmax())] == entry["prediction"]


def test_the_golden_patterns_are_not_all_the_same_to_it(manifest: dict[str, Any]) -> None:
    rows = np.array([[entry["scores"][label] for label in LABELS] for entry in manifest["golden"]])
    assert np.ptp(rows, axis=0).min() > 0.01


def test_parity_and_accuracy_are_recorded_and_within_what_is_promised(
    manifest: dict[str, Any],
) -> None:
    parity = manifest["parity"]
    assert parity["label_mismatches"] == 0
    assert parity["max_abs_logit_difference"] <= parity["tolerance"] == 1e-4
    assert parity["pictures"] == sum(manifest["data"]["pictures"].values())
    measured = manifest["metrics"]["trained_on_train_alone"]
    confusion = np.array(measured["confusion"])
    assert confusion.sum() == measured["pictures"] == manifest["data"]["pictures"]["validation"]
    assert np.trace(confusion) / confusion.sum() == pytest.approx(measured["accuracy"])
    assert measured["accuracy"] >= 0.92


def test_levels_become_minus_one_to_one() -> None:
    scaled = normalised(np.array([0, 127, 255], np.uint8))
    assert scaled.dtype == np.float32
    assert scaled.tolist() == [-127 / 128, 0, 1]
