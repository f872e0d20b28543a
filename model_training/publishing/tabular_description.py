"""What a manifest says of rows and labels, from what `publish` is told."""

from collections.abc import Mapping, Sequence
from itertools import chain
from math import isfinite
from typing import Any

from model_training.publishing.kinds.kind import NUMBER, PROBABILITIES
from model_training.publishing.manifests import ArtifactError
from model_training.publishing.tabular_estimator import Label


def mapping(what: str, value: Any) -> Mapping[Any, Any]:
    """What was given under the name `what`; raises `ArtifactError` unless it is a dictionary."""
    if not isinstance(value, Mapping):
        raise ArtifactError(f"{what} is a {type(value).__name__}; expected a dictionary")
    return value


def names(features: Any) -> list[str]:
    """The features' names in the data; raises `ArtifactError` unless all names are text."""
    for key, value in mapping("features", features).items():
        if not (isinstance(key, str) and isinstance(value, str) and key and value):
            raise ArtifactError(
                f"features has {key!r}: {value!r}; expected the column's name in the data and its "
                "name in a request, both as text"
            )
    return list(features)


def answers(kind: str, labels: Sequence[Label], classes: Any) -> dict[str, Any]:
    """The entries about what is answered: its kind, and of a classifier the labels and their
    meanings."""
    if kind == NUMBER:
        if classes:
            raise ArtifactError(
                f"classes is {dict(mapping('classes', classes))} and the answers are numbers; "
                "leave classes out"
            )
        return {"answers": kind}
    entries = {} if kind == PROBABILITIES else {"answers": kind}
    return {**entries, "labels": list(labels), "classes": meanings(labels, classes)}


def meanings(labels: Sequence[Label], classes: Any) -> dict[str, str]:
    """What each label means, under the label as text.

    Raises `ArtifactError` unless `classes` says it of every label and of nothing else.
    """
    meant = mapping("classes", classes)
    by_label = {str(label): meant.get(label, meant.get(str(label))) for label in labels}
    unknown = [key for key in meant if key not in labels and str(key) not in by_label]
    if unknown or not all(isinstance(meaning, str) and meaning for meaning in by_label.values()):
        raise ArtifactError(
            f"classes is {dict(meant)} and the labels are {', '.join(map(repr, labels))}; expected "
            "what each of them means, as text, and no more"
        )
    return by_label


def described(features: Mapping[str, str], ranges: Any) -> list[dict[str, Any]]:
    """The entries of the fields; raises `ArtifactError` unless each has its two limits."""
    try:
        limits = [(float(low), float(high)) for low, high in ranges]
    except (TypeError, ValueError):
        limits = []
    if len(limits) != len(features) or not all(map(isfinite, chain(*limits))):
        raise ArtifactError(
            f"ranges are not the lowest and highest of {len(features)} features; expected two "
            "finite numbers for each"
        )
    return [
        {
            "name": name,
            "column": column,
            "type": "number",
            "minimum": low,
            "maximum": high,
            "required": True,
            "nullable": False,
        }
        for (column, name), (low, high) in zip(features.items(), limits, strict=True)
    ]
