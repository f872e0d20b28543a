"""Which gradient boosting to publish: depth, learning rate, subsample and number of trees."""

import math
from dataclasses import asdict
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, log_loss
from tqdm import tqdm

from model_training.breast_cancer import evaluate, recipe, searching
from model_training.breast_cancer.dataset import Cases
from model_training.breast_cancer.searching import Candidate
from model_training.reports.tables import table

DEPTHS = (1, 2, 3, 4)
RATES = (0.03, 0.1, 0.3)
SUBSAMPLES = (1.0, 0.5)
TREES = (50, 100, 200, 400, 800)
DEFAULTS = {"rate": 0.1, "subsample": 1.0, "trees": 100}
_SHOWN = 12


def run(cases: Cases, folder: Path, *, repeats: int) -> None:
    """Search, print the best and the chosen, and write everything to grid_search.json."""
    rows = cases.rows()
    settings = list(product(DEPTHS, RATES, SUBSAMPLES))
    candidates: list[Candidate] = []
    with tqdm(total=len(settings) * evaluate.FOLDS * repeats, desc="searching", unit="fit") as bar:
        for depth, rate, subsample in settings:
            candidates += staged(rows, cases.malignant, depth, rate, subsample, repeats, bar.update)
    candidates.sort(key=simplicity)
    chosen = searching.simplest_within_one_error(candidates)
    ranked = sorted(candidates, key=lambda candidate: candidate.log_loss)
    print(table(searching.HEAD, list(map(searching.row, ranked[:_SHOWN]))))
    print("\nThe simplest within one standard error of the best:")
    print(table(searching.HEAD, [searching.row(chosen)]))
    published = named(recipe.DEPTH, recipe.RATE, recipe.SUBSAMPLE, recipe.TREES)
    print(f"\nPublished is {published}.")
    result = {
        "repeats": repeats,
        "folds": evaluate.FOLDS,
        "chosen": chosen.name,
        "published": published,
        "candidates": [asdict(candidate) for candidate in ranked],
    }
    print(f"All {len(ranked)} are in {searching.write(folder, 'grid_search', result)}")


def simplicity(candidate: Candidate) -> tuple[int, int, int]:
    """Shallow first; then what leaves scikit-learn's defaults alone; then few trees."""
    departures = sum(candidate.settings[name] != value for name, value in DEFAULTS.items())
    return candidate.settings["depth"], departures, candidate.settings["trees"]


def named(depth: int, rate: float, subsample: float, trees: int) -> str:
    """A candidate's name."""
    return f"depth {depth}, rate {rate:g}, subsample {subsample:g}, {trees} trees"


def staged(
    rows: NDArray[Any],
    malignant: NDArray[Any],
    depth: int,
    rate: float,
    subsample: float,
    repeats: int,
    progress: evaluate.Progress,
) -> list[Candidate]:
    """One candidate per number of trees: a long boosting holds all the shorter ones."""
    losses: dict[int, list[float]] = {trees: [] for trees in TREES}
    harmonic: dict[int, list[float]] = {trees: [] for trees in TREES}
    for train, test in evaluate.splits(repeats).split(rows, malignant):
        model = recipe.unfitted(depth=depth, trees=max(TREES), rate=rate, subsample=subsample)
        model.fit(rows[train], malignant[train])
        for trees, chances in enumerate(model.staged_predict_proba(rows[test]), start=1):
            if trees in losses:
                losses[trees].append(float(log_loss(malignant[test], chances[:, 1])))
                harmonic[trees].append(float(f1_score(malignant[test], chances[:, 1] >= 0.5)))
        progress()
    return [
        Candidate(
            name=named(depth, rate, subsample, trees),
            settings={"depth": depth, "rate": rate, "subsample": subsample, "trees": trees},
            log_loss=float(np.mean(losses[trees])),
            error=float(np.std(losses[trees], ddof=1)) / math.sqrt(len(losses[trees])),
            malignant_f1=float(np.mean(harmonic[trees])),
        )
        for trees in TREES
    ]
