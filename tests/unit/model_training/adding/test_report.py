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

from model_training.adding import evaluation
from model_training.adding.publish import Description
from model_training.publishing import reference
from model_training.publishing.manifests import model_version
from model_training.reports import cross_validation
from tests.unit.model_training.adding.conftest import Add
from tests.unit.model_training.adding.test_add import LEFT, NUMBERS, SPAM, TEXTS, read

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
    # Live answers are compared with those to unseen rows, which a tree is as sure of.
    manifest = read(tmp_path, "left")
    known_answers = reference.read(manifest)
    assert known_answers is not None
    assert known_answers.rows == len(NUMBERS)
    assert sum(known_answers.shares.values()) == pytest.approx(1)
    assert known_answers.confidence == (1, 0)
    without = {name: value for name, value in manifest.items() if name != reference.ENTRY}
    assert model_version(without) == model_version(manifest)


@pytest.mark.judge
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


@pytest.mark.judge
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


def test_a_target_of_other_labels_is_no_truth() -> None:
    found = Description(
        {"labels": [0, 1], "classes": {"0": "stayed", "1": "left"}}, NUMBERS, [], [], 0
    )
    rows, truth = evaluation._with_truth(found, NUMBERS.spend.gt(40).map({True: "left"}), [0, 1])
    assert truth.tolist() == [1] * int((NUMBERS.spend > 40).sum())
    assert rows.equals(NUMBERS[NUMBERS.spend > 40])
    said = r"holds 'maybe', which is none of the model's labels \(0, 1\)"
    with pytest.raises(ValueError, match=said):
        evaluation._with_truth(found, NUMBERS.spend.map(lambda _: "maybe"), [0, 1])


def test_a_recipe_that_takes_too_long_is_said(
    add: Add, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = LogisticRegression().fit(NUMBERS, LEFT)
    monkeypatch.setattr(cross_validation, "_LONGEST", 0)
    add("late", model, data=NUMBERS.assign(y=LEFT), target="y")
    page = report(tmp_path, "late")
    assert "fitting it takes more than the 9 s of a processor there are for it" in page
    assert len(figure(page, "accuracy")) == 1
