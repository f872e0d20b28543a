"""Many texts, or a long one, at once: what a vectorizer looks up is looked up once for each word.

Where no match of the token_pattern can reach over white space, a text is the chunks between, most
of which have come before; and n-grams are found by the columns of their parts, not as strings.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import chain, compress
from math import log
from operator import eq, itemgetter

from portable.base import SparseRow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from portable.feature_extraction.text import Vectorizer

# Patterns of parts that match no white space, and look at nothing but whether it is one.
_local = re.compile(
    r"(?:\(\?u\))?(?:\[\^(?=[^]]*\\[Ws])(?:\\[WwsDd]|[!-Z_-~])+]|\[(?:\\[wd]|[!-Z_-~])+]"
    r"|\\[wdbS!-/:-@[-`{-~]|\((?!\?)|\(\?(?:[:=!]|<[=!])|[)*+?{}|\w!\"#%&',/:;<=>@`~-])+",
    re.ASCII,
).fullmatch


MAX_CHUNKS, MAX_CHUNK = 16_384, 64
"""How many chunks are kept, and of how many characters: a few MB."""


class Block:
    """A vectorizer's way to the rows of many texts."""

    def __init__(self, vectorizer: Vectorizer) -> None:
        self._vectorizer = vectorizer
        analysis = vectorizer.analysis
        self._before = analysis.before
        self._cut: Callable[[str], Iterable[str]] = analysis.cut
        self._by_chunk = analysis.kind == "char_wb" or (
            analysis.kind == "word" and _is_local(analysis.pattern)
        )
        self._sizes = range(1, 2)
        # The column of each term; and, as if they were more columns, of what terms are made of.
        self._ids: Mapping[str, int] = vectorizer.vocabulary
        self._longer: Mapping[tuple[int | None, int | None], int] = {}
        if analysis.kind == "word" and analysis.longest > 1:
            parts = _parts(vectorizer.vocabulary)
            if parts is None:
                self._before, self._cut, self._by_chunk = [], vectorizer.analyze, False
            else:
                self._ids, self._longer = parts
                self._sizes = range(analysis.shortest, analysis.longest + 1)
        self._width = len(vectorizer.vocabulary)
        self._chunks = _Chunks(self._cut, self._ids)

    def rows(self, texts: Sequence[str]) -> list[SparseRow]:
        """The row of each text, as `Vectorizer.transform` gives it."""
        rows = list(map(self._row, texts))
        self._chunks.forget()
        return rows

    def _row(self, text: str) -> SparseRow:
        for change in self._before:
            text = change(text)
        words: list[int | None]
        if self._by_chunk:
            words = list(chain.from_iterable(map(self._chunks.__getitem__, text.split())))
        else:
            words = list(map(self._ids.get, self._cut(text)))
        grams, terms = words, []
        for size in range(1, self._sizes.stop):
            if size > 1:
                grams = list(map(self._longer.get, zip(grams, words[size - 1 :])))  # noqa: B905
            if size in self._sizes:
                terms += grams
        known = [column for column in terms if column is not None]
        known.sort()
        if known and known[-1] >= self._width:
            del known[bisect_left(known, self._width) :]
        columns = list(dict.fromkeys(known))
        return SparseRow(columns, self._values(columns, known), self._width)

    def _values(self, columns: list[int], known: list[int]) -> list[float]:
        """The values of `columns`, which are `known` without its repeats."""
        weights = self._vectorizer.weights
        idf = None
        if weights is not None and not weights.single and len(columns) > 1:
            idf = weights.idf
        values = [1.0] * len(columns) if idf is None else list(itemgetter(*columns)(idf))
        if len(columns) < len(known) and not self._vectorizer.binary:
            for column in set(compress(known, map(eq, known, known[1:]))):
                count: float = bisect_right(known, column) - bisect_left(known, column)
                if idf is not None and weights.sublinear:  # type: ignore[union-attr]
                    count = log(count) + 1.0
                values[bisect_left(columns, column)] *= count
        if weights is None:
            return values
        return weights.weigh(columns, values) if idf is None else weights.scale(values)


class _Chunks(dict[str, list[int | None]]):
    """What a chunk is cut into: a column for each word, None for what is unknown."""

    def __init__(self, cut: Callable[[str], Iterable[str]], ids: Mapping[str, int]) -> None:
        super().__init__()
        self._cut = cut
        self._ids = ids
        self._passing: list[str] = []

    def __missing__(self, chunk: str) -> list[int | None]:
        found = self[chunk] = list(map(self._ids.get, self._cut(chunk)))
        if None in found or len(chunk) > MAX_CHUNK:
            self._passing.append(chunk)
        return found

    def forget(self) -> None:
        """Keep the chunks of nothing but words of the vocabulary, no others of what callers write;
        and none where they have become many."""
        for chunk in self._passing:
            del self[chunk]
        self._passing.clear()
        if len(self) > MAX_CHUNKS:
            self.clear()


def _parts(
    vocabulary: Mapping[str, int],
) -> tuple[dict[str, int], dict[tuple[int | None, int | None], int]] | None:
    """The number of each term and of each part of one, a term's its column; and what two of them
    are together. None where that would be far more than there are terms."""
    ids = dict(vocabulary)
    longer: dict[tuple[int | None, int | None], int] = {}
    terms = list(vocabulary)
    for term in terms:
        # A word may hold spaces itself: a term is all that its splits in two may be.
        at = term.find(" ")
        while at >= 0:
            first, last = term[:at], term[at + 1 :]
            for part in (first, last):
                if part not in ids:
                    ids[part] = len(ids)
                    terms.append(part)
            longer[ids[first], ids[last]] = ids[term]
            at = term.find(" ", at + 1)
        if len(longer) > 4 * len(vocabulary):
            return None
    return ids, longer


def _is_local(pattern: str) -> bool:
    return bool(_local(pattern)) and not re.findall(pattern, " ")
