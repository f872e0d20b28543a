"""What is to be known of a kind of model before one of it can be published."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

Manifest = dict[str, Any]

PROBABILITIES = "probabilities"
SCORES = "scores"
LABEL = "label"
NUMBER = "number"
ANSWERS = (PROBABILITIES, SCORES, LABEL, NUMBER)
"""What is said of an input: a label, and under the first two names a number for each label; or a
number, or a list of what several outputs say, where there are no labels."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of model.

    `name` is the manifest's `kind`; `noun` what one input is called in a sentence, and `answers`
    one of ANSWERS, where the manifest does not say it under `answers`. `problem` gives what of the
    kind's own entries keeps a manifest from being used; `input_problem` what keeps a golden input
    from being asked. `answering` are the kind's own entries of which serving makes an answer, and
    `libraries`, by runtime, the packages of which it takes no other version than the one that
    trained.
    """

    name: str
    noun: str
    runtimes: tuple[str, ...]
    problem: Callable[[Manifest], str | None]
    input_problem: Callable[[object, Manifest], str | None]
    answers: str = PROBABILITIES
    minimum_golden: int = 50
    answering: tuple[str, ...] = ()
    libraries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def golden_problem(self, manifest: Manifest) -> str | None:
        """What keeps the golden answers from being used, or `None`."""
        golden = manifest.get("golden")
        if not isinstance(golden, list) or len(golden) < self.minimum_golden:
            return f"expected at least {self.minimum_golden} golden {self.noun}s"
        answers = self.answers_of(manifest)
        if not all(_is_golden(entry, answers, manifest) for entry in golden):
            numbers = (
                f" and {answers} for every label" if answers in (PROBABILITIES, SCORES) else ""
            )
            return f"expected an input, a prediction{numbers} in each golden {self.noun}"
        for place, entry in enumerate(golden):
            if said := self.input_problem(entry.get("input"), manifest):
                return f"golden {self.noun} {place} is none that a request may hold: {said}"
        return None

    def answers_of(self, manifest: Manifest) -> str:
        """What a model says of an input: one of ANSWERS, unless the manifest has another word."""
        return str(manifest.get("answers", self.answers))


def _is_golden(entry: object, answers: str, manifest: Manifest) -> bool:
    if not isinstance(entry, dict) or not {"input", "prediction"} <= entry.keys():
        return False
    prediction = entry["prediction"]
    if answers == NUMBER:
        outputs = prediction if isinstance(prediction, list) else [prediction]
        return bool(outputs) and all(isinstance(one, str) or _is_number(one) for one in outputs)
    if prediction not in manifest["labels"]:
        return False
    numbers = entry.get(answers)
    return answers == LABEL or (
        isinstance(numbers, dict)
        and set(numbers) == {str(label) for label in manifest["labels"]}
        and all(map(_is_number, numbers.values()))
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
