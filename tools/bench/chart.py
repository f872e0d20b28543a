"""Bars as an SVG picture: one panel a quantity, each on its own linear scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_STYLE = """
svg { background: #ffffff; font: 13px system-ui, sans-serif; fill: #1b1f24 }
.head { font-weight: 600 } .bar { fill: #9aa7b4 } .ours { fill: #0a7f5a }
@media (prefers-color-scheme: dark) {
  svg { background: #0d1117; fill: #e6edf3 } .bar { fill: #5b6875 } .ours { fill: #2fbf8f }
}
""".strip()
_WIDTH, _LABELS, _BARS, _ROW, _HEAD = 720, 190, 420, 22, 34


@dataclass(frozen=True)
class Panel:
    """A title and bars: name, value, the value in words, whether it is ours."""

    title: str
    bars: Sequence[tuple[str, float, str, bool]]


def draw(title: str, panels: Sequence[Panel]) -> str:
    """The picture; `title` is what a screen reader says of it."""
    parts, y = [], 8
    for panel in panels:
        parts.append(f'<text class="head" x="8" y="{y + 18}">{escape(panel.title)}</text>')
        y += _HEAD
        largest = max(value for _, value, _, _ in panel.bars)
        for name, value, words, ours in panel.bars:
            width = max(1.5, _BARS * value / largest)
            kind = "ours" if ours else "bar"
            parts += [
                f'<text x="{_LABELS - 8}" y="{y + 14}" text-anchor="end">{escape(name)}</text>',
                f'<rect class="{kind}" x="{_LABELS}" y="{y + 3}" width="{width:.1f}" height="14"/>',
                f'<text x="{_LABELS + width + 6:.1f}" y="{y + 14}">{escape(words)}</text>',
            ]
            y += _ROW
        y += 12
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" role="img" '
        f'aria-label="{escape(title, quote=True)}">\n<style>{_STYLE}</style>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )
