"""What of tabular models is refused: by a sentence, before anything is scored."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from portable import tree as trees
from portable.errors import UnsafePickle, UnsupportedModel
from portable.model import load
from sklearn.cluster import KMeans
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.linear_model import (
    LinearRegression,
    LogisticRegression,
    RidgeClassifier,
    SGDClassifier,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier
from sklearn.tree._tree import Tree

from model_training.publishing import pickling
from tests.unit.portable import mutate, mutate_tabular
from tests.unit.portable.attacks import attacks
from tests.unit.portable.pickle_pieces import F8, P4, array, dtype, name, text
from tests.unit.portable.tabular_models import (
    BOOSTING,
    REGRESSORS,
    TREES,
    fitted,
    numbers,
    three_classes,
    two_classes,
)


def refusal(data: bytes) -> str:
    """The sentence that the classifier's loader refuses `data` with."""
    with pytest.raises(UnsupportedModel) as refused:
        load(data)
    message = str(refused.value)
    assert message.endswith(".")
    assert len(message) < 400
    return message


def with_nodes(change: Callable[[Any, Any], None]) -> Tree:
    """The tree of a fitted classifier, its nodes and values changed."""
    tree = fitted(TREES["tree"], two_classes()).tree_
    kind, arguments, state = tree.__reduce__()
    nodes, values = state["nodes"].copy(), state["values"].copy()
    change(nodes, values)
    changed = kind(*arguments)
    changed.__setstate__({**state, "nodes": nodes, "values": values})
    return changed


def set_node(at: int, field: str, value: float) -> Callable[[Any, Any], None]:
    def change(nodes: Any, _: Any) -> None:
        nodes[field][at] = value

    return change


def set_value(value: float) -> Callable[[Any, Any], None]:
    def change(_: Any, values: Any) -> None:
        values[-1, 0, 0] = value

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (set_node(0, "left_child", 0), "do not point"),
        (set_node(1, "right_child", 0), "do not point"),
        (set_node(0, "left_child", 10**6), "do not point"),
        (set_node(0, "right_child", -1), "do not point"),
        (set_node(0, "right_child", -7), "do not point"),
        (set_node(0, "right_child", 2), "do not form one tree"),
        (set_node(0, "feature", 5), "do not point"),
        (set_node(0, "feature", -2), "do not point"),
        (set_node(0, "threshold", float("nan")), "threshold is no number"),
        (set_value(float("nan")), "NaN or infinite"),
        (set_value(float("inf")), "NaN or infinite"),
    ],
)
def test_trees_that_are_none(change: Callable[[Any, Any], None], words: str) -> None:
    estimator = fitted(TREES["tree"], two_classes())
    estimator.tree_ = with_nodes(change)
    assert words in refusal(pickling.dumps(estimator))


def test_a_threshold_may_be_infinite() -> None:
    # So scikit-learn parts the rows with a missing value from the others.
    rows, labels = two_classes()
    rows = rows.copy()
    rows[labels == "malignant", 2] = np.nan
    estimator = fitted(TREES["tree"], (rows, labels))
    assert np.isinf(estimator.tree_.threshold).any()
    model = load(pickling.dumps(estimator))
    row = np.nan_to_num(rows[0], nan=20.0)
    assert model.predict(row.tolist())[0] == estimator.predict(row[None])[0]


