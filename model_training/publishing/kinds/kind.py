"""What is to be known of a kind of model before one of it can be published."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Manifest = dict[str, Any]


class Model(Protocol):
    """A model that was read without the library that trained it."""

    @property
    def classes_(self) -> tuple[str | float, ...]:
        """The labels, in the order of the probabilities."""
        ...

    def predict(self, question: Any, /) -> tuple[str | float, Sequence[float]]:
        """The label, and the probability of each."""
        ...


def _as_it_is(_: Manifest) -> Callable[[Any], Any]:
    return lambda question: question


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of model.

    `name` is the manifest's `kind`; `asked` what one question is called in a sentence, `member`
    under which name a golden entry holds it, and `answers` under which name it holds a number for
    each label. `problem` gives what of the kind's own entries keeps a manifest from being used;
    `is_question` whether a golden question has the right form. `load` reads the artifacts where
    the runtime is portable; `prepare` makes a golden question what the model is asked.
    `answering` are the kind's own entries of which serving makes an answer, and `libraries`, by
    runtime, the packages of which it takes no other version than the one that trained.
    """

    name: str
    asked: str
    member: str
    runtimes: tuple[str, ...]
    problem: Callable[[Manifest], str | None]
    is_question: Callable[[object, Manifest], bool]
    load: Callable[[Mapping[str, bytes]], Model] | None = None
    prepare: Callable[[Manifest], Callable[[Any], Any]] = _as_it_is
    answers: str = "probabilities"
    minimum_golden: int = 50
    answering: tuple[str, ...] = ()
    libraries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def golden_problem(self, manifest: Manifest) -> str | None:
        """What keeps the golden answers from being used, or `None`."""
        golden = manifest.get("golden")
        if not isinstance(golden, list) or len(golden) < self.minimum_golden:
            return f"expected at least {self.minimum_golden} golden {self.asked}s"
        if not all(self._is_golden(entry, manifest) for entry in golden):
            return (
                f"expected a {self.member}, a prediction and {self.answers} for every label "
                f"in each golden {self.asked}"
            )
        return None

    def _is_golden(self, entry: object, manifest: Manifest) -> bool:
        if not isinstance(entry, dict):
            return False
        answers = entry.get(self.answers)
        return (
            self.is_question(entry.get(self.member), manifest)
            and entry.get("prediction") in manifest["labels"]
            and isinstance(answers, dict)
            and set(answers) == {str(label) for label in manifest["labels"]}
            and all(type(value) in (int, float) for value in answers.values())
        )
