"""From messages to a model folder: fit, measure, prove, write."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model_training.publishing import reference
from model_training.reports import comparison, page
from model_training.spam_or_ham import evaluate, figures, publish, report
from model_training.spam_or_ham.corpus import Corpus
from model_training.spam_or_ham.evaluate import CrossValidation, Estimate
from model_training.spam_or_ham.evaluation import REFERENCE, Evaluation, evaluate_recipe
from model_training.spam_or_ham.recipes import Recipe


def fit_final(recipe: Recipe, corpus: Corpus) -> tuple[Any, Any]:
    """The pair that is published: fitted on all rows, or on the article's part of them."""
    if recipe is REFERENCE:
        train, _, labels, _ = evaluate.article_parts(corpus.texts, corpus.labels)
        return recipe.fit(recipe.prepare(train), labels)
    return recipe.fit(recipe.prepare(corpus.texts), corpus.labels)


def run(recipe: Recipe, corpus: Corpus, folder: Path, *, repeats: int) -> str:
    """Train, measure, prove and write a model folder with its report; give the model version."""
    for note in corpus.notes:
        print(f"note: {note}", file=sys.stderr)
    evaluation = evaluate_recipe(recipe, corpus, repeats=repeats)
    pair = fit_final(recipe, corpus)
    entries = {
        "recipe": recipe.name,
        "normalisation": recipe.normalisation,
        "data": publish.data_facts(corpus),
        "metrics": metric_facts(evaluation),
        reference.ENTRY: reference.entry(report.answered(evaluation.cross_validation)),
    }
    texts = corpus.deduplicated()[0]
    before = comparison.in_place(folder)
    version = publish.publish(folder, pair, texts, entries)
    changes = comparison.after(before, folder, texts)
    written = report.page(recipe.name, version, corpus, evaluation, pair, changes)
    page.write(folder / report.PAGE, written)
    print(summary(recipe, corpus, evaluation))
    if changes is not None:
        print("", *changes.lines(), sep="\n")
    print(f"\nModel {version} is in {folder}; the report with pictures is {folder / report.PAGE}")
    return version


def summary(recipe: Recipe, corpus: Corpus, evaluation: Evaluation) -> str:
    """The measured figures for the terminal."""
    measured, reference = evaluation.cross_validation, evaluation.reference
    counts = corpus.label_counts()
    return "\n".join(
        (
            f"{len(corpus):,} messages ({counts['ham']:,} ham, {counts['spam']:,} spam) from "
            f"{corpus.source}; credit: {corpus.credit} ({corpus.licence})",
            "",
            f"{measured.folds}-fold cross-validation, {measured.repeats} times, on "
            f"{measured.rows:,} messages without repetitions (mean ± standard deviation)",
            figures.table(
                figures.columns(recipe.name, reference),
                figures.cross_validation_rows(measured, reference),
            ),
            *_summary_by_domain(recipe, evaluation),
            *_summary_of_split(recipe, evaluation),
        )
    )


def _summary_by_domain(recipe: Recipe, evaluation: Evaluation) -> tuple[str, ...]:
    measured, alone = evaluation.cross_validation, evaluation.sms_alone
    if not measured.domains:
        return ()
    return (
        "",
        "The same, of each domain's messages alone",
        figures.table(
            figures.domain_columns(recipe.name, alone), figures.domain_rows(measured, alone)
        ),
    )


def _summary_of_split(recipe: Recipe, evaluation: Evaluation) -> tuple[str, ...]:
    split = evaluation.article_split
    if split is None:
        return ()
    return (
        "",
        f"The article's own split: {split.rows} messages, {split.also_in_training} of them "
        "also in the training part",
        figures.table(
            figures.columns(recipe.name, evaluation.reference_split),
            figures.split_rows(split, evaluation.reference_split),
        ),
        f"  accuracy in full: {split.figures['accuracy']!r} "
        f"(calling everything ham: {split.always_ham_accuracy!r})",
    )


def metric_facts(evaluation: Evaluation) -> dict[str, Any]:
    """The manifest's entry about how good the recipe is; shares and rates between 0 and 1."""
    measured = evaluation.cross_validation
    facts: dict[str, Any] = {
        "cross_validation": {
            "folds": measured.folds,
            "repeats": measured.repeats,
            "rows": measured.rows,
            "figures": _estimate_facts(measured.figures),
        }
    }
    if measured.domains:
        facts["cross_validation"]["domains"] = _domain_facts(measured)
    if evaluation.sms_alone is not None:
        facts["sms_alone"] = {"domains": _domain_facts(evaluation.sms_alone)}
    split = evaluation.article_split
    if split is not None:
        facts["article_split"] = {
            "rows": split.rows,
            "also_in_training": split.also_in_training,
            "always_ham_accuracy": split.always_ham_accuracy,
            "figures": split.figures,
        }
    return facts


def _domain_facts(measured: CrossValidation) -> dict[str, Any]:
    return {domain: _estimate_facts(own) for domain, own in measured.domains.items()}


def _estimate_facts(figures_by_name: Mapping[str, Estimate]) -> dict[str, Any]:
    return {
        name: {"mean": figure.mean, "sd": figure.sd} for name, figure in figures_by_name.items()
    }
