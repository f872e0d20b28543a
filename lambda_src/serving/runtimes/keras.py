"""The portable runtime for a network that Keras trained, without Keras."""

from __future__ import annotations

from portable.keras.classifier import load as load_network

from serving.http.problems import Problem
from serving.loading import LoadError
from serving.runtimes import NOT_EXPLAINED, TOLERANCE, Prediction, steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from portable.keras.classifier import NetworkClassifier
    from portable.pickles.arrays import Label

    from serving.inputs.fields import Record
    from serving.runtimes import Explained


class NetworkModel:
    """Classifies records of numbers and categories."""

    runtime = "portable"
    tolerance = TOLERANCE

    def __init__(self, classifier: NetworkClassifier, manifest: Mapping[str, Any]) -> None:
        """Raises `LoadError` where network and manifest have other fields."""
        self._classifier = classifier
        self._typical = {field["name"]: field.get("typical") for field in manifest["fields"]}
        if self._typical.keys() != set(classifier.fields):
            raise LoadError("the manifest's fields are not those the classifier was trained with")
        self.classes: list[Label] = list(classifier.classes_)

    def predict(self, inputs: Sequence[Record]) -> list[Prediction]:
        """The likeliest label of each record and the probability of each."""
        return [Prediction(*self._classifier.predict(record)) for record in inputs]

    def predict_and_explain(self, inputs: Sequence[Record]) -> Explained:
        """As `predict`, and what each field does to the answer, the weightiest first.

        `effect` is the probability of `label` for this record minus that for the same record
        with a typical value in that one field. Fields act together in a network, so effects sum
        to nothing in particular. Raises `Problem` not-explained without typical values.
        """
        if None in self._typical.values():
            raise Problem(
                NOT_EXPLAINED,
                "This model names no typical values to compare with. Ask without explain.",
            )
        predictions = self.predict(inputs)
        return predictions, list(map(self._effects, inputs, predictions))

    def _effects(self, value: Record, prediction: Prediction) -> dict[str, object]:
        label, probabilities = prediction.predicted, prediction.probabilities or ()
        place = self.classes.index(label)
        effects: list[tuple[str, float]] = []
        for name, typical in self._typical.items():
            _, others = self._classifier.predict({**value, name: typical})
            effects.append((name, probabilities[place] - others[place]))
        effects.sort(key=lambda effect: -abs(effect[1]))
        return {
            "label": label,
            "probability": probabilities[place],
            "fields": [{"field": name, "effect": effect} for name, effect in effects],
        }


def load(files: dict[str, bytes], manifest: Mapping[str, Any]) -> NetworkModel:
    """The model of one network. Raises `LoadError`, or the portable runtime's `ValueError`."""
    network, *others = steps(files, manifest)
    if others:
        raise LoadError(f"the model is {1 + len(others)} files where one is expected")
    return NetworkModel(load_network(network), manifest)
