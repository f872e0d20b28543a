"""Inputs to try a model on, out of its manifest's golden ones."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

MOST = 6
"""So many are room for on a page, and enough to see a model answer differently."""
_LENGTHS = range(8, 161)
"""Characters of a text that shows at a glance what it says."""


def examples(manifest: Mapping[str, Any], labels: Mapping[Any, Any]) -> list[dict[str, object]]:
    """Up to `MOST` golden inputs with their predictions, by the labels of the model's classes: of
    each class the first, in the order of the classes; of a regression some, evenly spread.

    None of pictures, which are patterns made by a formula, and of texts only those that people
    wrote: where training had no data, they are made of what the model knows.
    """
    kind = manifest.get("kind")
    if kind == "picture" or (kind == "text" and not manifest.get("data")):
        return []
    golden = [entry for entry in manifest["golden"] if kind != "text" or _is_plain(entry["input"])]
    if labels:
        first: dict[Any, Any] = {}
        for entry in golden:
            first.setdefault(entry["prediction"], entry)
        chosen = [first[label] for label in labels if label in first][:MOST]
    else:
        chosen = golden[:: max(1, len(golden) // MOST)][:MOST]
    return [
        {
            "input": entry["input"],
            "prediction": labels[entry["prediction"]] if labels else entry["prediction"],
        }
        for entry in chosen
    ]


def _is_plain(text: str) -> bool:
    return len(text) in _LENGTHS and text.isprintable() and text == text.strip()
