"""A recipe's whole evaluation on a corpus, with the article's recipe as the reference beside it."""

from dataclasses import dataclass

from tqdm import tqdm

from model_training.spam_or_ham import evaluate
from model_training.spam_or_ham.corpus import Corpus
from model_training.spam_or_ham.recipes import RECIPES, Recipe

REFERENCE = RECIPES["article"]


@dataclass(frozen=True)
class Evaluation:
    """What is known about a recipe on a corpus, and about the article's beside it."""

    cross_validation: evaluate.CrossValidation
    article_split: evaluate.ArticleSplit
    reference: evaluate.CrossValidation | None
    reference_split: evaluate.ArticleSplit | None


def evaluate_recipe(recipe: Recipe, corpus: Corpus, *, repeats: int) -> Evaluation:
    """Measure the recipe, and the article's once beside it, with a progress bar on stderr."""
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
