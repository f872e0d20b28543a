"""Labelled messages, and the facts about where they came from."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass

from model_training.command_line import DataError

LABELS = ("ham", "spam")
SMS = "sms"
EMAIL = "email"


@dataclass(frozen=True)
class Corpus:
    """Texts and their labels (`ham` or `spam`), in the order of the source.

    `sha256` is the digest of the file the messages were read from, `notes` are remarks for the
    person who trains (damaged characters, rows left out). `domain` is what kind of messages they
    are, where that is known; `parts` are the corpora of several domains that this one joins.
    """

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    source: str
    sha256: str
    licence: str
    credit: str
    notes: tuple[str, ...] = ()
    domain: str = ""
    parts: tuple[Corpus, ...] = ()

    def __len__(self) -> int:
        return len(self.texts)

    def label_counts(self) -> dict[str, int]:
        """How many messages each label has, over all rows."""
        counts = Counter(self.labels)
        return {label: counts[label] for label in LABELS}

    def deduplicated(self) -> tuple[list[str], list[str]]:
        """Texts and labels with repeated (label, text) rows left out, first occurrence kept."""
        rows = dict.fromkeys(zip(self.texts, self.labels, strict=True))
        return [text for text, _ in rows], [label for _, label in rows]

    def domains_deduplicated(self) -> list[str]:
        """The domain of each row of `deduplicated`; empty where there are no several domains."""
        domains = [part.domain for part in self.parts for _ in part.texts]
        rows: dict[tuple[str, str], str] = {}
        for row, domain in zip(zip(self.texts, self.labels, strict=True), domains, strict=False):
            rows.setdefault(row, domain)
        return list(rows.values())


def joined(*parts: Corpus) -> Corpus:
    """The messages of several domains, one corpus after the other; its digest is that of theirs."""
    return Corpus(
        texts=tuple(text for part in parts for text in part.texts),
        labels=tuple(label for part in parts for label in part.labels),
        source="; ".join(part.source for part in parts),
        sha256=hashlib.sha256("".join(part.sha256 for part in parts).encode()).hexdigest(),
        licence="; ".join(f"{part.domain}: {part.licence}" for part in parts),
        credit="; ".join(part.credit for part in parts),
        notes=tuple(note for part in parts for note in part.notes),
        parts=parts,
    )


def checked(corpus: Corpus, *, minimum_rows: int = 100, minimum_per_label: int = 10) -> Corpus:
    """Give the corpus back, or raise `DataError` if no honest model can come out of it."""
    counts = corpus.label_counts()
    missing = [label for label in LABELS if counts[label] == 0]
    if missing:
        raise DataError(
            f"{corpus.source}: all {len(corpus)} messages have one label; expected both ham and "
            f"spam, and found no {missing[0]}"
        )
    different = Counter(corpus.deduplicated()[1])
    if different.total() < minimum_rows or min(different.values()) < minimum_per_label:
        raise DataError(
            f"{corpus.source}: too few rows ({different['ham']} ham, {different['spam']} spam, "
            f"repetitions left out); expected at least {minimum_rows} messages and "
            f"{minimum_per_label} of each label"
        )
    return corpus