Change = Callable[[Any], object]


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        ("tree", lambda e: delattr(e, "tree_"), "lacks 'tree_'"),
        ("tree", lambda e: setattr(e, "tree_", None), "has no nodes"),
        ("tree", lambda e: setattr(e, "n_outputs_", 2), "labels per output"),
        ("tree", lambda e: setattr(e, "n_features_in_", 4), "does not fit 4 features"),
        ("tree", lambda e: setattr(e, "n_features_in_", True), "n_features_in_"),
        ("tree", lambda e: setattr(e, "classes_", np.array(["a"])), "does not fit"),
        ("tree", lambda e: setattr(e, "classes_", np.array(["a", "a"])), "distinct labels"),
        ("tree", lambda e: setattr(e, "classes_", np.array([0.0, np.nan])), "type float"),
        ("tree", lambda e: setattr(e, "feature_names_in_", np.array(["a"])), "feature_names_in_"),
        ("forest", lambda e: setattr(e, "estimators_", []), "no trees"),
        ("forest", lambda e: setattr(e, "estimators_", e.estimators_[0]), "no trees"),
        ("forest", lambda e: e.estimators_.append(LinearRegression()), "is not a DecisionTree"),
        ("stumps", lambda e: setattr(e, "learning_rate", float("nan")), "learning_rate"),
        ("stumps", lambda e: setattr(e, "learning_rate", None), "learning_rate"),
        ("stumps", lambda e: setattr(e, "init_", LogisticRegression()), "leave init out"),
        ("stumps", lambda e: setattr(e.init_, "strategy", "uniform"), "shares"),
        ("stumps", lambda e: setattr(e, "_loss", None), "neither log_loss nor"),
        ("stumps", lambda e: setattr(e._loss, "link", None), "neither log_loss nor"),
        ("stumps", lambda e: setattr(e, "estimators_", e.estimators_.T), "stages of 1 trees"),
        ("stumps", lambda e: setattr(e, "estimators_", []), "stages of 1 trees"),
        ("stumps", lambda e: setattr(e, "classes_", np.array(list("abc"))), "does not fit its 3"),
        (
            "stumps",
            lambda e: e.estimators_.__setitem__((0, 0), LinearRegression()),
            "is not a DecisionTreeRegressor",
        ),
    ],
)
def test_states_that_do_not_fit(kind: str, change: Change, words: str) -> None:
    estimator = fitted({**BOOSTING, **TREES}[kind], two_classes())
    change(estimator)
    assert words in refusal(pickling.dumps(estimator))


@pytest.mark.parametrize(
    ("estimator", "words"),
    [
        (LinearSVC(), None),
        (RidgeClassifier(), None),
        (GaussianProcessClassifier(), "GaussianProcessClassifier"),
        (HistGradientBoostingClassifier(max_iter=1), None),
        (SGDClassifier(), None),
        (SGDClassifier(loss="modified_huber"), None),
        (make_pipeline(StandardScaler()), "The Pipeline transforms and predicts nothing"),
        (make_pipeline(PolynomialFeatures(), LogisticRegression()), None),
        (make_pipeline(DecisionTreeClassifier()), None),
        (make_pipeline(make_pipeline(StandardScaler()), LogisticRegression()), None),
        (make_pipeline(KMeans(2, n_init=1), LogisticRegression()), None),
        (GradientBoostingClassifier(init=RandomForestClassifier(3), n_estimators=2), None),
        (GradientBoostingClassifier(init=LogisticRegression(), n_estimators=2), "init"),
        (LogisticRegression(solver="liblinear"), None),
    ],
)
def test_estimators_that_are_not_served(estimator: Any, words: str | None) -> None:
    rows, labels = two_classes()
    numeric = np.where(labels == "malignant", 1, 0)
    data = pickling.dumps(fitted(estimator, (rows, numeric)))
    if words is None:
        assert load(data).classes_ == (0, 1)
    else:
        assert words in refusal(data)


def test_a_pipeline_whose_steps_disagree() -> None:
    five = fitted(make_pipeline(StandardScaler(), DecisionTreeClassifier()), two_classes())
    four = fitted(make_pipeline(StandardScaler(), DecisionTreeClassifier()), three_classes())
    five.steps[1] = four.steps[1]
    assert "takes 4 features where the step before it gives 5" in refusal(pickling.dumps(five))
    five.steps[1:1] = [("again", four[0])]
    assert "takes 4 features where the step before it gives 5" in refusal(pickling.dumps(five))


def test_a_regressor_has_no_labels() -> None:
    data = pickling.dumps(fitted(REGRESSORS["tree"], numbers()))
    model = load(data)
    assert (model.n_features, model.classes_, model.takes_text) == (10, (), False)


