"""Models of raw records: named fields, numbers and words, prepared by the model itself.

Beyond what every manifest holds: `fields`, which say of each what values it may have.
"""

from collections.abc import Mapping

from model_training.publishing.kinds.kind import Kind, Manifest, Model

ARTIFACT = "network.json"
TYPES = ("number", "integer", "category")


def _problem(manifest: Manifest) -> str | None:
    fields = manifest.get("fields")
    if not isinstance(fields, list) or not fields:
        return "expected at least one field"
    if not all(_is_field(entry) for entry in fields):
        return (
            "expected in each field a name, a type, whether it is required and nullable, and "
            "minimum <= maximum or, of a category, levels"
        )
    if len({entry["name"] for entry in fields}) != len(fields):
        return "expected a name of its own for each field"
    ignored = manifest.get("ignored", [])
    if not isinstance(ignored, list) or not all(isinstance(name, str) for name in ignored):
        return "expected under ignored a list of names"
    files = manifest.get("artifacts")
    if not isinstance(files, dict) or set(files) != {ARTIFACT}:
        return f"expected exactly {ARTIFACT} under artifacts"
    return None


def _is_field(entry: object) -> bool:
    if not isinstance(entry, dict) or entry.get("type") not in TYPES:
        return False
    if not isinstance(entry.get("name"), str) or not entry["name"]:
        return False
    if not all(type(entry.get(flag)) is bool for flag in ("required", "nullable")):
        return False
    if entry["type"] == "category":
        levels = entry.get("levels")
        return isinstance(levels, list) and all(isinstance(level, str) for level in levels)
    low, high = entry.get("minimum"), entry.get("maximum")
    return isinstance(low, int | float) and isinstance(high, int | float) and low <= high


def _is_record(record: object, manifest: Manifest) -> bool:
    names = {entry["name"] for entry in manifest["fields"]}
    return (
        isinstance(record, dict)
        and record.keys() <= names
        and all(type(value) in (int, float, str, type(None)) for value in record.values())
    )


def _load(files: Mapping[str, bytes]) -> Model:
    from portable.network.classifier import load

    return load(files[ARTIFACT])


RECORDS = Kind(
    name="records",
    asked="record",
    member="record",
    runtimes=("portable",),
    problem=_problem,
    is_question=_is_record,
    load=_load,
    answering=("fields", "ignored"),
)
