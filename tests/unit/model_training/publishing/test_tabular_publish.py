"""What can be published is; what cannot is refused with one sentence, and nothing is written."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse
import sklearn
from sklearn.cluster import FeatureAgglomeration, KMeans
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    IsolationForest,
    RandomForestClassifier,
    VotingClassifier,
)
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression, SGDClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import MultiOutputClassifier
from sklearn.naive_bayes import MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, KBinsDiscretizer, StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from model_training.publishing import artifacts, layer_contents, proof
from model_training.publishing.manifests import ArtifactError, model_version
from model_training.publishing.tabular_publish import publish
from stacks.packaging.layers.libraries import LIBRARIES

SOURCE = np.random.RandomState(0)
ROWS = SOURCE.normal(size=(120, 3)).round(3)
LABELS = (ROWS[:, 0] + ROWS[:, 1] > 0).astype(int)
FEATURES = {"a": "first", "b": "second", "c": "third"}
LAYERS = {"runtime": "scikit-learn"}
Make = Callable[[], Any]


@pytest.fixture(autouse=True)
def _fewer_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof of 10,000 generated rows has tests of its own."""
    monkeypatch.setattr(proof, "GENERATED", 200)


def fitted(estimator: Any, labels: Any = LABELS, rows: Any = ROWS) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return estimator.fit(rows, labels)


def published(folder: Path, estimator: Any, rows: Any = ROWS, **options: Any) -> dict[str, Any]:
    """The manifest of what was written, checked as a synthesis checks it."""
    said: dict[str, Any] = {
        "name": "iris",
        "features": FEATURES,
        "classes": {0: "no", 1: "yes"},
        "data": {"source": "made up"},
        "metrics": {"accuracy": 0.5},
        **options,
    }
    version = publish(folder, estimator, rows, **said)
    manifest = artifacts.verify(folder)
    assert version == model_version(manifest)
    return manifest


def refusal(folder: Path, estimator: Any, rows: Any = ROWS, **options: Any) -> str:
    with pytest.raises(ArtifactError) as refused:
        published(folder, estimator, rows, **options)
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert len(sentence) < 500
    assert not folder.exists()
    return sentence


@pytest.mark.parametrize(
    "rows",
    [
        ROWS.tolist(),
        tuple(map(tuple, ROWS.tolist())),
        ROWS.astype(object),
        np.asfortranarray(ROWS),
        scipy.sparse.csr_matrix(ROWS),
        scipy.sparse.coo_array(ROWS),
    ],
)
def test_any_table_of_numbers_is_the_same_model(tmp_path: Path, rows: Any) -> None:
    estimator = fitted(LogisticRegression())
    expected = published(tmp_path / "array", estimator)
    assert published(tmp_path / "other", estimator, rows) == expected


def test_whole_numbers_and_booleans_are_numbers(tmp_path: Path) -> None:
    for rows in ((ROWS * 10).astype(int), ROWS > 0, ROWS.astype(np.float32)):
        estimator = fitted(DecisionTreeClassifier(max_depth=3), rows=rows)
        manifest = published(tmp_path / str(rows.dtype), estimator, rows)
        assert all(isinstance(value, float) for value in manifest["golden"][0]["input"].values())


@pytest.mark.parametrize("count", [1, 2, 10, 49, 50, 61])
def test_few_rows_are_enough_to_check_a_start_with(tmp_path: Path, count: int) -> None:
    manifest = published(tmp_path / "out", fitted(LogisticRegression()), ROWS[:count])
    assert len(manifest["golden"]) >= 60
    for golden in manifest["golden"]:
        for value, column in zip(golden["input"].values(), ROWS[:count].T, strict=True):
            assert value in column


