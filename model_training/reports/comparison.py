"""What a new model of a living service says that the one in place does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model_training.publishing import artifacts
from model_training.publishing.manifests import MANIFEST, ArtifactError
from model_training.publishing.parity import Answers
from model_training.reports import page

if TYPE_CHECKING:
    from serving.runtimes import Model

_MOST = 500
_STRIKING = 5
_SHOWN = 60
_SHOWN_WIDE = 300
_MOST_CHANGES = 8


@dataclass(frozen=True)
class Change:
    """An input of which the two models say something else, and by how much their numbers differ."""

    asked: Any
    before: Any
    now: Any
    moved: float


@dataclass(frozen=True)
class Comparison:
    """Of `asked` inputs, how many have another label, `labels` says which became which, and how far
    numbers moved: the mean and the largest; `striking` are the inputs where they moved most."""

    asked: int
    changed: int
    labels: Mapping[tuple[str, str], int]
    mean: float
    largest: float
    striking: tuple[Change, ...]

    def lines(self) -> list[str]:
        """A table for a person."""
        said = [f"beside the model in place, {self._summary()}"]
        said += [f"  {count:6,} x {was} -> {now}" for was, now, count in self._became()]
        for change in self.striking:
            said.append(
                f"  {_worded(change.before)} -> {_worded(change.now)}  ({change.moved:.3g})  "
                f"{_shown(change.asked)[:_SHOWN]!r}"
            )
        return said

    def html(self) -> list[str]:
        """The same as parts of a report."""
        title = "Beside the model that was in place"
        parts = [page.section(title, page.paragraph(f"{self._summary().capitalize()}."))]
        if self.changed:
            rows = [(was, now, f"{count:,}") for was, now, count in self._became()]
            note = "Which label became which, the most frequent changes first."
            parts.append(page.table("Labels that change", ("was", "is now", "inputs"), rows, note))
        if self.striking:
            parts.append(
                page.table(
                    "The most striking inputs",
                    ("was", "is now", "moved by", "input"),
                    [
                        (
                            _worded(one.before), _worded(one.now), f"{one.moved:.3g}",
                            _shown(one.asked)[:_SHOWN_WIDE],
                        )
                        for one in self.striking
                    ],
                    "How far the probability of a label, or the number, moved.",
                )
            )  # fmt: skip
        return parts

    def _summary(self) -> str:
        return (
            f"of {self.asked} inputs: {self.changed} answered with another label; numbers moved by "
            f"{self.mean:.3g} on average, {self.largest:.3g} at most"
        )

    def _became(self) -> list[tuple[str, str, int]]:
        ordered = sorted(self.labels.items(), key=lambda one: (-one[1], one[0]))
        return [(was, now, count) for (was, now), count in ordered[:_MOST_CHANGES]]


def in_place(folder: Path) -> Model | None:
    """The model that lies in a folder; None where there is none, or none that can be asked."""
    if not (folder / MANIFEST).is_file():
        return None
    try:
        return artifacts.load_published(folder)[0]
    except (ArtifactError, ValueError):
        return None


def compared(
    before: Model | None, inputs: Sequence[Any], answers: Answers, labels: Sequence[Any],
    meanings: Mapping[str, str] | None = None,
) -> Comparison | None:  # fmt: skip
    """A new model's answers to inputs beside those of the one that was in place, if any.

    None where that one does not take these inputs. `labels` are the new model's, `meanings` what a
    person calls them.
    """
    if before is None or not inputs:
        return None
    some = range(0, len(inputs), max(1, len(inputs) // _MOST))
    old = Answers([], [])
    try:
        old.add(before.predict([inputs[at] for at in some]))
    # One that takes other fields has nothing to be compared with.
    except (ValueError, KeyError):
        return None
    return between(
        [inputs[at] for at in some], old, before.classes, answers.only(some), labels, meanings
    )


def after(before: Model | None, folder: Path, inputs: Sequence[Any]) -> Comparison | None:
    """The model that lies in a folder now beside the one that was there, if any."""
    now = in_place(folder) if before is not None else None
    if now is None:
        return None
    some = inputs[:: max(1, len(inputs) // _MOST)]
    answers = Answers([], [])
    answers.add(now.predict(some))
    return compared(before, some, answers, now.classes)


def between(
    inputs: Sequence[Any],
    old: Answers,
    old_labels: Sequence[Any],
    new: Answers,
    new_labels: Sequence[Any],
    meanings: Mapping[str, str] | None = None,
) -> Comparison:
    """What two models say of the same inputs, one at least."""
    changes = []
    for at, asked in enumerate(inputs):
        was = dict(zip(old_labels, old.numbers[at], strict=False))
        now = dict(zip(new_labels, new.numbers[at], strict=False))
        moved = _moved(old.predicted[at], new.predicted[at], was, now)
        both = old.predicted[at], new.predicted[at]
        before, since = ((meanings or {}).get(str(one), one) for one in both)
        changes.append(Change(asked, before, since, moved))
    differing = [one for one in changes if one.before != one.now] if new_labels else []
    moves = [one.moved for one in changes]
    striking = sorted(changes, key=lambda one: (-(one.before != one.now), -one.moved))[:_STRIKING]
    return Comparison(
        asked=len(changes),
        changed=len(differing),
        labels=Counter((str(one.before), str(one.now)) for one in differing),
        mean=sum(moves) / len(moves),
        largest=max(moves),
        striking=tuple(one for one in striking if one.moved or one.before != one.now),
    )


def _moved(before: Any, now: Any, old: Mapping[Any, float], new: Mapping[Any, float]) -> float:
    if old and new:
        return max(abs(old.get(label, 0.0) - new.get(label, 0.0)) for label in {*old, *new})
    pairs = zip(
        before if isinstance(before, list) else [before],
        now if isinstance(now, list) else [now],
        strict=False,
    )
    return max(
        (abs(a - b) for a, b in pairs if isinstance(a, int | float) and isinstance(b, int | float)),
        default=0.0,
    )


def _shown(asked: Any) -> str:
    if isinstance(asked, Mapping):
        return ", ".join(f"{name}={_worded(value)}" for name, value in asked.items())
    return str(asked)


def _worded(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
