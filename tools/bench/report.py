"""The same figures as a table for the terminal, a page with a picture, and JSON."""

from __future__ import annotations

import json
from pathlib import Path

from tools.bench import cost, page, steps
from tools.bench.chart import Panel, draw
from tools.bench.conditions import HEADLINE, TITLES
from tools.bench.goals import GOALS
from tools.bench.result import Figures
from tools.bench.variants import ARTICLE, KERAS, OURS, TUNED
from tools.bench.variants import TITLES as VARIANTS

FIRST = "spam_or_ham"
"""The service whose files bear no service's name."""
COLUMNS = (
    "function", "cold ms", "quartiles", "of which init", "warm p50 ms", "quartiles", "warm p99 ms",
    "answers/s", "memory MB", "unzipped", "zipped", "$ per million",
)  # fmt: skip
OTHERS = ("function", "condition", "cold ms", "quartiles")


def size(count: float) -> str:
    """Bytes as kB or MB."""
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{count / 1e3:,.1f} kB"


def rows(figures: Figures) -> list[tuple[str, ...]]:
    """One row of COLUMNS for each function."""
    return [
        (
            one["title"],
            f"{one['cold_ms']:,.1f}",
            _quartiles(one, "cold_ms", ",.1f"),
            f"{one['init_ms']:,.1f}",
            f"{one['warm_p50_ms']:.3f}",
            _quartiles(one, "warm_p50_ms", ".3f"),
            f"{one['warm_p99_ms']:.3f}",
            f"{one['answers_per_second']:,.0f}",
            f"{one['memory_mb']:.1f}",
            size(one["unzipped_bytes"]),
            size(one["zipped_bytes"]),
            f"{one['dollars_per_million']:.2f}",
        )
        for one in figures["functions"].values()
    ]


def _quartiles(function: Figures, name: str, form: str) -> str:
    first, third = function["quartiles"][name]
    return f"{first:{form}} to {third:{form}}"


def other_rows(figures: Figures) -> list[tuple[str, ...]]:
    """One row of OTHERS for each function under each condition, after it what ours is by ratio."""
    rows: list[tuple[str, ...]] = []
    for condition, title in TITLES.items():
        under = figures.get(condition, {}).get("functions", {})
        for name, function in figures["functions"].items():
            if one := under.get(name):
                cold = f"{one['cold_ms']:,.1f}"
                rows.append((function["title"], title, cold, _quartiles(one, "cold_ms", ",.1f")))
    return rows


RATIOS = ("cold start", *TITLES.values())


def ratio_rows(figures: Figures) -> list[tuple[str, ...]]:
    """One row of RATIOS for each ratio of cold starts: as it is under each condition."""
    under = [figures, *(figures[name] for name in TITLES if name != HEADLINE)]
    words = {
        "cold_ratio_noop": "ours ÷ no-op",
        **{f"cold_ratio_{n}": f"{VARIANTS[n]} ÷ ours" for n in (TUNED, KERAS, ARTICLE)},
    }
    return [
        (what, *(f"{one[key]:.2f}" for one in under))
        for key, what in words.items()
        if key in figures
    ]


def goals(figures: Figures) -> list[tuple[str, ...]]:
    """Each goal: what, how far, as measured, and whether it is met."""
    rows: list[tuple[str, ...]] = []
    for key, (what, bound, limit) in GOALS[figures["service"]].items():
        value = figures[key]
        met = value >= limit if bound == "at least" else value <= limit
        shown = f"{value:,}" if isinstance(value, int) else f"{value:.2f}"
        if 0 < value < 0.01:
            shown = f"{value:.1e}"
        rows.append((what, f"{bound} {limit:,}", shown, "met" if met else "MISSED"))
    return rows


def table(head: tuple[str, ...], lines: list[tuple[str, ...]]) -> str:
    """Columns aligned for a terminal: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(head, *lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in (head, *lines)
    )


def picture(figures: Figures) -> str:
    """Cold start, warm call, memory and package as bars."""
    functions = figures["functions"]

    def panel(title: str, key: str, words: str, scale: float = 1) -> Panel:
        return Panel(
            title,
            [
                (one["title"], one[key] * scale, words.format(one[key] * scale), name == OURS)
                for name, one in functions.items()
            ],
        )

    return draw(
        "Cold start, warm call, memory and package size of each function",
        [
            panel("Cold start: process start to first answer", "cold_ms", "{:,.0f} ms"),
            panel("Warm: one handler call, median", "warm_p50_ms", "{:,.0f} µs", 1000),
            panel("Most memory used", "memory_mb", "{:.0f} MB"),
            panel("Package, zipped", "zipped_bytes", "{:,.2f} MB", 1e-6),
        ],
    )


def write(project: Path, figures: Figures, machine: str, versions: str, *, documents: bool) -> None:
    """Print the tables and write build/bench.json; with `documents`, docs/benchmarks.md and its
    picture too.

    Those of every service but the first are build/bench-SERVICE.json and docs/benchmarks-SERVICE.
    """
    ending = "" if figures["service"] == FIRST else "-" + figures["service"]
    print(table(COLUMNS, rows(figures)), "\n")
    print(table(OTHERS, other_rows(figures)), "\n")
    print(table(RATIOS, ratio_rows(figures)), "\n")
    print(table(steps.HEAD, steps.rows(figures["steps"])), "\n")
    print(table(("goal", "", "measured", ""), goals(figures)), "\n")
    print(f"{machine}; {versions}")
    print("$ per million requests = " + cost.FORMULA)
    data = project / f"build/bench{ending}.json"
    body = {**figures, "machine": machine, "versions": versions, "quick": not documents}
    data.write_text(json.dumps(body, indent=2) + "\n")
    written = [data]
    if documents:
        written += _write_page(project / f"docs/benchmarks{ending}.md", figures, machine, versions)
    print("written: " + ", ".join(file.relative_to(project).as_posix() for file in written))


def _write_page(document: Path, figures: Figures, machine: str, versions: str) -> list[Path]:
    """The page and, beside it, its picture."""
    drawing = document.with_suffix(".svg")
    drawing.write_text(picture(figures), encoding="utf-8")
    tables = {
        "table": page.markdown(COLUMNS, rows(figures)),
        "others": page.markdown(OTHERS, other_rows(figures)),
        "ratios": page.markdown(RATIOS, ratio_rows(figures)),
        "steps": page.markdown(steps.HEAD, steps.rows(figures["steps"])),
        "goals": page.markdown(("goal", "asked for", "measured", ""), goals(figures)),
    }
    text = page.text(figures, tables, machine, versions, drawing.name)
    document.write_text(text, encoding="utf-8")
    return [document, drawing]
