"""The report page: how good the recipe is on cases it has not seen."""

from typing import Any

import numpy as np

from model_training.breast_cancer import evaluate, features, recipe
from model_training.breast_cancer.dataset import Cases
from model_training.publishing.versions import trained_with
from model_training.reports import figures, pictures
from model_training.reports import page as html
from model_training.reports.answered import Answered
from model_training.reports.comparison import Comparison

PAGE = "report.html"


def answered(measured: evaluate.CrossValidation) -> Answered:
    """What was answered to each case by a model that had not seen it."""
    return Answered(
        measured.malignant.astype(int),
        (measured.probability >= 0.5).astype(int),
        tuple(features.CLASSES.values()),
        np.column_stack([1 - measured.probability, measured.probability]),
    )


def page(
    version: str,
    cases: Cases,
    measured: evaluate.CrossValidation,
    estimator: Any,
    changes: Comparison | None,
) -> str:
    """The whole page as HTML; `changes` beside the model that was in place."""
    data = cases.manifest_entry()
    accuracy, recall = (measured.figures[key] for key in ("accuracy", "malignant_recall"))
    weights = sorted(
        zip([one.name for one in features.FEATURES], estimator.feature_importances_, strict=True),
        key=lambda pair: -pair[1],
    )
    drawn = figures.of_answers(
        answered(measured), "Each case judged once by a model that had not seen it."
    )
    drawn.append(
        html.figure(
            "Most telling measurements",
            pictures.bars(weights, "Most telling measurements"),
            "Of the published model: the share of each in what its trees gain by splitting.",
        )
    )
    return html.page(
        "Breast cancer",
        [
            html.heading(
                f"Breast cancer: recipe {recipe.NAME}",
                f"Right on {accuracy.mean:.1%} of cases it has not seen; of the malignant ones it "
                f"finds {recall.mean:.1%}.",
                f"Model {version}. {measured.folds}-fold stratified cross-validation, "
                f"{measured.repeats} times, on {data['rows']} cases. The columns and the recipe "
                "were chosen on the same cases, which flatters.",
            ),
            *(changes.html() if changes is not None else ()),
            html.pictures(drawn),
            html.table(
                "Cross-validation, mean ± standard deviation over the folds",
                ("", recipe.NAME),
                [
                    (name, f"{measured.figures[key].mean:.4f} ± {measured.figures[key].sd:.4f}")
                    for key, name in evaluate.FIGURES
                ],
                "Malignant is the positive class.",
            ),
            html.facts(
                "Made from",
                {**{key: data[key] for key in ("source", "credit", "licence")}, **trained_with()},
            ),
        ],
    )
