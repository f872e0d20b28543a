"""Figures of answers, and the variations that training makes of pictures."""

import numpy as np
import pytest

from model_training.clothes.augment import varied
from model_training.clothes.figures import measure, wilson
from model_training.clothes.golden import pattern

TRUTH = [0, 0, 0, 1, 1, 2]
LOGITS = np.log([[8, 1, 1], [8, 1, 1], [1, 8, 1], [1, 8, 1], [1, 1, 8], [1, 1, 8]])


def test_accuracy_recall_precision_and_confusion() -> None:
    figures = measure(("a", "b", "c"), TRUTH, LOGITS)
    assert figures.pictures == 6
    assert figures.accuracy == pytest.approx(4 / 6)
    assert figures.confusion.tolist() == [[2, 1, 0], [0, 1, 1], [0, 0, 1]]
    assert figures.recall() == pytest.approx({"a": 2 / 3, "b": 1 / 2, "c": 1})
    assert figures.precision() == pytest.approx({"a": 1, "b": 1 / 2, "c": 1 / 2})
    assert figures.log_loss == pytest.approx(-(4 * np.log(0.8) + 2 * np.log(0.1)) / 6)
    assert figures.manifest_entry()["accuracy_interval"] == list(figures.interval)


def test_a_label_that_was_never_called_has_no_precision() -> None:
    assert measure(("a", "b"), [1, 1], np.array([[1.0, 0], [1, 0]])).precision()["b"] == 0


def test_the_table_names_every_label() -> None:
    table = measure(("dress", "hat", "shoes"), TRUTH, LOGITS).table()
    assert "accuracy 0.6667" in table
    assert all(label in table for label in ("dress", "hat", "shoes"))


def test_wilson_s_interval() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(10, 10)[1] == pytest.approx(1)


def test_a_variation_is_another_picture_of_the_same_shape_and_repeats_with_its_seed() -> None:
    picture = pattern(3, 40)
    first = varied(picture, np.random.default_rng((7, 1, 5)))
    assert first.shape == picture.shape
    assert first.dtype == np.uint8
    assert (first == varied(picture, np.random.default_rng((7, 1, 5)))).all()
    assert (first != varied(picture, np.random.default_rng((7, 2, 5)))).any()


def test_a_variation_of_one_colour_has_no_edge() -> None:
    grey = np.full((32, 32, 3), 128, np.uint8)
    for seed in range(5):
        picture = varied(grey, np.random.default_rng(seed))
        assert np.ptp(picture.reshape(-1, 3), axis=0).max() <= 1


def test_patterns_follow_their_formula() -> None:
    pixels = pattern(2, 30)
    y, x, colour = 11, 23, 2
    assert pixels[y, x, colour] == (y * 7 + x * 11 + 85 * colour + y * x // 9) % 256
    assert pixels.shape == (30, 30, 3)
