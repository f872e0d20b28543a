"""From messages to a model folder: fit, measure, prove, write."""

import platform
import unicodedata
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tqdm import tqdm

from model_training import artifacts, pickling
from model_training.spam_or_ham import evaluate
from model_training.spam_or_ham.corpus import Corpus
from model_training.spam_or_ham.golden import golden_messages
from model_training.spam_or_ham.recipes import RECIPES, Recipe

NAME = "spam_or_ham"
LIBRARIES = ("scikit-learn", "numpy", "joblib")
REFERENCE = RECIPES["article"]


@dataclass(frozen=True)
class Evaluation:
    """What is known about a recipe on a corpus, and about the article's beside it."""

    cross_validation: evaluate.CrossValidation
    article_split: evaluate.ArticleSplit
    reference: evaluate.CrossValidation | None
    reference_split: evaluate.ArticleSplit | None


def evaluate_recipe(recipe: Recipe, corpus: Corpus, *, repeats: int) -> Evaluation:
    """Measure the recipe, and the article's once as the reference, with a progress bar on stderr."""
    texts, labels = corpus.deduplicated()
    compare = recipe is not REFERENCE
    steps = evaluate.FOLDS * (repeats + compare) + 1 + compare
    with tqdm(total=steps, desc="evaluating", unit="fit", leave=False) as bar:
        measured = evaluate.cross_validate(
            recipe, texts, labels, repeats=repeats, progress=bar.update
        )
        split = evaluate.article_split(recipe, corpus.texts, corpus.labels)
        bar.update()
        if not compare:
            return Evaluation(measured, split, None, None)
        reference = evaluate.cross_validate(
            REFERENCE, texts, labels, repeats=1, progress=bar.update
        )
        reference_split = evaluate.article_split(REFERENCE, corpus.texts, corpus.labels)
        bar.update()
    return Evaluation(measured, split, reference, reference_split)


def fit_final(recipe: Recipe, corpus: Corpus) -> tuple[Any, Any]:
    """The pair that is published: fitted on all rows, or on the article's part of them."""
    if recipe is REFERENCE:
        train, _, labels, _ = evaluate.article_parts(corpus.texts, corpus.labels)
        return recipe.fit(train, labels)
    return recipe.fit(corpus.texts, corpus.labels)


def write_model(
    folder: Path,
    pair: tuple[Any, Any],
    texts: list[str],
    facts: dict[str, Any],
) -> str:
    """Serialise a pair with its golden messages and manifest; give the model version.

    `facts` are the manifest's entries about recipe, data and metrics.
    """
    vectorizer, classifier = pair
    files = {
        artifacts.VECTORIZER: pickling.dumps(vectorizer),
        artifacts.CLASSIFIER: pickling.dumps(classifier),
    }
    manifest = {
        "schema": artifacts.SCHEMA,
        "name": NAME,
        "labels": [str(label) for label in classifier.classes_],
        "runtime": "portable",
        "normalisation": None,
        "trained_with": trained_with(),
        "golden": golden_messages(texts, vectorizer, classifier),
        **facts,
    }
    return artifacts.write(folder, files, manifest)


def trained_with() -> dict[str, str]:
    """Versions that decide what the pickles hold."""
    return {
        "python": platform.python_version(),
        "unicode": unicodedata.unidata_version,
        **{library: version(library) for library in LIBRARIES},
    }


def data_facts(corpus: Corpus) -> dict[str, Any]:
    """The manifest's entry about the data."""
    return {
        "source": corpus.source,
        "sha256": corpus.sha256,
        "rows": len(corpus),
        "rows_deduplicated": len(corpus.deduplicated()[0]),
        "labels": corpus.label_counts(),
        "licence": corpus.licence,
        "credit": corpus.credit,
    }


def metric_facts(evaluation: Evaluation) -> dict[str, Any]:
    """The manifest's entry about how good the recipe is; shares and rates between 0 and 1."""
    measured = evaluation.cross_validation
    split = evaluation.article_split
    return {
        "cross_validation": {
            "folds": measured.folds,
            "repeats": measured.repeats,
            "rows": measured.rows,
            "figures": {
                name: {"mean": figure.mean, "sd": figure.sd}
                for name, figure in measured.figures.items()
            },
        },
        "article_split": {
            "rows": split.rows,
            "also_in_training": split.also_in_training,
            "always_ham_accuracy": split.always_ham_accuracy,
            "figures": split.figures,
        },
    }
