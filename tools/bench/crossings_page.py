"""docs/benchmarks-crossings.md, from one run's figures."""

from __future__ import annotations

from typing import Any

_TEMPLATE = """# Benchmarks: where scikit-learn overtakes

Written by `make bench ARGS=--crossings`, and by every full `make bench`; do not edit it by hand.

{machine}.
{versions}.
Processor time of scikit-learn's `predict_proba` ÷ that of the portable runtime for the same inputs
in one call, in one process and one thread, in turn; medians. Rows are lists of numbers, as they
come out of a request, to both. Above 1 the portable runtime is ahead; where the ratio falls below
1 for good, between two sizes on logarithmic scales, scikit-learn overtakes.

| model | scikit-learn overtakes at | scikit-learn ÷ portable |
| --- | ---: | --- |
{rows}

## Why it does
scikit-learn's calls cost some hundred microseconds before the first number is looked at, its
arithmetic next to nothing. Ours begins at once, and pays 20 to 50 ns for each number that Python's
own C code touches. What many inputs share is done once for all of them, to the same bits:

- **Texts**: where no match of the `token_pattern` can reach over white space, each chunk between is
  cut and looked up when it is first seen, and n-grams are found by the columns of their words. What
  is left is a lookup, a product and an addition for each term, in the order that scikit-learn adds
  them up: any other order would change the last bits. A message of 150 characters has some fifty
  known terms, and each meets about ten of Python's own objects on its way through counts, sorting,
  weights and scores, where scikit-learn goes over arrays once its own loop in Python has counted.
- **Forests**: all rows go down one tree before the next, so that its nodes stay in the processor's
  cache. Parting the rows of each node together by sets of bits, and QuickScorer for small trees,
  were tried and were slower, or no more than a tenth faster: what remains is a comparison for each
  level, tree and row, at the speed of the interpreter, where scikit-learn's is compiled.
- **Gradient boosting**: QuickScorer from the first row on. A hundred lookups and a hundred
  additions a row are about as much as scikit-learn needs in all for its last rows: the standard
  library has no addition of two rows of numbers that would do many at once.
- **Linear models**: one product and one addition for each number. From Python 3.12 on that is
  `math.sumprod`, in C; before, two calls for each number. The processor's vector instructions,
  which BLAS uses, are not to be had without numpy: from a hundred columns on no way of writing it
  changes that, and a service that is asked about hundreds of such rows at once belongs on the
  scikit-learn runtime.
"""


def page(results: list[dict[str, Any]], machine: str, versions: str) -> str:
    """The page's Markdown."""
    return _TEMPLATE.format(machine=machine, versions=versions, rows="\n".join(map(_row, results)))


def _row(result: dict[str, Any]) -> str:
    unit = result["unit"]
    ratios = ", ".join(f"{one['size']:,}: {_two_digits(one['ratio'])}" for one in result["ratios"])
    crossing = result["crossing"]
    last = result["ratios"][-1]["size"]
    where = f"{_two_digits(crossing)} {unit}" if crossing else f"not up to {last:,} {unit}"
    return f"| {result['title']} | {where} | {ratios} |"


def _two_digits(number: float) -> str:
    """Two significant digits, without an exponent."""
    digits = 1 - len(f"{number:.0f}") if number >= 1 else 2
    return f"{round(number, max(-9, digits + 1)):,g}" if number >= 1 else f"{number:.2f}"
