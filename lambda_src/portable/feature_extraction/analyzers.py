"""From a text to its terms, exactly as scikit-learn's `build_analyzer` does."""

from __future__ import annotations

import re
from importlib import import_module
from itertools import pairwise

from portable.errors import UnsupportedModel
from portable.pickles.attributes import State, choice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    Analyzer = Callable[[str], Iterable[str]]
    Cut = Callable[[str], list[str]]

MAX_NGRAM_SIZES = 32
"""Cost per text grows with the number of n-gram sizes; beyond this a text of 64 KiB is slow."""


class Analysis:
    """How a vectorizer cuts a text: changed by each of `before` in order, it is given to `cut`, for
    its words where `kind` is "word", of which terms of `shortest` to `longest` words are made; else
    for its terms."""

    __slots__ = ("before", "cut", "kind", "longest", "pattern", "shortest")

    def __init__(
        self, name: str, state: State, vocabulary: Mapping[str, int] | None = None
    ) -> None:
        """By the vectorizer's options; all terms are there that may be in the vocabulary.

        Raises UnsupportedModel for options that are not data, or not served in linear time. How
        long the token_pattern takes was judged when the model was published.
        """
        choice(name, state, "input", ("content",))
        choice(name, state, "preprocessor", (None,))
        choice(name, state, "tokenizer", (None,))
        lower = choice(name, state, "lowercase", (True, False))
        accents = choice(name, state, "strip_accents", (None, "ascii", "unicode"))
        self.kind = choice(name, state, "analyzer", ("word", "char", "char_wb"))
        shortest, longest = _ngram_range(name, state["ngram_range"])
        self.cut: Cut
        self.pattern = str(state["token_pattern"])
        if self.kind == "word":
            if longest > 2 and vocabulary is not None:
                longest = max(
                    shortest, min(longest, 1 + max(term.count(" ") for term in vocabulary))
                )
            _check_sizes(name, shortest, longest)
            self.cut = _tokenizer(name, state)
        else:
            if vocabulary is not None:
                longest = max(shortest, min(longest, max(map(len, vocabulary))))
            _check_sizes(name, shortest, longest)
            terms = _module("character_terms")
            cut = terms.char_terms if self.kind == "char" else terms.char_wb_terms
            self.cut = cut(shortest, longest)
        self.shortest, self.longest = shortest, longest
        self.before: list[Callable[[str], str]] = [str.lower] if lower else []
        if accents is not None:
            self.before.append(_module("accents").STRIP[accents])

    def analyzer(self) -> Analyzer:
        """The function from a text to its terms."""
        terms: Analyzer = self.cut
        if self.kind == "word":
            terms = _word_terms(self.cut, self.shortest, self.longest)
        for first in reversed(self.before):
            terms = _after(first, terms)
        return terms


def _module(option: str) -> Any:
    """What an option needs, by its name: the package of a model without it goes without."""
    return import_module(f"portable.feature_extraction.{option}")


def _after(first: Callable[[str], str], then: Analyzer) -> Analyzer:
    return lambda text: then(first(text))


def _ngram_range(name: str, value: object) -> tuple[int, int]:
    if type(value) is not tuple or len(value) != 2 or {type(bound) for bound in value} != {int}:
        raise UnsupportedModel(f"The {name}'s ngram_range is not a pair of integers.")
    shortest, longest = value
    if not 1 <= shortest <= longest:
        raise UnsupportedModel(f"The {name}'s ngram_range is not 1 <= shortest <= longest.")
    return shortest, longest


def _check_sizes(name: str, shortest: int, longest: int) -> None:
    if longest - shortest >= MAX_NGRAM_SIZES:
        raise UnsupportedModel(
            f"The {name}'s ngram_range has more than {MAX_NGRAM_SIZES} sizes; narrow it."
        )


def _tokenizer(name: str, state: State) -> Cut:
    pattern = state["token_pattern"]
    if type(pattern) is not str:
        raise UnsupportedModel(f"The {name}'s token_pattern is not a string.")
    try:
        compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError, ValueError):
        raise UnsupportedModel(f"The {name}'s token_pattern is no regular expression.") from None
    if compiled.groups > 1:
        # Its tokens would be tuples, which no vocabulary holds.
        raise UnsupportedModel(f"The {name}'s token_pattern has more than one group.")
    find_all, stop_words = compiled.findall, _stop_words(name, state)
    if stop_words is None:
        return find_all
    return lambda text: [token for token in find_all(text) if token not in stop_words]


def _stop_words(name: str, state: State) -> frozenset[str] | None:
    words = state["stop_words"]
    if words is None:
        return None
    if words == "english":
        english: frozenset[str] = _module("english_stop_words").ENGLISH_STOP_WORDS
        return english
    if not isinstance(words, list | set | frozenset | tuple) or set(map(type, words)) - {str}:
        raise UnsupportedModel(f"The {name}'s stop_words are not a list of strings.")
    return frozenset(words)


def _word_terms(tokenize: Cut, shortest: int, longest: int) -> Analyzer:
    if (shortest, longest) == (1, 1):
        return tokenize
    join = " ".join
    if (shortest, longest) == (1, 2):

        def words_and_pairs(text: str) -> list[str]:
            tokens = tokenize(text)
            tokens += list(map(join, pairwise(tokens)))
            return tokens

        return words_and_pairs

    def ngrams(text: str) -> list[str]:
        tokens = tokenize(text)
        terms: list[str] = []
        for size in range(shortest, min(longest, len(tokens)) + 1):
            if size == 1:
                terms += tokens
            else:
                starts = range(len(tokens) - size + 1)
                terms += [join(tokens[start : start + size]) for start in starts]
        return terms

    return ngrams
