"""What MkDocs is told beyond its configuration: pages that no file holds, and the navigation.

The README is the start page. A link out of the documents, to a file of the repository, leads to the
repository where REPOSITORY names its address, and is plain text where nothing does.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from tools import PROJECT
from tools.site import mermaid, reference

DOCS = PROJECT / "docs"
REPOSITORY = os.environ.get("REPOSITORY", "").rstrip("/")
OF_ROOT = ("CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\]\([^)]*\))*)\]\(([^)\s]+)\)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The navigation: the same rooms whatever services and decisions there are."""
    config.nav = [
        {"Start": ["index.md", "construct.md", "architecture.md", *_lower(OF_ROOT)]},
        {"Your model": ["bring-your-model.md", "add-a-model.md", "coverage.md"]},
        {"API": ["api.md", *(f"reference/{name}.md" for name in _services())]},
        {"Operate": ["operate.md", "container.md", "threat-model.md", "egress.md",
                     "reliability.md"]},
        {"Batch": ["batch.md"]},
        {"Services": [f"{name}.md" for name in ("spam-or-ham", "hostile-text", "breast-cancer",
                                                "loan-grades", "clothes")]},
        {"Benchmarks": ["benchmarks.md", *_named("benchmarks-*.md")]},
        {"Decisions": ["decisions/index.md", *_named("decisions/[0-9]*.md")]},
    ]  # fmt: skip
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the README, what is generated, and what pages are shown with."""
    added: dict[str, str | bytes] = {"index.md": _read("README.md")}
    added |= {name.lower(): _read(name) for name in OF_ROOT}
    for name in _services():
        document: dict[str, Any] = json.loads(_read(f"docs/openapi/{name}.json"))
        added[f"reference/{name}.md"] = reference.page(document, f"../openapi/{name}.json")
    added["decisions/index.md"] = _decisions()
    added["assets/site.css"] = _read("tools/site/site.css")
    added["assets/mermaid.min.js"] = mermaid.script()
    for name, content in added.items():
        files.append(File.generated(config, name, content=content))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Links as they lead from where the page is on the site."""
    source = page.file.src_uri
    of_root = source == "index.md" or source.upper().replace(".MD", ".md") in OF_ROOT
    folder = PROJECT if of_root else (DOCS / source).parent
    below = "../" * source.count("/")

    def led(match: re.Match[str]) -> str:
        image, text, target = match.groups()
        if re.match(r"[a-z]+:|#|\.\./\.\./actions/", target):
            return match[0]
        path, _, anchor = target.partition("#")
        file = (folder / path).resolve()
        if not file.is_relative_to(PROJECT):
            return match[0]
        name = file.relative_to(PROJECT).as_posix()
        if name == "README.md":
            name = "docs/index.md"
        elif name in OF_ROOT:
            name = f"docs/{name.lower()}"
        elif name == "docs/decisions":
            name = "docs/decisions/index.md"
        if name.startswith("docs/") and (file.is_file() or name.endswith(".md")):
            return (
                f"{image}[{text}]({below}{name.removeprefix('docs/')}{'#' * bool(anchor)}{anchor})"
            )
        return f"[{text}]({REPOSITORY}/blob/main/{name})" if REPOSITORY else text

    if source.startswith("reference/") or source == "decisions/index.md":
        return markdown
    # Of pictures in two schemes, which are HTML.
    markdown = re.sub(r'(src|srcset)="docs/', r'\1="', markdown)
    return _LINK.sub(led, _outside_badges(markdown))


def _outside_badges(markdown: str) -> str:
    """Without the badges, which are the repository's."""
    return re.sub(r"^\[!\[.*\n(\[!\[.*\n)*", "", markdown, flags=re.MULTILINE)


def _decisions() -> str:
    lines = ["# Decisions", "What a reader would question, and why it is so.", ""]
    for name in _named("decisions/[0-9]*.md"):
        title = _read(f"docs/{name}").partition("\n")[0].removeprefix("# ")
        lines.append(f"- [{title}]({Path(name).name})")
    return "\n\n".join(lines[:2]) + "\n" + "\n".join(lines[2:]) + "\n"


def _services() -> list[str]:
    return sorted(file.stem for file in (DOCS / "openapi").glob("*.json"))


def _named(pattern: str) -> list[str]:
    return [file.relative_to(DOCS).as_posix() for file in sorted(DOCS.glob(pattern))]


def _lower(names: tuple[str, ...]) -> list[str]:
    return [name.lower() for name in names]


def _read(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")
