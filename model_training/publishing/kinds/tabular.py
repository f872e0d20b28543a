"""Models of rows of numbers.

Beyond what every manifest holds: `classes` (what each label means), and `features`, in the order
of a row: the name in the data, the name in JSON, and the range that is answered.
"""

import re
from collections.abc import Mapping

from model_training.publishing.kinds.kind import Kind, Manifest, Model

_FILE = re.compile(r"[a-z0-9_]+\.pkl")
LARGEST = 3.4e38
"""Beyond single precision no tree answers."""


def _problem(manifest: Manifest) -> str | None:
    features = manifest.get("features")
    if not isinstance(features, list) or not features:
        return "expected at least one feature"
    if not all(_is_feature(entry) for entry in features):
        return "expected name, json, and minimum <= maximum in each feature"
    if len({entry["json"] for entry in features}) != len(features):
        return "expected a JSON name of its own for each feature"
    labels = {str(label) for label in manifest["labels"]}
    classes = manifest.get("classes")
    if not isinstance(classes, dict) or set(classes) != labels:
        return "expected under classes what each label means"
    meanings = list(classes.values())
    if not all(isinstance(one, str) for one in meanings) or len(set(meanings)) != len(meanings):
        return "expected under classes a meaning of its own, as text, for each label"
    files = manifest.get("artifacts")
    if not isinstance(files, dict) or len(files) != 1 or not _FILE.fullmatch(*files):
        return "expected one pickle under artifacts, named like model_clf.pkl"
    return None


def _is_row(row: object, manifest: Manifest) -> bool:
    return (
        isinstance(row, list)
        and len(row) == len(manifest["features"])
        and all(type(value) in (int, float) and abs(value) <= LARGEST for value in row)
    )


def _is_feature(entry: object) -> bool:
    if not isinstance(entry, dict):
        return False
    names = entry.get("name"), entry.get("json")
    low, high = entry.get("minimum"), entry.get("maximum")
    return (
        all(type(name) is str and name for name in names)
        and isinstance(low, int | float)
        and isinstance(high, int | float)
        and low <= high
    )


def _load(files: Mapping[str, bytes]) -> Model:
    from portable.tabular_classifier import load

    return load(*files.values())


TABULAR = Kind(
    name="tabular",
    asked="row",
    member="row",
    # With "scikit-learn" the golden answers are checked where scikit-learn is: in the layer's
    # proof.
    runtimes=("portable", "scikit-learn"),
    problem=_problem,
    is_question=_is_row,
    load=_load,
    answering=("classes", "features"),
    libraries={"scikit-learn": ("scikit-learn", "numpy")},
)
