"""What a judged run counts, and the files that hold it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tools import PROJECT

BUILD = PROJECT / "build"
RESULT = BUILD / "judge.json"
PARTS = BUILD / "judge"
"""One file for each process that ran tests."""
MOST_DIFFERENCES = 200


class Record:
    """What was run (one test of `every`), counts, the first test of each refusal, and each
    difference and crash with what is needed to see it again."""

    def __init__(self) -> None:
        self.packages: list[str] = []
        self.every = 1
        self.comparisons = 0
        self.rows = 0
        self.estimators: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.refused_in: dict[str, str] = {}
        self.in_hand = 0
        self.different: list[dict[str, Any]] = []
        self.crashed: list[dict[str, Any]] = []

    def write(self, path: Path) -> None:
        """Write the record to a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = {**vars(self), "refused": dict(self.refused.most_common())}
        kept["estimators"] = dict(sorted(self.estimators.items()))
        for outcome in ("different", "crashed"):
            kept[f"{outcome}_count"] = len(kept[outcome])
            kept[outcome] = kept[outcome][:MOST_DIFFERENCES]
        path.write_text(json.dumps(kept, indent=1) + "\n")


def merged(paths: Iterable[Path]) -> Record:
    """The records of several processes as one."""
    total = Record()
    for path in paths:
        part = json.loads(path.read_text())
        total.comparisons += part["comparisons"]
        total.rows += part["rows"]
        total.estimators.update(part["estimators"])
        total.refused.update(part["refused"])
        total.in_hand += part["in_hand"]
        total.refused_in = part["refused_in"] | total.refused_in
        total.different += part["different"]
        total.crashed += part["crashed"]
    return total
