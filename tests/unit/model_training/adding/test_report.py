"""What a report says of a model that was added, and what it says where it cannot know."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import RandomForestRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier

from model_training.reports import cross_validation
from tests.unit.model_training.adding.conftest import Add
from tests.unit.model_training.adding.test_add import LEFT, NUMBERS, SPAM, TEXTS

pandas = pytest.importorskip("pandas")


def report(folder: Path, name: str) -> str:
    page = (folder / "project" / "build" / "reports" / f"{name}.html").read_text()
    assert not re.search(r"\b(src|srcset)\s*=|href=\"[^#]|url\([^#]|@import|<script|<link", page)
    return page


def figure(page: str, name: str) -> list[float]:
    """The numbers of a row of figures."""
    row = re.search(rf"<tr><td>{re.escape(name)}</td>(.*?)</tr>", page)
    assert row is not None, name
    return [float(one) for one in re.findall(r">([\d.e-]+)", row[1])]


def test_a_table_is_cross_validated_and_its_fields_are_weighed(add: Add, tmp_path: Path) -> None:
    # A tree that remembers every row, of labels that are chance: right on DATA, and on no other.
    chance = np.random.default_rng(1).integers(0, 2, len(NUMBERS))
    model = DecisionTreeClassifier(random_state=0).fit(NUMBERS, chance)
    add("left", model, data=NUMBERS.assign(y=chance), target="y", labels=("stayed", "left"))
    page = report(tmp_path, "left")
    unseen, known = figure(page, "accuracy")
    assert known == 1
    assert 0.3 < unseen < 0.7
    assert "if it was fitted on them, this flatters it" in page
    assert all(title in page for title in ("Confusion matrix", "ROC curve", "Calibration"))
    assert "Most telling fields: " in page
    assert "stayed" in page


def test_a_regression_s_figures_are_scikit_learn_s(add: Add, tmp_path: Path) -> None:
    target = NUMBERS.age * 2.5 + NUMBERS.spend
    model = RandomForestRegressor(5, random_state=0).fit(NUMBERS, target)
    add("price", model, data=NUMBERS.assign(t=target), target="t")
    page = report(tmp_path, "price")
    folds = KFold(5, shuffle=True, random_state=cross_validation.SEED)
    expected = cross_val_predict(model, NUMBERS, target, cv=folds)
    errors = [abs(expected - target)[test].mean() for _, test in folds.split(NUMBERS)]
    assert figure(page, "mean absolute error")[0] == pytest.approx(np.mean(errors), rel=1e-3)
    assert "Residuals" in page


def test_texts_of_two_files_of_which_one_takes_no_sparse_rows(add: Add, tmp_path: Path) -> None:
    vectorizer = TfidfVectorizer()
    texts = [f"{text} &lt;{n}&gt; {n}" for n, text in enumerate(TEXTS)]
    features = vectorizer.fit_transform(texts).toarray()
    table = pandas.DataFrame({"text": texts, "label": SPAM})
    add("mail", vectorizer, GaussianNB().fit(features, SPAM), data=table, target="label")
    page = report(tmp_path, "mail")
    assert len(figure(page, "accuracy")) == 2
    (told,) = re.findall('Most telling of spam: ([^"]*)', page)
    assert {"money", "prize"} <= set(told.split(", "))
    assert not {"lt", "gt"} & set(told.split(", "))


def test_what_changes_is_in_the_report(add: Add, tmp_path: Path) -> None:
    add("left", LogisticRegression().fit(NUMBERS, LEFT), data=NUMBERS)
    assert "Beside the model" not in report(tmp_path, "left")
    assert "No column of data was named that holds what is true" in report(tmp_path, "left")
    other = np.where(NUMBERS.spend > 20, "yes", "no")
    add("left", LogisticRegression().fit(NUMBERS, other), data=NUMBERS)
    page = report(tmp_path, "left")
    assert "Beside the model that was in place" in page
    assert '<td>no</td><td class="ours">yes</td>' in page
    assert "spend=" in page


def test_what_cannot_be_known_is_said(
    add: Add, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = LogisticRegression().fit(NUMBERS, LEFT)
    add("left", model, data=NUMBERS.assign(y=["maybe"] * len(NUMBERS)), target="y")
    assert "holds &#x27;maybe&#x27;, which is none of the model&#x27;s labels (no, yes)" in report(
        tmp_path, "left"
    )
    monkeypatch.setattr(cross_validation, "_LONGEST", 0)
    add("late", model, data=NUMBERS.assign(y=LEFT), target="y")
    page = report(tmp_path, "late")
    assert "fitting it takes more than the 9 s of a processor there are for it" in page
    assert len(figure(page, "accuracy")) == 1
