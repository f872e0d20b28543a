"""From a model file to a service's files: what is found out, proven and written, and taken back."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from serving.http.problems import Problem
from serving.runtimes import NOT_EXPLAINED
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import BernoulliNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from model_training.adding import kind, publish
from model_training.adding.entry import Service
from model_training.command_line import Refusal
from model_training.publishing import artifacts
from model_training.publishing.manifests import model_version
from model_training.publishing.wrappers import answering
from tests.unit.model_training.adding.conftest import Add
from tools.openapi.inputs import input_schemas

pandas = pytest.importorskip("pandas")

CHANCE = np.random.default_rng(0)
ROWS = 120
PEOPLE = pandas.DataFrame(
    {
        "age": CHANCE.integers(18, 80, ROWS),
        "plan": CHANCE.choice(["basic", "pro", "team"], ROWS),
        "spend": CHANCE.gamma(2, 20, ROWS).round(2),
        "active": CHANCE.random(ROWS) > 0.4,
        "visits": CHANCE.poisson(3, ROWS).astype(float),
    }
)
PEOPLE.loc[::13, "visits"] = np.nan
LEFT = np.where(PEOPLE.spend > 40, "yes", "no")
NUMBERS = PEOPLE[["age", "spend"]]
COLUMNS = make_column_transformer(
    (make_pipeline(SimpleImputer(), StandardScaler()), ["age", "spend", "visits"]),
    (OneHotEncoder(handle_unknown="ignore"), ["plan", "active"]),
)
TEXTS = ["free money now", "win a prize", "hello dear friend", "lunch at noon"] * 6
SPAM = ["spam", "spam", "ham", "ham"] * 6


def read(folder: Path, name: str) -> Any:
    """The manifest that was written."""
    path = folder / "project" / "model_training" / name / "trained" / "manifest.json"
    return json.loads(path.read_bytes())


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of the project: its bytes and when it was written."""
    project = folder / "project"
    return {
        str(path.relative_to(project)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(project.rglob("*"))
        if path.is_file()
    }


def test_a_table_of_words_numbers_and_gaps(add: Add, tmp_path: Path) -> None:
    model = make_pipeline(COLUMNS, LogisticRegression()).fit(PEOPLE, LEFT)
    version = add("churn", model, data=PEOPLE.assign(left=LEFT), target="left")
    manifest = read(tmp_path, "churn")
    fields = {one["name"]: one for one in manifest["fields"]}
    assert {name: one["type"] for name, one in fields.items()} == {
        "age": "integer", "plan": "category", "spend": "number", "active": "boolean",
        "visits": "integer",
    }  # fmt: skip
    assert fields["plan"]["levels"] == ["basic", "pro", "team"]
    assert fields["age"]["minimum"] == PEOPLE.age.min()
    assert fields["age"]["outside"] == "answer"
    assert [fields[name]["required"] for name in ("visits", "spend")] == [False, False]
    assert manifest["labels"] == ["no", "yes"]
    assert manifest["runtime"] == "portable"
    assert manifest["parity"]["rows"] > ROWS
    folder = tmp_path / "project" / "model_training" / "churn" / "trained"
    assert artifacts.verify(folder)["name"] == "churn"
    asked = [one["input"] for one in manifest["golden"]]
    answered = [one["prediction"] for one in manifest["golden"]]
    frame = pandas.DataFrame(asked, columns=list(PEOPLE.columns))
    assert answered == model.predict(frame).tolist()
    assert version


def test_a_text_model_of_two_files_and_no_data(add: Add, tmp_path: Path) -> None:
    vectorizer = TfidfVectorizer().fit(TEXTS)
    classifier = MultinomialNB().fit(vectorizer.transform(TEXTS), SPAM)
    add("topics", vectorizer, classifier)
    manifest = read(tmp_path, "topics")
    assert manifest["kind"] == "text"
    assert manifest["steps"] == ["tfidf_vectorizer.pkl", "multinomial_nb.pkl"]
    assert manifest["labels"] == ["ham", "spam"]
    example = json.loads((tmp_path / "project" / "examples" / "topics.json").read_bytes())
    assert example["httpMethod"] == "POST"


@pytest.mark.parametrize(
    "model",
    [
        LinearRegression(),
        pytest.param(RandomForestRegressor(3, random_state=0), marks=pytest.mark.judge),
    ],
)
def test_a_regression(add: Add, tmp_path: Path, model: Any) -> None:
    target = NUMBERS.age * 2.5 + NUMBERS.spend
    add("price", model.fit(NUMBERS, target), data=NUMBERS.assign(t=target), target="t")
    manifest = read(tmp_path, "price")
    assert manifest["answers"] == "number"
    assert "labels" not in manifest
    assert all(isinstance(one["prediction"], float) for one in manifest["golden"])


@pytest.mark.parametrize(
    ("model", "told"), [(LogisticRegression(), True), (KNeighborsClassifier(2), False)]
)
def test_a_document_offers_to_tell_what_decided_where_the_model_can(
    add: Add, tmp_path: Path, model: Any, told: bool
) -> None:
    add("left", model.fit(NUMBERS, LEFT), data=NUMBERS)
    manifest = read(tmp_path, "left")
    assert manifest.get("explained", True) is told
    assert (input_schemas(manifest).explanation is not None) is told
    # It is told about the model, and no part of it.
    assert model_version({**manifest, "explained": not told}) == model_version(manifest)
    folder = tmp_path / "project" / "model_training" / "left" / "trained"
    served, _ = artifacts.load_published(folder)
    asked = [manifest["golden"][0]["input"]]
    with nullcontext() if told else pytest.raises(Problem) as refused:
        served.predict_and_explain(asked)
    assert told or refused.value.type is NOT_EXPLAINED


def test_what_says_labels_alone(add: Add, tmp_path: Path) -> None:
    add("groups", KMeans(2, n_init=1, random_state=0).fit(NUMBERS), data=NUMBERS)
    assert {one["prediction"] for one in read(tmp_path, "groups")["golden"]} == {0, 1}


@pytest.mark.parametrize(
    ("classes", "expected"), [((0, 1), [0, 1]), ((0.0, 1.0), [0.0, 1.0]), ((False, True),) * 2]
)
def test_labels_keep_their_type(
    add: Add, tmp_path: Path, classes: tuple[Any, Any], expected: Any
) -> None:
    labels = np.array(classes)[(NUMBERS.spend > 40).astype(int)]
    add("left", LogisticRegression().fit(NUMBERS, labels), data=NUMBERS)
    found = read(tmp_path, "left")["labels"]
    assert found == list(expected)
    assert [type(one) for one in found] == [type(one) for one in expected]


@pytest.mark.parametrize("labels", [("stayed", "left"), ("1=left", "0=stayed")])
def test_what_the_classes_mean(add: Add, tmp_path: Path, labels: tuple[str, ...]) -> None:
    model = LogisticRegression().fit(NUMBERS, (NUMBERS.spend > 40).astype(int))
    add("left", model, data=NUMBERS, labels=labels)
    assert read(tmp_path, "left")["classes"] == {"0": "stayed", "1": "left"}


def test_a_model_without_names_takes_the_columns_in_their_order(add: Add, tmp_path: Path) -> None:
    model = LogisticRegression().fit(NUMBERS.to_numpy(), LEFT)
    add("left", model, data=NUMBERS.assign(y=LEFT), target="y")
    assert [one["name"] for one in read(tmp_path, "left")["fields"]] == ["age", "spend"]


def test_a_model_with_names_takes_them_in_any_order(add: Add, tmp_path: Path) -> None:
    model = LogisticRegression().fit(NUMBERS, LEFT)
    add("left", model, data=NUMBERS[["spend", "age"]].assign(more=1))
    assert [one["name"] for one in read(tmp_path, "left")["fields"]] == ["age", "spend"]


def test_many_levels_are_text(add: Add, tmp_path: Path) -> None:
    rows = pandas.DataFrame(
        {"word": [f"level {n}" for n in range(300)] * 2, "size": np.arange(600) % 7}
    )
    encoder = OneHotEncoder(handle_unknown="ignore")
    model = make_pipeline(
        make_column_transformer((encoder, ["word"]), remainder="passthrough"), LogisticRegression()
    ).fit(rows, rows["size"] > 3)
    add("words", model, data=rows)
    assert read(tmp_path, "words")["fields"][0]["type"] == "text"


@pytest.mark.judge
def test_five_hundred_columns_of_odd_names(add: Add, tmp_path: Path) -> None:
    names = ['the "first" one', "größe in m²", "a/b {c}", " blank "]
    names += [f"column {n}" for n in range(500 - len(names))]
    rows = pandas.DataFrame(CHANCE.normal(size=(60, 500)), columns=names)
    model = LogisticRegression().fit(rows, rows[names[0]] > 0)
    add("wide", model, data=rows)
    fields = read(tmp_path, "wide")["fields"]
    assert [one["name"] for one in fields] == [name.strip() for name in names]


def test_what_only_scikit_learn_reads_goes_to_its_runtime(add: Add, tmp_path: Path) -> None:
    from sklearn.gaussian_process import GaussianProcessClassifier

    few = NUMBERS.head(40)
    add("near", GaussianProcessClassifier().fit(few, LEFT[:40]), data=few)
    manifest = read(tmp_path, "near")
    assert manifest["runtime"] == "scikit-learn"
    assert "parity" not in manifest
    entry = (tmp_path / "project" / "stacks/config/services/near.py").read_text()
    assert 'runtime="scikit-learn"' in entry


def test_twice_the_same_changes_nothing(
    add: Add, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = LogisticRegression().fit(NUMBERS, LEFT)
    first = add("left", model, data=NUMBERS)
    before = files(tmp_path)
    capsys.readouterr()
    # The golden answers tell: the inputs of the proof are neither made nor asked about.
    monkeypatch.delattr(publish, "ask")
    assert add("left", model, data=NUMBERS) == first
    assert files(tmp_path) == before
    assert capsys.readouterr().out == f"left: model {first} is in place already; nothing changes\n"


def test_a_newer_model_is_compared_with_the_one_in_place(
    add: Add, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = add("left", LogisticRegression().fit(NUMBERS, LEFT), data=NUMBERS)
    other = np.where(PEOPLE.spend > 20, "yes", "no")
    capsys.readouterr()
    second = add("left", LogisticRegression().fit(NUMBERS, other), data=NUMBERS)
    said = capsys.readouterr().out
    assert first != second
    changed = int((LogisticRegression().fit(NUMBERS, LEFT).predict(NUMBERS) != other).sum())
    assert f"of {ROWS} inputs: " in said
    assert changed > 5
    assert "no -> yes" in said
    page = (tmp_path / "project" / "build" / "reports" / "left.html").read_text()
    assert "Beside the model that was in place" in page
    assert '<td>no</td><td class="ours">yes</td>' in page
    assert "spend=" in page
    assert "No column of data was named that holds what is true" in page


def test_what_the_entry_says_of_values_outside_of_the_range(add: Add, tmp_path: Path) -> None:
    model = LogisticRegression().fit(NUMBERS, LEFT)
    first = add("left", model, data=NUMBERS)
    entry = tmp_path / "project" / "stacks" / "config" / "services" / "left.py"
    entry.write_text(entry.read_text().replace('="answer"', '="refuse"'))
    assert add("left", model, data=NUMBERS) != first
    assert {one["outside"] for one in read(tmp_path, "left")["fields"]} == {"refuse"}
    assert 'outside_range="refuse"' in entry.read_text()
    entry.write_text(entry.read_text().replace('="refuse"', '="shrug"'))
    with pytest.raises(Refusal, match='say "answer" or "refuse"'):
        add("left", model, data=NUMBERS)


def test_another_kind_of_model_leaves_no_file_of_the_one_before(add: Add, tmp_path: Path) -> None:
    add("left", LogisticRegression().fit(NUMBERS, LEFT), data=NUMBERS)
    add("left", HistGradientBoostingClassifier(max_iter=2).fit(NUMBERS, LEFT), data=NUMBERS)
    folder = tmp_path / "project" / "model_training" / "left" / "trained"
    (pickle,) = folder.glob("*.pkl")
    assert pickle.name == "hist_gradient_boosting_classifier.pkl"


def test_remove_takes_back_what_was_written_and_no_more(add: Add, tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "examples").mkdir(parents=True)
    (project / "examples" / "other.json").write_text("{}")
    before = files(tmp_path)
    add("left", LogisticRegression().fit(NUMBERS, LEFT), data=NUMBERS)
    assert files(tmp_path) != before
    gone = Service("left", project).remove()
    assert files(tmp_path) == before
    assert not (project / "model_training" / "left").exists()
    assert len(gone) == 4
    with pytest.raises(Refusal, match="there is no service 'left'"):
        Service("left", project).remove()


def test_an_entry_that_a_person_wrote_stays(add: Add, tmp_path: Path) -> None:
    entry = tmp_path / "project" / "stacks" / "config" / "services" / "left.py"
    entry.parent.mkdir(parents=True)
    entry.write_text('SERVICE = ModelService(model_folder=Path("elsewhere/left"))\n')
    text = entry.read_text()
    add("left", LogisticRegression().fit(NUMBERS, LEFT), data=NUMBERS)
    assert entry.read_text() == text
    assert (tmp_path / "project" / "elsewhere" / "left" / "manifest.json").is_file()
    with pytest.raises(Refusal, match="was not written by make add"):
        Service("left", tmp_path / "project").remove()


BERNOULLI = make_pipeline(TfidfVectorizer(), BernoulliNB(binarize=0.2))


@pytest.mark.parametrize(
    "model",
    [
        GridSearchCV(BERNOULLI, {"bernoullinb__alpha": [0.1, 1]}, cv=2),
        CalibratedClassifierCV(BERNOULLI, cv=2),
        make_pipeline(TfidfVectorizer(), CalibratedClassifierCV(BernoulliNB(binarize=0.2), cv=2)),
        make_pipeline(
            TfidfVectorizer(), GridSearchCV(BernoulliNB(binarize=0.2), {"alpha": [0.1, 1]}, cv=2)
        ),
    ],
    ids=["search", "calibrated", "calibrated last", "search last"],
)
def test_texts_on_thresholds_within_wrappers(add: Add, tmp_path: Path, model: Any) -> None:
    fitted = model.fit(TEXTS, SPAM)
    vectorizer, last, steps = kind.text_steps([answering(fitted)])
    assert (type(vectorizer), type(last), steps) == (TfidfVectorizer, BernoulliNB, 2)
    assert vectorizer.vocabulary_
    add("texts", fitted)
    manifest = read(tmp_path, "texts")
    assert "SearchCV" not in manifest["recipe"]
    assert manifest["kind"] == "text"
