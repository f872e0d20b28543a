"""What both searches share: how a candidate is measured, and where results are written."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Candidate:
    """A candidate's log loss on unseen cases: mean over the folds, and the mean's standard error.

    Log loss judges the probabilities, not only the side of one half they are on; over 569 cases
    accuracy moves in steps of 0.2 % and F1 prefers whoever was lucky with three of them.
    """

    name: str
    settings: dict[str, Any]
    log_loss: float
    error: float
    malignant_f1: float


def simplest_within_one_error(candidates: list[Candidate]) -> Candidate:
    """The first candidate no worse than the best by more than the best's standard error.

    `candidates` are ordered from the simplest (Breiman et al. 1984, section 3.4.3, one-SE rule).
    """
    best = min(candidates, key=lambda candidate: candidate.log_loss)
    limit = best.log_loss + best.error
    return next(candidate for candidate in candidates if candidate.log_loss <= limit)


def write(folder: Path, name: str, result: dict[str, Any]) -> Path:
    """Write a search's result as JSON, the same bytes for the same result; give the path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(result, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return path


def row(candidate: Candidate) -> tuple[str, str, str]:
    """A line of the table."""
    return (
        candidate.name,
        f"{candidate.log_loss:.4f} ± {candidate.error:.4f}",
        f"{candidate.malignant_f1:.4f}",
    )


HEAD = ("", "log loss ± standard error", "F1 of malignant")
