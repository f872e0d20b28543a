"""The page to try a service, put together from its parts: one HTML document of one file.

The parts that all pages share lie in `lambda_src/serving/page/`: the document, styles, and for each
input kind a form, styles and a script. What is a service's own lies in `lambda_src/NAME/page/`:
`page.json` with words that replace the usual ones, and scripts, which run before the kind's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import quote

from ..config.model_service import ModelService

NAME = "page.html"
"""Where the page lies in a function's package."""

_ICON = {
    "fill": "#0a6a5b",
    "path": "<path d='M4 5h8M4 8h5M4 11h3' stroke='#fff' stroke-width='1.6'/>",
}
_MARKS = (
    "<p>The answer appears here: the answer itself, how sure it is, and your {noun} with the words "
    'that moved it.</p>\n      <p><mark class="toward">Solid underline</mark> pushes {toward}, '
    '<mark class="against">dotted underline</mark> {against}. The deeper the shade, the stronger '
    "the push.</p>"
)
_PRIVATE = {
    "text": "Your text is sent only to this endpoint, and is never logged.",
    "fields": "What you fill in is sent only to this endpoint, and is never logged.",
    "picture": "A file is sent only to this endpoint, and is never logged.",
}
_ADDRESS = (
    "A file is sent only to this endpoint. An address is opened by this endpoint and, to show you "
    "the picture, by your browser. Neither is logged."
)
_GUIDE = {
    "fields": "The answer appears here: the answer itself, how sure it is, and what decided.",
    "picture": "The answer appears here: the picture, the likeliest label, and all others.",
}
_FOOTER = (
    "The model answers whatever it is asked; it knows only what was in the data it was trained on."
)


def page(service: ModelService, kind: str, lambda_source: Path) -> str:
    """The page of a service whose model reads inputs of a kind."""
    shared, own = lambda_source / "serving" / "page", lambda_source / service.name / "page"
    words = _words(service, kind, own)
    values = {name: escape(value) for name, value in words.items() if isinstance(value, str)}
    values |= _made(words, values, service, kind)
    for part in ("tries", "address", "form"):
        values[part] = ""
        name = {"tries": "examples", "form": kind}.get(part, part)
        if part != "address" or service.fetches:
            values[part] = _filled(shared / f"{name}.html", values)
    scripts = [shared / "page.js", *sorted(own.glob("*.js")), shared / f"{kind}.js"]
    values |= {
        "styles": _dense_styles(_read(shared / "page.css") + _read(shared / f"{kind}.css")),
        "scripts": "".join(_dense(_read(script)) for script in scripts),
    }
    return _filled(shared / NAME, values)


def _words(service: ModelService, kind: str, own: Path) -> dict[str, Any]:
    """What the page says: the usual words, of the entry's, and the service's own instead."""
    title = service.name.replace("_", " ").capitalize()
    noun = {"text": "text", "fields": "record", "picture": "picture"}[kind]
    words: dict[str, Any] = {
        "title": title,
        "about": service.summary or title,
        "lede": service.summary or f"Ask the model {title}.",
        "icon": _ICON,
        "noun": noun,
        "label": "label",
        "button": "Predict",
        "private": _ADDRESS if kind == "picture" and service.fetches else _PRIVATE[kind],
        "try": "Start from" if kind == "fields" else "Or try one of these",
        "toward": "one way",
        "against": "the other",
        "guide": _GUIDE.get(kind, ""),
        "examples": [],
        "footer": _FOOTER,
    }
    file = own / "page.json"
    if not file.is_file():
        return words
    replaced: dict[str, Any] = json.loads(_read(file))
    unknown = sorted(replaced.keys() - words.keys())
    if unknown:
        raise ValueError(f"{file} has {unknown}, which no page says; it may have {sorted(words)}")
    return words | replaced


def _made(
    words: Mapping[str, Any], values: Mapping[str, str], service: ModelService, kind: str
) -> dict[str, str]:
    """What is made of the words: markup, addresses, and what the scripts are told."""
    path = service.routes[0].path
    relative, noun = path.removeprefix("/"), words["noun"]
    settings = {
        "path": relative,
        "noun": noun,
        "label": words["label"],
        "explains": kind != "picture",
    }
    links = [("openapi.json", "OpenAPI description")]
    if path != "/":
        links.insert(0, (relative, "About the model"))
    icon = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>"
        f"<rect width='16' height='16' rx='4' fill='{words['icon']['fill']}'/>"
        f"{words['icon']['path']}</svg>"
    )
    guide = _MARKS.format(**values) if kind == "text" else f"<p>{values['guide']}</p>"
    return {
        "kind": kind,
        "noun_first": values["noun"].capitalize(),
        "icon": "data:image/svg+xml," + quote(icon, safe=" '/:=.,-"),
        "unscripted": ""
        if kind == "picture"
        else " <code>?explain=true</code> adds what decided, where the model can tell.",
        "guide": guide,
        "curl": escape(_command(kind, noun, path, is_fetching=service.fetches), quote=False),
        "try_words": values["try"],
        "hidden": "" if words["examples"] else " hidden",
        "examples": "\n          ".join(["", *map(_button, words["examples"])]),
        "or_file": "Or a file from here" if service.fetches else f"A {values['noun']} from here",
        "links": " · ".join(f'<a href="{href}" data-link>{text}</a>' for href, text in links),
        "service": json.dumps(settings).replace("<", "\\u003c"),
    }


def _command(kind: str, noun: str, path: str, *, is_fetching: bool) -> str:
    """The command for a shell, for whom no script writes it."""
    asked = {
        "text": f"--data-raw 'Your {noun}'",
        "fields": "-H 'Accept: application/json'",
        "picture": """-d '{"url": "https://…"}'"""
        if is_fetching
        else "-H 'Content-Type: image/jpeg' --data-binary '@picture.jpg'",
    }[kind]
    return f"curl {asked} 'PAGE{path}'"


def _button(example: Mapping[str, str]) -> str:
    """An example's button, which carries what is tried."""
    data = "".join(
        f' data-{name}="{escape(value)}"' for name, value in example.items() if name != "name"
    )
    return f'<button type="button" disabled{data}>{escape(example["name"])}</button>'


def _dense(source: str) -> str:
    """A script without what only its readers need: indents and lines of comment."""
    lines = (line.strip() for line in source.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


def _dense_styles(source: str) -> str:
    """Styles without the white space that separates nothing."""
    return re.sub(r"(?<=:)\s+|\s*([{};])\s*", lambda found: found[1] or "", source)


def _filled(file: Path, values: Mapping[str, str]) -> str:
    return Template(_read(file)).substitute(values)


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")