@pytest.mark.parametrize(
    ("labels", "classes", "expected"),
    [
        (LABELS.astype(float), {0.0: "no", 1.0: "yes"}, [0.0, 1.0]),
        (LABELS.astype(float), {0: "no", 1: "yes"}, [0.0, 1.0]),
        (LABELS.astype(bool), {False: "no", True: "yes"}, [False, True]),
        (LABELS.astype(bool), {"False": "no", "True": "yes"}, [False, True]),
        (LABELS.astype("int8"), {np.int64(0): "no", np.int64(1): "yes"}, [0, 1]),
        (np.where(LABELS, "y", "n"), {"n": "no", "y": "yes"}, ["n", "y"]),
        (np.where(LABELS, "y", "n").astype(object), {"n": "no", "y": "yes"}, ["n", "y"]),
    ],
)
@pytest.mark.parametrize("runtime", ["portable", "scikit-learn"])
def test_labels_keep_their_type(
    tmp_path: Path, labels: Any, classes: Any, expected: list[Any], runtime: str
) -> None:
    estimator = fitted(RandomForestClassifier(3, max_depth=3), labels)
    manifest = published(tmp_path / "out", estimator, classes=classes, runtime=runtime)
    assert json.dumps(manifest["labels"]) == json.dumps(expected)
    assert manifest["classes"] == dict(zip(map(str, expected), ("no", "yes"), strict=True))
    assert {type(golden["prediction"]) for golden in manifest["golden"]} == {type(expected[0])}


def test_what_transform_gives_and_what_fit_asks_for_is_no_matter(tmp_path: Path) -> None:
    plain = fitted(make_pipeline(StandardScaler(), LogisticRegression()))
    told = make_pipeline(StandardScaler(), LogisticRegression()).set_output(transform="default")
    with sklearn.config_context(enable_metadata_routing=True):
        told[-1].set_fit_request(sample_weight=True)
    expected = published(tmp_path / "plain", plain)
    assert published(tmp_path / "told", fitted(told)) == expected


def test_how_long_a_search_took_is_not_in_the_model(tmp_path: Path) -> None:
    """Nor whatever else differs from one training to the next and answers nothing."""
    search = GridSearchCV(make_pipeline(KBinsDiscretizer(4), LogisticRegression()), {}, n_jobs=1)
    manifests = [published(tmp_path / name, fitted(search), **LAYERS) for name in ("one", "two")]
    assert manifests[0] == manifests[1]


@pytest.mark.parametrize(
    "estimator",
    [
        GaussianProcessClassifier(),
        make_pipeline(FeatureAgglomeration(2), LogisticRegression()),
        VotingClassifier([("a", GaussianProcessClassifier()), ("b", LogisticRegression())]),
    ],
)
def test_what_only_scikit_learn_reads_is_advised_and_published_for_its_layers(
    tmp_path: Path, estimator: Any
) -> None:
    fitted(estimator)
    sentence = refusal(tmp_path / "portable", estimator)
    assert sentence.endswith(
        'Or publish it with runtime="scikit-learn": its function has the library itself'
    )
    manifest = published(tmp_path / "layers", estimator, **LAYERS)
    assert manifest["runtime"] == "scikit-learn"
    assert "parity" not in manifest


def test_the_layers_hold_what_a_model_may_be_made_of() -> None:
    lock = LIBRARIES["scikit-learn"].lock.with_suffix(".in").read_text(encoding="utf-8")
    packages = {line.partition("==")[0] for line in lock.splitlines() if "==" in line}
    assert {name.replace("scikit-learn", "sklearn") for name in packages} == layer_contents.PACKAGES


class Own:
    """Not scikit-learn's, nor made of anything that is."""

    def fit(self, rows: Any, labels: Any) -> Own:
        self.classes_ = np.unique(labels)
        self.n_features_in_ = rows.shape[1]
        return self

    def predict(self, rows: Any) -> Any:
        return np.zeros(len(rows), int)

    def predict_proba(self, rows: Any) -> Any:
        return np.tile([1.0, 0.0], (len(rows), 1))


class Unreadable(Own):
    def __setstate__(self, state: Any) -> None:
        raise OSError("it was written elsewhere")


class Raising:
    """It does not even say what its labels are."""

    def fit(self, *_: Any) -> Raising:
        return self

    def predict(self, rows: Any) -> Any:
        return rows

    @property
    def classes_(self) -> Any:
        raise RuntimeError("not\ntoday")


def own_function(rows: Any) -> Any:
    return rows


@pytest.mark.parametrize("estimator", [SVC(), LinearSVC(), SGDClassifier(), IsolationForest()])
def test_without_probabilities_the_decision_function_is_told(
    tmp_path: Path, estimator: Any
) -> None:
    """Of two labels, the second's score is the number and the first's its negative."""
    fitted(estimator)
    labels = [-1, 1] if isinstance(estimator, IsolationForest) else [0, 1]
    classes = {label: f"label {label}" for label in labels}
    manifest = published(tmp_path, estimator, classes=classes, **LAYERS)
    assert (manifest["answers"], manifest["labels"]) == ("scores", labels)
    for entry in manifest["golden"]:
        score = estimator.decision_function([list(entry["input"].values())])[0]
        first, second = map(str, labels)
        assert entry["scores"] == pytest.approx({first: -score, second: score}, rel=1e-12)


