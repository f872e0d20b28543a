"""Training part, test part and folds: the same loans each time, every grade in its share."""

import random
from collections.abc import Sequence

TEST_SHARE = 0.2
SPLIT_SEED = 20260601
FOLD_SEED = 20260602


def parts(grades: Sequence[str]) -> tuple[list[int], list[int]]:
    """The indices of the training part and of the test part, both ascending."""
    test: list[int] = []
    for chosen in _shuffled(range(len(grades)), grades, SPLIT_SEED):
        test += chosen[: round(TEST_SHARE * len(chosen))]
    held_out = set(test)
    return [index for index in range(len(grades)) if index not in held_out], sorted(test)


def folds(indices: Sequence[int], grades: Sequence[str], count: int) -> list[list[int]]:
    """`indices` in `count` folds, each ascending; `grades` are those of all loans."""
    folds_: list[list[int]] = [[] for _ in range(count)]
    place = 0
    for chosen in _shuffled(indices, grades, FOLD_SEED):
        for index in chosen:
            folds_[place % count].append(index)
            place += 1
    return [sorted(fold) for fold in folds_]


def _shuffled(indices: Sequence[int], grades: Sequence[str], seed: int) -> list[list[int]]:
    """The indices of each grade in turn, in a random order."""
    shuffle = random.Random(seed)  # noqa: S311 - repeatable, no secret
    by_grade: dict[str, list[int]] = {}
    for index in indices:
        by_grade.setdefault(grades[index], []).append(index)
    chosen = [by_grade[grade] for grade in sorted(by_grade)]
    for group in chosen:
        shuffle.shuffle(group)
    return chosen
