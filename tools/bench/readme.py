"""The README's figures, from those of the last run of each service."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.bench.clothes import ARTICLE as ARTICLE_NETWORK
from tools.bench.clothes import SAME
from tools.bench.variants import ARTICLE, NOOP, ONNX, OURS, TUNED

Figures = Mapping[str, Any]

_TEXT_ROWS = {
    "a handler that does nothing": NOOP,
    "**this project**": OURS,
    "ONNX Runtime": ONNX,
    "scikit-learn, tuned with care": TUNED,
    "scikit-learn, the usual way": ARTICLE,
}
# By the service's name: the rows of its peers, which follow its own in this order.
_NETWORK_ROWS = {"loan_grade": (ARTICLE,), "clothes": (SAME, ARTICLE_NETWORK)}
_SENTENCE = re.compile(r"A cold start is .*?: \[docs/benchmarks\.md\]", re.DOTALL)


def update(project: Path) -> None:
    """Writes the figures of build/bench*.json into README.md, of those services that have any.

    Raises `ValueError` where the README has no row or sentence for a figure.
    """
    readme = project / "README.md"
    text = readme.read_text(encoding="utf-8")
    if figures := _figures(project / "build" / "bench.json"):
        text = with_text_model(text, figures)
    for service in _NETWORK_ROWS:
        if figures := _figures(project / "build" / f"bench-{service}.json"):
            text = with_network(text, service, figures)
    readme.write_text(text, encoding="utf-8")


def _figures(file: Path) -> Figures:
    figures: Figures = json.loads(file.read_text()) if file.exists() else {}
    # A quick run's are none for the documents.
    return {} if figures.get("quick", True) else figures


def with_text_model(text: str, figures: Figures) -> str:
    """The README with the table and the sentence of the first service."""
    functions = figures["functions"]
    for row, name in _TEXT_ROWS.items():
        one = functions[name]
        text = _with_cells(text, row, (
            f"{one['cold_ms']:,.0f}", f"{one['warm_p50_ms']:.3f}", f"{one['memory_mb']:.0f}",
            f"{one['zipped_bytes'] / 1e6:.2f}",
        ))  # fmt: skip
    sentence = (
        f"A cold start is {figures['cold_ratio_article']:.0f} times faster than the usual way's "
        f"and {figures['cold_ratio_noop']:.2f} times that of\na handler that does nothing, a warm "
        f"call {figures['warm_ratio_article']:.0f} times faster, in "
        f"{figures['rss_ratio_article']:.1f} times less memory: [docs/benchmarks.md]"
    )
    text, count = _SENTENCE.subn(lambda _: sentence, text)
    if count != 1:
        raise ValueError("README.md has no sentence that begins: A cold start is")
    return text


def with_network(text: str, service: str, figures: Figures) -> str:
    """The README with the rows of a network and its peers."""
    start = text.find(f"| **{service}** |")
    if start < 0:
        raise ValueError(f"README.md has no row of {service}")
    before, lines = text[:start], text[start:].split("\n")
    for place, name in enumerate((OURS, *_NETWORK_ROWS[service])):
        one = figures["functions"][name]
        warm = one.get("warm_ms", one.get("warm_p50_ms"))
        cells = (f"{one['cold_ms']:,.0f}", f"{warm:.2f}" if warm < 1 else f"{warm:.0f}")
        first = lines[place].split(" | ")[0].removeprefix("| ")
        lines[place] = _with_cells(lines[place], first, cells)
    return before + "\n".join(lines)


def _with_cells(text: str, row: str, cells: tuple[str, ...]) -> str:
    """The text, in whose table the row that begins so has these cells after its first."""
    pattern = re.compile(rf"^(\| {re.escape(row)} \|)(?: [^|\n]+ \|){{{len(cells)}}}", re.MULTILINE)
    text, count = pattern.subn(lambda found: f"{found[1]} {' | '.join(cells)} |", text)
    if count != 1:
        raise ValueError(f"README.md has no row, or several, that begin: {row}")
    return text
