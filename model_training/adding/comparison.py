"""What a new model of a living service says that the one in place does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model_training.publishing import artifacts
from model_training.publishing.manifests import MANIFEST, ArtifactError
from model_training.publishing.parity import Answers

_MOST = 500
_STRIKING = 5
_SHOWN = 60


@dataclass(frozen=True)
class Change:
    """An input of which the two models say something else, and by how much their numbers differ."""

    asked: Any
    before: Any
    now: Any
    moved: float


@dataclass(frozen=True)
class Comparison:
    """Of `asked` inputs, how many have another label, and how far numbers moved: the mean and the
    largest; `striking` are the inputs where they moved most."""

    asked: int
    changed: int
    mean: float
    largest: float
    striking: tuple[Change, ...]

    def lines(self) -> list[str]:
        """A table for a person."""
        said = [
            f"beside the model in place, of {self.asked} inputs: {self.changed} answered with "
            f"another label; numbers moved by {self.mean:.3g} on average, {self.largest:.3g} at "
            "most"
        ]
        for change in self.striking:
            asked = change.asked if isinstance(change.asked, str) else _shown(change.asked)
            said.append(
                f"  {_worded(change.before)} -> {_worded(change.now)}  ({change.moved:.3g})  "
                f"{asked[:_SHOWN]!r}"
            )
        return said


def with_the_one_in_place(
    folder: Path, inputs: Sequence[Any], answers: Answers, labels: Sequence[Any]
) -> Comparison | None:
    """The new model's answers to inputs beside those of the model that lies in a folder.

    None where there is none there, or none that takes these inputs. `labels` are the new model's.
    """
    if not (folder / MANIFEST).is_file():
        return None
    try:
        model, _ = artifacts.load_published(folder)
        some = range(0, len(inputs), max(1, len(inputs) // _MOST))
        before = model.predict([inputs[at] for at in some])
    # A model that is damaged, or takes other fields, has nothing to be compared with.
    except (ArtifactError, ValueError, KeyError):
        return None
    changes = []
    for at, prediction in zip(some, before, strict=True):
        old = dict(
            zip(model.classes, prediction.probabilities or prediction.scores or (), strict=False)
        )
        new = dict(zip(labels, answers.numbers[at], strict=False))
        now = answers.predicted[at]
        changes.append(
            Change(
                inputs[at], prediction.predicted, now, _moved(prediction.predicted, now, old, new)
            )
        )
    changed = sum(one.before != one.now for one in changes) if labels else 0
    moved = [one.moved for one in changes]
    striking = sorted(changes, key=lambda one: (-(one.before != one.now), -one.moved))[:_STRIKING]
    return Comparison(
        asked=len(changes),
        changed=changed,
        mean=sum(moved) / len(moved),
        largest=max(moved),
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


def _shown(record: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={_worded(value)}" for name, value in record.items())


def _worded(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
