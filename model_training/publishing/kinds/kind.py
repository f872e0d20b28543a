"""What is to be known of a kind of model before one of it can be published."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Any

Manifest = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of model.

    `name` is the manifest's `kind`; `noun` what one input is called in a sentence, and `answers`
    under which name a golden entry holds a number for each label. `problem` gives what of the
    kind's own entries keeps a manifest from being used; `is_input` whether a golden input has the
    right form.
    """

    name: str
    noun: str
    runtimes: tuple[str, ...]
    problem: Callable[[Manifest], str | None]
    is_input: Callable[[object, Manifest], bool]
    answers: str = "probabilities"
    minimum_golden: int = 50

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
        return None

    def _is_golden(self, entry: object, manifest: Manifest) -> bool:
        if not isinstance(entry, dict):
            return False
        answers = entry.get(self.answers)
        return (
            self.is_input(entry.get("input"), manifest)
            and entry.get("prediction") in manifest["labels"]
            and isinstance(answers, dict)
            and set(answers) == {str(label) for label in manifest["labels"]}
            and all(type(value) in (int, float) and isfinite(value) for value in answers.values())
        )
