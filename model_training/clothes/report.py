"""The report page: how good the network is on pictures it has not seen."""

from pathlib import Path
from typing import Any

import numpy

from model_training.clothes.figures import Figures
from model_training.publishing.parity import Answers
from model_training.reports import page as html
from model_training.reports import pictures
from model_training.reports.comparison import Comparison

PAGE = "report.html"


def answers(labels: tuple[str, ...], logits: numpy.ndarray) -> Answers:
    """What (N, labels) logits say of N pictures."""
    raised = numpy.exp(logits.astype(float) - logits.max(axis=1, keepdims=True))
    chances = raised / raised.sum(axis=1, keepdims=True)
    return Answers([labels[place] for place in logits.argmax(axis=1)], chances.tolist())


def write(
    folder: Path, recipe: str, measured: Figures, data: dict[str, Any], changes: Comparison | None
) -> Path:
    """Write the page into `folder`; give its path. `changes` beside the model that was in place."""
    low, high = measured.interval
    recall, precision = measured.recall(), measured.precision()
    page = html.page(
        "Clothes",
        [
            html.heading(
                f"Clothes: {recipe}",
                f"Right on {measured.accuracy:.1%} of pictures it has not seen (95 % interval "
                f"{low:.1%} to {high:.1%}).",
                f"{measured.pictures} pictures of the validation part, asked of the network that "
                "was trained without them; the published one is trained on these too.",
            ),
            *(changes.html() if changes is not None else ()),
            html.pictures(
                [
                    html.figure(
                        "Confusion matrix",
                        pictures.confusion(measured.confusion, measured.labels),
                        "Shaded by the share of the actual label.",
                    )
                ]
            ),
            html.table(
                "Each label",
                ("", "recall", "precision"),
                [(one, f"{recall[one]:.3f}", f"{precision[one]:.3f}") for one in measured.labels],
                f"Log loss {measured.log_loss:.4f}.",
            ),
            html.facts("Made from", {key: str(value) for key, value in data.items()}),
        ],
    )
    return html.write(folder / PAGE, page)
