"""Golden messages: exact, enough, odd and doubtful ones among them."""

import numpy as np
from spam_or_ham.normalisation import is_plain

from model_training.spam_or_ham.corpus import Corpus
from model_training.spam_or_ham.golden import ODD_TEXTS, golden_messages, golden_texts
from model_training.spam_or_ham.recipes import RECIPES, predict_probabilities


def test_answers_are_scikit_learns_to_the_last_bit(corpus: Corpus) -> None:
    pair = RECIPES["default"].fit(corpus.texts, corpus.labels)
    golden = golden_messages(corpus.texts, *pair)
    texts = [entry["input"] for entry in golden]
    assert len(texts) == len(set(texts)) >= 50
    expected = predict_probabilities(*pair, texts)
    recorded = [[entry["probabilities"][name] for name in ("ham", "spam")] for entry in golden]
    assert np.array_equal(np.array(recorded), expected)
    assert [entry["prediction"] for entry in golden] == pair[1].predict(
        pair[0].transform(texts)
    ).tolist()


def test_a_few_plain_ones_are_asked_at_a_start(corpus: Corpus) -> None:
    """What takes obfuscation off takes longer to import than all the rest of a start."""
    pair = RECIPES["default"].fit(corpus.texts, corpus.labels)
    golden = golden_messages(corpus.texts, *pair)
    at_load = [entry for entry in golden if entry.get("at_load")]
    assert 5 <= len(at_load) <= 10
    assert all(is_plain(entry["input"]) for entry in at_load)


def test_the_choice_holds_odd_extreme_and_doubtful_ones(corpus: Corpus) -> None:
    pair = RECIPES["default"].fit(corpus.texts, corpus.labels)
    chosen = golden_texts(corpus.texts, *pair)
    assert set(ODD_TEXTS) <= set(chosen)
    assert max(corpus.texts, key=len) in chosen
    doubt = predict_probabilities(*pair, list(corpus.texts)).max(axis=1)
    assert corpus.texts[int(doubt.argmin())] in chosen
    assert chosen == golden_texts(corpus.texts, *pair)


def test_odd_texts_survive_utf_8() -> None:
    assert "".join(ODD_TEXTS).encode("utf-8").decode("utf-8") == "".join(ODD_TEXTS)
    assert {"", " "} < set(ODD_TEXTS)
    assert max(map(len, ODD_TEXTS)) >= 5000