@pytest.mark.parametrize(
    ("estimator", "target", "runtime"),
    [
        (LinearRegression(), ROWS[:, 0] * 2, "portable"),
        (make_pipeline(StandardScaler(), DecisionTreeRegressor()), ROWS[:, 1], "portable"),
        (LinearRegression(), ROWS[:, :2], "scikit-learn"),
        (KMeans(2, n_init=1), None, "scikit-learn"),
    ],
)
def test_numbers_have_no_labels(tmp_path: Path, estimator: Any, target: Any, runtime: str) -> None:
    fitted(estimator, target)
    manifest = published(tmp_path, estimator, classes=None, runtime=runtime)
    assert manifest["answers"] == "number"
    assert "labels" not in manifest
    for entry in manifest["golden"]:
        row = list(entry["input"].values())
        assert entry["prediction"] == pytest.approx(estimator.predict([row])[0].tolist())
    assert ("parity" in manifest) == (runtime == "portable")
    with pytest.raises(ArtifactError, match="leave classes out"):
        published(tmp_path, estimator, runtime=runtime)


def holding_itself(how: Callable[[Any], Any]) -> Any:
    estimator = fitted(LogisticRegression())
    estimator.more = how(estimator)
    return estimator


def nested() -> Any:
    estimator = fitted(LogisticRegression())
    deep: list[Any] = []
    for _ in range(20_000):
        deep = [deep]
    estimator.more = deep
    return estimator


def changed(estimator: Any, **attributes: Any) -> Any:
    fitted(estimator)
    for name, value in attributes.items():
        setattr(estimator, name, value)
    return estimator


NO_ESTIMATORS: dict[str, tuple[Make, str]] = {
    "nothing": (lambda: None, "A NoneType was given; expected a fitted estimator"),
    "text": (lambda: "model.pkl", "A str was given"),
    "dictionary": (lambda: {"model": fitted(SVC())}, "A dict was given"),
    "class": (lambda: LogisticRegression, "LogisticRegression is a class; make an estimator"),
    "transformer": (lambda: fitted(StandardScaler()), "A StandardScaler was given"),
    "unfitted": (LogisticRegression, "The LogisticRegression is not fitted; fit it"),
    "unfitted tree": (DecisionTreeClassifier, "The DecisionTreeClassifier is not fitted"),
    "unfitted pipeline": (lambda: make_pipeline(StandardScaler(), SVC()), "is not fitted"),
    "one label": (lambda: fitted(DummyClassifier(), LABELS * 0), "knows one label only, [0]"),
    "two outputs": (
        lambda: fitted(MultiOutputClassifier(LogisticRegression()), np.c_[LABELS, 1 - LABELS]),
        "several labels at once",
    ),
    "two outputs of a tree": (
        lambda: fitted(DecisionTreeClassifier(), np.c_[LABELS, 1 - LABELS]),
        "several labels at once",
    ),
    "several labels": (
        lambda: fitted(OneVsRestClassifier(LogisticRegression()), np.c_[LABELS, 1 - LABELS]),
        "gives answers of shape (60, 2)",
    ),
    "bytes": (
        lambda: fitted(DecisionTreeClassifier(), np.where(LABELS, b"y", b"n")),
        "has the label b'n'; expected text, finite numbers or booleans",
    ),
    "other columns": (
        lambda: fitted(LogisticRegression(), rows=ROWS[:, :2]),
        "was fitted on 2 columns and features names 3",
    ),
    "other names": (
        lambda: changed(LogisticRegression(), feature_names_in_=np.array(["a", "c", "b"], object)),
        "whose column 1 is 'c', and features calls it 'b'",
    ),
    "NaN": (lambda: changed(LogisticRegression(), coef_=np.full((1, 3), np.nan)), "NaN"),
    "itself": (lambda: holding_itself(lambda one: one), "refers to itself"),
    "itself in a list": (lambda: holding_itself(lambda one: [one]), "refers to itself"),
    "itself in a table": (
        lambda: holding_itself(lambda one: {"x": np.array([one, None], object)}),
        "refers to itself",
    ),
    "depth": (nested, "nests its parts too deeply"),
    "lambda": (
        lambda: fitted(make_pipeline(FunctionTransformer(lambda rows: rows), DummyClassifier())),
        "cannot be pickled (AttributeError: ",
    ),
    "open file": (
        lambda: changed(DummyClassifier(), log=open(__file__)),  # noqa: SIM115 - what is tested
        "cannot be pickled (TypeError: ",
    ),
    "own class": (
        lambda: fitted(Own()),
        "made with tests.unit.model_training.publishing.test_tabular_pub",
    ),
    "own step": (
        lambda: fitted(make_pipeline(StandardScaler(), Own())),
        "made with tests.unit.model_training.publishing.test_tabular_publish.Own, and a function",
    ),
    "raising": (lambda: fitted(Raising()), "Raising cannot be asked (RuntimeError: not today)"),
    "own function": (
        lambda: fitted(make_pipeline(FunctionTransformer(own_function), DummyClassifier())),
        "own_function, and a function has scikit-learn, scipy, numpy and joblib only",
    ),
    "unreadable": (lambda: fitted(Unreadable()), "cannot be read back (OSError)"),
}


