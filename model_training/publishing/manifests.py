"""The manifest of a model: its form, its bytes, and the version that it gives the model."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from serving.http import CLASSES
from serving.loading.artifacts import MAX_BYTES

from model_training.command_line import Refusal, in_one_line
from model_training.publishing.kinds import KINDS
from model_training.publishing.kinds.kind import ANSWERS, NUMBER, Kind, Manifest

SCHEMA = 2
MANIFEST = "manifest.json"
VERSION_DIGITS = 12
LARGEST_ARTIFACT = MAX_BYTES
"""What a function loads at most, and so what is published."""
_ANSWERING = ("artifacts", "labels", "runtime")
"""The entries of every manifest of which serving makes an answer."""
_DESCRIPTIONS = frozenset(("column", "description", "unit"))
"""What a field tells people; no answer is made of it."""


class ArtifactError(Refusal):
    """A model folder that must not be published; the message is one sentence with the remedy."""


def model_version(manifest: Manifest) -> str:
    """The version of a model: the first 12 hexadecimal digits of the SHA-256 of what answers.

    That is what of the manifest serving makes answers of: the artifacts, by their digests, the
    labels, the runtime and the kind's own entries. Who trained the model, on what and how well it
    does is not in it, nor are the golden answers: their last digits are those of the processor
    that wrote them.
    """
    kind = kind_of(manifest)
    names = (*_ANSWERING, *kind.answering)
    answering = {name: _undescribed(manifest[name]) for name in names if name in manifest}
    if libraries := kind.libraries.get(manifest.get("runtime", "")):
        trained = manifest.get("trained_with", {})
        answering["trained_with"] = {name: trained[name] for name in libraries if name in trained}
    return hashlib.sha256(encode(answering)).hexdigest()[:VERSION_DIGITS]


def _undescribed(entry: Any) -> Any:
    """An entry without what its fields only tell people."""
    if not isinstance(entry, list):
        return entry
    return [
        {name: value for name, value in one.items() if name not in _DESCRIPTIONS}
        if isinstance(one, dict)
        else one
        for one in entry
    ]


def class_labels(manifest: Manifest) -> dict[str, str]:
    """The metric of a class → its label, of the classes that have a metric."""
    meanings = manifest.get("classes") or {}
    labels = [str(meanings.get(str(label), label)) for label in manifest.get("labels") or ()]
    return dict(zip(CLASSES, labels, strict=False))


def kind_of(manifest: Manifest) -> Kind:
    """What kind of inputs the model takes."""
    return KINDS[manifest["kind"]]


def encode(manifest: Mapping[str, Any]) -> bytes:
    """The manifest's one byte form: sorted keys, indented by two, UTF-8, final newline.

    Raises `ArtifactError` naming the entry that is no JSON.
    """
    try:
        return (_json(manifest) + "\n").encode("utf-8")
    except (TypeError, ValueError, RecursionError):
        said = {name: error for name, value in manifest.items() if (error := _not_json(value))}
        name, error = next(iter(said.items()), ("entries", "their names are not all text"))
        raise ArtifactError(
            f"The manifest's {name} cannot be written as JSON ({error}); expected text, finite "
            "numbers, and lists and dictionaries of them"
        ) from None


def _json(value: object) -> str:
    return json.dumps(
        value, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False, default=_plain
    )


def _plain(value: Any) -> object:
    """numpy's numbers and arrays as Python's."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"something of type {type(value).__name__}")


def _not_json(value: object) -> str | None:
    try:
        _json(value).encode("utf-8")
    except (TypeError, ValueError, RecursionError) as error:
        return in_one_line(error)
    return None


def describe(artifacts: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """SHA-256 and size of each file, as the manifest records them."""
    return {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in artifacts.items()
    }


def form_problem(manifest: Manifest) -> str | None:
    """What keeps this manifest from being used, or `None`."""
    named = manifest.get("kind")
    kind = KINDS.get(named) if isinstance(named, str) else None
    if kind is None:
        return f"kind {named!r} is unknown, expected {' or '.join(KINDS)}"
    runtime = manifest.get("runtime")
    if runtime not in kind.runtimes:
        return f"runtime {runtime!r} is unknown, expected {' or '.join(kind.runtimes)}"
    if not isinstance(manifest.get("name"), str):
        return "expected the model's name"
    if problem := _label_problem(kind, manifest):
        return problem
    if problem := kind.problem(manifest):
        return problem
    if not all(_is_file_entry(entry) for entry in manifest["artifacts"].values()):
        return f"expected a sha256 and 1 to {LARGEST_ARTIFACT:,} bytes for each artifact"
    return kind.golden_problem(manifest)


def _label_problem(kind: Kind, manifest: Manifest) -> str | None:
    answers, labels = kind.answers_of(manifest), manifest.get("labels")
    if answers not in ANSWERS:
        return f"answers {answers!r} are unknown, expected {' or '.join(ANSWERS)}"
    if answers == NUMBER:
        return "expected no labels, for the answers are numbers" if labels else None
    if not isinstance(labels, list) or len(set(map(str, labels))) < max(2, len(labels)):
        return "expected at least two labels, none of them twice"
    if not all(isinstance(label, str | int | float) for label in labels):
        return "expected labels that are text, numbers or booleans"
    return None


def _is_file_entry(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("sha256"), str)
        and len(entry["sha256"]) == 64
        and type(entry.get("bytes")) is int
        and 0 < entry["bytes"] <= LARGEST_ARTIFACT
    )
