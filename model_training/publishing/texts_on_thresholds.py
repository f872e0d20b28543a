"""Texts in which a feature lies on a classifier's threshold, just below it or just above.

Random texts meet a threshold by accident only, and nothing else tells apart an implementation that
compares in another precision, or that puts the threshold itself on the other side.
"""

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_training.publishing.lone_terms import LoneTerms, lone_terms

PER_SIDE = 40
"""Texts kept that have a feature on a threshold; as many below it and above, the nearest."""
_BUILT = 60
"""How often a text is built towards a threshold, each time with its nearest alternatives."""
_COUNTS = (1, 2, 3)
_MOST_OFTEN = 50
_PAIRS = 4

Numbers = NDArray[np.float64]


def thresholds_of(classifier: Any) -> list[float]:
    """What a fitted text classifier compares features with: BernoulliNB's `binarize`.

    None for other classifiers, nor for 0: each feature that a text has is above it.
    """
    binarize = getattr(classifier, "binarize", None)
    return [float(binarize)] if binarize else []


def texts_on(
    vectorizer: Any, threshold: float, source: random.Random, candidates: Sequence[str]
) -> list[str]:
    """At most 3 * PER_SIDE texts with a feature on `threshold` or next to it.

    Chosen from `candidates` and from texts that are built towards the threshold. Building takes
    terms that can stand alone; where there are none (longer character n-grams), the candidates
    have to do.
    """
    terms = lone_terms(vectorizer, source)
    built = _scaled(terms, threshold, source) if terms.power else _repeated(terms, threshold)
    return _nearest(vectorizer, [*dict.fromkeys([*built, *candidates])], threshold)


def _nearest(vectorizer: Any, texts: list[str], threshold: float) -> list[str]:
    """The texts with the nearest features on each side, in the rows' own precision."""
    rows = vectorizer.transform(texts)
    single = rows.dtype == np.float32
    distances = rows.data.astype(np.float64) - (np.float32(threshold) if single else threshold)
    owners = np.repeat(np.arange(len(texts)), np.diff(rows.indptr))
    kept: dict[str, None] = {}
    for side in (distances == 0, distances < 0, distances > 0):
        order = np.argsort(np.abs(distances[side]), kind="stable")
        near = dict.fromkeys(owners[side][order].tolist())
        kept.update(dict.fromkeys([texts[index] for index in [*near][:PER_SIDE]]))
    return [*kept]


def _repeated(terms: LoneTerms, threshold: float) -> list[str]:
    """One term over and over: as often as it takes to reach the threshold, once less, once more."""
    near = []
    for term in range(len(terms.names)):
        reached = [n for n in range(1, _MOST_OFTEN) if terms.mass(term, n) >= threshold][:1]
        near += [terms.text({term: n + more}) for n in reached for more in (-1, 0, 1) if n + more]
    return near


def _scaled(terms: LoneTerms, threshold: float, source: random.Random) -> list[str]:
    """A term among others that together give the norm which puts its feature on the threshold."""
    scaled: list[str] = []
    for _ in range(_BUILT if terms.names else 0):
        term, count = source.randrange(len(terms.names)), source.choice(_COUNTS)
        own = terms.mass(term, count)
        missing = own / threshold**terms.power - own
        scaled += [terms.text(counts) for counts in _filled(terms, {term: count}, missing, source)]
    return scaled


def _filled(
    terms: LoneTerms, counts: dict[int, int], missing: float, source: random.Random
) -> list[dict[int, int]]:
    """`counts` and others whose masses add up to about `missing`: the nearest on either side.

    Term after term while much is missing, then the two that fit best.
    """
    free = [term for term in range(len(terms.names)) if term not in counts]
    source.shuffle(free)
    masses = [terms.mass(term, 1) for term in free]
    reserve = 2 * max(masses, default=0.0)
    while free and missing > reserve:
        term = free.pop()
        # Once each where there are terms enough, else as often as there is room for.
        most = _MOST_OFTEN if missing > sum(masses[: len(free)]) else 1
        room = [n for n in range(2, most) if terms.mass(term, n) < missing - reserve / 2]
        counts[term] = max(room, default=1)
        missing -= terms.mass(term, counts[term])
    items = [(term, count) for term in free for count in _COUNTS]
    filled = []
    for pair in _best_pairs(np.array([0.0, *(terms.mass(*item) for item in items)]), missing):
        chosen = [items[place - 1] for place in pair if place]
        if len({term for term, _ in chosen}) == len(chosen):
            filled.append({**counts, **dict(chosen)})
    return filled


def _best_pairs(masses: Numbers, target: float) -> list[tuple[int, int]]:
    """The places of two masses whose sum is nearest to `target`, a few pairs on either side."""
    order = np.argsort(masses, kind="stable")
    ascending = masses[order]
    after = np.searchsorted(ascending, target - masses)
    pairs: dict[float, tuple[int, int]] = {}
    for second in (after - 1, after):
        inside = np.flatnonzero((second >= 0) & (second < len(masses)))
        sums = masses[inside] + ascending[second[inside]]
        for index in np.argsort(np.abs(sums - target), kind="stable")[: 4 * _PAIRS].tolist():
            pairs[float(sums[index])] = int(inside[index]), int(order[second[inside[index]]])
    nearest = sorted(pairs, key=lambda total: abs(total - target))
    return [pairs[total] for total in nearest[: 2 * _PAIRS]]