@pytest.mark.parametrize("runtime", ["portable", "scikit-learn"])
@pytest.mark.parametrize(("make", "words"), NO_ESTIMATORS.values(), ids=NO_ESTIMATORS)
def test_estimators_that_no_service_can_ask(
    tmp_path: Path, make: Make, words: str, runtime: str
) -> None:
    assert words in refusal(tmp_path / "out", make(), runtime=runtime)


def with_(value: Any, kind: Any = float) -> Any:
    rows = ROWS.astype(kind)
    rows[3, 1] = value
    return rows


UNUSABLE_ROWS: dict[str, tuple[Any, str]] = {
    "NaN": (with_(np.nan), "Row 3 of the rows (counted from 0) holds 'nan' as 'b'"),
    "infinity": (with_(-np.inf), "holds '-inf' as 'b'; a service answers finite numbers"),
    "too large": (with_(1e300), "holds '1e+300' as 'b'"),
    "nothing": (with_(None, object), "holds 'None' as 'b'"),
    "text": (with_("high", object), "holds 'high' as 'b'"),
    "numbers as text": (with_("1.5", object), "holds '1.5' as 'b'"),
    "all text": (ROWS.astype(str), "Row 0 of the rows"),
    "complex": (ROWS.astype(complex), "Row 0 of the rows"),
    "dates": (ROWS.astype(int).astype("datetime64[D]"), "Row 0 of the rows"),
    "no rows": (ROWS[:0], "There are no rows; give those that the estimator was fitted on"),
    "empty list": ([], "an array of shape (0,); expected a table of numbers"),
    "one row": (ROWS[0], "an array of shape (3,); expected a table"),
    "three dimensions": (ROWS.reshape(-1, 3, 1), "an array of shape (120, 3, 1)"),
    "ragged": ([[1, 2, 3], [1, 2]], "expected a table of numbers"),
    "generator": ((row for row in ROWS), "are a generator; expected a table"),
    "none at all": (None, "are a NoneType; expected a table"),
    "fewer columns": (ROWS[:, :2], "have 2 columns and features names 3 (a, b, c)"),
    "texts": (["win money", "see you"], "python -m model_training.spam_or_ham adopt"),
}


@pytest.mark.parametrize(("rows", "words"), UNUSABLE_ROWS.values(), ids=UNUSABLE_ROWS)
def test_rows_that_are_no_numbers(tmp_path: Path, rows: Any, words: str) -> None:
    estimator = fitted(HistGradientBoostingClassifier(max_iter=2))
    assert words in refusal(tmp_path / "out", estimator, rows, **LAYERS)


