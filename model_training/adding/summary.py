"""What was found out about a model and proven of it, for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model_training.adding.publish import Published

_MOST_FIELDS = 20


def lines(name: str, published: Published) -> list[str]:
    """The summary, a line each."""
    manifest = published.manifest
    made = [f"{name}: {_answers(manifest)} of {_asked(manifest)}, by {manifest['recipe']}"]
    for entry in manifest.get("fields", ())[:_MOST_FIELDS]:
        made.append(f"  {entry['name']:<24} {_field(entry)}")
    rest = len(manifest.get("fields", ())) - _MOST_FIELDS
    if rest > 0:
        made.append(f"  and {rest} more")
    made.append(f"  runtime  {_runtime(published)}")
    made.append(f"  proof    {_proof(manifest)}")
    told = "?explain=true adds what decided an answer"
    if not manifest.get("explained", True):
        told = "no answer: its kind gives no parts of one"
    made.append(f"  explains {told}")
    size = sum(one["bytes"] for one in manifest["artifacts"].values())
    needs = published.needs
    made.append(
        f"  needs    {size:,} bytes of model, {needs.memory} MiB; a start takes about "
        f"{needs.start:.1f} s, an answer {needs.call * 1000:.1f} ms (predicted from a run here)"
    )
    made.append(f"  price    about ${needs.dollars:.2f} per million requests, nothing while idle")
    made.append(f"  version  {published.version}")
    return made


def _answers(manifest: Mapping[str, Any]) -> str:
    labels = manifest.get("labels")
    if not labels:
        return "a number"
    meanings = manifest.get("classes") or {}
    shown = [str(meanings.get(str(label), label)) for label in labels[:8]]
    more = f" and {len(labels) - 8} more" if len(labels) > 8 else ""
    return f"one of {', '.join(shown)}{more}"


def _asked(manifest: Mapping[str, Any]) -> str:
    if manifest["kind"] == "text":
        return "a text"
    count = len(manifest["fields"])
    return f"{count} fields" if count > 1 else "one field"


def _field(entry: Mapping[str, Any]) -> str:
    if entry["type"] in ("number", "integer"):
        said = f"{entry['type']}, {entry['minimum']:g} to {entry['maximum']:g}"
        said += f", typically {entry['typical']:g}"
    elif entry["type"] == "category":
        levels = ", ".join(entry["levels"][:5]) + (", …" if len(entry["levels"]) > 5 else "")
        said = f"one of {len(entry['levels'])}: {levels}"
    else:
        said = {"boolean": "true or false", "text": "text"}[entry["type"]]
    return f"{said}; may be missing" if entry["nullable"] else said


def _runtime(published: Published) -> str:
    if published.why_not is None:
        return "portable: the standard library alone, no layers"
    return f"scikit-learn, in layers: {published.why_not}"


def _proof(manifest: Mapping[str, Any]) -> str:
    parity = manifest.get("parity")
    if parity is None:
        return f"the {len(manifest['golden'])} golden answers, by the library itself"
    count = parity.get("texts", parity.get("rows"))
    return (
        f"{count:,} inputs under Python {', '.join(parity['pythons'])}: no label differs, numbers "
        f"by at most {parity['max_abs_difference']:.2g}"
    )
