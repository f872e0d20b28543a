"""The report of a model that was added: how good it is, what matters to it, what it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from model_training.adding import summary
from model_training.adding.evaluation import Evaluation
from model_training.adding.publish import Published
from model_training.reports import answered, figures, page, pictures
from model_training.reports.comparison import Comparison
from model_training.reports.cross_validation import SECONDS

_MOST_FIELDS = 20
_FLATTERED = (
    "the published model on DATA's rows: if it was fitted on them, this flatters it, and says "
    "nothing of rows it has not seen"
)


def html(
    name: str, published: Published, evaluation: Evaluation, changes: Comparison | None
) -> str:
    """The whole page."""
    manifest = published.manifest
    title = f"{name.replace('_', ' ').capitalize()}: {manifest['recipe']}"
    parts = [page.heading(title, _lead(evaluation), _basis(evaluation))]
    if changes is not None:
        parts += changes.html()
    shown = answered.together(evaluation.unseen) if evaluation.unseen else evaluation.known
    drawn: list[str] = []
    if shown is not None:
        unseen = "Rows that the models asked were fitted without."
        drawn += figures.of_answers(
            shown, unseen if evaluation.unseen else f"Of {_FLATTERED.split(':')[0]}."
        )
    drawn += _importance(evaluation)
    drawn += figures.of_terms(evaluation.terms, "term")
    if drawn:
        parts.append(page.pictures(drawn))
    if evaluation.known is not None:
        parts.append(_figures(evaluation, evaluation.known))
    if manifest["kind"] == "text" and not evaluation.terms:
        parts.append(
            page.section(
                "Most telling terms",
                page.paragraph("This kind of model has no weight of its own for each term."),
            )
        )
    parts.append(_made_from(name, published))
    return page.page(title, parts)


def _lead(evaluation: Evaluation) -> str:
    """How good it is, in a sentence."""
    shown = evaluation.unseen or ([] if evaluation.known is None else [evaluation.known])
    if not shown:
        return "How good this model is is not known here."
    both = answered.together(shown)
    figure, value = next(iter(answered.figures(both).items()))
    without, least = answered.baseline(both)
    if both.labels:
        said, beside = f"Right on {value:.1%}", f"{without} would be right on {least:.1%}"
    else:
        said, beside = f"{figure} of {value:.3f}", f"{without} has {least:.0f}, all right has 1"
    what = "rows it was not fitted on" if evaluation.unseen else "DATA's rows, seen or not"
    return f"{said} {'of' if both.labels else 'on'} {what}; {beside}."


def _basis(evaluation: Evaluation) -> str:
    """What the figures rest on."""
    if evaluation.known is None:
        return evaluation.why_not_known
    count = len(evaluation.known.truth)
    rows = f"{count:,} rows"
    if count < evaluation.rows_of:
        rows += f" chosen of {evaluation.rows_of:,}"
    if not evaluation.unseen:
        return f"{rows}. {evaluation.why_not_unseen} Figures here are of {_FLATTERED}."
    folds = len(evaluation.unseen)
    done = sum(len(one.truth) for one in evaluation.unseen)
    cut = "" if done == count else f" (of five, in the {SECONDS} s of a processor there are for it)"
    return (
        f"{rows}. Cross-validation: the model's recipe was fitted again {folds} times{cut}, each "
        f"time without a fifth of the rows, and asked about that fifth; {done:,} rows in all. Rows "
        "were shuffled: where they depend on each other (of one person, of one day), this flatters "
        "too."
    )


def _figures(evaluation: Evaluation, known: answered.Answered) -> str:
    own = answered.figures(known)
    head = ["", "on DATA"]
    rows: list[tuple[str, ...]] = [(name, _number(value)) for name, value in own.items()]
    note = f"On DATA: {_FLATTERED}."
    if evaluation.unseen:
        head.insert(1, "cross-validated")
        folds = [answered.figures(one) for one in evaluation.unseen]
        rows = [
            (name, _spread([fold[name] for fold in folds if name in fold]), _number(value))
            for name, value in own.items()
        ]
        note = f"Cross-validated: mean ± standard deviation over the folds, the honest one. {note}"
    return page.table("Figures", head, rows, note)


def _importance(evaluation: Evaluation) -> list[str]:
    matter = [pair for pair in evaluation.importance if pair[1] > 0][:_MOST_FIELDS]
    if not matter or evaluation.known is None:
        return []
    figure = "accuracy" if evaluation.known.labels else "R²"
    return [
        page.figure(
            "Most telling fields",
            pictures.bars(matter, "Most telling fields"),
            f"Permutation importance: how much the {figure} of the published model falls when the "
            "values of one field are shuffled among DATA's rows.",
        )
    ]


def _made_from(name: str, published: Published) -> str:
    """The summary's lines, as facts."""
    manifest: Mapping[str, Any] = published.manifest
    data = manifest.get("data") or {}
    told = dict(
        line.strip().split(maxsplit=1)
        for line in summary.lines(name, published)
        if line.startswith(("  runtime ", "  proof ", "  needs ", "  price ", "  version "))
    )
    rows = {"rows of DATA": f"{data['rows']:,}"} if data.get("rows") else {}
    trained = {str(k): v for k, v in manifest["trained_with"].items()}
    return page.facts("Made from", {**told, **rows, **trained})


def _number(value: float) -> str:
    return f"{value:.4g}"


def _spread(values: Sequence[float]) -> str:
    if not values:
        return ""
    spread = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
    return f"{_number(float(np.mean(values)))} ± {spread:.2g}"
