"""The pictures of reports, drawn by matplotlib as SVG in the colours of the page.

Every picture has a text alternative that says its numbers.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure
from numpy.typing import NDArray

from model_training.reports.calibration import Bin

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[Any]
Curve = tuple[str, Sequence[tuple[float, float]]]
"""What a line is called, and its points."""

# Drawn in these, and named in the page by its custom properties, which follow its theme.
_COLOURS = {
    "ink": "#000001", "soft": "#000002", "rule": "#000003", "good": "#000004", "bad": "#000005",
    **{f"series{n}": f"#0000{n:x}0" for n in range(1, 7)},
}  # fmt: skip
_SERIES = [_COLOURS[f"series{n}"] for n in range(1, 7)]
_STYLE: Any = {
    "svg.fonttype": "none",
    # A term may hold two dollars, and is no formula.
    "text.parse_math": False,
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": _COLOURS["soft"],
    "axes.labelcolor": _COLOURS["ink"],
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": _COLOURS["rule"],
    "text.color": _COLOURS["ink"],
    "xtick.color": _COLOURS["soft"],
    "ytick.color": _COLOURS["soft"],
    "xtick.labelcolor": _COLOURS["ink"],
    "ytick.labelcolor": _COLOURS["ink"],
    "legend.frameon": False,
}
_MOST_POINTS = 300
_MOST_CELLS = 12
_LONGEST = 18


def confusion(counts: Array, labels: Sequence[str]) -> str:
    """`counts[actual, predicted]`, shaded by their share of the actual label."""
    names = [visible(label) for label in labels]
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    size = len(names)
    told = (
        f"Confusion matrix: {int(counts.trace()):,} of {int(counts.sum()):,} right; "
        + "; ".join(
            f"{counts[a, b]:,} {names[a]} called {names[b]}"
            for a in range(size)
            for b in range(size)
            if counts[a, b] and size <= _MOST_CELLS
        )
    )

    def draw(axes: Axes) -> None:
        from matplotlib.patches import Rectangle

        for actual in range(size):
            for predicted in range(size):
                share = float(shares[actual, predicted])
                colour = _COLOURS["good" if actual == predicted else "bad"]
                axes.add_patch(
                    Rectangle(
                        (predicted - 0.48, actual - 0.48), 0.96, 0.96, linewidth=0,
                        facecolor=colour, alpha=0.06 + 0.6 * share,
                    )
                )  # fmt: skip
                if size <= _MOST_CELLS and (counts[actual, predicted] or size <= 3):
                    more = f"\n{share:.2%}" if size <= 3 else ""
                    axes.text(
                        predicted, actual, f"{counts[actual, predicted]:,}{more}",
                        ha="center", va="center", fontsize=12 if size <= 3 else 8,
                    )  # fmt: skip
        axes.set(xlim=(-0.5, size - 0.5), ylim=(size - 0.5, -0.5), aspect="equal")
        axes.set(xlabel="predicted", ylabel="actual")
        turned = 90 if size > 4 and max(map(len, names)) > 3 else 0
        axes.set_xticks(range(size), names, rotation=turned)
        axes.set_yticks(range(size), names)
        axes.grid(visible=False)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)

    return _drawn(draw, told, height=4.2)


def curves(
    lines: Sequence[Curve], across: str, up: str, told: str, *, reference: Curve | None = None
) -> str:
    """Lines between 0 and 1; the reference is dashed."""

    def draw(axes: Axes) -> None:
        if reference is not None:
            _line(axes, reference, _COLOURS["soft"], "--")
        for number, line in enumerate(lines):
            _line(axes, line, _SERIES[number % len(_SERIES)], "-")
        _square(axes, across, up)
        if len(lines) > 1 or (reference is not None and reference[0]):
            axes.legend(fontsize=8)

    return _drawn(draw, told)


def reliability(bins: Sequence[Bin], across: str, up: str) -> str:
    """Share seen over probability said; on the diagonal said equals seen."""
    told = "Reliability: " + "; ".join(f"said {b.said:.2f}, seen {b.seen:.2f}" for b in bins)

    def draw(axes: Axes) -> None:
        _line(axes, ("", [(0.0, 0.0), (1.0, 1.0)]), _COLOURS["soft"], "--")
        said, seen = [b.said for b in bins], [b.seen for b in bins]
        largest = max(b.count for b in bins)
        axes.plot(said, seen, color=_SERIES[0])
        axes.scatter(said, seen, [12 + 120 * b.count / largest for b in bins], color=_SERIES[0])
        _square(axes, across, up)

    return _drawn(draw, told)


def against(actual: Array, predicted: Array, told: str, *, residuals: bool) -> str:
    """Of a regression the prediction over what is true, or the residual over the prediction."""
    down, right = (actual - predicted, predicted) if residuals else (predicted, actual)

    def draw(axes: Axes) -> None:
        axes.scatter(right, down, 10, color=_SERIES[0], alpha=0.5, linewidths=0)
        if residuals:
            axes.axhline(0, color=_COLOURS["soft"], linestyle="--")
            axes.set(xlabel="predicted", ylabel="actual - predicted")
            return
        ends = float(min(actual.min(), predicted.min())), float(max(actual.max(), predicted.max()))
        axes.plot(ends, ends, color=_COLOURS["soft"], linestyle="--")
        axes.set(xlabel="actual", ylabel="predicted")

    return _drawn(draw, told)


def bars(weights: Sequence[tuple[str, float]], told: str, *, series: int = 1) -> str:
    """A bar for each name, the first on top."""
    names = [visible(name) for name, _ in weights]

    def draw(axes: Axes) -> None:
        places = range(len(names))
        axes.barh(places, [weight for _, weight in weights], color=_SERIES[(series - 1) % 6])
        axes.set_yticks(places, names)
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)

    return _drawn(draw, f"{told}: {', '.join(names)}", height=0.8 + 0.22 * len(names))


def visible(term: str) -> str:
    """A term short enough for its place, with what cannot be drawn left out."""
    shown = "".join(
        character if character.isprintable() else "\N{MIDDLE DOT}" for character in term
    )
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def _line(axes: Axes, line: Curve, colour: str, style: str) -> None:
    name, points = line
    chosen = np.unique(np.linspace(0, len(points) - 1, _MOST_POINTS).astype(int))
    xs, ys = zip(*(points[at] for at in chosen), strict=True)
    axes.plot(xs, ys, color=colour, linestyle=style, label=visible(name) or None)


def _square(axes: Axes, across: str, up: str) -> None:
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel=across, ylabel=up)


def _drawn(draw: Callable[[Axes], None], told: str, *, height: float = 3.4) -> str:
    """What `draw` puts into axes, as SVG to stand in a page; `told` is its text alternative."""
    written = StringIO()
    # The salt makes a picture's ids its own, and the same in every run.
    with rc_context({**_STYLE, "svg.hashsalt": told}), warnings.catch_warnings():
        # The page's font may well have the glyph that the measuring one has not.
        warnings.simplefilter("ignore")
        drawing = Figure(figsize=(4.6, height), layout="constrained")
        draw(drawing.subplots())
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        drawing.savefig(written, format="svg", transparent=True, metadata=nothing)
    return _inline(written.getvalue(), told)


def _inline(drawn: str, told: str) -> str:
    """matplotlib's file as an element of a page: without head, comments, and names of its own."""
    found = re.search(r'<svg[^>]*viewBox="([^"]+)"[^>]*>(.*)</svg>', drawn, re.DOTALL)
    if found is None:
        raise ValueError("matplotlib wrote no SVG")
    body = re.sub(
        r"<!--.*?-->|<metadata>.*?</metadata>|<style.*?</style>", "", found[2], flags=re.S
    )
    body = body.replace("xlink:href", "href")
    used = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', body))
    named = {one for pair in used for one in pair if one}
    body = re.sub(r' id="([^"]*)"', lambda each: each[0] if each[1] in named else "", body)
    for name, colour in _COLOURS.items():
        body = body.replace(colour, f"var(--{name})")
    body = re.sub(r"\n\s*", "\n", body)
    return f'<svg viewBox="{found[1]}" role="img" aria-label="{escape(told)}">{body}</svg>'
