"""The index of `make serve`: a card for each service, and the curl line that asks it."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape

from stacks.config.model_service import ModelService
from tools.local_aws.proxy import SAMPLES, Content
from tools.smoke import Example, example

_LONGEST_INLINE = 160
_HTML = "text/html; charset=utf-8"
# The pages' own colours and letters.
_STYLE = """
:root { color-scheme: light dark; --paper: #faf8f4; --card: #fff; --ink: #1f1d1a; --soft: #5d5850;
  --line: #ddd7cc; --edge: #8c857a; --focus: #0b5c86;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, serif;
  --sans: system-ui, "Segoe UI", Roboto, Arial, sans-serif;
  --mono: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; }
@media (prefers-color-scheme: dark) { :root { --paper: #171614; --card: #201f1c; --ink: #edeae3;
  --soft: #aca69b; --line: #3a3833; --edge: #7d776c; --focus: #79bfe6; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--sans); }
.wrap { max-width: 74rem; margin: 0 auto;
  padding: clamp(1.25rem, 4vw, 3.5rem) clamp(1rem, 4vw, 2.5rem) 2rem; }
h1 { margin: 0; font: 400 clamp(2.1rem, 1.5rem + 3vw, 3.4rem)/1.1 var(--serif);
  letter-spacing: -.02em; }
.lede { max-width: 38rem; margin: .6rem 0 clamp(1.5rem, 4vw, 2.75rem); color: var(--soft);
  font-size: 1.0625rem; }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 1.25rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); }
li { min-width: 0; display: flex; flex-direction: column; background: var(--card);
  border: 1px solid var(--line); border-radius: 12px; padding: 1.25rem; }
h2 { margin: 0 0 .35rem; font: 400 1.5rem/1.2 var(--serif); overflow-wrap: anywhere; }
p { margin: 0 0 .75rem; overflow-wrap: anywhere; }
.links { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-top: auto; }
a { color: inherit; text-underline-offset: .18em; }
.links a { display: inline-block; padding: .35rem 0; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
pre { margin: 0; padding: .75rem .9rem; border: 1px solid var(--line); border-radius: 8px;
  background: var(--paper); font: .8125rem/1.5 var(--mono); white-space: pre-wrap;
  overflow-wrap: anywhere; }
""".strip()
_POLICY = (
    "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def contents(url: str, services: Sequence[ModelService]) -> dict[str, Content]:
    """What the address itself answers, by path: the index, and the recorded bodies."""
    found = {"/": _index(url, services)}
    for service in services:
        recorded = example(service.name)
        if recorded is not None:
            found[f"{SAMPLES}/{service.name}"] = Content(recorded.body, recorded.content_type, {})
    return found


def roots(endpoints: Mapping[str, str], services: Sequence[ModelService]) -> dict[str, str]:
    """Where the root of each service is, of the addresses where it predicts."""
    return {
        service.name: endpoints[service.name].removesuffix(service.routes[0].path)
        for service in services
    }


def stable_url(url: str, service: ModelService) -> str:
    """Where a service predicts below an address that stays."""
    return f"{url}/{service.name}{service.routes[0].path}"


def curl_line(url: str, service: ModelService) -> str:
    """The line for a shell that has the service answer its recorded example, or describe itself
    where none is recorded."""
    asked, there = example(service.name), shlex.quote(stable_url(url, service))
    if asked is None:
        return f"curl {there}"
    declared = f"-H {shlex.quote(f'Content-Type: {asked.content_type}')}"
    text = _inline(asked)
    if text is not None:
        return f"curl {declared} -d {shlex.quote(text)} {there}"
    sample = shlex.quote(f"{url}{SAMPLES}/{service.name}")
    return f"curl -s {sample} | curl {declared} --data-binary @- {there}"


def _inline(asked: Example) -> str | None:
    """The body as it can stand in a line, or None."""
    try:
        text = asked.body.decode()
    except UnicodeDecodeError:
        return None
    # curl reads a file where a body begins with @.
    if len(text) > _LONGEST_INLINE or not text.isprintable() or text.startswith("@"):
        return None
    return text


def _index(url: str, services: Sequence[ModelService]) -> Content:
    cards = "\n".join(_card(url, service) for service in services)
    page = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Services on this machine</title>
<link rel="icon" href="data:,">
<style>{_STYLE}</style>
</head>
<body><div class="wrap">
<header>
<h1>Services on this machine</h1>
<p class="lede">Each is deployed to a local AWS as it is to AWS. These addresses stay the same
over restarts.</p>
</header>
<main><ul>
{cards}
</ul></main>
</div></body>
</html>
"""
    digest = base64.b64encode(sha256(_STYLE.encode()).digest()).decode()
    headers = {
        "Content-Security-Policy": _POLICY.format(digest=digest),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return Content(page.encode(), _HTML, headers)


def _card(url: str, service: ModelService) -> str:
    title = escape(service.name.replace("_", " ").capitalize())
    name, path = escape(service.name), escape(service.routes[0].path)
    links = [
        *([f'<a href="/{name}/">Try it</a>'] if service.has_page else []),
        # At the root a browser is shown the page.
        *([f'<a href="/{name}{path}">What the model is</a>'] if path != "/" else []),
        f'<a href="/{name}/openapi.json">OpenAPI document</a>',
        *([f'<a href="{SAMPLES}/{name}">Example</a>'] if example(service.name) else []),
    ]
    return (
        f"<li>\n<h2>{title}</h2>\n<p>{escape(service.summary)}</p>\n"
        f'<p class="links">{" ".join(links)}</p>\n'
        # So that a keyboard can scroll to what a narrow window hides.
        f'<pre tabindex="0" aria-label="How to ask {title} in a shell">'
        f"{escape(curl_line(url, service))}</pre>\n</li>"
    )
