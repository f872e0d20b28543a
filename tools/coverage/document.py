"""The text of docs/coverage.md."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

import sklearn

from tools import PROJECT
from tools.coverage.estimators import CLASSIFIERS, ENCODERS_OF_Y, REGRESSORS, TRANSFORMERS, families
from tools.coverage.pipelines import PIPELINES, fit_of
from tools.coverage.trials import (
    NEITHER,
    NOT_TRIED,
    PORTABLE,
    SCIKIT_LEARN,
    Outcome,
    Verdict,
    outcome,
    verdict,
)

DOCUMENT = PROJECT / "docs" / "coverage.md"
JUDGED = PROJECT / "build" / "judge.json"
THE_PIPELINES = "The forty pipelines that people fit most often"
THE_JUDGE = "## scikit-learn's own tests as the judge"
GOALS = {CLASSIFIERS: 40, REGRESSORS: 46, TRANSFORMERS: 42, THE_PIPELINES: 38}
"""How many are to be portable at least."""

_BEGINNING = f"""# What is served, and by what

Each estimator is fitted on small data (two classes and many, weights, named columns, sparse rows,
several outputs, as far as it takes them), published as bytes, and asked the same by both runtimes:
it is **portable** where every answer of the plainest fit is the same, labels exactly and numbers
to within a billionth. Fits that are not portable are named beside it. What is not portable is
served by scikit-learn itself, in layers; **neither** is what has nothing to say of a new row.
Transformers of labels ({", ".join(ENCODERS_OF_Y)}) are not counted:
no request holds labels.

Written by `python -m tools.coverage`; `tests/unit/portable/test_every_estimator.py` holds it to a
run. scikit-learn is {".".join(sklearn.__version__.split(".")[:2])}.
"""


def row(found: Verdict) -> str:
    """The line of an estimator or a pipeline."""
    reason = found.reason.replace("|", "\\|").replace("\n", " ")
    return f"| {found.name} | {found.served} | {reason} |"


def pipeline_verdict(name: str) -> Verdict | None:
    """What serves one of the pipelines; None where its library is not installed."""
    fit = fit_of(name)
    return None if fit is None else Verdict(name, (outcome(fit),))


def counted(family: str) -> list[str]:
    """The names of a family's estimators that are counted."""
    return [name for name in families()[family] if name not in ENCODERS_OF_Y]


def document() -> str:
    """Try everything and write it down."""
    tables: dict[str, list[Verdict]] = {
        THE_PIPELINES: [
            pipeline_verdict(name)
            or Verdict(name, (Outcome("", NOT_TRIED, "Its library is not installed."),))
            for name in PIPELINES
        ]
    }
    for family in families():
        tables[family] = [verdict(family, name) for name in counted(family)]
    parts = [_BEGINNING, _summary(tables), _judge()]
    parts += [_table(title, found) for title, found in tables.items()]
    return "\n".join(parts)


def _summary(tables: dict[str, list[Verdict]]) -> str:
    lines = ["| | portable | scikit-learn runtime | neither |", "| --- | --- | --- | --- |"]
    for title, found in tables.items():
        counts = Counter(one.served for one in found)
        portable = f"{counts[PORTABLE]} of {len(found)}"
        lines.append(f"| {title} | {portable} | {counts[SCIKIT_LEARN]} | {counts[NEITHER]} |")
    return "\n".join([*lines, ""])


def _table(title: str, found: Iterable[Verdict]) -> str:
    head = [f"## {title}", "", "| | served by | why, or what is not |", "| --- | --- | --- |"]
    return "\n".join([*head, *map(row, found), ""])


def _every(judged: dict[str, Any]) -> str:
    return "" if judged["every"] == 1 else f" --every {judged['every']}"


def _judge() -> str:
    """The figures of the last judged run; those of the document where there was none here."""
    if not JUDGED.is_file():
        written = DOCUMENT.read_text() if DOCUMENT.is_file() else ""
        _, found, rest = written.partition(THE_JUDGE)
        return found + rest.partition("\n## ")[0].rstrip() + "\n" if found else ""
    judged: dict[str, Any] = json.loads(JUDGED.read_text())
    refused = sum(judged["refused"].values())
    return f"""{THE_JUDGE}

`make judge` runs scikit-learn's tests and asks the portable runtime whatever they ask of an
estimator that it reads. The last run was `python -m tools.judge{_every(judged)} \
{" ".join(judged["packages"])}`; every night runs all of them.

| comparisons | rows | estimators | different | crashes | refused |
| --- | --- | --- | --- | --- | --- |
| {judged["comparisons"]:,} | {judged["rows"]:,} | {len(judged["estimators"])} | \
{judged["different_count"]} | {judged["crashed_count"]} | {refused:,} |

Not counted are {judged["in_hand"]:,} questions about estimators that a fit still had in hand, and
that nobody has afterwards: LogisticRegressionCV scores coefficients that it has set, a boosting
that stops early scores itself.
"""
