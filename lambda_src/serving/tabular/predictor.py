"""The predictor of rows: features, estimator and labels, without HTTP and without storage."""

from __future__ import annotations

from json import loads

from serving.loading.errors import LoadError
from serving.tabular.features import Features

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from portable.arrays import Label

    from serving.tabular.runtimes import Estimator, Load

MANIFEST = "manifest.json"
GOLDEN_SAMPLE = 5
GOLDEN_TOLERANCE = 1e-9
"""The tolerance of the proof a model passes before it is published."""


class Prediction:
    """One row's answer: the estimator's own class, its label in words, and each label's
    probability."""

    __slots__ = ("class_", "label", "probabilities")

    def __init__(self, class_: Label, label: str, probabilities: dict[str, float]) -> None:
        self.class_ = class_
        self.label = label
        self.probabilities = probabilities


class TabularPredictor:
    """Answers rows of numbers; `manifest` is the model's description of itself."""

    def __init__(self, estimator: Estimator, manifest: Mapping[str, object]) -> None:
        """Raises `LoadError` where estimator and manifest do not belong together."""
        self.manifest = manifest
        self.features = Features(manifest)
        self._estimator = estimator
        meanings = manifest.get("classes")
        if (
            not isinstance(meanings, dict)
            or manifest.get("labels") != list(estimator.classes_)
            or not all(isinstance(meanings.get(str(c)), str) for c in estimator.classes_)
        ):
            raise LoadError("the manifest does not say what each of the estimator's classes means")
        self._meanings: dict[str, str] = meanings
        self._labels = {class_: meanings[str(class_)] for class_ in estimator.classes_}
        if estimator.n_features != len(self.features.columns):
            raise LoadError(
                f"the estimator takes {estimator.n_features} features where the manifest "
                f"declares {len(self.features.columns)}"
            )

    def label(self, class_: str) -> str:
        """What a class, as the manifest writes its name, means."""
        return self._meanings[class_]

    def predict(self, rows: Sequence[Sequence[float]]) -> list[Prediction]:
        """A prediction for each row, in order."""
        names = list(self._labels.values())
        return [
            Prediction(class_, self._labels[class_], dict(zip(names, probabilities, strict=True)))
            for class_, probabilities in self._estimator.predict(rows)
        ]

    def explain(self, row: Sequence[float]) -> dict[str, object]:
        """What each feature adds to the score, the weightiest first.

        `base` and all contributions sum to `score`, which speaks for `label` over `against`.
        """
        explanation, names = self._estimator.explain(row)
        # By place: an estimator fitted on bare numbers calls its features x0, x1, ...
        keys = {name: column.key for name, column in zip(names, self.features.columns, strict=True)}
        return {
            "label": self._labels[explanation.label],
            "against": self._labels[explanation.against],
            "unit": explanation.unit,
            "base": explanation.base,
            "score": explanation.score,
            "features": [
                {"feature": keys[name], "contribution": contribution}
                for name, _, contribution in explanation.contributions
            ],
        }


def load(files: Mapping[str, bytes], runtime: Load) -> TabularPredictor:
    """The predictor of one pickled estimator and its manifest (bytes by file name).

    Raises `LoadError`, or the runtime's own `ValueError`, where they cannot be served or do not
    give the manifest's golden answers here.
    """
    pickles = [content for name, content in files.items() if name != MANIFEST]
    if MANIFEST not in files or len(pickles) != 1:
        raise LoadError("the model is not one pickle and its manifest")
    manifest = loads(files[MANIFEST])
    if not isinstance(manifest, dict):
        raise LoadError("the manifest is not a JSON object")
    predictor = TabularPredictor(runtime(pickles[0], manifest), manifest)
    _check_golden(predictor)
    return predictor


def _check_golden(predictor: TabularPredictor) -> None:
    """A few golden rows, evenly spread: enough to see that this interpreter computes what the
    publisher's did, and a fraction of a millisecond."""
    golden = predictor.manifest.get("golden")
    if not isinstance(golden, list) or not golden:
        raise LoadError("the manifest holds no golden answers")
    sample = golden[:: max(1, len(golden) // GOLDEN_SAMPLE)]
    answers = predictor.predict([entry["row"] for entry in sample])
    for entry, answer in zip(sample, answers, strict=True):
        expected = {predictor.label(c): p for c, p in entry["probabilities"].items()}
        if (
            answer.class_ != entry["prediction"]
            or expected.keys() != answer.probabilities.keys()
            or any(abs(expected[k] - p) > GOLDEN_TOLERANCE for k, p in answer.probabilities.items())
        ):
            raise LoadError("the model does not give its golden answers on this runtime")