UNUSABLE: dict[str, tuple[dict[str, Any], str]] = {
    "features in a list": ({"features": ["a", "b", "c"]}, "features is a list"),
    "numbered features": ({"features": {0: "a", 1: "b", 2: "c"}}, "features has 0: 'a'"),
    "nameless feature": ({"features": {"a": "a", "b": "", "c": "c"}}, "features has 'b': ''"),
    "fewer features": ({"features": {"a": "a", "b": "b"}}, "have 3 columns and features names 2"),
    "two of one name": ({"features": dict.fromkeys("abc", "x")}, "a name of its own"),
    "classes in a list": ({"classes": ["no", "yes"]}, "classes is a list"),
    "one class": ({"classes": {0: "no"}}, "the labels are 0, 1; expected what each of them means"),
    "three classes": ({"classes": {0: "a", 1: "b", 2: "c"}}, "the labels are 0, 1"),
    "meaning no text": ({"classes": {0: 0, 1: 1}}, "the labels are 0, 1"),
    "one meaning": ({"classes": {0: "x", 1: "x"}}, "a meaning of its own"),
    "runtime": ({"runtime": "sklearn"}, "expected portable or scikit-learn"),
    "name": ({"name": "../iris"}, "named like model_clf.pkl"),
    "no name": ({"name": None}, "expected the model's name"),
    "NaN among metrics": ({"metrics": {"accuracy": float("nan")}}, "The manifest's metrics"),
    "object among metrics": ({"metrics": {"accuracy": SVC()}}, "something of type SVC"),
    "keys that differ in type": ({"data": {"x": {1: 1, "a": 2}}}, "The manifest's data"),
    "half a character": ({"data": {"source": "\ud800"}}, "The manifest's data"),
    "data": ({"data": None}, "data is a NoneType; expected a dictionary"),
    "metrics": ({"metrics": 0.9}, "metrics is a float; expected a dictionary"),
    "few golden rows": ({"golden": ROWS[:3]}, "at least 50 golden records"),
    "other golden rows": ({"golden": ROWS[:, :2]}, "The golden rows have 2 columns"),
    "golden NaN": ({"golden": with_(np.nan)}, "Row 3 of the golden rows"),
    "few ranges": ({"ranges": [(0, 1)]}, "ranges are not the lowest and highest of 3"),
    "ranges the wrong way": ({"ranges": [(1, 0)] * 3}, "minimum <= maximum"),
    "ranges without end": ({"ranges": [(0, np.inf)] * 3}, "two finite numbers for each"),
    "other ranges": ({"ranges": 5}, "two finite numbers for each"),
    "entry that is taken": ({"extra": {"golden": [1]}}, "at least 50 golden records"),
    "runtime among extras": ({"extra": {"runtime": "litert"}}, "expected portable or scikit"),
}


@pytest.mark.parametrize(("given", "words"), UNUSABLE.values(), ids=UNUSABLE)
def test_what_is_said_of_a_model_must_fit(
    tmp_path: Path, given: dict[str, Any], words: str
) -> None:
    assert words in refusal(tmp_path / "out", fitted(LogisticRegression()), **given)


def test_numbers_of_numpy_are_numbers_in_a_manifest(tmp_path: Path) -> None:
    metrics = {"accuracy": np.float32(0.5), "rows": np.int64(3), "confusion": np.eye(1)}
    manifest = published(tmp_path / "out", fitted(LogisticRegression()), metrics=metrics)
    assert manifest["metrics"] == {"accuracy": 0.5, "rows": 3, "confusion": [[1.0]]}


def test_a_model_larger_than_a_function_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "LARGEST_ARTIFACT", 1_000)
    sentence = refusal(tmp_path / "out", fitted(KNeighborsClassifier()), **LAYERS)
    assert "bytes and a function loads at most 1,000; fit a smaller model" in sentence


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ArtifactError, match=r"cannot be written \(.*\); choose another"):
        published(tmp_path / "file" / "iris", fitted(LogisticRegression()))


def test_a_folder_may_be_named_by_text(tmp_path: Path) -> None:
    estimator = fitted(GradientBoostingClassifier(n_estimators=2))
    publish(
        str(tmp_path / "out"),
        estimator,
        ROWS,
        name="iris",
        features=FEATURES,
        classes={0: "no", 1: "yes"},
        data={},
        metrics={},
    )
    assert artifacts.verify(tmp_path / "out")["recipe"] == "GradientBoostingClassifier"


def test_a_pipeline_of_texts_is_sent_where_texts_are_published(tmp_path: Path) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = ["win money now", "see you later"] * 30
    estimator = make_pipeline(TfidfVectorizer(), MultinomialNB()).fit(texts, [1, 0] * 30)
    sentence = refusal(tmp_path / "out", estimator, texts, features={"text": "text"})
    assert "model_training.spam_or_ham adopt" in sentence
