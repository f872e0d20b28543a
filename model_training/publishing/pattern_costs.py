"""Measures what a regular expression costs on texts that pump it, and names one that is too dear.

A program of its own, `python -I pattern_costs.py`: a pattern that hangs takes its process with it
and not the one that publishes. It reads a JSON object from standard input: `pattern`, `reference`
(a pattern that is known to be linear), `pumps`, each a prefix, a unit that is repeated, and a
suffix, and how many `seconds` of CPU it may take, after which the system ends it. It writes the
first pump that is too dear, or null.

Times are CPU time, and are compared with the reference's in the same process, so that a slow or a
throttled machine refuses nothing that a fast one takes.
"""

import gc
import heapq
import json
import re
import resource
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from time import thread_time

SHORT, LONG, LONGEST = 1024, 16 * 1024, 64 * 1024
"""Characters: growth is measured between the first two, the third is the longest text asked."""
MOST_TIMES = 50
"""How many times the reference's cost the longest text may have. A pattern that looks 1,000
characters ahead at every place costs 110 references there, the cheapest quadratic ones 800."""
_GROWING = (*range(4, 33, 4), 48, 64, 96, 128, 192, 256, 2 * 1024)
_HOPELESS = {256: 300, 2 * 1024: 2 * MOST_TIMES, 4 * 1024: 2 * MOST_TIMES}
"""By size: how many times the reference's cost ends the search, long before anything hangs."""
_SUSPECTS = 16

Pump = tuple[str, str, str]


class Scan:
    """A pattern's search through a text, and what it takes."""

    def __init__(self, pattern: str) -> None:
        self._find_all: Callable[[str], object] = re.compile(pattern).findall

    def cost(self, pump: Pump, size: int, *, tries: int = 1) -> float:
        """Seconds of CPU for `size` characters of the unit between prefix and suffix.

        The best of some tries, because one may be interrupted.
        """
        prefix, unit, suffix = pump
        text = prefix + (unit * (size // len(unit) + 1))[:size] + suffix
        best = float("inf")
        for _ in range(tries):
            start = thread_time()
            self._find_all(text)
            best = min(best, thread_time() - start)
        return best


def first_too_dear(pattern: str, reference: str, pumps: Sequence[Pump]) -> Pump | None:
    """The first pump whose longest text would cost more than MOST_TIMES the reference, or None.

    All are screened on texts that grow up to 2,048 characters; the dearest and those that grew
    fastest are then judged by their growth.
    """
    scan, known = Scan(pattern), Scan(reference)
    usual = {
        size: known.cost(("", "some words, ", ""), size, tries=9) for size in (*_HOPELESS, LONG)
    }
    screened: list[tuple[float, float, Pump]] = []
    for pump in pumps:
        costs = list(_growing_costs(scan, pump, usual))
        if len(costs) < len(_GROWING):
            return pump
        screened.append((costs[-1], costs[-1] / max(costs[-2], 1e-6), pump))
    dearest = heapq.nlargest(_SUSPECTS, screened, key=lambda row: row[0])
    fastest = heapq.nlargest(_SUSPECTS, screened, key=lambda row: row[1])
    for pump in dict.fromkeys(pump for *_, pump in (*dearest, *fastest)):
        if is_too_dear(scan, pump, usual):
            return pump
    return None


def _growing_costs(scan: Scan, pump: Pump, usual: Mapping[int, float]) -> Iterator[float]:
    """The cost at each size of _GROWING, up to the first that is hopeless."""
    for size in _GROWING:
        cost = scan.cost(pump, size)
        if _is_hopeless(cost, size, usual) and _is_hopeless(scan.cost(pump, size), size, usual):
            return
        yield cost


def _is_hopeless(seconds: float, size: int, usual: Mapping[int, float]) -> bool:
    known = max(size, min(_HOPELESS))
    return seconds > usual[known] * _HOPELESS[known]


def is_too_dear(scan: Scan, pump: Pump, usual: Mapping[int, float]) -> bool:
    """Whether the growth of a pump leads to more than MOST_TIMES `usual` (seconds by size)."""
    step = max(_HOPELESS)
    if _is_hopeless(scan.cost(pump, step, tries=3), step, usual):
        return True
    allowed = MOST_TIMES * usual[LONG] * (LONGEST / LONG)
    # Once more, and better, before anything is refused.
    return all(
        at_longest(scan.cost(pump, SHORT, tries=tries), scan.cost(pump, LONG, tries=tries))
        > allowed
        for tries in (2, 7)
    )


def at_longest(short: float, long: float) -> float:
    """The cost of LONGEST characters, from those of SHORT and LONG.

    As if both were a linear and a quadratic part; what is slow but linear does not hide what is
    quadratic and still small.
    """
    times = LONG / SHORT
    quadratic = max(0.0, long - times * short) * times / (times - 1)
    return (long - quadratic) * (LONGEST / LONG) + quadratic * (LONGEST / LONG) ** 2


def main() -> None:
    """Judge the pattern on standard input."""
    request = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_CPU, (request["seconds"], request["seconds"] + 1))
    gc.disable()
    pumps = [(prefix, unit, suffix) for prefix, unit, suffix in request["pumps"]]
    json.dump(first_too_dear(request["pattern"], request["reference"], pumps), sys.stdout)


if __name__ == "__main__":
    main()
