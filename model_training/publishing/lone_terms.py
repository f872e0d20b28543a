"""The terms a vectorizer knows that can stand alone in a text, of which any row can be built."""

import random
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST = 2_000
_JOINTS = (" ", " qzxvkj ", "\ue000", " \ue000 ")
"""What may stand between two terms so that together they make no third that is known."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class LoneTerms:
    """Known terms that can stand alone, what each weighs, and what may stand between two.

    A feature is its term's weight, divided by the norm of the row if there is one: the root to
    the `power` (1 or 2; 0 is no norm) of all terms' weights to that power.
    """

    names: list[str]
    weights: Numbers
    joint: str
    power: int
    vectorizer: Any

    def mass(self, term: int, count: int) -> float:
        """What a term that occurs `count` times adds to the norm's power; its weight if none."""
        if self.vectorizer.binary:
            count = 1
        grown = 1 + np.log(count) if getattr(self.vectorizer, "sublinear_tf", False) else count
        return float((self.weights[term] * grown) ** (self.power or 1))

    def text(self, counts: dict[int, int]) -> str:
        """Each term so many times."""
        return self.joint.join([self.names[term] for term, n in counts.items() for _ in range(n)])


def lone_terms(vectorizer: Any, source: random.Random) -> LoneTerms:
    """The lone terms of a fitted vectorizer, or a sample; none where it knows only longer ones."""
    vocabulary = vectorizer.vocabulary_
    analyze = vectorizer.build_analyzer()

    def known(text: str) -> list[str]:
        return [term for term in analyze(text) if term in vocabulary]

    alone = [term for term in sorted(vocabulary) if known(term) == [term]]
    names = source.sample(alone, min(MOST, len(alone)))
    pairs = [source.sample(names, 2) for _ in range(20)] if len(names) > 1 else []
    joints = [joint for joint in _JOINTS if all(known(joint.join(pair)) == pair for pair in pairs)]
    if not joints:
        names, joints = [], [""]
    weights = np.ones(len(names))
    if getattr(vectorizer, "use_idf", False):
        weights *= vectorizer.idf_[[vocabulary[name] for name in names]]
    power = {"l1": 1, "l2": 2, None: 0}[getattr(vectorizer, "norm", None)]
    return LoneTerms(names, weights, joints[0], power, vectorizer)
