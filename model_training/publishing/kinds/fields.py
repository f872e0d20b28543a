"""Models of records: named fields, numbers and words.

Beyond what every manifest holds: `fields`, which say of each what values it may have, and
`classes`, what each label means, where the labels do not say it themselves. The artifacts are
pickles, or one network whose preparation is in it.
"""

from typing import Any

from model_training.publishing.kinds import pickles
from model_training.publishing.kinds.kind import Kind, Manifest

NETWORK = "network.json"
LARGEST = 3.4e38
"""Beyond single precision no tree answers."""


def _problem(manifest: Manifest) -> str | None:
    fields = manifest.get("fields")
    if not isinstance(fields, list) or not fields:
        return "expected at least one field"
    if not all(_is_field(entry) for entry in fields):
        return (
            "expected in each field a name, a type, whether it is required and nullable, and "
            f"minimum <= maximum (at most {LARGEST:g}) or, of a category, levels"
        )
    if len({entry["name"] for entry in fields}) != len(fields):
        return "expected a name of its own for each field"
    ignored = manifest.get("ignored", [])
    if not isinstance(ignored, list) or not all(isinstance(name, str) for name in ignored):
        return "expected under ignored a list of names"
    if "classes" in manifest and (problem := _meaning_problem(manifest)):
        return problem
    files = manifest.get("artifacts")
    if isinstance(files, dict) and set(files) == {NETWORK}:
        return None
    if not pickles.are_pickles(files):
        return f"expected one file under artifacts, {NETWORK}, or pickles, named like model_clf.pkl"
    return pickles.problem(manifest)


def _meaning_problem(manifest: Manifest) -> str | None:
    classes = manifest["classes"]
    if not isinstance(classes, dict) or set(classes) != set(map(str, manifest.get("labels") or ())):
        return "expected under classes what each label means"
    meanings = list(classes.values())
    if not all(isinstance(one, str) for one in meanings) or len(set(meanings)) != len(meanings):
        return "expected under classes a meaning of its own, as text, for each label"
    return None


def _is_field(entry: object) -> bool:
    from serving.inputs.field import TYPES

    if not isinstance(entry, dict) or entry.get("type") not in TYPES:
        return False
    if entry.get("outside", "refuse") not in ("answer", "refuse"):
        return False
    if not isinstance(entry.get("name"), str) or not entry["name"]:
        return False
    if not all(type(entry.get(flag)) is bool for flag in ("required", "nullable")):
        return False
    if entry["type"] == "category":
        levels = entry.get("levels")
        return isinstance(levels, list) and all(isinstance(level, str) for level in levels)
    if entry["type"] in ("boolean", "text"):
        return True
    low: Any = entry.get("minimum")
    high: Any = entry.get("maximum")
    # By type, because True is an int.
    numbers = all(type(bound) in (int, float) for bound in (low, high))
    return numbers and bool(-LARGEST <= low <= high <= LARGEST)


def _record_problem(record: object, manifest: Manifest) -> str | None:
    """What keeps a request from holding the record: the function reads its golden inputs as it does
    a request's."""
    from serving.http.problems import Problem
    from serving.http.strict_json import Members
    from serving.inputs.fields import Fields

    if not isinstance(record, dict):
        return "expected a record, by the names of its fields"
    try:
        Fields(manifest).record(Members(list(record.items())), "golden")
    except Problem as problem:
        return problem.detail.rstrip(".")
    return None


FIELDS = Kind(
    name="fields",
    noun="record",
    # With "scikit-learn" the golden answers are checked where scikit-learn is: in the layer's
    # proof.
    runtimes=("portable", "scikit-learn"),
    problem=_problem,
    input_problem=_record_problem,
    answering=("classes", "fields", "ignored", pickles.STEPS, pickles.FRAME),
    libraries=pickles.LIBRARIES,
)
