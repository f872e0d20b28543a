"""`python -m tools.coverage`: write docs/coverage.md; exit with 1 where a goal is not met."""

from __future__ import annotations

import re
import sys

from tools.coverage.document import DOCUMENT, GOALS, document


def main() -> int:
    """Write the document and say what is missing."""
    text = document()
    DOCUMENT.write_text(text)
    print(f"Wrote {DOCUMENT}.")
    missed = [
        f"{title}: {portable} are portable where {goal} are to be."
        for title, goal in GOALS.items()
        if (portable := portable_of(text, title)) < goal
    ]
    wrong = [line for line in text.splitlines() if re.search(r"\| (different|crashed) \|", line)]
    wrong = [line for line in wrong if not line.startswith("| comparisons")]
    print("\n".join([*missed, *wrong]))
    return int(bool(missed or wrong))


def portable_of(text: str, title: str) -> int:
    """How many the document's summary counts as portable."""
    count = re.search(rf"^\| {re.escape(title)} \| (\d+) of", text, re.MULTILINE)
    return int(count[1]) if count else 0


if __name__ == "__main__":
    sys.exit(main())
