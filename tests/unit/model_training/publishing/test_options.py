"""A package has the modules that the options of its model's vectorizers need, and no others."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline

from model_training.publishing import artifacts, runtimes

FEATURES = "portable.feature_extraction."
OPTIONAL = {
    "portable.arithmetic.float32",
    f"{FEATURES}accents",
    f"{FEATURES}character_terms",
    f"{FEATURES}english_stop_words",
}


@pytest.mark.parametrize(
    ("vectorizer", "needed"),
    [
        (TfidfVectorizer(), []),
        (TfidfVectorizer(dtype=np.float32), ["portable.arithmetic.float32"]),
        (CountVectorizer(analyzer="char_wb"), [f"{FEATURES}character_terms"]),
        (
            CountVectorizer(strip_accents="ascii", stop_words="english"),
            [f"{FEATURES}accents", f"{FEATURES}english_stop_words"],
        ),
    ],
    ids=str,
)
def test_modules_of_options(vectorizer: Any, needed: list[str]) -> None:
    model = make_pipeline(vectorizer, MultinomialNB()).fit(["win money", "see you"], [0, 1])
    manifest = {"kind": "text", **artifacts.entries({"m.pkl": pickle.dumps(model, protocol=4)})}
    assert manifest["options"] == needed
    assert OPTIONAL & set(runtimes.modules(manifest)) == set(needed)
    # A manifest that is older than the entry.
    del manifest["options"]
    assert set(runtimes.modules(manifest)) >= OPTIONAL
