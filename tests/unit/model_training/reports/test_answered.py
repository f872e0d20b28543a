"""Figures of answers are scikit-learn's, and a model's terms are those that decide."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier

from model_training.reports import figures
from model_training.reports.answered import Answered, baseline, together
from model_training.reports.answered import figures as measured
from model_training.reports.telling import telling_terms

CHANCE = np.random.default_rng(3)
TRUTH = CHANCE.integers(0, 3, 200)
NUMBERS = CHANCE.dirichlet(np.ones(3), 200) + 0.6 * np.eye(3)[TRUTH]
CHANCES = NUMBERS / NUMBERS.sum(axis=1, keepdims=True)
THREE = Answered(TRUTH, CHANCES.argmax(axis=1), ("a", "b", "c"), CHANCES)


def test_figures_of_three_labels() -> None:
    found = measured(THREE)
    assert found["accuracy"] == metrics.accuracy_score(TRUTH, THREE.predicted)
    assert found["balanced accuracy"] == pytest.approx(
        metrics.balanced_accuracy_score(TRUTH, THREE.predicted)
    )
    assert found["log loss"] == pytest.approx(metrics.log_loss(TRUTH, CHANCES))
    assert found["area under the ROC curve"] == pytest.approx(
        metrics.roc_auc_score(TRUTH, CHANCES, multi_class="ovr")
    )
    counts = metrics.confusion_matrix(TRUTH, THREE.predicted)
    assert THREE.confusion.tolist() == counts.tolist()
    halves = [THREE.only(np.arange(0, 200, 2)), THREE.only(np.arange(1, 200, 2))]
    assert together(halves).confusion.tolist() == counts.tolist()
    assert baseline(THREE)[1] == np.bincount(TRUTH).max() / 200


@pytest.mark.parametrize(
    ("answered", "titles"),
    [
        (THREE, ["Confusion matrix", "ROC curve", "Precision and recall", "Calibration"]),
        (Answered(TRUTH, THREE.predicted, ("a", "b", "c")), ["Confusion matrix"]),
        (Answered(TRUTH % 2, TRUTH % 2, ("a", "b"), np.eye(2)[TRUTH % 2], probable=False),
         ["Confusion matrix", "ROC curve", "Precision and recall"]),
        (Answered(NUMBERS[:, 0], NUMBERS[:, 1]), ["Predicted and actual", "Residuals"]),
    ],
    ids=["probabilities", "labels", "scores", "numbers"],
)  # fmt: skip
def test_every_kind_of_answer_has_its_figures(answered: Answered, titles: list[str]) -> None:
    drawn = figures.of_answers(answered, "Of some rows.")
    assert [one.split("</h2>")[0].split("<h2>")[1] for one in drawn] == titles


TEXTS = ["win win cash &lt;b&gt;", "cash prize &amp;", "lunch at noon", "noon walk lunch"] * 5
LABELS = ["spam", "spam", "ham", "ham"] * 5


@pytest.mark.parametrize("model", [MultinomialNB(), ComplementNB(), LogisticRegression()])
def test_what_is_telling_speaks_for_its_label_and_is_no_entity(model: object) -> None:
    vectorizer = CountVectorizer()
    model.fit(vectorizer.fit_transform(TEXTS), LABELS)  # type: ignore[attr-defined]
    (ham, of_ham), (spam, of_spam) = telling_terms(vectorizer, model, ["ham", "spam"])
    assert (ham, spam) == ("ham", "spam")
    assert {term for term, _ in of_ham} == {"lunch", "noon", "at", "walk"}
    assert {term for term, _ in of_spam} == {"cash", "win", "prize"}


def test_what_has_no_weights_tells_nothing_and_a_number_rises_and_falls() -> None:
    vectorizer = CountVectorizer()
    counts = vectorizer.fit_transform(TEXTS)
    assert telling_terms(vectorizer, KNeighborsClassifier().fit(counts, LABELS), LABELS[:2]) == []
    sizes = [3.0 if label == "spam" else 1.0 for label in LABELS]
    (_, larger), (_, smaller) = telling_terms(vectorizer, Ridge().fit(counts, sizes), [])
    assert "cash" in dict(larger)
    assert "lunch" in dict(smaller)
