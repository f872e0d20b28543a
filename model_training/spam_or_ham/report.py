"""The report page of a recipe: how good it is on messages it has not seen, and beside what."""

from typing import Any

import numpy as np

from model_training.publishing.versions import trained_with
from model_training.reports import figures as drawn
from model_training.reports import page as html
from model_training.reports.answered import Answered
from model_training.reports.comparison import Comparison
from model_training.reports.telling import telling_terms
from model_training.spam_or_ham import figures
from model_training.spam_or_ham.corpus import Corpus
from model_training.spam_or_ham.evaluate import CrossValidation
from model_training.spam_or_ham.evaluation import Evaluation

PAGE = "report.html"


def page(
    recipe: str,
    version: str,
    corpus: Corpus,
    evaluation: Evaluation,
    pair: tuple[Any, Any],
    changes: Comparison | None = None,
) -> str:
    """The whole page as HTML; `changes` beside the model that was in place."""
    measured, reference = evaluation.cross_validation, evaluation.reference
    accuracy = measured.figures["accuracy"]
    caught = measured.figures["spam_caught_percent"]
    blocked = measured.figures["ham_blocked_percent"]
    title = f"Spam or ham: recipe {recipe}"
    vectorizer, classifier = pair
    labels = [str(label) for label in classifier.classes_]
    dashed = " The reference is the article's recipe." if reference else ""
    return html.page(
        title,
        [
            html.heading(
                title,
                f"Right on {accuracy.mean:.2%} of messages it has not seen: it catches "
                f"{caught.mean:.1f} % of the spam and blocks {blocked.mean:.2f} % of the ham.",
                f"Model {version}. {measured.folds}-fold stratified cross-validation of vectorizer "
                f"and classifier together, {measured.repeats} times, on {measured.rows:,} messages "
                "without repetitions.",
            ),
            *(changes.html() if changes is not None else ()),
            html.pictures(
                drawn.of_answers(
                    answered(measured),
                    f"Every message judged once, by a model that was not trained on it.{dashed}",
                    answered(reference) if reference else None,
                )
                + drawn.of_terms(telling_terms(vectorizer, classifier, labels), "term")
            ),
            html.table(
                "Cross-validation, mean ± standard deviation over the folds",
                figures.columns(recipe, reference),
                figures.cross_validation_rows(measured, reference),
                "Spam is the positive class. Calibration error: how far the probabilities said are "
                "from the shares seen, on average over ten bins.",
            ),
            *_by_domain(recipe, evaluation),
            *_split(recipe, evaluation),
            _data(corpus),
        ],
    )


def answered(measured: CrossValidation) -> Answered:
    """What was answered to each message by a model that had not seen it."""
    chances = np.column_stack([1 - measured.probability, measured.probability])
    return Answered(
        measured.spam.astype(int), measured.flagged.astype(int), ("ham", "spam"), chances
    )


def _by_domain(recipe: str, evaluation: Evaluation) -> list[str]:
    measured, alone = evaluation.cross_validation, evaluation.sms_alone
    if not measured.domains:
        return []
    return [
        html.table(
            "Of each domain's messages alone",
            figures.domain_columns(recipe, alone),
            figures.domain_rows(measured, alone),
            "From the same folds: every message was judged by a model that was not trained on it.",
        )
    ]


def _split(recipe: str, evaluation: Evaluation) -> list[str]:
    split = evaluation.article_split
    if split is None:
        return []
    return [
        html.table(
            "The article's own split",
            figures.columns(recipe, evaluation.reference_split),
            figures.split_rows(split, evaluation.reference_split),
            f"{split.rows} messages, {split.also_in_training} of which are also in the training "
            "part: friendlier than the truth, kept for comparison. Calling everything ham would be "
            f"right on {split.always_ham_accuracy:.2%}.",
        )
    ]


def _data(corpus: Corpus) -> str:
    counts = corpus.label_counts()
    return html.facts(
        "Made from",
        {
            "messages": f"{len(corpus):,} ({counts['ham']:,} ham, {counts['spam']:,} spam)",
            "source": corpus.source,
            "SHA-256": corpus.sha256,
            "credit": corpus.credit,
            "licence": corpus.licence,
            **trained_with(),
            **{f"note {number}": note for number, note in enumerate(corpus.notes, start=1)},
        },
    )
