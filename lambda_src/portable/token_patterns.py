"""Refuses a token_pattern that could take more than linear time on some text.

Python's `re` backtracks: `(a+)+$` needs 2^n steps, `\\w+@` n^2, and telling which patterns do is
undecidable in a simple way. So the pattern is tried: on the characters it names, pumped to growing
lengths, measured in CPU time (a throttled Lambda does not count) and given up at the first length
that is dear, long before it hangs. Patterns known to be linear never come here.
"""

import re
from time import thread_time

from portable.errors import UnsupportedModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_PATTERN = 1000
"""Characters; scikit-learn's default has 15, this project's longest 81."""
_DEAR = 0.004
"""Seconds. A linear pattern scans 2,048 characters in about 0.1 ms, a quadratic one in 10."""
_SIZES = (*range(1, 33), 40, 48, 64, 96, 128, 192, 256, 512, 1024, 2048)
_PROBES = "a1_ -'.\u00e9A"


def check_pattern(pattern: str) -> None:
    """Raise UnsupportedModel unless `pattern` compiles, has at most one group, and is cheap."""
    if len(pattern) > MAX_PATTERN:
        raise UnsupportedModel(f"The token_pattern is longer than {MAX_PATTERN} characters.")
    try:
        compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError, ValueError) as error:
        raise UnsupportedModel(
            f"The token_pattern is no regular expression ({type(error).__name__}); correct it."
        ) from None
    if compiled.groups > 1:
        raise UnsupportedModel("The token_pattern has more than one group; use (?:...) for groups.")
    for pump in _pumps(pattern):
        for size in _SIZES:
            text = (pump * size)[:size] + "\0"
            if _is_dear(compiled.findall, text):
                raise UnsupportedModel(
                    f"The token_pattern takes too long on {size} characters of text; rewrite it "
                    "without nested or adjacent repeats that match the same characters."
                )


def _pumps(pattern: str) -> "Iterator[str]":
    """Every probe character and every pair, of those the pattern names and of common kinds."""
    alphabet = "".join(dict.fromkeys(_PROBES + re.sub(r"\\.|[\[\](){}?*+|^$]", "", pattern)[:12]))
    for first in alphabet:
        yield first
        for second in alphabet[:8]:
            if second != first:
                yield first + second


def _is_dear(scan: "Callable[[str], object]", text: str) -> bool:
    # The better of two tries: one may be interrupted.
    for _ in range(2):
        start = thread_time()
        scan(text)
        if thread_time() - start < _DEAR:
            return False
    return True
