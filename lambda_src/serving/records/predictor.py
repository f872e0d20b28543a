"""The predictor of records: fields, network and labels, without HTTP and without storage."""

from __future__ import annotations

from json import loads

from serving.http.strict_json import Members
from serving.loading.errors import LoadError
from serving.records.fields import Fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Protocol

    from serving.records.fields import Record

    class Classifier(Protocol):
        """What a predictor needs of a fitted classifier of records."""

        @property
        def classes_(self) -> Sequence[str]: ...

        @property
        def fields(self) -> Sequence[str]: ...

        def predict(self, record: Mapping[str, object], /) -> tuple[str, Sequence[float]]: ...

    Load = Callable[[bytes], Classifier]

MANIFEST = "manifest.json"
GOLDEN_SAMPLE = 5
GOLDEN_TOLERANCE = 1e-9
"""The tolerance of the proof a model passes before it is published."""


class RecordsPredictor:
    """Answers records; `manifest` is the model's description of itself."""

    def __init__(self, classifier: Classifier, manifest: Mapping[str, object]) -> None:
        """Raises `LoadError` where classifier and manifest do not belong together."""
        self.manifest = manifest
        self.fields = Fields(manifest)
        self._classifier = classifier
        self._labels = list(classifier.classes_)
        if manifest.get("labels") != self._labels:
            raise LoadError("the manifest's labels are not the classifier's")
        if {field.name for field in self.fields.all} != set(classifier.fields):
            raise LoadError("the manifest's fields are not those the classifier was trained with")
        self.explains = all(field.typical is not None for field in self.fields.all)

    def predict(self, record: Mapping[str, object]) -> tuple[str, dict[str, float]]:
        """The label of a record, and each label's probability."""
        label, probabilities = self._classifier.predict(record)
        return label, dict(zip(self._labels, probabilities, strict=True))

    def explain(self, record: Record) -> dict[str, object]:
        """What each field does to the answer, the weightiest first.

        `effect` is the probability of `label` for this record minus that for the same record
        with a typical value in that one field. Fields act together in a network, so effects sum
        to nothing in particular.
        """
        label, probabilities = self.predict(record)
        effects: list[tuple[str, float]] = []
        for field in self.fields.all:
            _, others = self.predict({**record, field.name: field.typical})
            effects.append((field.name, probabilities[label] - others[label]))
        effects.sort(key=lambda effect: -abs(effect[1]))
        return {
            "label": label,
            "probability": probabilities[label],
            "fields": [{"field": name, "effect": effect} for name, effect in effects],
        }


def load(files: Mapping[str, bytes], read: Load) -> RecordsPredictor:
    """The predictor of one artifact and its manifest (bytes by file name).

    Raises `LoadError`, or the classifier's own `ValueError`, where they cannot be served or do
    not give the manifest's golden answers here.
    """
    networks = [content for name, content in files.items() if name != MANIFEST]
    if MANIFEST not in files or len(networks) != 1:
        raise LoadError("the model is not one network and its manifest")
    manifest = loads(files[MANIFEST])
    if not isinstance(manifest, dict):
        raise LoadError("the manifest is not a JSON object")
    predictor = RecordsPredictor(read(networks[0]), manifest)
    _check_golden(predictor)
    return predictor


def _check_golden(predictor: RecordsPredictor) -> None:
    """A few golden records, evenly spread and read as a request's are: enough to see that this
    interpreter computes what the publisher's did."""
    golden = predictor.manifest.get("golden")
    if not isinstance(golden, list) or not golden:
        raise LoadError("the manifest holds no golden answers")
    for entry in golden[:: max(1, len(golden) // GOLDEN_SAMPLE)]:
        record = predictor.fields.record(Members(list(entry["record"].items())), None)
        label, probabilities = predictor.predict(record)
        expected = entry["probabilities"]
        if (
            label != entry["prediction"]
            or expected.keys() != probabilities.keys()
            or any(abs(expected[k] - p) > GOLDEN_TOLERANCE for k, p in probabilities.items())
        ):
            raise LoadError("the model does not give its golden answers on this runtime")
