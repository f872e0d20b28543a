"""What is left of a recipe when senders obfuscate their messages, with normalisation and without.

Every message is tested by a pair that did not see it, and no pair was trained on an obfuscated
message. Ham is obfuscated as well: a filter that takes every attack for spam would catch all of it
and be of no use to those whose phone writes typographic quotes, or who write in bold.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.model_selection import RepeatedStratifiedKFold
from spam_or_ham.normalisation import VERSION
from tqdm import tqdm

from model_training.reports.tables import table
from model_training.spam_or_ham import metrics
from model_training.spam_or_ham.attacks import ATTACKS, Attack
from model_training.spam_or_ham.corpus import Corpus
from model_training.spam_or_ham.evaluate import FOLDS, SEED, predictions, strata
from model_training.spam_or_ham.recipes import Recipe

CLEAN = "clean text"
Progress = Callable[[], object]


@dataclass(frozen=True)
class Outcome:
    """Counts over all folds for one attack, in percent where a property says so."""

    caught: int
    spam: int
    blocked: int
    ham: int

    @property
    def caught_percent(self) -> float:
        """Share of the spam that was called spam."""
        return 100 * self.caught / self.spam

    @property
    def blocked_percent(self) -> float:
        """Share of the ham that was called spam."""
        return 100 * self.blocked / self.ham

    @property
    def accuracy(self) -> float:
        """Share of all messages that were called what they are, between 0 and 1."""
        return (self.caught + self.ham - self.blocked) / (self.spam + self.ham)


def measure(
    recipe: Recipe,
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    repeats: int,
    domains: Sequence[str] = (),
    attacks: Sequence[Attack] = ATTACKS,
    progress: Progress = lambda: None,
) -> dict[str, Outcome]:
    """How a recipe does on clean and on obfuscated messages: an outcome by the attack's name.

    `texts` and `labels` are n de-duplicated messages, tested in stratified five-fold
    cross-validation; `progress` is called after each fold. `domains` are their n domains where
    there are several: then each has outcomes of its own, named `sms, clean text`.
    """
    spam = np.asarray(labels) == "spam"
    forms = {CLEAN: list(texts)}
    forms.update({one.name: [one.apply(text) for text in texts] for one in attacks})
    prepared = {
        name: np.asarray(recipe.prepare(form), dtype=object) for name, form in forms.items()
    }
    everything = np.ones(len(spam), dtype=bool)
    groups = {f"{one}, ": np.asarray(domains) == one for one in dict.fromkeys(domains)} or {
        "": everything
    }
    counts = {group + name: np.zeros(2, dtype=int) for group in groups for name in forms}
    splitter = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=repeats, random_state=SEED)
    for train, test in splitter.split(spam, strata(labels, domains)):
        pair = recipe.fit(prepared[CLEAN][train].tolist(), np.asarray(labels)[train].tolist())
        for name, form in prepared.items():
            predicted, _ = predictions(*pair, form[test].tolist())
            for group, members in groups.items():
                own = members[test]
                c = metrics.confusion(spam[test][own], predicted[own])
                counts[group + name] += c.caught, c.blocked
        progress()
    outcomes = {}
    for group, members in groups.items():
        in_all = repeats * int((spam & members).sum()), repeats * int((~spam & members).sum())
        for name in forms:
            caught, blocked = counts[group + name]
            outcomes[group + name] = Outcome(int(caught), in_all[0], int(blocked), in_all[1])
    return outcomes


def run(recipe: Recipe, corpus: Corpus, *, repeats: int) -> None:
    """Measure with normalisation and without, and print the table."""
    texts, labels = corpus.deduplicated()
    domains = corpus.domains_deduplicated()
    with tqdm(total=2 * FOLDS * repeats, desc="attacking", unit="fold", leave=False) as bar:
        without, with_it = (
            measure(
                replace(recipe, normalisation=normalisation),
                texts,
                labels,
                repeats=repeats,
                domains=domains,
                progress=bar.update,
            )
            for normalisation in (None, VERSION)
        )
    print(
        f"Recipe {recipe.name}: {FOLDS}-fold cross-validation, {repeats} times, on {len(texts):,} "
        "messages without repetitions;\ntrained on clean messages, tested on obfuscated ones, spam "
        "and ham alike. Normalisation off, on:\n"
    )
    print(summary(without, with_it))
    print()
    for name in without:
        if name.endswith(CLEAN):
            off, on = without[name].accuracy, with_it[name].accuracy
            print(f"Accuracy on {name}: {off:.5f} off, {on:.5f} on.")
    print("What the rows mean and what they do not tell: docs/hostile-text.md")


def summary(without: dict[str, Outcome], with_it: dict[str, Outcome]) -> str:
    """The table for the terminal, one row per attack."""
    head = ("", "spam caught, off", "on", "ham blocked, off", "on")
    rows = [
        (
            name,
            f"{off.caught_percent:.1f} %",
            f"{with_it[name].caught_percent:.1f} %",
            f"{off.blocked_percent:.2f} %",
            f"{with_it[name].blocked_percent:.2f} %",
        )
        for name, off in without.items()
    ]
    return table(head, rows)
