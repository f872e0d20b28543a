"""From a text to its terms, exactly as scikit-learn's `build_analyzer` does."""

from __future__ import annotations

import re
from itertools import pairwise

from portable.errors import UnsupportedModel
from portable.pickles.attributes import State, choice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Analyzer = Callable[[str], Iterable[str]]

MAX_NGRAM_SIZES = 32
"""Cost per text grows with the number of n-gram sizes; beyond this a text of 64 KiB is slow."""


def build_analyzer(name: str, state: State, vocabulary: dict[str, int] | None) -> Analyzer:
    """The function from text to terms that the vectorizer's options describe, all that may be in
    the vocabulary where there is one.

    Raises UnsupportedModel for options that are not data, or not served in linear time. How long
    the token_pattern takes was judged when the model was published.
    """
    choice(name, state, "input", ("content",))
    choice(name, state, "preprocessor", (None,))
    choice(name, state, "tokenizer", (None,))
    lower = choice(name, state, "lowercase", (True, False))
    accents = choice(name, state, "strip_accents", (None, "ascii", "unicode"))
    kind = choice(name, state, "analyzer", ("word", "char", "char_wb"))
    shortest, longest = _ngram_range(name, state["ngram_range"])
    if kind == "word":
        if longest > 2 and vocabulary is not None:
            longest = max(shortest, min(longest, 1 + max(term.count(" ") for term in vocabulary)))
        _check_sizes(name, shortest, longest)
        terms = _word_terms(_tokenizer(name, state), _stop_words(name, state), shortest, longest)
    else:
        from portable.feature_extraction.character_terms import char_terms, char_wb_terms

        if vocabulary is not None:
            longest = max(shortest, min(longest, max(map(len, vocabulary))))
        _check_sizes(name, shortest, longest)
        terms = (char_terms if kind == "char" else char_wb_terms)(shortest, longest)
    if accents is not None:
        from portable.feature_extraction.accents import STRIP

        terms = _after(STRIP[str(accents)], terms)
    return _after(str.lower, terms) if lower else terms


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


def _tokenizer(name: str, state: State) -> Callable[[str], list[str]]:
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
    return compiled.findall


def _stop_words(name: str, state: State) -> frozenset[str] | None:
    words = state["stop_words"]
    if words is None:
        return None
    if words == "english":
        from portable.feature_extraction.english_stop_words import ENGLISH_STOP_WORDS

        return ENGLISH_STOP_WORDS
    if not isinstance(words, list | set | frozenset | tuple) or set(map(type, words)) - {str}:
        raise UnsupportedModel(f"The {name}'s stop_words are not a list of strings.")
    return frozenset(words)


def _word_terms(
    tokenize: Callable[[str], list[str]],
    stop_words: frozenset[str] | None,
    shortest: int,
    longest: int,
) -> Analyzer:
    if stop_words is not None:
        find_all = tokenize

        def tokenize(text: str) -> list[str]:
            return [token for token in find_all(text) if token not in stop_words]

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
