"""The report's pictures: small SVG strings, coloured by the page's CSS classes.

Coordinates are in SVG user units; every picture has a text alternative that says its numbers.
"""

from collections.abc import Sequence
from html import escape

from model_training.spam_or_ham.metrics import Bin, Confusion

_LEFT, _TOP, _SIDE = 56.0, 12.0, 264.0
_WIDTH, _HEIGHT = 330.0, 330.0
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def confusion(c: Confusion) -> str:
    """Two by two cells, shaded by their share of the true class."""
    cells = (
        (0, 0, c.passed, c.passed + c.blocked, "ham", "good"),
        (1, 0, c.blocked, c.passed + c.blocked, "ham", "bad"),
        (0, 1, c.missed, c.caught + c.missed, "spam", "bad"),
        (1, 1, c.caught, c.caught + c.missed, "spam", "good"),
    )
    parts = []
    for column, row, count, total, truth, kind in cells:
        share = count / total if total else 0.0
        x, y = 70 + column * 126, 30 + row * 126
        parts.append(
            f'<rect class="{kind}" x="{x}" y="{y}" width="120" height="120" rx="6" '
            f'fill-opacity="{0.10 + 0.55 * share:.3f}"/>'
            f'<text class="big" x="{x + 60}" y="{y + 60}">{count:,}</text>'
            f'<text class="mid" x="{x + 60}" y="{y + 82}">{share:.2%} of {truth}</text>'
        )
    parts += [
        '<text class="mid" x="130" y="18">called ham</text>',
        '<text class="mid" x="256" y="18">called spam</text>',
        '<text class="end" x="62" y="94">ham</text>',
        '<text class="end" x="62" y="220">spam</text>',
    ]
    said = (
        f"Confusion matrix: {c.passed} ham passed, {c.blocked} ham blocked, "
        f"{c.caught} spam caught, {c.missed} spam missed"
    )
    return _picture(parts, said, height=290)


def precision_recall(
    curve: Sequence[tuple[float, float]], reference: Sequence[tuple[float, float]] | None
) -> str:
    """Precision over recall for every threshold; the reference is drawn thinner."""
    parts = _axes("spam caught (recall)", "flagged rightly (precision)")
    if reference:
        parts.append(_line(reference, "reference"))
    parts.append(_line(curve, "curve"))
    best = max(curve, key=lambda point: min(point))
    said = f"Precision-recall curve: both are at least {min(best):.3f} at the best threshold"
    return _picture(parts, said)


def reliability(bins: Sequence[Bin]) -> str:
    """Share of spam seen over the probability said; a perfect model is on the diagonal."""
    parts = _axes("probability of spam said", "share of spam seen")
    parts.append(_line([(0.0, 0.0), (1.0, 1.0)], "reference"))
    parts.append(_line([(b.said, b.seen) for b in bins], "curve"))
    largest = max(b.count for b in bins)
    for b in bins:
        radius = 2.5 + 6 * (b.count / largest) ** 0.5
        parts.append(
            f'<circle class="dot" cx="{_x(b.said):.1f}" cy="{_y(b.seen):.1f}" r="{radius:.1f}">'
            f"<title>{b.count:,} messages: said {b.said:.3f}, seen {b.seen:.3f}</title></circle>"
        )
    said = "Reliability curve: " + "; ".join(f"said {b.said:.2f}, seen {b.seen:.2f}" for b in bins)
    return _picture(parts, said)


def tokens(weights: Sequence[tuple[str, float]], kind: str) -> str:
    """Bars, the most telling term first; `kind` is the class they speak for."""
    largest = max((abs(weight) for _, weight in weights), default=1.0) or 1.0
    parts = []
    for row, (term, weight) in enumerate(weights):
        y = 6 + row * 20
        width = 190 * abs(weight) / largest
        parts.append(
            f'<text class="end" x="120" y="{y + 11}">{escape(_visible(term))}</text>'
            f'<rect class="{kind}" x="126" y="{y}" width="{width:.1f}" height="14" rx="3">'
            f"<title>{abs(weight):.3f}</title></rect>"
        )
    names = ", ".join(_visible(term) for term, _ in weights)
    return _picture(parts, f"Most telling of {kind}: {names}", height=12 + 20 * len(weights))


def _visible(term: str) -> str:
    """A term short enough for its place, with what cannot be drawn left out."""
    shown = "".join(
        character if character.isprintable() else "\N{MIDDLE DOT}" for character in term
    )
    return shown if len(shown) <= 18 else shown[:17] + "…"


def _axes(across: str, up: str) -> list[str]:
    parts = []
    for tick in _TICKS:
        x, y = _x(tick), _y(tick)
        parts.append(
            f'<line class="grid" x1="{x}" y1="{_y(0)}" x2="{x}" y2="{_y(1)}"/>'
            f'<line class="grid" x1="{_x(0)}" y1="{y}" x2="{_x(1)}" y2="{y}"/>'
            f'<text class="mid" x="{x}" y="{_y(0) + 16}">{tick:g}</text>'
            f'<text class="end" x="{_x(0) - 6}" y="{y + 4}">{tick:g}</text>'
        )
    middle = _TOP + _SIDE / 2
    parts.append(
        f'<text class="mid" x="{_x(0.5)}" y="{_y(0) + 36}">{across}</text>'
        f'<text class="mid" transform="rotate(-90 10 {middle})" x="10" y="{middle}">{up}</text>'
    )
    return parts


def _line(points: Sequence[tuple[float, float]], kind: str) -> str:
    path = " ".join(f"{_x(across):.1f},{_y(up):.1f}" for across, up in points)
    return f'<polyline class="{kind}" points="{path}"/>'


def _x(share: float) -> float:
    return _LEFT + _SIDE * share


def _y(share: float) -> float:
    return _TOP + _SIDE * (1 - share)


def _picture(parts: Sequence[str], said: str, height: float = _HEIGHT) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH:g} {height:g}" role="img" aria-label="{escape(said)}">'
        f"{''.join(parts)}</svg>"
    )
