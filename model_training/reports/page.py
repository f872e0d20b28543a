"""The page of a report: one HTML file that asks the network for nothing, in light and in dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

_STYLE = Path(__file__).with_name("report.css")
# Nothing may be fetched, whatever a text or a term contains.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(title: str, parts: Sequence[str]) -> str:
    """The whole page as HTML; `parts` are HTML."""
    style = _STYLE.read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n"
        "</head>\n<body>\n" + "\n".join(parts) + "\n</body>\n</html>\n"
    )


def write(path: Path, content: str) -> Path:
    """Write a page, its folder where there is none; give its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Half of a character may stand in somebody's data, and in no file.
    path.write_text(content, encoding="utf-8", errors="replace")
    return path


def heading(title: str, lead: str, soft: str) -> str:
    """The title, the sentence that matters, and what it rests on."""
    return (
        f'<h1>{escape(title)}</h1>\n<p class="lead">{escape(lead)}</p>\n'
        f'<p class="soft">{escape(soft)}</p>'
    )


def figure(title: str, picture: str, caption: str) -> str:
    """A picture, which is SVG, between its title and its caption."""
    return (
        f"<figure><h2>{escape(title)}</h2>{picture}"
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def pictures(figures: Sequence[str]) -> str:
    """Figures side by side where there is room."""
    return f'<div class="pictures">{"".join(figures)}</div>'


def table(
    title: str, head: Sequence[str], rows: Sequence[Sequence[str]], note: str, *, ours: int = 1
) -> str:
    """A table whose column `ours` stands out; on a narrow screen it scrolls by itself.

    A last column called "input" is text.
    """
    names = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    kinds = {ours: ' class="ours"', len(head) - 1 if head[-1] == "input" else -1: ' class="asked"'}
    lines = "".join(
        "<tr>"
        + "".join(
            f"<td{kinds.get(column, '')}>{escape(cell)}</td>" for column, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return section(
        title,
        f'<div class="scroll"><table><thead><tr>{names}</tr></thead><tbody>{lines}</tbody></table>'
        f'</div><p class="soft">{escape(note)}</p>',
    )


def facts(title: str, entries: Mapping[str, object]) -> str:
    """Names with what they are."""
    lines = "".join(f"<dt>{escape(k)}</dt><dd>{escape(str(v))}</dd>" for k, v in entries.items())
    return section(title, f"<dl>{lines}</dl>")


def section(title: str, body: str) -> str:
    """A card; `body` is HTML."""
    return f"<section><h2>{escape(title)}</h2>{body}</section>"


def paragraph(text: str) -> str:
    """A paragraph of text."""
    return f"<p>{escape(text)}</p>"
