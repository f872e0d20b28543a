"""Texts no corpus holds: what a classifier must answer as scikit-learn does all the same."""

import random
from collections.abc import Callable, Sequence
from typing import Any

from model_training.publishing.texts_on_thresholds import texts_on, thresholds_of

# Blocks where case, accents, digits, word boundaries and normalisation differ from ASCII's.
_RANGES = (
    (0x20, 0x7F), (0x20, 0x7F), (0x00, 0x20), (0x80, 0x250), (0x300, 0x370), (0x370, 0x530),
    (0x590, 0x700), (0x900, 0xA00), (0xE00, 0xE80), (0x1100, 0x1200), (0x1E00, 0x2000),
    (0x2000, 0x2100), (0x2100, 0x2200), (0x3040, 0x3100), (0x4E00, 0x4F00), (0xAC00, 0xAD00),
    (0xD800, 0xE000), (0xFB00, 0xFB50), (0xFE00, 0xFE10), (0xFF00, 0xFFF0), (0x10400, 0x10450),
    (0x1D400, 0x1D800), (0x1F300, 0x1F650), (0xE0000, 0xE0080), (0x0, 0x110000),
)  # fmt: skip
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_JOINTS = (" ", " ", " ", "  ", "", ", ", "! ", "\n", "\t", "'", "-", "\u00a0")


def generated_texts(seed: int, count: int = 10_000, vocabulary: Sequence[str] = ()) -> list[str]:
    """At least `count` texts, the same for the same arguments on every Python.

    Random Unicode with lone surrogates, nothing at all, one token over and over, words no
    vocabulary holds, mixtures of `vocabulary` (terms of the model under proof), and a few of up
    to 64 KiB.
    """
    # Not for secrets: the same seed must give the same proof.
    source = random.Random(seed)  # noqa: S311
    known = list(vocabulary) or ["free", "call", "now", "you", "to"]
    kinds: tuple[Callable[[random.Random, list[str]], str], ...] = (
        _random_unicode, _repeated, _unknown, _mixture, _mixture, _mangled,
    )  # fmt: skip
    texts = ["", " ", "\n", "\0", "\ufeff", "\ud800", "a", "1", "\u0130", "\ufb01", "\u1e9e"]
    texts += [_very_long(source, known, size) for size in (1_000, 4_000, 16_000, 64 * 1024)]
    while len(texts) < count:
        texts.append(kinds[len(texts) % len(kinds)](source, known))
    return texts


def texts_for(vectorizer: Any, classifier: Any, seed: int, count: int) -> list[str]:
    """As `generated_texts`, of a fitted pair's own terms, and texts on each of its thresholds."""
    texts = generated_texts(seed, count, sorted(getattr(vectorizer, "vocabulary_", ())))
    source = random.Random(seed)  # noqa: S311 - as above
    for threshold in thresholds_of(classifier):
        texts += texts_on(vectorizer, threshold, source, texts)
    return texts


def _character(source: random.Random) -> str:
    low, high = source.choice(_RANGES)
    return chr(source.randrange(low, high))


def _random_unicode(source: random.Random, _: list[str]) -> str:
    return "".join([_character(source) for _ in range(source.randrange(60))])


def _repeated(source: random.Random, known: list[str]) -> str:
    token = source.choice((source.choice(known), _character(source)))
    return source.choice(_JOINTS).join([token] * source.randrange(1, 120))


def _unknown_word(source: random.Random) -> str:
    return "".join(source.choices(_LETTERS, k=source.randrange(8, 20)))


def _unknown(source: random.Random, _: list[str]) -> str:
    return " ".join([_unknown_word(source) for _ in range(source.randrange(1, 20))])


def _mixture(source: random.Random, known: list[str]) -> str:
    terms = source.choices(known, k=source.randrange(1, 30))
    terms += source.choices(terms, k=source.randrange(5))
    return "".join([term + source.choice(_JOINTS) for term in terms])


def _mangled(source: random.Random, known: list[str]) -> str:
    """Known terms with the case, an accent or a stray character changed."""
    changes: tuple[Callable[[str], str], ...] = (
        str.upper,
        str.title,
        lambda term: term + "\u0301",
        lambda term: _character(source).join(term),
        lambda term: term.replace("e", "\u00e9").replace("i", "\u0130"),
    )
    return " ".join([source.choice(changes)(term) for term in source.choices(known, k=8)])


def _very_long(source: random.Random, known: list[str], size: int) -> str:
    words = [source.choice(known) for _ in range(size // 2)]
    return " ".join(words)[:size]
