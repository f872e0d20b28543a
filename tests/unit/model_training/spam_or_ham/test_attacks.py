"""The attacks obfuscate what they say, the same way every time, and normalisation undoes them."""

import random
import re

import pytest
from spam_or_ham.normalisation import normalise

from model_training.spam_or_ham.__main__ import main
from model_training.spam_or_ham.attacks import ATTACKS, Attack, good_words
from model_training.spam_or_ham.corpus import Corpus
from model_training.spam_or_ham.recipes import RECIPES
from model_training.spam_or_ham.robustness import CLEAN, measure

MESSAGE = "You have won a free prize. Call now to claim cash 500"
BY_NAME = {one.name: one for one in ATTACKS}
ON_LETTERS = [one for one in ATTACKS if one.change is not good_words]


@pytest.mark.parametrize("attack", ATTACKS, ids=BY_NAME)
def test_an_attack_changes_the_text_and_is_the_same_every_time(attack: Attack) -> None:
    attacked = attack.apply(MESSAGE)
    assert attacked != MESSAGE
    assert attacked == attack.apply(MESSAGE)


@pytest.mark.parametrize("attack", ON_LETTERS, ids=lambda one: one.name)
def test_an_attack_leaves_no_telling_word_and_normalisation_brings_them_back(
    attack: Attack,
) -> None:
    spam_words = {"won", "free", "prize", "claim", "cash"}
    attacked = attack.apply(MESSAGE)
    # HTML leaves some words whole between tags, one letter in an entity hides others.
    assert len(spam_words & set(attacked.lower().split())) <= 1
    assert spam_words <= set(re.findall("[a-z]+", normalise(attacked).lower()))


@pytest.mark.parametrize(
    ("name", "attacked"),
    [
        ("spaced out", "f r e e   e n t r y"),
        ("spaced out, no gaps", "f r e e e n t r y"),
    ],
)
def test_spacing_out_is_what_it_is_called(name: str, attacked: str) -> None:
    assert BY_NAME[name].apply("free entry") == attacked


def test_mathematical_letters_are_the_letters() -> None:
    for seed in range(20):
        attacked = BY_NAME["fullwidth and styled"].change("Zebra a", random.Random(seed))  # noqa: S311 - no secret
        assert normalise(attacked) == "Zebra a"


def test_measuring_a_recipe_under_attack(corpus: Corpus) -> None:
    texts, labels = corpus.deduplicated()
    seen = []
    outcomes = measure(
        RECIPES["default"], texts, labels, repeats=1, progress=lambda: seen.append(None)
    )
    assert list(outcomes) == [CLEAN, *BY_NAME]
    assert len(seen) == 5
    clean = outcomes[CLEAN]
    assert (clean.spam, clean.ham) == (labels.count("spam"), labels.count("ham"))
    for name in ("zero-width", "homoglyphs", "fullwidth and styled", "spaced out", "HTML"):
        assert abs(outcomes[name].caught_percent - clean.caught_percent) <= 5


def test_the_command_prints_a_row_per_attack(
    corpus: Corpus, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path_factory.mktemp("data") / "messages.tsv"
    rows = zip(corpus.labels, corpus.texts, strict=True)
    data.write_text("".join(f"{label}\t{text}\n" for label, text in rows), encoding="utf-8")
    assert main(["evaluate", "--data", str(data), "--repeats", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for name in (CLEAN, *BY_NAME):
        [row] = [line for line in lines if line.startswith(f"  {name}  ")]
        assert row.count("%") == 4
