"""`python -m tools.changelog`: what the changelog says of the version in pyproject.toml."""

from __future__ import annotations

import re
import sys
import tomllib

from tools import PROJECT


class NotReleasable(ValueError):
    """The changelog has no dated entry for the version; one sentence that says what to write."""


def notes(version: str, changelog: str) -> str:
    """The text below the heading of a version. Raises `NotReleasable`."""
    heading = re.compile(rf"^## {re.escape(version)} \((.*)\)$\n+", re.MULTILINE)
    found = heading.search(changelog)
    if found is None or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", found[1]):
        raise NotReleasable(
            f"CHANGELOG.md has no dated entry of {version}, the version in pyproject.toml; write "
            f'"## {version} (YYYY-MM-DD)" above what it brings'
        )
    return changelog[found.end() :].partition("\n## ")[0].strip() + "\n"


def main() -> int:
    """Print the notes; a refusal is one line and exit status 1."""
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    try:
        print(notes(version, (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")), end="")
    except NotReleasable as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
