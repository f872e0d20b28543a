"""A recipe's whole evaluation on a corpus, with the article's recipe as the reference beside it.

The article's recipe makes a dense row of every message, which of e-mails would take gigabytes. So
where there are e-mails, what is beside a recipe for them is what serves by default: the default
recipe, trained on the SMS alone.
"""

from dataclasses import dataclass

from tqdm import tqdm

from model_training.spam_or_ham import evaluate
from model_training.spam_or_ham.corpus import EMAIL, SMS, Corpus
from model_training.spam_or_ham.recipes import RECIPES, Recipe

REFERENCE = RECIPES["article"]


@dataclass(frozen=True)
class Evaluation:
    """What is known about a recipe on a corpus, and about the article's beside it.

    `sms_alone` is the default recipe's on all domains, trained on the SMS among the messages.
    """

    cross_validation: evaluate.CrossValidation
    article_split: evaluate.ArticleSplit | None = None
    reference: evaluate.CrossValidation | None = None
    reference_split: evaluate.ArticleSplit | None = None
    sms_alone: evaluate.CrossValidation | None = None


def evaluate_recipe(recipe: Recipe, corpus: Corpus, *, repeats: int) -> Evaluation:
    """Measure the recipe, and once what is beside it, with a progress bar on stderr."""
    if EMAIL in (corpus.domain, *(part.domain for part in corpus.parts)):
        return _with_email(recipe, corpus, repeats=repeats)
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
            return Evaluation(measured, split)
        reference = evaluate.cross_validate(
            REFERENCE, texts, labels, repeats=1, progress=bar.update
        )
        reference_split = evaluate.article_split(REFERENCE, corpus.texts, corpus.labels)
        bar.update()
    return Evaluation(measured, split, reference, reference_split)


def _with_email(recipe: Recipe, corpus: Corpus, *, repeats: int) -> Evaluation:
    texts, labels = corpus.deduplicated()
    domains = corpus.domains_deduplicated()
    steps = evaluate.FOLDS * (repeats + (SMS in domains))
    with tqdm(total=steps, desc="evaluating", unit="fit", leave=False) as bar:
        measured = evaluate.cross_validate(
            recipe, texts, labels, repeats=repeats, domains=domains, progress=bar.update
        )
        if SMS not in domains:
            return Evaluation(measured)
        alone = evaluate.cross_validate(
            RECIPES["default"],
            texts,
            labels,
            repeats=1,
            domains=domains,
            trained_on=SMS,
            progress=bar.update,
        )
    return Evaluation(measured, sms_alone=alone)
