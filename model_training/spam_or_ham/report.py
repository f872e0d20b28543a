"""The report page: one HTML file that asks the network for nothing, in light and in dark."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from model_training import reports
from model_training.publishing.versions import trained_with
from model_training.spam_or_ham import charts, figures, metrics
from model_training.spam_or_ham.corpus import Corpus
from model_training.spam_or_ham.evaluate import CrossValidation
from model_training.spam_or_ham.evaluation import Evaluation
from model_training.spam_or_ham.top_terms import top_terms

PAGE = "report.html"
_STYLE = Path(reports.__file__).with_name("report.css")
# Nothing may be fetched, whatever a message or a term contains.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(
    recipe: str, version: str, corpus: Corpus, evaluation: Evaluation, pair: tuple[Any, Any]
) -> str:
    """The whole page as HTML."""
    measured, reference = evaluation.cross_validation, evaluation.reference
    accuracy = measured.figures["accuracy"]
    caught = measured.figures["spam_caught_percent"]
    blocked = measured.figures["ham_blocked_percent"]
    parts = [
        f"<h1>Spam or ham: recipe {escape(recipe)}</h1>",
        f'<p class="lead">Right on {accuracy.mean:.2%} of messages it has not seen: it catches '
        f"{caught.mean:.1f} % of the spam and blocks {blocked.mean:.2f} % of the ham.</p>",
        f'<p class="soft">Model {escape(version)}. {measured.folds}-fold stratified '
        f"cross-validation of vectorizer and classifier together, {measured.repeats} times, on "
        f"{measured.rows:,} messages without repetitions.</p>",
        _pictures(measured, reference, pair),
        _table(
            "Cross-validation, mean ± standard deviation over the folds",
            figures.columns(recipe, reference),
            figures.cross_validation_rows(measured, reference),
            "Spam is the positive class. Calibration error: how far the probabilities said are "
            "from the shares seen, on average over ten bins.",
        ),
        _split(recipe, evaluation),
        _data(corpus),
    ]
    style = _STYLE.read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Spam or ham: recipe {escape(recipe)}</title>\n<style>\n{style}</style>\n"
        "</head>\n<body>\n" + "\n".join(parts) + "\n</body>\n</html>\n"
    )


def _pictures(
    measured: CrossValidation, reference: CrossValidation | None, pair: tuple[Any, Any]
) -> str:
    counts = metrics.confusion(measured.spam, measured.flagged)
    curve = metrics.precision_recall(measured.spam, measured.probability)
    other = metrics.precision_recall(reference.spam, reference.probability) if reference else None
    spam, ham = top_terms(*pair)
    dashed = " The article's recipe is dashed." if reference else ""
    return (
        '<div class="pictures">'
        + _figure(
            "Confusion matrix",
            charts.confusion(counts),
            "Every message judged once, by a model that was not trained on it.",
        )
        + _figure(
            "Precision and recall",
            charts.precision_recall(curve, other),
            f"One point per threshold on the probability of spam.{dashed}",
        )
        + _figure(
            "Reliability",
            charts.reliability(metrics.reliability(measured.spam, measured.probability)),
            "The larger the dot, the more messages; on the dashed line said equals seen.",
        )
        + _figure("Most telling of spam", charts.tokens(spam, "spam"), "Of the published model.")
        + _figure("Most telling of ham", charts.tokens(ham, "ham"), "Of the published model.")
        + "</div>"
    )


def _figure(title: str, picture: str, caption: str) -> str:
    return f"<figure><h2>{title}</h2>{picture}<figcaption>{caption}</figcaption></figure>"


def _split(recipe: str, evaluation: Evaluation) -> str:
    split = evaluation.article_split
    return _table(
        "The article's own split",
        figures.columns(recipe, evaluation.reference_split),
        figures.split_rows(split, evaluation.reference_split),
        f"{split.rows} messages, {split.also_in_training} of which are also in the training part: "
        "friendlier than the truth, kept for comparison. Calling everything ham would be right on "
        f"{split.always_ham_accuracy:.2%}.",
    )


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], note: str) -> str:
    names = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    lines = "".join(
        "<tr>"
        + "".join(
            f'<td class="ours">{escape(cell)}</td>' if column == 1 else f"<td>{escape(cell)}</td>"
            for column, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<section><h2>{title}</h2><div class="scroll"><table><thead><tr>{names}</tr></thead>'
        f'<tbody>{lines}</tbody></table></div><p class="soft">{note}</p></section>'
    )


def _data(corpus: Corpus) -> str:
    counts = corpus.label_counts()
    data = {
        "messages": f"{len(corpus):,} ({counts['ham']:,} ham, {counts['spam']:,} spam)",
        "source": corpus.source,
        "SHA-256": corpus.sha256,
        "credit": corpus.credit,
        "licence": corpus.licence,
        **trained_with(),
        **{f"note {number}": note for number, note in enumerate(corpus.notes, start=1)},
    }
    lines = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in data.items())
    return f"<section><h2>Made from</h2><dl>{lines}</dl></section>"
