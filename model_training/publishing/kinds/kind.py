"""What is to be known of a kind of model before one of it can be published."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

Manifest = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of model.

    `name` is the manifest's `kind`; `noun` what one input is called in a sentence, and `answers`
    under which name a golden entry holds a number for each label. `problem` gives what of the
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
    answers: str = "probabilities"
    minimum_golden: int = 50
    answering: tuple[str, ...] = ()
    libraries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def golden_problem(self, manifest: Manifest) -> str | None:
        """What keeps the golden answers from being used, or `None`."""
        golden = manifest.get("golden")
        if not isinstance(golden, list) or len(golden) < self.minimum_golden:
            return f"expected at least {self.minimum_golden} golden {self.noun}s"
        if not all(self._is_golden(entry, manifest) for entry in golden):
            return (
                f"expected an input, a prediction and {self.answers} for every label "
                f"in each golden {self.noun}"
            )
        for place, entry in enumerate(golden):
            if said := self.input_problem(entry.get("input"), manifest):
                return f"golden {self.noun} {place} is none that a request may hold: {said}"
        return None

    def _is_golden(self, entry: object, manifest: Manifest) -> bool:
        if not isinstance(entry, dict):
            return False
        answers = entry.get(self.answers)
        return (
            "input" in entry
            and entry.get("prediction") in manifest["labels"]
            and isinstance(answers, dict)
            and set(answers) == {str(label) for label in manifest["labels"]}
            and all(type(value) in (int, float) and isfinite(value) for value in answers.values())
        )
