"""The figures of a report: what `Answered` looks like, for every kind of model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn import metrics

from model_training.reports import pictures
from model_training.reports.answered import Answered, confidences
from model_training.reports.calibration import reliability
from model_training.reports.page import figure

_MOST_CURVES = 6
_MOST_LABELS = 40
_MOST_DOTS = 800


def of_answers(answered: Answered, basis: str, reference: Answered | None = None) -> list[str]:
    """Confusion matrix, curves and calibration of a classifier, predictions and residuals of a
    regression. `basis` says in a sentence what was answered; the curves of a `reference` of two
    labels are dashed."""
    if not answered.labels:
        return _of_regression(answered, basis)
    made = []
    if len(answered.labels) <= _MOST_LABELS:
        made.append(
            figure(
                "Confusion matrix",
                pictures.confusion(answered.confusion, answered.labels),
                f"{basis} Shaded by the share of the actual label.",
            )
        )
    if answered.numbers is not None and len(np.unique(answered.truth)) > 1:
        made += _curves(answered, basis, reference)
        if answered.probable:
            made.append(_reliability(answered, basis))
    return made


def _curves(answered: Answered, basis: str, reference: Answered | None) -> list[str]:
    each = " One line per label, against all others." if len(answered.labels) > 2 else ""
    dashed = " The reference is dashed." if reference is not None else ""
    roc, _ = _lines(answered, roc=True)
    both, best = _lines(answered, roc=False)
    dashes: list[pictures.Curve | None] = [("", [(0.0, 0.0), (1.0, 1.0)]), None]
    if reference is not None:
        dashes = [("the reference", _lines(reference, roc=one)[0][0][1]) for one in (True, False)]
    return [
        figure(
            "ROC curve",
            pictures.curves(
                roc, "called so wrongly (false positive rate)", "found (true positive rate)",
                "ROC curve", reference=dashes[0],
            ),
            f"{basis}{each}{dashed}",
        ),
        figure(
            "Precision and recall",
            pictures.curves(
                both, "found (recall)", "called so rightly (precision)",
                "Precision-recall curve: both are at least "
                f"{best:.3f} at the best threshold", reference=dashes[1],
            ),
            f"{basis} One point per threshold.{each}{dashed}",
        ),
    ]  # fmt: skip


def _lines(answered: Answered, *, roc: bool) -> tuple[list[pictures.Curve], float]:
    """A curve for the second of two labels, or for each of the most frequent ones; and the least
    of both coordinates where it is largest."""
    if answered.numbers is None:
        raise ValueError("a model that says labels alone has no curve")
    counts = np.bincount(answered.truth, minlength=len(answered.labels))
    places = [1] if len(answered.labels) == 2 else list(np.argsort(-counts)[:_MOST_CURVES])
    lines: list[pictures.Curve] = []
    best = 0.0
    for place in places:
        true, said = answered.truth == place, answered.numbers[:, place]
        if not 0 < true.sum() < len(true):
            continue
        if roc:
            across, up, _ = metrics.roc_curve(true, said)
        else:
            up, across, _ = metrics.precision_recall_curve(true, said)
        points = list(zip(across.tolist(), up.tolist(), strict=True))
        lines.append((answered.labels[place], points))
        best = max(best, *(min(point) for point in points))
    return lines, best


def _reliability(answered: Answered, basis: str) -> str:
    true, said = confidences(answered)
    two = len(answered.labels) == 2
    what = pictures.visible(answered.labels[1]) if two else "the likeliest label"
    return figure(
        "Calibration",
        pictures.reliability(
            reliability(true, said),
            f"probability said of {what}",
            "share seen",
        ),
        f"{basis} The larger the dot, the more rows; on the dashed line said equals seen.",
    )


def _of_regression(answered: Answered, basis: str) -> list[str]:
    rows = len(answered.truth)
    some = answered
    if rows > _MOST_DOTS:
        chosen = np.random.default_rng(0).choice(rows, _MOST_DOTS, replace=False)
        some, basis = answered.only(chosen), f"{basis} {_MOST_DOTS} of {rows:,} rows are drawn."
    off = np.abs(answered.truth - answered.predicted)
    told = f"half of the predictions are within {np.median(off):.3g}, all within {off.max():.3g}"
    return [
        figure(
            "Predicted and actual",
            pictures.against(
                some.truth, some.predicted, f"Predictions over truth: {told}", residuals=False
            ),
            f"{basis} On the dashed line they are equal.",
        ),
        figure(
            "Residuals",
            pictures.against(
                some.truth, some.predicted, f"Residuals over predictions: {told}", residuals=True
            ),
            basis,
        ),
    ]


def of_terms(terms: Sequence[tuple[str, Sequence[tuple[str, float]]]], noun: str) -> list[str]:
    """The heaviest terms of each label, a figure each; no label: of the model as a whole."""
    return [
        figure(
            f"Most telling of {label}" if label else "Most telling",
            pictures.bars(weights, f"Most telling of {label or 'all'}", series=number),
            f"Of the published model: the weight of each {noun}. What texts hold of HTML's "
            "escapes (amp, lt, gt, quot) is not shown.",
        )
        for number, (label, weights) in enumerate(terms, start=1)
        if weights
    ]