def test_the_nodes_of_a_model_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    estimator = fitted(TREES["forest"], two_classes())
    monkeypatch.setattr(trees, "MAX_NODES", 200)
    estimator.estimators_ = [estimator.estimators_[0]] * 100
    assert "more than 200 nodes" in refusal(pickling.dumps(estimator))


TREE = name("sklearn.tree._tree", "Tree")
I8 = dtype("i8", b"K\x03" + text("<") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00")
COUNTS = array(b"K\x01\x85", I8, raw=b"C\x08" + bytes(8))
MADE = TREE + b"K\x05" + COUNTS + b"K\x01\x87R"


def record(names: bytes, fields: bytes, code: str = "V64", size: bytes = b"K\x40") -> bytes:
    return dtype(code, b"K\x03" + text("|") + b"N" + names + fields + size + b"K\x01K\x10")


NEW_ATTACKS = {
    "dtype of other fields": array(
        b"K\x00\x85", record(b"(" + text("x") + b"t", b"}" + text("x") + F8 + b"K\x00\x86s")
    ),
    "dtype without fields": array(b"K\x00\x85", record(b")", b"}")),
    "dtype of a huge size": array(
        b"K\x00\x85", record(b")", b"}", "V9999999999", b"J\xff\xff\xff\x7f")
    ),
    "dtype whose fields are no dict": array(b"K\x00\x85", record(b")", b"]")),
    "tree of nothing": TREE + b")R",
    "tree without state": MADE,
    "tree made without arguments": TREE + b")\x81}b",
    "tree with a state that is none": MADE + b"Nb",
    "tree with an empty state": MADE + b"}b",
    "tree class itself given a state": TREE + b"}b",
    "loss with a foreign state": name("sklearn._loss.loss", "HalfBinomialLoss") + b")\x81Nb",
    "loss class itself given a state": name("sklearn._loss.loss", "HalfBinomialLoss") + b"}b",
    "link class itself given a state": name("sklearn._loss.link", "LogitLink") + b"}b",
    "call of an estimator": name("sklearn.tree._classes", "DecisionTreeClassifier") + b"K\x01\x85R",
    "bare random numbers": name("numpy.random._pickle", "__randomstate_ctor") + b")R",
    "neighbour of an allowed module": name("sklearn._loss._loss", "np"),
    "dotted way out": name("sklearn._loss.loss", "HalfBinomialLoss.__init__.__globals__"),
    "another bit generator's maker": name("numpy.random._pickle", "BitGenerators"),
}


@pytest.mark.parametrize("data", NEW_ATTACKS.values(), ids=NEW_ATTACKS)
def test_attacks_on_what_tabular_models_may_name(data: bytes) -> None:
    refusal(P4 + data + b".")


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("attacks") / "executed"


@pytest.fixture(scope="module")
def hostile(trace: Path) -> dict[str, Callable[[], bytes]]:
    return attacks(str(trace))


@pytest.mark.parametrize("key", sorted(attacks("/nonexistent/trace")))
def test_attacks_that_fail_on_texts_fail_here(
    key: str, hostile: dict[str, Callable[[], bytes]], trace: Path
) -> None:
    refusal(hostile[key]())
    assert not trace.exists()


def test_code_is_told_from_what_is_only_not_served() -> None:
    with pytest.raises(UnsafePickle):
        load(P4 + name("os", "system") + text("true") + b"\x85R.")


def test_mutants() -> None:
    tally = mutate.run(500, seed=5, module=mutate_tabular.MODULE)
    assert sum(tally.values()) == 500
    assert set(tally) <= {"unsafe", "unsupported", "harmless", "unchanged"}
    assert tally["harmless"] > 0
    assert tally["unsafe"] + tally["unsupported"] > 0


def test_scikit_learn_reads_the_published_pickle() -> None:
    for kind in (BOOSTING["boosting on samples"], TREES["forest with votes"]):
        estimator = fitted(kind, two_classes())
        again = pickle.loads(pickling.dumps(estimator))
        rows = two_classes()[0]
        assert again.predict_proba(rows).tolist() == estimator.predict_proba(rows).tolist()
        assert pickling.dumps(again) == pickling.dumps(estimator)
        assert repr(again)
