"""Messages that say nearly the same: a campaign sent to many, a form filled in again.

In two parts of a split they would be remembered rather than recognised.
"""

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

SHARED = 0.8
"""Of the words of two messages, the share in both from which they are near-duplicates."""
_WORD = r"[^\W\d_]+"
_BLOCK = 500


def firsts(texts: Sequence[str]) -> list[int]:
    """The positions, in order, of the texts that are near-duplicates of none before them.

    Compared are the sets of words, without numbers and marks; a text without words is left out.
    """
    vectorizer = CountVectorizer(token_pattern=_WORD, binary=True, dtype=np.float32)
    words = vectorizer.fit_transform(texts).tocsr()
    sizes = np.asarray(words.sum(axis=1)).ravel()
    kept = sizes > 0
    for start in range(0, len(texts), _BLOCK):
        block = slice(start, start + _BLOCK)
        common = (words[block] @ words[: start + _BLOCK].T).tocoo()
        rows = common.row + start
        near = common.data >= SHARED * (sizes[rows] + sizes[common.col] - common.data)
        kept[rows[near & (common.col < rows)]] = False
    return np.flatnonzero(kept).tolist()
