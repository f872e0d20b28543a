"""How the five columns compare: with those a forward selection takes, with all 30, and one fewer.

Forward selection starts from nothing and takes, time after time, the column that lowers the log
loss on unseen cases most. Columns such as worst radius, worst perimeter and worst area say nearly
the same, so several sets of five are as good as each other: what is asked of the five that the
article named is that they are among these, not that they are the one best set.
"""

import math
from dataclasses import asdict
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score, log_loss
from tqdm import tqdm

from model_training.breast_cancer import evaluate, recipe, searching
from model_training.breast_cancer.dataset import Cases
from model_training.breast_cancer.features import FEATURES
from model_training.breast_cancer.searching import Candidate
from model_training.reports.tables import table

STEPS = 5
_OURS = tuple(feature.name for feature in FEATURES)


def run(cases: Cases, folder: Path, *, repeats: int) -> None:
    """Select, compare, print, and write everything to feature_selection.json."""
    fits = sum(len(cases.names) - step for step in range(STEPS)) + 2 + len(_OURS)
    with tqdm(total=fits * evaluate.FOLDS * repeats, desc="selecting", unit="fit") as bar:

        def measured(name: str, names: tuple[str, ...]) -> Candidate:
            return measure(name, cases, names, repeats, bar.update)

        steps: list[Candidate] = []
        taken: tuple[str, ...] = ()
        for _ in range(STEPS):
            tried = [
                measured(f"+ {name}", (*taken, name)) for name in cases.names if name not in taken
            ]
            best = min(tried, key=lambda candidate: candidate.log_loss)
            steps.append(best)
            taken = tuple(best.settings["columns"])
        ours = measured("the five published", _OURS)
        everything = measured(f"all {len(cases.names)}", cases.names)
        without = [
            measured(f"the five without {name}", tuple(one for one in _OURS if one != name))
            for name in _OURS
        ]
    print("Forward selection:")
    print(table(searching.HEAD, list(map(searching.row, steps))))
    print("\nFor comparison:")
    print(table(searching.HEAD, list(map(searching.row, [ours, everything, *without]))))
    result = {
        "repeats": repeats,
        "folds": evaluate.FOLDS,
        "forward": [asdict(candidate) for candidate in steps],
        "published": asdict(ours),
        "all": asdict(everything),
        "without": [asdict(candidate) for candidate in without],
    }
    print(f"\nAll of it is in {searching.write(folder, 'feature_selection', result)}")


def measure(
    name: str, cases: Cases, names: tuple[str, ...], repeats: int, progress: evaluate.Progress
) -> Candidate:
    """The recipe on these columns, by the same folds as everything else."""
    rows, malignant = cases.rows(names), cases.malignant
    losses, harmonic = [], []
    for train, test in evaluate.splits(repeats).split(rows, malignant):
        model = recipe.unfitted().fit(rows[train], malignant[train])
        chances = model.predict_proba(rows[test])[:, 1]
        losses.append(float(log_loss(malignant[test], chances)))
        harmonic.append(float(f1_score(malignant[test], chances >= 0.5)))
        progress()
    return Candidate(
        name=name,
        settings={"columns": list(names)},
        log_loss=float(np.mean(losses)),
        error=float(np.std(losses, ddof=1)) / math.sqrt(len(losses)),
        malignant_f1=float(np.mean(harmonic)),
    )
