"""Runtimes: each module reads a model's files and gives a model that predicts.

Every module has `load(files, manifest)`, which returns a `Model`. It imports what it needs when it
is imported itself, which happens while the files travel. The names of these modules are what
`MODEL_READER` may hold; a deployment packages the one it names.
"""

from __future__ import annotations

from serving.http.problems import ProblemType
from serving.loading import LoadError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any, Protocol

    from portable.pickles.arrays import Label

    class Model(Protocol):
        """A fitted model that has been read. `classes` are its classes in the order of its
        probabilities, none for a regressor; `runtime` is what evaluates it, by the name that the
        registry has for it; `tolerance` is how far, relative to the larger of 1 and the largest
        expected number, an answer may be from the recorded one."""

        @property
        def classes(self) -> Sequence[Label]: ...

        @property
        def runtime(self) -> str: ...

        @property
        def tolerance(self) -> float: ...

        def predict(self, inputs: Sequence[Any], /) -> list[Prediction]:
            """A prediction for each input, in order."""

        def predict_and_explain(self, inputs: Sequence[Any], /) -> Explained:
            """As `predict`, and what decided each answer; raises `Problem` not-explained."""

    Explained = tuple[list["Prediction"], list[dict[str, object]]]

    Load = Callable[[dict[str, bytes], Mapping[str, Any]], Model]
    """(artifacts by file name, the manifest) -> the model; raises `LoadError` or `ValueError`. It
    may take files out once it has read them."""

MANIFEST = "manifest.json"
TOLERANCE = 1e-9
"""Of arithmetic in double precision: that of the proof a model passes before it is published."""

NOT_EXPLAINED = ProblemType("not-explained", 400, "This model's answers cannot be explained")
UNUSABLE_INPUT = ProblemType("unusable-input", 400, "The model does not answer this input")


class Prediction:
    """What a model says of one input: `predicted`, a class, a number or a list of several outputs;
    and for each class in the model's order its probability and its score, None where the model has
    none."""

    __slots__ = ("predicted", "probabilities", "scores")

    def __init__(
        self,
        predicted: Any,
        probabilities: Sequence[float] | None = None,
        scores: Sequence[float] | None = None,
    ) -> None:
        self.predicted = predicted
        self.probabilities = probabilities
        self.scores = scores


def steps(files: dict[str, bytes], manifest: Mapping[str, Any]) -> Iterator[bytes]:
    """The artifacts in the order in which an input goes through them: that of the manifest's
    `steps`, where there are several. Each is taken out of `files` when its turn comes, so that the
    next is read without it in memory. Raises `LoadError` where the manifest names others."""
    named = manifest.get("steps")
    if named is None:
        if len(files) != 1:
            raise LoadError("the manifest does not say in which order its artifacts answer (steps)")
        named = list(files)
    if set(named) != files.keys() or len(named) != len(files):
        raise LoadError("the manifest's steps are not the model's artifacts")
    return map(files.pop, named)


def scores_by_class(
    decision: Sequence[float] | None, classes: Sequence[Label]
) -> Sequence[float] | None:
    """A decision function as one score for each class, the predicted one's the largest.

    Of two classes there is one number, which speaks for the second: the first has its negative.
    None where there is no number for each class.
    """
    if decision is not None and len(classes) == 2 and len(decision) == 1:
        return [-decision[0], decision[0]]
    return decision if decision is not None and len(decision) == len(classes) else None
